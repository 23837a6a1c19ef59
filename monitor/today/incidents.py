"""Police reports of the list that touch a condition and that no rule asks about, at once; no class, which rules give.

A rule asks a minute later, where it knows such a report; its flag then stands for it, and whatever a person decides.
What no rule reads (a firearm ban, an order beside which nobody is supervised by duties) stands here for two weeks, or
until somebody of the office says that they have read it. Amended, it is another report and stands here again. One that
was taken back stands here as taken back, so that whoever read it is told (safeguard F8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.incidents.reading import BackLine, back_of, said_of
from monitor.incidents.words import like
from monitor.models import Condition, HiddenItem, Incident, OrderVersion, Span
from monitor.models.base import UtcInstant
from monitor.today.hiding import hides
from monitor.today.items import WHY
from monitor.today.page import Hidden, Item, Question
from monitor.today.people import Somebody, asked_by, few, listed

SHOWN_FOR: Final = timedelta(days=14)
SAFETY: Final = 1
BACK: Final = "Taken back"
READ_IT: Final = "Police report, no order here is known to forbid this on that day: read the order."


@cache
def _reports(team: bool) -> Any:
    before = aliased(Incident)
    wanted = select(Incident, before.recorded_by_id).join(before, before.id == Incident.supersedes_id, isouter=True)
    stands = and_(Incident.touched.is_not(None), current(Incident))
    return few(wanted.where(
        listed(Incident.case_id, team), Incident.kind == "REPORT",
        Incident.recorded_at > bindparam("since", type_=UtcInstant()), stands | Incident.retracted.is_(True),
    ).order_by(Incident.recorded_at.desc()))  # fmt: skip


def report_rows(session: ScopedSession, team: bool, now: datetime) -> Sequence[Any]:
    """Reports of the list of the last two weeks, as read for `unasked`."""
    return session.execute(_reports(team), asked_by(session, team, since=now - SHOWN_FOR)).all()


def unasked(
    session: ScopedSession, rows: Sequence[Any], who: Mapping[int, Somebody], now: datetime
) -> tuple[tuple[Item, ...], tuple[Hidden, ...]]:
    """One item for each such report about ``who``, the newest first; and those that somebody has read."""
    found = [row for row, _author in rows if row.case_id in who and not row.retracted]
    backs = [back_of(row, author) for row, author in rows if row.case_id in who and row.retracted]
    if not found and not backs:
        return (), ()
    asked, orders = _asked(session, found), Orders(session, {row.case_id for row in found})
    left = [row for row in found if not asked & {row.id, row.supersedes_id} and orders.begun(row)]
    shown: list[Any] = [*left, *backs]
    read = _read(session, shown, who, now)
    items = (*_items([row for row in left if row.id not in read], orders, who),
             *(_back(one, who[one.case_id]) for one in backs if one.id not in read))  # fmt: skip
    return items, tuple(_hidden(row, read[row.id], who[row.case_id]) for row in shown if row.id in read)


def page_of(report_id: int) -> str:
    """Where a report is read, and put away by whoever has read it."""
    return f"/today/reports/{report_id}/read"


def key_of(report_id: int) -> str:
    """What a report that was read is put away under."""
    return f"report:{report_id}"


def _read(
    session: ScopedSession, left: list[Any], who: Mapping[int, Somebody], now: datetime
) -> dict[int, Any]:
    """The entries that put some of these reports away."""
    if not left:
        return {}
    keys = {key_of(row.id): row.id for row in left}
    today = min(local_day(now, who[row.case_id].zone) for row in left)
    standing = hides(session, HiddenItem.flag_key.in_(keys), today)
    return {keys[key]: entry for (key, _version), entry in standing.items()}


def _hidden(report: Any, entry: Any, one: Somebody) -> Hidden:
    path = f"/people/{one.person_id}?case={report.case_id}"
    return Hidden(entry.id, path, f"Police report {report.number}", one.name, one.number, one.officer, entry.until_on,
                  entry.reason, entry.by, entry.hidden_at)  # fmt: skip


def _asked(session: ScopedSession, found: list[Any]) -> set[int | None]:
    # a span for somebody else (the court: service not shown) names the report, too, and asks the officer nothing
    about = select(Span.about_id).where(
        Span.case_id.in_({row.case_id for row in found}), Span.about_id.is_not(None), Span.known_until.is_(None),
        Span.owner == "offender",
    )  # fmt: skip
    return set(session.scalars(about))


class Orders:
    """What the orders of some cases said, and when."""

    def __init__(self, session: ScopedSession, cases: set[int]) -> None:
        wanted = select(OrderVersion, Condition.code).join(Condition, Condition.order_version_id == OrderVersion.id)
        self.rows = session.execute(wanted.where(OrderVersion.case_id.in_(cases))).all() if cases else []

    def told(self, report: Any) -> str:
        """The report in words; first that no order here is known to forbid it, where none is."""
        return said_of(report) if self.forbade(report) else f"{READ_IT} {said_of(report)}"

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


def told_back(row: BackLine) -> str:
    """By whom and why it was taken back, and what follows."""
    return f"{row.said} What it asked is withdrawn."


def _back(row: BackLine, one: Somebody) -> Item:
    """A report that was taken back, told to whoever had it before them."""
    path, since = f"/people/{one.person_id}?case={row.case_id}", local_day(row.at, one.zone)
    title = f"Police report {row.number}, taken back"
    told = Question(page_of(row.id), title, told_back(row), since, None, None, False, False)
    return Item(SAFETY, BACK, one.name, path, one.number, one.officer, one.court_at, (told,))


def _items(rows: list[Any], orders: Orders, who: Mapping[int, Somebody]) -> Iterator[Item]:
    for row in rows:
        one = who[row.case_id]
        path, since = f"/people/{one.person_id}?case={row.case_id}", local_day(row.occurred_at, one.zone)
        why = WHY[SAFETY] if orders.forbade(row) else "Police report"
        told = Question(page_of(row.id), f"Police report {row.number}", orders.told(row), since, None, None, False,
                        False)  # fmt: skip
        yield Item(SAFETY, why, one.name, path, one.number, one.officer, one.court_at, (told,))
