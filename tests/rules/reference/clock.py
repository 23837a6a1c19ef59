"""Counting time the slow way: one day after the other. Shares nothing with `rules.calendar`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0, 0), ZoneInfo(zone)).astimezone(UTC)


def local(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def moment_of(text: str, zone: str) -> datetime:
    """A dated record counts from the start of its day, a timed one from its instant."""
    if len(text) == 10:
        return midnight(date.fromisoformat(text), zone)
    return datetime.fromisoformat(text).astimezone(UTC)


def reading_of(text: str, zone: str) -> datetime:
    """A reading on a day is its last moment."""
    if len(text) == 10:
        return midnight(date.fromisoformat(text) + ONE_DAY, zone) - TICK
    return datetime.fromisoformat(text).astimezone(UTC)


def month_later(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def last_of_month(day: date) -> date:
    while (day + ONE_DAY).month == day.month:
        day += ONE_DAY
    return day


def is_open(day: date, holidays: set[date]) -> bool:
    return day.isoweekday() <= 5 and day not in holidays


def business_days_later(day: date, count: int, holidays: set[date]) -> date:
    while count > 0:
        day += ONE_DAY
        if is_open(day, holidays):
            count -= 1
    return day


def rolled(day: date, holidays: set[date]) -> date:
    while not is_open(day, holidays):
        day += ONE_DAY
    return day


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first`, `last` excluded."""
    return [first + timedelta(days=n) for n in range((last - first).days)]


def monday_of(day: date, starts: str) -> date:
    wanted = 1 if starts == "monday" else 7
    while day.isoweekday() != wanted:
        day -= ONE_DAY
    return day


def quarter_of(day: date) -> date:
    while not (day.day == 1 and day.month in (1, 4, 7, 10)):
        day -= ONE_DAY
    return day
