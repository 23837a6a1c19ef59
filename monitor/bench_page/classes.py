"""Classes: what was held, attended, missed, excused, undecided, and what nobody reported.

Only facts and decisions of people count: an absence is missed once somebody decided that it is unexcused, excused ones
never count (safeguard H2), and a class without a report is nobody's absence (F9).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from monitor.bench_page.record import CaseRecord
from monitor.clock import local_day
from monitor.group_days import turn_on

STALE_AFTER_DAYS = 7
WEEK = timedelta(days=7)
ATTENDED = {"PRESENT": "y", "PRESENT_LATE": "l"}
# held, and there, but not to the end or not in order
NOT_FULL = {"LEFT_EARLY": "left early", "SENT_AWAY_BEHAVIOUR": "sent away"}
NOT_HELD = ("SESSION_CANCELLED", "SENT_AWAY_PROVIDER")
DECIDED = {"EXCUSED": "E", "NOT_COUNTED": "-", "RESCHEDULED": "-", "UNEXCUSED": "M", "ATTENDED_NOT_COMPLIED": "n"}
STOPS = ("CUSTODY", "HOSPITAL", "PROVIDER_CLOSED", "COURT_STAY", "SYSTEM_OUTAGE")


class Seat(msgspec.Struct):
    """One place in a program, and its classes so far: letter (see `STRIP_KEY`), day, attendance id."""

    enrollment_id: int
    program: str
    enrolled: Any = None
    discharged: Any = None
    classes: list[tuple[str, date, int | None]] = []
    unreported: list[date] = []
    last_report: date | None = None
    stale: bool = False

    def days(self, *letters: str) -> list[date]:
        """The days of the classes with one of the letters."""
        return [day for letter, day, _ in self.classes if letter in letters]

    def rows(self, *letters: str) -> tuple[int, ...]:
        """The ids of the attendance rows behind those classes."""
        return tuple(row for letter, _, row in self.classes if letter in letters and row)

    @property
    def counted(self) -> int:
        """Classes that count: excused, not held and contradictory ones do not."""
        return len(self.days("y", "l", "M", "u", "n"))

    @property
    def attended(self) -> int:
        return len(self.days("y", "l"))


def seats(record: CaseRecord) -> list[Seat]:
    """The case's places in programs, in the order they were taken up."""
    by_place: dict[int, list[Any]] = {}
    for row in record.attendance:
        by_place.setdefault(row.enrollment_id, []).append(row)
    found = [_seat(record, place, by_place.get(place.id, [])) for place in record.places]
    return sorted(found, key=lambda seat: (seat.enrolled.day if seat.enrolled else date.max, seat.enrollment_id))


def _seat(record: CaseRecord, place: Any, rows: list[Any]) -> Seat:
    seat = Seat(place.id, place.name)
    for event in record.of("place"):
        if event.ref == place.id and event.word == "ENROLLED":
            seat.enrolled, seat.discharged = event, None
        elif event.ref == place.id and event.word in ("DISCHARGED", "EXITED"):
            seat.discharged = event
    seat.classes = list(_letters(record, rows))
    seat.last_report = _last_report(record, place)
    seat.unreported = _unreported(record, place, seat, {_week(row.occurred_on) for row in rows})
    seat.stale = _is_stale(record, seat, turn_on(record.turns_of(place), record.today).weekday is not None)
    return seat


def _letters(record: CaseRecord, rows: list[Any]) -> Iterator[tuple[str, date, int | None]]:
    by_class: dict[tuple[date, int], list[Any]] = {}
    for row in rows:
        if row.session_kind in ("GROUP", "INDIVIDUAL"):
            by_class.setdefault((row.occurred_on, row.number), []).append(row)
    for key in sorted(by_class):
        told = by_class[key]
        first = told[0]
        disagree = len(told) > 1 and any(row.outcome != first.outcome for row in told)
        yield ("x" if disagree else _letter(record, first)), key[0], first.id


def _letter(record: CaseRecord, row: Any) -> str:
    if row.outcome in ATTENDED:
        return ATTENDED[row.outcome]
    if row.outcome in NOT_HELD:
        return "-"
    if row.outcome in NOT_FULL:
        return "n"
    decision = record.adjudications.get(row.id)
    return DECIDED.get(decision.decision, "u") if decision else "u"


def _week(day: date) -> int:
    """The number of a week, Monday to Sunday; day 1 of the calendar was a Monday."""
    return (day.toordinal() - 1) // 7


def _last_report(record: CaseRecord, place: Any) -> date | None:
    """The day on which the program last sent anything about this place."""
    sent = [record.sheets_sent[place.id]] if place.id in record.sheets_sent else []
    sent += [event.recorded_at for event in record.of("coverage") if event.ref == place.id]
    sent += [one.recorded_at for one in record.of("report") if one.ref == place.id and one.more == "PROGRAM"]
    return local_day(max(sent), record.zone) if sent else None


def _unreported(record: CaseRecord, place: Any, seat: Seat, told: set[int]) -> list[date]:
    """Weekly class days before today that no row and no complete sheet speaks of. A week with a row is reported."""
    if seat.enrolled is None:
        return []
    end = min(record.today, seat.discharged.day) if seat.discharged else record.today
    days = class_days(record, place, seat.enrolled.day + timedelta(days=1), end)
    return [day for day in days if _week(day) not in told and not _spoken_for(record, place, day)]


def class_days(record: CaseRecord, place: Any, first: date, end: date) -> list[date]:
    """The days from ``first`` until before ``end`` on which the group meets that the place is in on that day."""
    turns = record.turns_of(place)
    found = []
    for weekday in {turn.weekday for turn in turns if turn.weekday is not None}:
        begins = first + timedelta(days=(weekday - first.weekday()) % 7)
        days = (begins + WEEK * week for week in range(max(0, (end - begins).days + 6) // 7))
        found += [day for day in days if turn_on(turns, day).weekday == weekday]
    return sorted(found)


def _spoken_for(record: CaseRecord, place: Any, day: date) -> bool:
    covered = any(
        event.ref == place.id and event.day <= day and (event.until is None or day < event.until)
        for event in record.of("coverage")
    )
    group = turn_on(record.turns_of(place), day).group_id
    return covered or (group, day) in record.cancelled or paused(record, day) is not None


def paused(record: CaseRecord, day: date) -> Any:
    """The custody, stay or closure that holds on a day, if any."""
    for pause in record.of("pause"):
        if pause.word in STOPS and pause.day <= day and (pause.until is None or day < pause.until):
            return pause
    return None


def _is_stale(record: CaseRecord, seat: Seat, weekly: bool) -> bool:
    """Whether the program owes word: more than a week without any, while classes went on."""
    if seat.enrolled is None or (weekly and not seat.unreported) or (seat.discharged and not weekly):
        return False
    last = seat.last_report or seat.enrolled.day
    return (record.today - last).days > STALE_AFTER_DAYS
