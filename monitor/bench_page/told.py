"""What a page says of a case's duties: what is missing and late, when word last came, and each duty in its line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from monitor.bench_page.classes import Seat
from monitor.bench_page.duties import condition_lines
from monitor.bench_page.page import ConditionLine
from monitor.bench_page.record import CaseRecord
from monitor.bench_page.words import day_words


class Told(msgspec.Struct, frozen=True):
    """The words, each as on `monitor.bench_page.page.BenchPage`."""

    missing: tuple[str, ...]
    late: tuple[str, ...]
    last_report: str
    conditions: tuple[ConditionLine, ...]


def tell(record: CaseRecord, places: list[Seat], since: date | None) -> Told:
    """What is said of the duties of a case since a day. ``places``: its places in programs."""
    return Told(
        missing=_missing(record, places), late=_late(record, places), last_report=_last_report(record, places),
        conditions=condition_lines(record, places, since),
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
