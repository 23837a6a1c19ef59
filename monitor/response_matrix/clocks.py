"""A clock of the matrix: its last day, and the stretches in which it stands still (response matrix, "Paused clocks").

A day inside such a stretch is not counted. "Same day" is the same day whatever stops, and the clocks of class D and E
run on: a danger does not wait for a release. What the court continued stops the court's own steps alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from monitor.response_matrix.content import NO_CLOCK, Content, clock_days
from monitor.wording import short_day

DAY: Final = timedelta(days=1)
CONTINUED: Final = "CONTINUED"
# what stops a clock, by kind of pause on record, and a hearing that the court put off
BECAUSE: Final = {
    "PROVIDER_CLOSED": "the program is closed", "HOSPITAL": "the person is in hospital",
    "CUSTODY": "the person is in custody", "COURT_STAY": "the court stayed it",
    CONTINUED: "the court continued the hearing",
}  # fmt: skip
NEVER_PAUSED: Final = ("D", "E")
OF_THE_COURT: Final = ("report", "hearing")  # the clocks that a continuance stops


class Stop(msgspec.Struct, frozen=True):
    """A stretch of days, half-open, in which time stands still; ``until`` None: nobody knows how long."""

    since: date
    until: date | None
    kind: str

    def holds(self, day: date) -> bool:
        """Whether the day is inside: the one on which it ends counts again."""
        return self.since <= day and (self.until is None or day < self.until)

    def words(self, today: date | None = None) -> str:
        """paused from Tue Nov 3 because the person is in custody, continues Fri Nov 20; past, it was, and continued"""
        over = today is not None and self.until is not None and self.until < today
        because, goes_on = BECAUSE[self.kind], "continued" if over else "continues"
        because = because.replace(" is ", " was ") if over else because
        until = short_day(self.until) if self.until else "when that ends"
        return f"paused from {short_day(self.since)} because {because}, {goes_on} {until}"


class LastDay(msgspec.Struct, frozen=True):
    """Of a clock that has a day of its own. ``on`` None: it stands still, nobody knows until when. ``stops``: what it
    met on its way."""

    on: date | None
    stops: tuple[Stop, ...] = ()

    def paused(self, today: date | None = None) -> str:
        """Paused from … because …, continues …; paused from …. As read on a day; "" for nothing."""
        told = "; ".join(stop.words(today) for stop in self.stops)
        return f"{told[0].upper()}{told[1:]}." if told else ""


def last_day(clock: str, from_on: date, shut: Collection[date], stops: Collection[Stop] = ()) -> LastDay | None:
    """The last day of a clock as the matrix writes it; None: it has no day of its own."""
    told = clock_days(clock)
    if told is None:
        return None
    days, of_court = told
    day, met = from_on, list[Stop]()
    while days:
        if day == date.max:  # a pause "until 9999-12-31" has no end that anybody knows
            return LastDay(None, tuple(met))
        day += DAY
        stop = next((one for one in stops if one.holds(day)), None)
        if stop is None:
            days -= not of_court or _is_open(day, shut)
            continue
        met.append(stop)
        if stop.until is None:
            return LastDay(None, tuple(met))
        day = stop.until - DAY
    return LastDay(day, tuple(met))


def last_day_of(
    content: Content, response_class: str, name: str, from_on: date, shut: Collection[date], stops: Collection[Stop]
) -> LastDay | None:
    """The last day of one step of a class, ``name`` of `content.CLOCKS`, with its pauses."""
    text = content.classes.get(response_class)
    clock = text.clocks.get(name, NO_CLOCK) if text else NO_CLOCK
    return last_day(clock, from_on, shut, tuple(stopping(response_class, name, stops)))


def stopping(response_class: str, name: str, stops: Iterable[Stop]) -> Iterator[Stop]:
    if response_class not in NEVER_PAUSED:
        yield from (one for one in stops if one.kind != CONTINUED or name in OF_THE_COURT)


def court_days(since: date, until: date, shut: Collection[date], stops: Collection[Stop] = ()) -> int:
    """How many court days lie after ``since``, up to ``until``; days on which time stood still are none."""
    days = max(0, (until - since).days)
    after = (since + timedelta(days=ahead) for ahead in range(1, min(days, 3_660) + 1))
    return sum(_is_open(day, shut) and not any(one.holds(day) for one in stops) for day in after)


def _is_open(day: date, shut: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in shut
