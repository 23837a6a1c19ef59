"""Police reports of the list that touch a condition and that no rule asks about, at once; no class, which rules give.

A rule asks a minute later, where it knows such a report; its flag then stands for it, and whatever a person decides.
What no rule reads (a firearm ban, an order beside which nobody is supervised by duties) stands here for two weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.incidents.reading import said_of
from monitor.incidents.words import like
from monitor.models import Condition, Incident, OrderVersion, Span
from monitor.today.items import WHY
from monitor.today.page import Item, Question
from monitor.today.people import Somebody, of_list

SHOWN_FOR: Final = timedelta(days=14)
SAFETY: Final = 1
READ_IT: Final = "Police report, no order here is known to forbid this on that day: read the order."


def unasked(session: ScopedSession, team: bool, who: Mapping[int, Somebody], now: datetime) -> tuple[Item, ...]:
    """One item for each such report about ``who``, the newest first."""
    wanted = select(Incident).where(
        of_list(Incident.case_id, session, team), Incident.kind == "REPORT", Incident.touched.is_not(None),
        Incident.recorded_at > now - SHOWN_FOR, current(Incident),
    )  # fmt: skip
    found = [row for row in session.scalars(wanted.order_by(Incident.recorded_at.desc())) if row.case_id in who]
    asked, orders = _asked(session, found), _Orders(session, {row.case_id for row in found})
    left = [row for row in found if not asked & {row.id, row.supersedes_id} and orders.begun(row)]
    return tuple(_items(left, orders, who))


def _asked(session: ScopedSession, found: list[Any]) -> set[int | None]:
    if not found:
        return set()
    # a span for somebody else (the court: service not shown) names the report, too, and asks the officer nothing
    about = select(Span.about_id).where(
        Span.case_id.in_({row.case_id for row in found}), Span.about_id.is_not(None), Span.known_until.is_(None),
        Span.owner == "offender",
    )  # fmt: skip
    return set(session.scalars(about))


class _Orders:
    """What the orders of some cases said, and when."""

    def __init__(self, session: ScopedSession, cases: set[int]) -> None:
        wanted = select(OrderVersion, Condition.code).join(Condition, Condition.order_version_id == OrderVersion.id)
        self.rows = session.execute(wanted.where(OrderVersion.case_id.in_(cases))).all() if cases else []

    def begun(self, report: Any) -> bool:
        """Whether the order that the report was filed on had begun by then."""
        return report.order_id is None or any(
            one.order_id == report.order_id and one.effective_from <= report.occurred_at for one, _code in self.rows
        )

    def forbade(self, report: Any) -> bool:
        """Whether an order of the case forbade it at that instant."""
        at, codes = report.occurred_at, like(report.touched)
        return any(
            code in codes and one.case_id == report.case_id and one.effective_from <= at
            and (one.effective_to is None or at < one.effective_to)
            and (one.expires_at is None or at < one.expires_at) for one, code in self.rows
        )  # fmt: skip


def _items(rows: list[Any], orders: _Orders, who: Mapping[int, Somebody]) -> Iterator[Item]:
    for row in rows:
        one = who[row.case_id]
        path, since = f"/people/{one.person_id}?case={row.case_id}", local_day(row.occurred_at, one.zone)
        why, said = WHY[SAFETY], said_of(row)
        if not orders.forbade(row):
            why, said = "Police report", f"{READ_IT} {said}"
        told = Question(path, f"Police report {row.number}", said, since, None, None, False, False)
        yield Item(SAFETY, why, one.name, path, one.number, one.officer, one.court_at, (told,))
