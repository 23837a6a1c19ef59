"""The query behind Today: a dozen statements of columns, the same for any size of office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from monitor.access.scope import ScopedSession
from monitor.clock import local_day
from monitor.concerns import ConcernPage, waiting
from monitor.covers import stand_in
from monitor.today.dates import court_days, due_ahead, heard, to_decide
from monitor.today.incidents import unasked
from monitor.today.items import open_items, open_rows
from monitor.today.news import AT_FIRST, last_look, news
from monitor.today.page import CourtDay, Due, Today
from monitor.today.people import Somebody, people
from monitor.today.reviews import reviews_ahead
from monitor.wording import count, short_day, time_of_day


def today_page(session: ScopedSession, zone: str, now: datetime, *, team: bool = False, officer: int = 0) -> Today:
    """What needs the reader now. ``zone``: of their agency; ``team``: the whole office's list; ``officer``: of it, the
    cases of this colleague, without what is new, which is the reader's own."""
    today, team = local_day(now, zone), team or bool(officer)
    covered = stand_in(session, now)
    who = {case: one for case, one in people(session, team, now).items() if officer in (0, one.officer_id)}
    looked = last_look(session, datetime.combine(today, time(), ZoneInfo(zone)))
    week, month = due_ahead(session, team, who, today, now)
    dates = heard(session, team, now)
    days, absences = court_days(dates, who), to_decide(session, team, who, today)
    read = open_rows(session, team, today)
    overdue, also, away = open_items(session, read, who, now)
    reports, read_reports = unasked(session, team, who, now)
    overdue = (*(one for one in overdue if one.rank == 0), *reports,
               *(one for one in overdue if one.rank))  # fmt: skip
    return Today(
        day=today, zone=zone, team=team, people=len(who), concerns=_asked(session, team, who, officer), overdue=overdue,
        reviews=reviews_ahead(session, dates, read.rows, absences, who, today), also=also,
        hidden=(*away, *read_reports),
        to_decide=absences, this_week=week, this_month=month,
        news=() if officer else news(session, team, who, looked or now - AT_FIRST),
        officer=next((one.officer for one in who.values()), "Nobody") if officer else "",
        stands_in=() if team else covered, looked=local_day(looked, zone) if looked else None,
        court=days, next_line=_next_line(len(who), [*week, *month], days, today),
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
