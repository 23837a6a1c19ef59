"""Classes: what was held, attended, missed, excused, undecided, and what nobody reported.

Only facts and decisions of people count: an absence is missed once somebody decided that it is unexcused, excused ones
never count (safeguard H2), and a class without a report is nobody's absence (F9).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import msgspec

from monitor.bench_page.class_rows import ClassRow
from monitor.bench_page.record import CaseRecord
from monitor.clock import local_day
from monitor.group_days import turn_on

STALE_AFTER_DAYS = 7
ATTENDED = {"PRESENT": "y", "PRESENT_LATE": "l"}
# held, and there, but not to the end or not in order
NOT_FULL = {"LEFT_EARLY": "left early", "SENT_AWAY_BEHAVIOUR": "sent away"}
NOT_HELD = ("SESSION_CANCELLED", "SENT_AWAY_PROVIDER")
DECIDED = {"EXCUSED": "E", "NOT_COUNTED": "-", "RESCHEDULED": "-", "UNEXCUSED": "M", "ATTENDED_NOT_COMPLIED": "n"}
TOLD = ATTENDED | dict.fromkeys(NOT_HELD, "-") | dict.fromkeys(NOT_FULL, "n")  # what needs no decision
STOPS = ("CUSTODY", "HOSPITAL", "PROVIDER_CLOSED", "COURT_STAY", "SYSTEM_OUTAGE")


class Seat(msgspec.Struct, dict=True):
    """One place in a program, and its classes so far: letter (see `STRIP_KEY`), day, attendance id.

    ``classes`` are set once, before anything is asked of them: they are told apart by letter only once.
    """

    enrollment_id: int
    program: str
    enrolled: Any = None
    discharged: Any = None
    classes: list[tuple[str, date, int | None]] = []
    unreported: list[date] = []
    last_report: date | None = None
    stale: bool = False

    def days(self, *letters: str) -> list[date]:
        """The days of the classes with one of the letters, oldest first."""
        return [day for day, _row in self._with(letters)]

    def rows(self, *letters: str) -> tuple[int, ...]:
        """The ids of the attendance rows behind those classes."""
        return tuple([row for _day, row in self._with(letters) if row])

    def _with(self, letters: tuple[str, ...]) -> list[tuple[date, int | None]]:
        told = [self._by_letter[letter] for letter in letters if letter in self._by_letter]
        return told[0] if len(told) == 1 else [(day, row) for letter, day, row in self.classes if letter in letters]

    @cached_property
    def _by_letter(self) -> dict[str, list[tuple[date, int | None]]]:
        found: dict[str, list[tuple[date, int | None]]] = {}
        for letter, day, row in self.classes:
            found.setdefault(letter, []).append((day, row))
        return found

    def _count(self, letters: str) -> int:
        return sum(len(self._by_letter.get(letter, ())) for letter in letters)

    @cached_property
    def counted(self) -> int:
        """Classes that count: excused, not held and contradictory ones do not."""
        return self._count("ylMun")

    @cached_property
    def attended(self) -> int:
        return self._count("yl")


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
    seat.classes = _letters(record, rows)
    seat.last_report = _last_report(record, place)
    seat.unreported = _unreported(record, place, seat, {week_of(row.occurred_on.toordinal()) for row in rows})
    seat.stale = _is_stale(record, seat, turn_on(record.turns_of(place), record.today).weekday is not None)
    return seat


def _letters(record: CaseRecord, rows: Sequence[ClassRow]) -> list[tuple[str, date, int | None]]:
    """A class that is told of more than once counts once, and by no letter of its own if the tellings disagree."""
    found: list[tuple[str, date, int | None]] = []
    day = number = outcome = None
    for row in rows:
        if row.session_kind not in ("GROUP", "INDIVIDUAL"):
            continue
        if row.occurred_on == day and row.number == number:
            if row.outcome != outcome:
                found[-1] = ("x", *found[-1][1:])
            continue
        day, number, outcome = row.occurred_on, row.number, row.outcome
        found.append((TOLD.get(outcome) or _decided(record, row), day, row.id))
    return found


def _decided(record: CaseRecord, row: ClassRow) -> str:
    decision = record.adjudications.get(row.id)
    return DECIDED.get(decision.decision, "u") if decision else "u"


def week_of(ordinal: int) -> int:
    """The number of the week of a day, Monday to Sunday; day 1 of the calendar was a Monday."""
    return (ordinal - 1) // 7


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
    days = class_days(record, place, seat.enrolled.day + timedelta(days=1), end, told)
    return [day for day in days if not _spoken_for(record, place, day)]


def class_days(
    record: CaseRecord, place: Any, first: date, end: date, told: Collection[int] = frozenset()
) -> list[date]:
    """The days from ``first`` until before ``end`` on which the group meets that the place is in on that day, without
    those in the weeks of ``told``."""
    turns = record.turns_of(place)
    found: list[date] = []
    for weekday in {turn.weekday for turn in turns if turn.weekday is not None}:
        begins = first.toordinal() + (weekday - first.weekday()) % 7
        ordinals = (one for one in range(begins, end.toordinal(), 7) if week_of(one) not in told)
        found += (day for one in ordinals if turn_on(turns, day := date.fromordinal(one)).weekday == weekday)
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
