"""Who still owes what before a court's day: for the court's staff, two court days before and later, by who owes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from monitor.bench_page.page import BenchPage, Outline
from monitor.court_days import court_day_before

DAYS_BEFORE: Final = 2
SERVICE, SERVERS = "proof of service", "Whoever serves orders"


class Owed(msgspec.Struct, frozen=True):
    """Who owes, and in which cases what."""

    who: str
    cases: tuple[str, ...]


def owed_from(day: date, closed: frozenset[date]) -> date:
    """The court day from which the staff is told, two before the hearing."""
    return court_day_before(day, DAYS_BEFORE, closed)


def owed(pages: Sequence[BenchPage | Outline]) -> tuple[Owed, ...]:
    """By name; every gap that a page of the day names, and every reporter that it calls late."""
    found: dict[str, list[str]] = {}
    for page in sorted(pages, key=lambda one: one.heading.number):
        for who, what in _of_page(page):
            found.setdefault(who, []).append(f"{page.heading.number}: {what}")
    return tuple(Owed(who, tuple(cases)) for who, cases in sorted(found.items()))


def _of_page(page: BenchPage | Outline) -> Iterator[tuple[str, str]]:
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
