"""The bottom strip: the court's own delays, so that the list holds the court to account as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from monitor.bench_page.record import CaseRecord, open_flags, outcome_known, was_called
from monitor.clock import end_of_day, local_day
from monitor.court_days import court_day_before
from monitor.response_matrix.clocks import BECAUSE, Stop, last_day_of
from monitor.response_matrix.content import Content
from monitor.response_matrix.stops import continued

OLD_WARRANT = timedelta(days=30)
OFF = ("OFF_CALENDAR", "CONTINUED")  # nothing was heard
GOES_ON = ("CONTINUED", "COMPLIANT_CONTINUE", "WARNED", "SANCTIONED", "MODIFIED", "ADVISED_RETURN")


def strip(
    hearings: Sequence[Any], records: dict[int, CaseRecord], known_at: datetime, closed: frozenset[date],
    matrix: Content | None,
) -> tuple[str, ...]:
    """One sentence a measure; what the record does not hold yet says so. ``closed``: the court's own holidays;
    ``matrix``: the one in force now, None with none adopted."""
    late = sum(_past_clock(record, matrix, closed) for record in records.values()) if matrix else 0
    undated = sum(_without_date(row, records[row.case_id]) for row in hearings)
    old = sum(_old_warrant(record) for record in records.values())
    return (
        f"Reviews heard this day without a next date: {undated}",
        f"Pages not shown to the defense 1 court day before: {_not_shown(hearings, records, closed)}",
        f"Cases past their matrix clock: {late if matrix else 'no local matrix adopted'}",
        f"Warrants older than 30 days: {old}",
    )


def _without_date(hearing: Any, record: CaseRecord) -> bool:
    ahead = any(one.starts_at > hearing.starts_at and was_called(one) for one in record.hearings)
    return outcome_known(hearing, record.known_at) and hearing.outcome in GOES_ON and not ahead


def _not_shown(hearings: Sequence[Any], records: dict[int, CaseRecord], closed: frozenset[date]) -> int:
    """Of today's or a past day's cases those whose page was late; of a coming day's those not shown so far."""
    return sum(not _in_time(row, records[row.case_id], closed) for row in hearings)


def _in_time(hearing: Any, record: CaseRecord, closed: frozenset[date]) -> bool:
    due = end_of_day(court_day_before(local_day(hearing.starts_at, record.zone), 1, closed), record.zone)
    first = record.first_shown.get(hearing.id)
    return first is not None and first <= due


def _past_clock(record: CaseRecord, matrix: Content, closed: frozenset[date]) -> bool:
    """Whether a report before the court was not heard within the matrix's days to a hearing, by the class approved."""
    return any(_unheard(record, flag, matrix, closed) for flag in open_flags(record, None))


def _unheard(record: CaseRecord, flag: Any, matrix: Content, closed: frozenset[date]) -> bool:
    stands = record.filed.get(flag.id)
    if stands is None:
        return False
    from_on = local_day(stands.approved_at, record.zone)
    last = last_day_of(matrix, flag.response_class or "", "hearing", from_on, closed, _stops(record))
    heard = any(one.starts_at >= stands.approved_at and one.outcome not in OFF for one in record.held(record.known_at))
    return last is not None and last.on is not None and last.on < record.today and not heard


def _stops(record: CaseRecord) -> tuple[Stop, ...]:
    paused = (Stop(one.day, one.until, one.word) for one in record.of("pause") if one.word in BECAUSE)
    return *paused, *continued(record.hearings, record.zone)


def _old_warrant(record: CaseRecord) -> bool:
    return any(
        event.word == "WARRANT" and event.until is None and event.day < record.today - OLD_WARRANT
        for event in record.of("pause")
    )
