"""Counts that a court speaks of, then and now, each difference as one sentence with what led to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from monitor.bench_page.classes import Seat
from monitor.replay_page.page import Change
from monitor.wording import count, listed

# letters of the class strip, and how a count of them is called
FIGURES: Final = (
    ("M", "unexcused absence", "unexcused absences"), ("E", "excused absence", "excused absences"),
    ("u", "absence not yet decided", "absences not yet decided"), ("yl", "class attended", "classes attended"),
    ("x", "class on which records disagree", "classes on which records disagree"),
    ("?", "class not reported", "classes not reported"),
)  # fmt: skip
MOST_CLAUSES: Final = 3
OF_CLASSES: Final = ("Class", "Decision on the absence", "Sheet complete from this day")
Class = tuple[int, date, int]


class Figure(msgspec.Struct, frozen=True):
    """The classes of one kind in two views."""

    one: str
    many: str
    then: frozenset[Class]
    now: frozenset[Class]

    @property
    def moved(self) -> frozenset[date]:
        """The days on which the views differ."""
        return frozenset(day for _, day, _ in self.then ^ self.now)


def figures(then: Sequence[Seat], now: Sequence[Seat]) -> list[Figure]:
    """Those that differ."""
    found = [Figure(one, many, _classes(then, letters), _classes(now, letters)) for letters, one, many in FIGURES]
    return [figure for figure in found if figure.then != figure.now]


def _classes(seats: Sequence[Seat], letters: str) -> frozenset[Class]:
    found: set[Class] = set()
    for seat in seats:
        if letters == "?":
            found.update((seat.enrollment_id, day, 1) for day in seat.unreported)
        numbers: dict[date, int] = {}
        for letter, day, _row in seat.classes:
            numbers[day] = numbers.get(day, 0) + 1
            if letter in letters:
                found.add((seat.enrollment_id, day, numbers[day]))
    return frozenset(found)


def headlines(found: Sequence[Figure], changes: Sequence[Change], day: str, knower: str) -> Iterator[str]:
    """On March 3 the court knew of 2 unexcused absences; since then the program corrected …, so it is 1."""
    for figure in found:
        was, now = len(figure.then), len(figure.now)
        led = _led_to(figure, changes)
        why = f"since then {led}" if led else "since then other rows changed it"
        so = f"so it is {now}" if was != now else f"so it is still {now}, of other days"
        yield f"On {day} {knower} knew of {_count(was, figure)}; {why}, {so}."


def _count(number: int, figure: Figure) -> str:
    return count(number, figure.one, figure.many) if number else f"no {figure.one}"


def _led_to(figure: Figure, changes: Sequence[Change]) -> str:
    """The changes about the days that moved; a sheet speaks of days after its first."""
    clauses = [one.clause for one in changes if one.what in OF_CLASSES and _about(one, figure.moved)]
    if len(clauses) > MOST_CLAUSES:
        return f"{len(clauses)} rows and decisions changed, listed below"
    return listed(clauses)


def _about(change: Change, days: frozenset[date]) -> bool:
    if change.what == OF_CLASSES[2]:
        return any(change.on <= day for day in days)
    return change.on in days


def newest(changes: Sequence[Change]) -> datetime | None:
    """When the last of them became known."""
    return max((one.known_at for one in changes), default=None)
