"""Court time, one value at a time: months, weeks, business days, roll-forward, hours and local days.

Source of every rule: the scenario format, section 2 (first day excluded, last day included). The same
answers for whole columns are in `rules.calendar_table`. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

WeekStart = Literal["monday", "sunday"]
WEEKDAY_OF: Final[dict[WeekStart, int]] = {"monday": 0, "sunday": 6}
DAY = timedelta(days=1)
SATURDAY = 5


class Days(NamedTuple):
    """A half-open run of days; `to` is None while nobody knows when it ends."""

    start: date
    to: date | None

    def holds(self, day: date) -> bool:
        """Whether `day` lies inside: the first day does, the day on which the run ends does not."""
        return self.start <= day and (self.to is None or day < self.to)


@cache
def known_zones() -> frozenset[str]:
    """The time zones that this machine knows: a walk through many folders, made once."""
    return frozenset(available_timezones())


def add_days(start: date, days: int) -> date:
    """`start` + n days; the first day is not counted, the last one is."""
    return start + timedelta(days=days)


def add_weeks(start: date, weeks: int) -> date:
    """The same weekday, n weeks later."""
    return start + timedelta(weeks=weeks)


def add_months(start: date, months: int) -> date:
    """The day with the same number n months later, else the last day of that month (as NMSA 12-2A-7(C), (D))."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(start.day, month_end(first).day))


def month_start(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY


def calendar_month_due(start: date, months: int) -> date:
    """Due date of a month cadence: it runs to the end of the month that `start` + n months reaches."""
    return month_end(add_months(start, months))


def week_start(day: date, starts: WeekStart = "monday") -> date:
    """The first day of the calendar week of `day`."""
    return day - timedelta(days=(day.weekday() - WEEKDAY_OF[starts]) % 7)


def first_whole_week(begins: date, starts: WeekStart = "monday") -> date:
    """Start of the first calendar week that lies wholly on or after `begins`."""
    start = week_start(begins, starts)
    return start if start == begins else start + timedelta(weeks=1)


def quarter_start(day: date) -> date:
    """The first day of the calendar quarter of `day`."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def first_whole_quarter(begins: date) -> date:
    """Start of the first calendar quarter that lies wholly on or after `begins`."""
    start = quarter_start(begins)
    return start if start == begins else add_months(start, 3)


def in_one_window(first: date, second: date, days: int) -> bool:
    """Whether two events lie in one window of n days: their dates differ by less than n."""
    return abs((second - first).days) < days


def windows(start: date, every_days: int, until: date) -> Iterator[Days]:
    """The half-open windows of n days from `start` that are over at the end of `until`'s eve (`to` <= `until`)."""
    while start + timedelta(days=every_days) <= until:
        yield Days(start, start + timedelta(days=every_days))
        start += timedelta(days=every_days)


def is_open(day: date, holidays: frozenset[date]) -> bool:
    """Whether the court is open: no Saturday, no Sunday, none of its own holidays."""
    return day.weekday() < SATURDAY and day not in holidays


def roll_forward(day: date, holidays: frozenset[date]) -> date:
    """`day` if the court is open then, else its next open day. Only where a pack says so (CCP 12a; NMSA 12-2A-7(F))."""
    while not is_open(day, holidays):
        day += DAY
    return day


def add_business_days(start: date, count: int, holidays: frozenset[date]) -> date:
    """The n-th open day after `start`; the day of the event is day 0, open or not."""
    day = start
    for _ in range(count):
        day = roll_forward(day + DAY, holidays)
    return day


def local_day(at: datetime, zone: str) -> date:
    """The court's calendar day at an instant that carries an offset."""
    return at.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of a local day, in UTC (also where the clock skips or repeats midnight)."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant that no longer belongs to a local day, in UTC. A local day may have 23 or 25 hours."""
    return start_of_day(day + DAY, zone)


def add_hours(at: datetime, hours: int) -> datetime:
    """Elapsed real hours, in UTC, so that a clock change neither gives nor takes an hour."""
    return at.astimezone(UTC) + timedelta(hours=hours)


def offset_is_the_zones_own(at: datetime, zone: str) -> bool:
    """Whether the offset written beside an instant is the one that this zone has at that instant."""
    return at.utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset()


def tolled(due: date, pauses: Iterable[Days]) -> date | None:
    """`due` moved by every pause that began on or before it; None while such a pause is open.

    A pause that begins after the day has passed moves nothing. Pauses must not overlap.
    """
    for pause in sorted(pauses):
        if pause.start > due:
            break
        if pause.to is None:
            return None
        due += pause.to - pause.start
    return due
