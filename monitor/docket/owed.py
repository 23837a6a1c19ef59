"""Who still owes what before a court's day: for the court's staff, two court days before and later, by who owes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from operator import itemgetter
from typing import Final

import msgspec

from monitor.court_days import court_day_before
from monitor.docket.words import Words

DAYS_BEFORE: Final = 2
SERVICE, SERVERS = "proof of service", "Whoever serves orders"


class Owed(msgspec.Struct, frozen=True):
    """Who owes, and in which cases what."""

    who: str
    cases: tuple[str, ...]


def owed_from(day: date, closed: frozenset[date]) -> date:
    """The court day from which the staff is told, two before the hearing."""
    return court_day_before(day, DAYS_BEFORE, closed)


def owed(told: Iterable[tuple[str, Words]]) -> tuple[Owed, ...]:
    """By name; every gap that a page of the day names, and every reporter that it calls late. ``told``: of each case
    its number and the words."""
    found: dict[str, list[str]] = {}
    for number, words in sorted(told, key=itemgetter(0)):
        for who, what in _of_page(words):
            found.setdefault(who, []).append(f"{number}: {what}")
    return tuple(Owed(who, tuple(cases)) for who, cases in sorted(found.items()))


def _of_page(page: Words) -> Iterator[tuple[str, str]]:
    told = set()
    for gap in page.missing:
        who, comma, what = gap.rpartition(", class")
        if comma:
            told.add(who)
            yield who, f"class{what}"
        else:
            yield (SERVERS, gap) if gap == SERVICE else (gap, "a report")
    for late in page.late:
        who, _, since = late.rpartition(" (")
        if who not in told:
            yield who, f"a report ({since}"
