"""The query behind Today: a dozen statements of columns, the same for any size of office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.concerns import ConcernPage, waiting
from monitor.covers import stand_in
from monitor.today.dates import Undecided, ahead_rows, court_days, due_ahead, heard, to_decide, undecided_rows
from monitor.today.incidents import report_rows, unasked
from monitor.today.items import OpenRows, open_items, open_rows
from monitor.today.news import AT_FIRST, NewRows, last_look, new_rows, news
from monitor.today.page import CourtDay, Due, Today
from monitor.today.people import Somebody, counted, people_named, people_of
from monitor.today.reviews import reviews_ahead
from monitor.today.to_log import planned_rows, to_log
from monitor.wording import count, short_day, time_of_day


def today_page(session: ScopedSession, zone: str, now: datetime, *, team: bool = False, officer: int = 0) -> Today:
    """What needs the reader now. ``zone``: of their agency; ``team``: the whole office's list; ``officer``: of it, the
    cases of this colleague, without what is new, which is the reader's own."""
    today, team = local_day(now, zone), team or bool(officer)
    covered = stand_in(session, now)
    looked = last_look(session, datetime.combine(today, time(), ZoneInfo(zone)))
    read = _rows(session, team, zone, now, since=None if officer else looked or now - AT_FIRST)
    who = people_of(session, officer, now) if officer else people_named(session, team, now, read.cases())
    listed = len(who) if officer else counted(session, team)
    week, month = due_ahead(read.ahead, who, today)
    days, absences = court_days(read.heard, who), to_decide(read.undecided, who, today)
    overdue, also, away = open_items(session, read.open, who, now)
    reports, read_reports = unasked(session, read.reports, who, now)
    overdue = (*(one for one in overdue if one.rank == 0), *reports,
               *(one for one in overdue if one.rank))  # fmt: skip
    return Today(
        day=today, zone=zone, team=team, people=listed, concerns=_asked(session, team, who, officer), overdue=overdue,
        reviews=reviews_ahead(session, read.heard, read.open.rows, absences, who, today), also=also,
        hidden=(*away, *read_reports),
        to_decide=absences, to_log=to_log(read.planned, who, zone), this_week=week, this_month=month,
        news=news(read.new, who) if read.new else (),
        officer=next((one.officer for one in who.values()), "Nobody") if officer else "",
        stands_in=() if team else covered, looked=local_day(looked, zone) if looked else None,
        court=days, next_line=_next_line(listed, [*week, *month], days, today),
    )  # fmt: skip


class _Rows(NamedTuple):
    """What a list is told from, read before anybody's name is: only those are looked up whom a row is about."""

    ahead: Sequence[Any]
    heard: Sequence[Any]
    undecided: Undecided
    open: OpenRows
    reports: Sequence[Any]
    planned: Sequence[Any]
    new: NewRows | None

    def cases(self) -> set[int]:
        parts = (self.ahead, self.heard, self.undecided.rows, self.open.rows, self.planned,
                 (row[0] for row in self.reports))  # fmt: skip
        named = {row.case_id for part in parts for row in part}
        return named | {*self.open.levels} | (self.new.cases() if self.new else set())


def _rows(session: ScopedSession, team: bool, zone: str, now: datetime, since: datetime | None) -> _Rows:
    today = local_day(now, zone)
    return _Rows(
        ahead_rows(session, team, today, now), heard(session, team, now), undecided_rows(session, team),
        open_rows(session, team, today), report_rows(session, team, now),
        planned_rows(session, team, zone, now), new_rows(session, team, since) if since else None,
    )  # fmt: skip


def _asked(
    session: ScopedSession, team: bool, who: Mapping[int, Somebody], officer: int
) -> tuple[ConcernPage, ...]:
    return tuple(one for one in waiting(session, team) if not officer or one.case_id in who)


def _next_line(listed: int, due: list[Due], days: tuple[CourtDay, ...], today: date) -> str:
    """What comes next, for a day on which nothing waits."""
    if not listed:
        return "Nobody is assigned to you yet. Your supervisor assigns cases."
    if days:
        first = days[0]
        when = f"{short_day(local_day(first.starts_at, first.zone))}, {time_of_day(first.starts_at, first.zone)}"
        return f"Next: {count(len(first.people), 'person', 'people')} in court {when}, {first.room}."
    if due:
        return f"Next: {due[0].person}, {due[0].what.lower()}, last day {short_day(due[0].on)}."
    return f"Nothing falls due before {short_day(date.fromordinal(today.toordinal() + 31))}."
