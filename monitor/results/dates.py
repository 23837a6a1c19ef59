"""The next date: days on the court's own calendar to choose from, and what speaks against the one that was chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import time_words, weekday_words
from monitor.clock import local_day
from monitor.court_days import closed_days
from monitor.models import Case, Court, Hearing
from rules.calendar import is_open, roll_forward

WEEKS: Final = (2, 4, 6, 8, 12)
LONGEST: Final = timedelta(days=400)
CLOSE: Final = timedelta(hours=1)  # two dates of one person, or of one judge in two rooms, need so long between them


class Suggestion(msgspec.Struct, frozen=True):
    """A day to choose, in words."""

    day: date
    words: str

    @classmethod
    def kept(cls, starts_at: datetime, zone: str) -> Suggestion:
        """The date that stands already."""
        day = local_day(starts_at, zone)
        return cls(day, f"Stays: {weekday_words(day)}, {time_words(starts_at, zone)}")


def suggestions(session: ScopedSession, row: Any, now: datetime) -> tuple[Suggestion, ...]:
    """The same weekday in some weeks, each on the next day that the court is open, with how many are heard then."""
    start, closed = local_day(max(now, row.starts_at), row.zone), closed_days(session, row.court_id, now)
    days: dict[date, int] = {}
    for weeks in WEEKS:  # where the court is closed for long, two of them are one day, and it is told once
        days.setdefault(roll_forward(start + timedelta(weeks=weeks), closed), weeks)
    heard = _heard(session, row, list(days))
    return tuple(
        Suggestion(day, f"{weekday_words(day)}, in {weeks} weeks ({heard[day]} heard then)")
        for day, weeks in days.items()
    )  # fmt: skip


def _heard(session: ScopedSession, row: Any, days: Sequence[date]) -> Counter[date]:
    start, end = bounds(min(days), row.zone)[0], bounds(max(days), row.zone)[1]
    told = select(Hearing.starts_at).where(
        Hearing.court_id == row.court_id, Hearing.starts_at >= start, Hearing.starts_at < end,
        Hearing.outcome.is_(None),
    )  # fmt: skip
    return Counter(local_day(at, row.zone) for at in session.scalars(told))


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a court's day begins, and when the next one does."""
    where = ZoneInfo(zone)
    return datetime.combine(day, time(), where), datetime.combine(day + timedelta(days=1), time(), where)


def next_review(session: ScopedSession, case_id: int) -> int:
    """One more than the case's highest; a date that was taken off the calendar counts for none."""
    counted = Hearing.case_id == case_id, Hearing.outcome.is_distinct_from("OFF_CALENDAR")
    return (session.scalar(select(func.max(Hearing.review_no)).where(*counted)) or 0) + 1


def fault_of_day(session: ScopedSession, hearing: Hearing, zone: str, day: date, now: datetime) -> str:
    """Why nobody can be heard on this day, or ""."""
    if day <= local_day(max(now, hearing.starts_at), zone):
        return "The next date lies after this hearing and after today."
    if day > local_day(now, zone) + LONGEST:
        return "That is more than a year ahead."
    return closed_then(session, hearing.court_id, day, now)


def closed_then(session: ScopedSession, court_id: int, day: date, now: datetime) -> str:
    """That the court is closed on this day, and when it is open next; "" where it sits."""
    closed = closed_days(session, court_id, now)
    if is_open(day, closed):
        return ""
    free = weekday_words(roll_forward(day, closed))
    return f"The court is closed on {weekday_words(day)}. The next open day is {free}."


def conflicts(session: ScopedSession, hearing: Hearing, starts_at: datetime) -> tuple[str, ...]:
    """What else is set for the respondent or the judge at that time, in what this person may see."""
    person = select(Case.person_id).where(Case.id == hearing.case_id).scalar_subquery()
    rows = session.execute(
        select(Hearing.court_id, Hearing.judge_id, Hearing.room, Hearing.starts_at, Hearing.case_id, Case.person_id,
               Court.name, Court.zone, (Case.person_id == person).label("same"))
        .join(Case, Case.id == Hearing.case_id).join(Court, Court.id == Hearing.court_id)
        .where(Hearing.starts_at > starts_at - CLOSE, Hearing.starts_at < starts_at + CLOSE,
               Hearing.outcome.is_(None), Hearing.id != hearing.id)
        .order_by(Hearing.starts_at, Hearing.id)
    ).all()  # fmt: skip
    said = [f"The respondent is before {_where(row)}." for row in rows if row.same]
    elsewhere = [
        row for row in rows if hearing.judge_id is not None and row.judge_id == hearing.judge_id
        and (row.court_id, row.room) != (hearing.court_id, hearing.room)
    ]  # fmt: skip
    said += [f"The judge sits in {_where(row)}." for row in elsewhere]
    return tuple(dict.fromkeys(said))


def _where(row: Any) -> str:
    return f"{row.name}, {row.room}, at {time_words(row.starts_at, row.zone)} that day"
