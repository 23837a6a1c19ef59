"""Flags about getting into a program, and about the reports that others owe on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from tests.rules.reference.life import due_day, flag, in_life, lateness, overdue, suspensions
from tests.rules.reference.record import Rec, View
from tests.rules.reference.sessions import attended, sessions, without_program

Flags = Iterator[dict[str, Any]]
DAYS = timedelta(days=1)


def first_day(found: list[Rec]) -> date | None:
    return min((rec.day for rec in found), default=None)


def reports(view: View, kind: str) -> list[Rec]:
    return [rec for rec in view.of("report") if rec.get("kind") == kind]


def enrollments(view: View, *events: str) -> list[Rec]:
    return [rec for rec in view.of("enrollment") if rec.get("event") in events]


def mitigation(view: View, due: date) -> list[str]:
    found = ["waitlist_letter"] if any(rec.get("kind") == "waitlist" for rec in view.of("letter")) else []
    prompt = any(rec.day <= due for rec in enrollments(view, "contacted"))
    return found + (["contacted_promptly"] if prompt else [])


def proof_due(view: View) -> date | None:
    convicted = view.order.day("convicted_on")
    if convicted is None or not view.order.has("ENROLLMENT_PROOF_OVERDUE"):
        return None
    days = timedelta(days=view.order.pack_value("bip.enrollment_proof_deadline"))
    return due_day(view, "ENROLLMENT_PROOF_OVERDUE", convicted + days)


def enrollment_proof(view: View) -> Flags:
    due = proof_due(view)
    if due:
        done = first_day([rec for rec in reports(view, "enrollment_proof") if rec.get("to") == "court"])
        yield from overdue(view, "ENROLLMENT_PROOF_OVERDUE", due, done, mitigation=mitigation(view, due))


def civil_start(view: View) -> date | None:
    """The county model: from the judgment, or from service if the respondent was not there."""
    anchors = view.order.anchors
    if view.order.pack != "us_fl" or anchors.get("appeared") is None:
        return None
    if anchors["appeared"]:
        return view.order.day("ordered_on")
    return view.local(datetime.fromisoformat(anchors["served_at"])) if anchors.get("served_at") else None


def enrollment_due(view: View) -> date | None:
    days, source = view.term("bip.enroll_deadline")
    ordered = view.order.day("ordered_on")
    if source and ordered:
        return due_day(view, "ENROLLMENT_OVERDUE", ordered + days * DAYS)
    start = civil_start(view)
    return start + view.order.pack_value("civil.enroll_deadline") * DAYS if start else None


def enrollment_overdue(view: View) -> Flags:
    due = enrollment_due(view)
    if due and in_life(view, view.today):
        done = first_day(enrollments(view, "enrolled"))
        yield from overdue(view, "ENROLLMENT_OVERDUE", due, done, mitigation=mitigation(view, due))


def enrollment_reminder(view: View) -> Flags:
    start = civil_start(view)
    if start and not enrollments(view, "enrolled"):
        day = start + view.order.pack_value("civil.tickler") * DAYS
        if view.today >= day and in_life(view, view.today):
            yield flag(view, "ENROLLMENT_REMINDER", day)


def program_capacity(view: View) -> Flags:
    dues = [due for due in (proof_due(view), enrollment_due(view)) if due]
    waiting = [rec.day for rec in view.of("letter") if rec.get("kind") == "waitlist" and shows_none_free(rec, dues)]
    done = enrollments(view, "enrolled") or reports(view, "enrollment_proof")
    if view.order.pack == "us_me" or not dues or not waiting or done or view.today <= min(dues):
        return
    if not in_life(view, view.today):
        return
    if in_life(view, min(dues) + DAYS):
        yield flag(view, "PROGRAM_CAPACITY", max(min(dues) + DAYS, min(waiting)))


def shows_none_free(rec: Rec, dues: list[date]) -> bool:
    """A letter that offers a seat by the date shows that one was free."""
    return rec.get("seat_on") is None or any(date.fromisoformat(rec.get("seat_on")) > due for due in dues)


def enrollment_gap(view: View) -> Flags:
    if not in_life(view, view.today) or view.of("certificate") or not without_program(view, view.today):
        return
    begun = [*enrollments(view, "enrolled"), *view.of("transfer")]
    since = max((rec.moment for rec in begun), default=None)
    ends = enrollments(view, "discharged", "exited", "rejected")
    later = [rec for rec in ends if (since is None or rec.moment >= since) and rec.get("reason") != "completed"]
    out = [rec.day + DAYS for rec in later if without_program(view, rec.day + DAYS)]
    if out:
        yield flag(view, "ENROLLMENT_GAP", min(out))


def program_discharge(view: View) -> Flags:
    for rec in enrollments(view, "discharged"):
        # CODES.md lets a transfer end the gap in enrollment, and this only re-enrollment: that a program took the
        # person over does not answer the discharge, which probation must still place before the court or resolve.
        again = any(other.moment > rec.moment for other in enrollments(view, "enrolled"))
        if rec.get("reason") != "completed" and not again:
            yield flag(view, "PROGRAM_DISCHARGE", rec.day, about=rec.id)


def begin_attendance(view: View) -> Flags:
    granted = view.order.day("granted_on")
    if granted is None or not view.order.has("BEGIN_ATTENDANCE_OVERDUE"):
        return
    due = granted + view.order.pack_value("bip.begin_deadline") * DAYS
    for start, end in suspensions(view):
        if start <= due:
            if end is None:
                return
            due += end - max(start, granted)
    days = [one.day for one in sessions(view) if attended(one)]
    yield from overdue(view, "BEGIN_ATTENDANCE_OVERDUE", due, min(days, default=None))


def program_choice(view: View) -> Flags:
    ordered = view.order.day("ordered_on")
    unsupervised = view.order.anchors.get("supervision") == "unsupervised"
    if ordered and unsupervised and view.order.has("PROGRAM_CHOICE_OVERDUE"):
        due = ordered + view.order.pack_value("bip.choose_program_deadline_unsupervised") * DAYS
        told = [rec for rec in reports(view, "program_choice") if rec.get("to") == "prosecutor"]
        yield from overdue(view, "PROGRAM_CHOICE_OVERDUE", due, first_day(told))


def program_intake(view: View) -> Flags:
    if not view.order.has("PROGRAM_INTAKE_LATE"):
        return
    asked: dict[tuple[str, int], Rec] = {}
    for rec in enrollments(view, "contacted"):
        over = enrollments(view, "intake_failed", "rejected", "discharged", "exited")
        turn = sum(one.program == rec.program and one.moment <= rec.moment for one in over)
        asked.setdefault((rec.program, turn), rec)
    for (program, _), rec in asked.items():
        steps = enrollments(view, "intake_scheduled", "intake_held")
        done = first_day([other for other in steps if other.program == program and other.day >= rec.day])
        due = rec.day + view.order.pack_value("bip.intake_deadline") * DAYS
        yield from lateness(view, "PROGRAM_INTAKE_LATE", due, done)


def police_report(view: View) -> Flags:
    ordered = view.order.day("ordered_on")
    if ordered and view.order.has("POLICE_REPORT_OVERDUE"):
        due = ordered + view.order.pack_value("prosecutor.send_police_report_deadline") * DAYS
        yield from overdue(view, "POLICE_REPORT_OVERDUE", due, first_day(reports(view, "police_report")))


def review_hearing(view: View) -> Flags:
    days, basis = view.term("hearing.review_within_days")
    ordered = view.order.day("ordered_on")
    if basis and ordered:
        due = due_day(view, "REVIEW_HEARING_OVERDUE", ordered + days * DAYS)
        held = first_day([rec for rec in view.of("decision") if rec.get("kind") == "review_held"])
        yield from overdue(view, "REVIEW_HEARING_OVERDUE", due, held, basis=basis)


def input_missing(view: View) -> Flags:
    anchors, order = view.order.anchors, view.order
    if order.pack == "us_fl" and anchors.get("appeared") is None and order.day("ordered_on"):
        by_order = order.term("bip.enroll_deadline")[1] is not None
        for code in ["ENROLLMENT_REMINDER"] + ([] if by_order else ["ENROLLMENT_OVERDUE"]):
            yield flag(view, "INPUT_MISSING", order.day("ordered_on") or date.max, of_code=code)


RULES = [
    enrollment_proof, enrollment_overdue, enrollment_reminder, program_capacity, enrollment_gap, program_discharge,
    begin_attendance, program_choice, program_intake, police_report, review_hearing, input_missing,
]  # fmt: skip
