"""What the docket says of one case's duties, made once for the same values and kept for whoever reads those again.

Half of a docket's work is to tell sixty weeks of classes that nobody has touched since the last look. Keeping that is
safe:

- What is kept goes by all that it is made of (`Basis`), value by value, and by nothing else, not by case or reader. The
  values come out of the reader's own session each time, narrowed to what that person may see. Who finds something kept
  has read the very same values, and would have been told the same words without it.
- `_made` works on a record that holds those values and no more, so it cannot rest on one that the basis lacks: a row
  that is hidden from the reader, was corrected or is not yet known makes another basis.
- Neither holds a person's name, a word that somebody wrote or anything sealed: codes, days, ids of rows and the
  program's name. Nothing here can be asked for by case.
- By the time that it takes a reader learns at most that somebody has read the same of this case before. What they may
  not read is in no basis of theirs, so it makes nothing slower and nothing quicker.
- A process keeps `KEPT` of them, those used last, in memory alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Final

import msgspec

from monitor.bench_page.classes import Seat, seats
from monitor.bench_page.duties import ENROLL_BY, condition_lines, days_to_enroll
from monitor.bench_page.page import ConditionLine
from monitor.bench_page.record import CaseRecord, Event
from monitor.bench_page.words import day_words
from monitor.group_days import Turn

KEPT: Final = 512  # a morning's dockets of several courts; each some 15 KB with its basis
# what the words rest on; the others, with what people wrote in them, are not part of a basis
NAMES: Final = (
    "check_in", "contact", "coverage", "expected", "firearm", "letter", "pause", "place", "report", "service", "test",
)  # fmt: skip
NO_CASE, NO_INSTANT = 0, datetime.min.replace(tzinfo=UTC)  # of no case and no instant: the words rest on neither


class Ordered(msgspec.Struct, frozen=True, gc=False):
    """An order in force."""

    order_id: int
    kind: str
    ordered_on: date


class Place(msgspec.Struct, frozen=True, gc=False):
    """A place in a program."""

    id: int
    name: str
    group_id: int | None
    weekday: int | None


class Raised(msgspec.Struct, frozen=True, gc=False):
    """A flag that is before the court."""

    id: int
    code: str
    first_on: date
    contested: bool


class Basis(msgspec.Struct, frozen=True):
    """All that the words are made of. ``duties``: kind and, where the order says so, days to enroll.

    ``classes``: as the database wrote them (`monitor.bench_page.class_rows`). ``decided``: by class, what was decided.
    """

    zone: str
    today: date
    since: date | None
    orders: tuple[Ordered, ...]
    codes: tuple[str, ...]
    duties: tuple[tuple[str, int | None], ...]
    places: tuple[Place, ...]
    turns: tuple[tuple[int, tuple[Turn, ...]], ...]
    classes: str
    decided: tuple[tuple[int, str], ...]
    events: tuple[tuple[Event, ...], ...]
    raised: tuple[Raised, ...]
    cancelled: frozenset[tuple[int, date]]


class Told(msgspec.Struct, frozen=True):
    """The words, each as on `monitor.bench_page.page.BenchPage`."""

    missing: tuple[str, ...]
    late: tuple[str, ...]
    last_report: str
    conditions: tuple[ConditionLine, ...]


def told_before(record: CaseRecord, since: date | None) -> Told:
    """What is said of the duties of a case since a day: what was said before of the same values, or made now."""
    return _made(_basis(record, since))


def tell(record: CaseRecord, places: list[Seat], since: date | None) -> Told:
    """The same without keeping it, for a page that wants the ``places``, too."""
    return Told(
        missing=_missing(record, places), late=_late(record, places), last_report=_last_report(record, places),
        conditions=condition_lines(record, places, since),
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _made(basis: Basis) -> Told:
    record = _record(basis)
    return tell(record, seats(record), basis.since)


def _basis(record: CaseRecord, since: date | None) -> Basis:
    groups = {turn.group_id for place in record.places for turn in record.turns_of(place)}
    return Basis(
        zone=record.zone, today=record.today, since=since,
        orders=tuple([Ordered(one.order_id, one.kind, one.ordered_on) for one in record.in_force]),
        codes=tuple([one.code for one in record.conditions]),
        duties=tuple([(one.kind, days_to_enroll(one.terms)) for one in record.requirements]),
        places=tuple([Place(one.id, one.name, one.group_id, one.weekday) for one in record.places]),
        turns=tuple(record.turns.items()), classes=record.classes,
        decided=tuple([(row, one.decision) for row, one in record.adjudications.items()]),
        events=tuple([tuple(record.of(name)) for name in NAMES]),
        raised=tuple([Raised(one.id, one.code, one.first_on, one.contested) for one in record.flags]),
        cancelled=frozenset(one for one in record.cancelled if one[0] in groups),
    )  # fmt: skip


def _record(basis: Basis) -> CaseRecord:
    """A record that holds what is in ``basis`` and nothing else."""
    return CaseRecord(
        NO_CASE, basis.zone, NO_INSTANT, basis.today, in_force=list(basis.orders),
        conditions=[SimpleNamespace(code=code) for code in basis.codes],
        requirements=[SimpleNamespace(kind=kind, terms={ENROLL_BY: days}) for kind, days in basis.duties],
        places=list(basis.places), turns=dict(basis.turns), classes=basis.classes,
        adjudications={row: SimpleNamespace(decision=decision) for row, decision in basis.decided},
        events={name: list(events) for name, events in zip(NAMES, basis.events, strict=True)},
        flags=list(basis.raised), cancelled=set(basis.cancelled),
    )  # fmt: skip


def _late(record: CaseRecord, places: list[Seat]) -> tuple[str, ...]:
    """Reporters from whom nothing came for more than a week; shown against the reporter (safeguard F9)."""
    return tuple(
        f"{seat.program} (last {day_words(seat.last_report, record.today)})" if seat.last_report
        else f"{seat.program} (nothing yet)"
        for seat in places if seat.stale
    )  # fmt: skip


def _last_report(record: CaseRecord, places: list[Seat]) -> str:
    sent = [seat.last_report for seat in places if seat.last_report]
    if not sent:
        return "none yet" if places else "none due"
    return f"{(record.today - max(sent)).days} d"


def _missing(record: CaseRecord, places: list[Seat]) -> tuple[str, ...]:
    """What was due and never came, and who owes it."""
    return tuple(_gaps(record, places))


def _gaps(record: CaseRecord, places: list[Seat]) -> Iterator[str]:
    for seat in places:
        if seat.unreported:
            classes = f"class{'es' if len(seat.unreported) > 1 else ''}"
            yield f"{seat.program}, {classes} of {_days(seat.unreported, record.today)}"
    served = {event.ref for event in record.of("service")}
    if any(version.order_id not in served for version in record.in_force):
        yield "proof of service"


def _days(days: list[date], today: date) -> str:
    if len(days) <= 3:
        return ", ".join(day_words(day, today) for day in days)
    return f"{day_words(days[0], today)} to {day_words(days[-1], today)} ({len(days)})"
