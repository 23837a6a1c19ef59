"""The program's side of a demo case: referral, enrollment, weekly classes, what the officer decided, and the papers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from monitor.demo.orders import Matter
from monitor.demo.plots import marks_of
from monitor.demo.scribe import Scribe, next_weekday
from monitor.models import (
    Adjudication,
    Attendance,
    CaseAgency,
    CourtDecision,
    Coverage,
    Enrollment,
    EnrollmentEvent,
    Letter,
    Pause,
    Report,
)

OUTCOME = {"L": "PRESENT_LATE", "C": "SESSION_CANCELLED", "S": "SENT_AWAY_PROVIDER"}
SAYS = {"L": "L", "C": "C", "S": "SX", "E": "E", "U": "U", "A": "ABS", "X": "U", "!": "U"}


class Place(msgspec.Struct):
    """A place in a program: the enrollment, its group, the days of its classes so far and what the story marks them."""

    matter: Matter
    program: Any
    group: Any
    enrollment: Any
    days: list[date]
    marks: dict[date, str] = msgspec.field(default_factory=dict)


def enroll(scribe: Scribe, matter: Matter, program_code: str, number: int, group_code: str | None = None) -> Place:
    """Refer the person, and enroll them unless the story is that nobody has yet; without ``group_code``, any group."""
    program = matter.place.programs[program_code]
    groups = matter.place.groups[program_code]
    group = scribe.rng.choice([one for one in groups if group_code in (None, one.code)])
    scribe.add(
        CaseAgency, case_id=matter.case.id, agency_id=program.agency_id, from_on=matter.ordered_on, until_on=None
    )
    enrollment = scribe.add(
        Enrollment, case_id=matter.case.id, agency_id=program.agency_id, program_id=program.id,
        person_id=matter.person.id, group_id=group.id, code=f"P{number}",
        recorded_at=min(scribe.instant(matter.ordered_on, matter.zone, 17), scribe.now),
    )  # fmt: skip
    scribe.flush()
    place = Place(matter, program, group, enrollment, [])
    _event(scribe, place, "REFERRED", matter.ordered_on)
    if matter.player.story in ("not_enrolled", "new_case"):
        return place
    if matter.player.story == "waitlist":
        _wait_for_a_seat(scribe, place)
        return place
    _join(scribe, place)
    return place


def _wait_for_a_seat(scribe: Scribe, place: Place) -> None:
    day = place.matter.ordered_on + timedelta(days=3)
    _event(scribe, place, "CONTACTED", day)
    scribe.fact(
        Letter, recorded_on=day + timedelta(days=2), zone=place.matter.zone, case_id=place.matter.case.id,
        agency_id=place.program.agency_id, enrollment_id=place.enrollment.id, kind="WAITLIST",
        occurred_on=day + timedelta(days=2), seat_on=scribe.today + timedelta(days=20),
    )  # fmt: skip


def _join(scribe: Scribe, place: Place) -> None:
    matter = place.matter
    joined = matter.ordered_on + timedelta(days=scribe.rng.randrange(6, 15))
    _event(scribe, place, "CONTACTED", matter.ordered_on + timedelta(days=2))
    _event(scribe, place, "INTAKE_HELD", joined - timedelta(days=2))
    _event(scribe, place, "ENROLLED", joined)
    _report(scribe, place, "ENROLLMENT_PROOF", joined + timedelta(days=3), sent_by="PERSON")
    first = next_weekday(joined + timedelta(days=1), place.group.weekday)
    last = scribe.today - timedelta(days=1)
    place.days = [first + timedelta(days=7 * week) for week in range(max(0, (last - first).days // 7 + 1))]


def attend(scribe: Scribe, place: Place, keep_back: int = 0) -> None:
    """Record the classes so far as the story has them; the newest ``keep_back`` are left for the program's sheet."""
    story = place.matter.player.story
    marks = marks_of(story, scribe.rng)
    newest = len(place.days) - 1
    place.marks = {day: marks.get(newest - index, "P") for index, day in enumerate(place.days)}
    for day in place.days[: len(place.days) - keep_back]:
        if place.marks[day] != "-":
            _class(scribe, place, day, place.marks[day])
    _aside(scribe, place)
    _cover(scribe, place, 3 if story == "silent_program" else keep_back)
    _progress_reports(scribe, place)


def _class(scribe: Scribe, place: Place, day: date, mark: str) -> None:
    absent = mark in "EUAX!"
    recorded_on = day + timedelta(days=1)
    fact = _attendance(scribe, place, day, recorded_on, "ABSENT" if absent else OUTCOME.get(mark, "PRESENT"), mark)
    if mark in "EU":
        _decide(scribe, place, fact, "EXCUSED" if mark == "E" else "UNEXCUSED", recorded_on + timedelta(days=1))
    if mark == "U" and (scribe.today - day).days > 21:
        _loop(scribe, place, fact, recorded_on)
    if mark == "X":
        scribe.flush()
        _attendance(
            scribe, place, day, recorded_on + timedelta(days=6), "PRESENT", "P", supersedes_id=fact.id,
            reason="Marked on the wrong line; he was there",
        )  # fmt: skip
    if mark == "!":
        _attendance(scribe, place, day, recorded_on + timedelta(days=2), "PRESENT", "P")


def _attendance(
    scribe: Scribe, place: Place, day: date, recorded_on: date, outcome: str, mark: str, **more: Any
) -> Any:
    return scribe.fact(
        Attendance, recorded_on=recorded_on, zone=place.matter.zone, case_id=place.matter.case.id,
        agency_id=place.program.agency_id, enrollment_id=place.enrollment.id, occurred_on=day, outcome=outcome,
        program_says=SAYS.get(mark, "P"), session_kind="GROUP", minutes=120, source=f"{place.group.code} sheet",
        minutes_late=scribe.rng.randrange(8, 20) if outcome == "PRESENT_LATE" else None, **more,
    )  # fmt: skip


def _decide(scribe: Scribe, place: Place, fact: Any, decision: str, day: date) -> None:
    scribe.flush()
    why = scribe.rng.choice(("MEDICAL", "EMPLOYMENT", "COURT_LEGAL", "FAMILY_CHILDCARE"))
    excused = decision == "EXCUSED"
    scribe.fact(
        Adjudication, recorded_on=day, zone=place.matter.zone, hour=15, case_id=place.matter.case.id,
        agency_id=place.matter.place.office.id, recorded_by_id=place.matter.officer_id, attendance_id=fact.id,
        decision=decision, decided_by="OFFICER", why=why if excused else None,
        words="Paper seen" if excused else "No reason given", occurred_on=day,
    )  # fmt: skip


def _loop(scribe: Scribe, place: Place, fact: Any, told_on: date) -> None:
    """An older miss went round as it should: program told, officer told the court, court answered."""
    scribe.flush()
    _notice(scribe, place, fact, "PROGRAM", told_on)
    _notice(scribe, place, fact, "PROBATION", told_on + timedelta(days=2))
    answered_on = told_on + timedelta(days=11)
    scribe.fact(
        CourtDecision, recorded_on=answered_on, zone=place.matter.zone, case_id=place.matter.case.id,
        agency_id=place.matter.place.court_agency.id, kind="RESPONSE_RECORDED", decided_by="COURT",
        occurred_on=answered_on, order_id=place.matter.order.id, about_id=fact.id, content={},
    )  # fmt: skip


def _notice(scribe: Scribe, place: Place, fact: Any, sent_by: str, day: date) -> None:
    agency = place.program.agency_id if sent_by == "PROGRAM" else place.matter.place.office.id
    scribe.fact(
        Report, recorded_on=day, zone=place.matter.zone, case_id=place.matter.case.id, agency_id=agency,
        kind="NONCOMPLIANCE", sent_by=sent_by, sent_to="COURT", occurred_on=day, about_id=fact.id,
        enrollment_id=place.enrollment.id, content={},
    )  # fmt: skip


def _aside(scribe: Scribe, place: Place) -> None:
    """What the story needs beside the classes: a pause, a letter, a discharge, a restart."""
    story, days = place.matter.player.story, place.days
    if story == "hospital" and len(days) > 5:
        _pause(scribe, place, "HOSPITAL", days[-5] - timedelta(days=1), days[-1] - timedelta(days=1))
        _letter(scribe, place, "HOSPITAL", days[-5])
    if story == "custody" and len(days) > 8:
        _pause(scribe, place, "CUSTODY", days[-7] - timedelta(days=2), days[-3] - timedelta(days=3))
    if story == "discharged" and days:
        _event(scribe, place, "DISCHARGED", days[-1] + timedelta(days=1), why="ABSENCES")
    if story == "restarted" and len(days) > 13:
        _restart(scribe, place, days[-13] + timedelta(days=1))


def _pause(scribe: Scribe, place: Place, kind: str, start: date, end: date) -> None:
    scribe.fact(
        Pause, recorded_on=end, zone=place.matter.zone, case_id=place.matter.case.id,
        agency_id=place.matter.place.office.id, kind=kind, basis="HOLD" if kind == "CUSTODY" else None,
        starts_on=start, ends_on=end,
    )  # fmt: skip


def _letter(scribe: Scribe, place: Place, kind: str, day: date) -> None:
    scribe.fact(
        Letter, recorded_on=day, zone=place.matter.zone, case_id=place.matter.case.id,
        agency_id=place.matter.place.office.id, kind=kind, occurred_on=day, seat_on=None,
    )  # fmt: skip


def _restart(scribe: Scribe, place: Place, day: date) -> None:
    scribe.fact(
        CourtDecision, recorded_on=day, zone=place.matter.zone, case_id=place.matter.case.id,
        agency_id=place.matter.place.court_agency.id, kind="PROGRAM_RESTARTED", decided_by="COURT", occurred_on=day,
        order_id=place.matter.order.id, content={},
    )  # fmt: skip


def _event(scribe: Scribe, place: Place, event: str, day: date, why: str | None = None) -> None:
    scribe.fact(
        EnrollmentEvent, recorded_on=day, zone=place.matter.zone, hour=14, case_id=place.matter.case.id,
        agency_id=place.program.agency_id, enrollment_id=place.enrollment.id, event=event, occurred_on=day, why=why,
    )  # fmt: skip


def _report(scribe: Scribe, place: Place, kind: str, day: date, sent_by: str = "PROGRAM") -> None:
    if day > scribe.today:
        return
    scribe.fact(
        Report, recorded_on=day, zone=place.matter.zone, case_id=place.matter.case.id,
        agency_id=place.program.agency_id if sent_by == "PROGRAM" else place.matter.place.court_agency.id, kind=kind,
        sent_by=sent_by, sent_to="COURT", occurred_on=day, about_id=None, enrollment_id=place.enrollment.id, content={},
    )  # fmt: skip


def _progress_reports(scribe: Scribe, place: Place) -> None:
    if not place.days:
        return
    last = scribe.today - timedelta(days=110) if place.matter.player.story == "progress_overdue" else scribe.today
    day = place.days[0] + timedelta(days=80)
    while day < last:
        _report(scribe, place, "PROGRESS", day)
        day += timedelta(days=80)


def _cover(scribe: Scribe, place: Place, open_weeks: int) -> None:
    """The program certifies its sheets month by month, up to the newest class it has reported."""
    if len(place.days) <= open_weeks:
        return
    end = place.days[len(place.days) - 1 - open_weeks] + timedelta(days=1)
    start = place.days[0]
    while start < end:
        stop = min(start + timedelta(days=28), end)
        scribe.fact(
            Coverage, recorded_on=stop, zone=place.matter.zone, hour=12, case_id=place.matter.case.id,
            agency_id=place.program.agency_id, enrollment_id=place.enrollment.id, covers_from=start, covers_to=stop,
        )  # fmt: skip
        start = stop
