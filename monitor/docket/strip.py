"""The bottom strip: the court's own delays, so that the list holds the court to account as well."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import msgspec

from monitor.bench_page.record import CaseRecord, open_flags, outcome_known, was_called
from monitor.clock import end_of_day, local_day
from monitor.court_days import court_day_before
from monitor.docket.entries import entries_late
from monitor.docket.words import Delays
from monitor.response_matrix.clocks import BECAUSE, Stop, last_day_of
from monitor.response_matrix.content import Content
from monitor.response_matrix.stops import continued
from monitor.response_matrix.versions import Version

OLD_WARRANT = timedelta(days=30)
OFF = ("OFF_CALENDAR", "CONTINUED")  # nothing was heard
GOES_ON = ("CONTINUED", "COMPLIANT_CONTINUE", "WARNED", "SANCTIONED", "MODIFIED", "ADVISED_RETURN")


class Ground(msgspec.Struct, frozen=True):
    """What a court's clocks go by on one day: its own holidays, and the matrix in force."""

    closed: frozenset[date]
    matrix: Version

    @property
    def key(self) -> tuple[frozenset[date], int, int]:
        """What the two are known by: a version in force is never changed."""
        return self.closed, self.matrix.id, self.matrix.number


def delays(hearing: Any, record: CaseRecord, ground: Ground, to_enter: tuple[str, ...]) -> Delays:
    """Those of one case on this day's list."""
    past = ground.matrix.adopted and _past_clock(record, ground.matrix.content, ground.closed)
    return Delays(
        undated=_without_date(hearing, record), not_shown=not _in_time(hearing, record, ground.closed),
        past_clock=past, old_warrant=_old_warrant(record), to_enter=to_enter,
    )  # fmt: skip


def strip(hearings: Collection[tuple[int, Delays]], ground: Ground) -> tuple[str, ...]:
    """One sentence a measure; what the record does not hold yet says so. ``hearings``: of each its case and delays."""
    of_hearings = [one for _case, one in hearings]
    of_cases = dict(hearings).values()
    clock = sum(one.past_clock for one in of_cases) if ground.matrix.adopted else "no local matrix adopted"
    return (
        f"Reviews heard this day without a next date: {sum(one.undated for one in of_hearings)}",
        f"Pages not shown to the defense 1 court day before: {sum(one.not_shown for one in of_hearings)}",
        f"Cases past their matrix clock: {clock}",
        f"Warrants older than 30 days: {sum(one.old_warrant for one in of_cases)}",
        entries_late([action for one in of_cases for action in one.to_enter]),
    )


def _without_date(hearing: Any, record: CaseRecord) -> bool:
    ahead = any(one.starts_at > hearing.starts_at and was_called(one) for one in record.hearings)
    return outcome_known(hearing, record.known_at) and hearing.outcome in GOES_ON and not ahead


def _in_time(hearing: Any, record: CaseRecord, closed: frozenset[date]) -> bool:
    """Whether the page was shown; of today or a past day, whether in time, of a coming day, whether so far."""
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
