"""The supervisor's page: what waits in each caseload, by name of the officer. No ranking, no shares, no scores."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from monitor.access.scoped_session import ScopedSession
from monitor.assigning import nobodys
from monitor.clock import local_day
from monitor.covers import CoverLine, covers
from monitor.today.dates import Undecided, to_decide, undecided_rows
from monitor.today.items import OpenRows, open_items, open_rows
from monitor.today.page import Hidden, ToDecide
from monitor.today.people import Somebody, people

UNLOGGED_AFTER: Final = timedelta(days=7)


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """One caseload. ``overdue`` counts the lines of `path`; ``no_shows``: nothing was decided about them in a week."""

    id: int
    name: str
    people: int
    overdue: int
    hidden: tuple[Hidden, ...]
    no_shows: tuple[ToDecide, ...]

    @property
    def path(self) -> str:
        """The list behind the numbers."""
        return f"/today?officer={self.id}"

    @property
    def reassign_path(self) -> str:
        """Where their cases are handed on."""
        return f"/team/reassign?officer={self.id}"


class Team(msgspec.Struct, frozen=True):
    """Every caseload of the office, in the order of names. ``nobodys``: cases that wait to be accepted."""

    officers: tuple[Officer, ...]
    nobodys: int = 0
    covers: tuple[CoverLine, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether nothing is overdue, unlogged or hidden anywhere."""
        return not any(one.overdue or one.hidden or one.no_shows for one in self.officers)


def team_page(session: ScopedSession, zone: str, now: datetime) -> Team:
    """The office's caseloads. ``zone``: of the agency."""
    today = local_day(now, zone)
    who = people(session, True, now)
    read, undecided = open_rows(session, True, today), undecided_rows(session, True)
    officers = {one.officer_id: one.officer for one in who.values()}
    lines = [_officer(session, (number, name), who, (read, undecided), today, now) for number, name in officers.items()]
    standing_in = tuple(one for one in covers(session, today) if one.state in ("holds", "ahead"))
    ordered = tuple(sorted(lines, key=lambda one: (one.name.casefold(), one.id)))
    return Team(ordered, len(nobodys(session)), standing_in)


def _officer(
    session: ScopedSession, whose: tuple[int, str], who: Mapping[int, Somebody], read: tuple[OpenRows, Undecided],
    today: date, now: datetime,
) -> Officer:  # fmt: skip
    (number, name), (questions, undecided) = whose, read
    own = {case: one for case, one in who.items() if one.officer_id == number}
    overdue, _also, away = open_items(session, questions, own, now)
    no_shows = _unlogged(to_decide(undecided, own, today), today)
    return Officer(id=number, name=name, people=len(own), overdue=len(overdue), hidden=away, no_shows=no_shows)


def _unlogged(absences: tuple[ToDecide, ...], today: date) -> tuple[ToDecide, ...]:
    """No-shows of more than seven days on which nobody decided anything, not even to ask for evidence."""
    late = [one for one in absences if one.on < today - UNLOGGED_AFTER and not one.waits_for_evidence]
    return tuple(sorted(late, key=lambda one: (one.on, one.person)))
