"""Police reports of the list that touch a condition and that no rule asks about: a question of class D, at once.

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
from monitor.models import Incident, Span
from monitor.today.items import WHY
from monitor.today.page import Item, Question
from monitor.today.people import Somebody, of_list

SHOWN_FOR: Final = timedelta(days=14)
SAFETY: Final = 1


def unasked(session: ScopedSession, team: bool, who: Mapping[int, Somebody], now: datetime) -> tuple[Item, ...]:
    """One item for each such report about ``who``, the newest first."""
    wanted = select(Incident).where(
        of_list(Incident.case_id, session, team), Incident.kind == "REPORT", Incident.touched.is_not(None),
        Incident.recorded_at > now - SHOWN_FOR, current(Incident),
    )  # fmt: skip
    found = [row for row in session.scalars(wanted.order_by(Incident.recorded_at.desc())) if row.case_id in who]
    asked = _asked(session, found)
    return tuple(_items([row for row in found if not asked & {row.id, row.supersedes_id}], who))


def _asked(session: ScopedSession, found: list[Any]) -> set[int | None]:
    if not found:
        return set()
    # a span for somebody else (the court: service not shown) names the report, too, and asks the officer nothing
    about = select(Span.about_id).where(
        Span.case_id.in_({row.case_id for row in found}), Span.about_id.is_not(None), Span.known_until.is_(None),
        Span.owner == "offender",
    )  # fmt: skip
    return set(session.scalars(about))


def _items(rows: list[Any], who: Mapping[int, Somebody]) -> Iterator[Item]:
    for row in rows:
        one = who[row.case_id]
        path, since = f"/people/{one.person_id}?case={row.case_id}", local_day(row.occurred_at, one.zone)
        told = Question(path, f"Police report {row.number}", said_of(row), since, None, "D", False, False)
        yield Item(SAFETY, WHY[SAFETY], one.name, path, one.number, one.officer, one.court_at, (told,))
