"""Where each fact frame comes from: one select a frame, columns only, never whole objects.

Every select begins with the columns of `COMMON`; its own columns follow under the frame's names. Words are still the
record's; `monitor.compliance.loading` turns them. It also finds the program of an ``enrollment``, and the local day of
facts with an instant only, by the court's ``zone``: joins here would be paid for each row of the largest tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Select, case, null, or_, select

from monitor.compliance import vocabulary as v
from monitor.models import (
    Adjudication,
    Attendance,
    Case,
    Certificate,
    CheckIn,
    Contact,
    Court,
    CourtDecision,
    Coverage,
    DrugTest,
    Enrollment,
    EnrollmentEvent,
    Expectation,
    FirearmReceipt,
    Incident,
    Leave,
    Letter,
    Pause,
    Report,
    Transfer,
)

COMMON = ("id", "person", "order", "on", "at", "recorded_at", "supersedes", "retracted")
Words = Mapping[str, Mapping[str, str] | None]


class Source(msgspec.Struct, frozen=True):
    """One frame: the statement that reads it, which of its columns hold words to turn, and what every row says.

    ``lists``: columns of words with commas, which the frame has as lists.
    """

    statement: Select[Any]
    words: Words = {}
    always: Mapping[str, str] = {}
    lists: tuple[str, ...] = ()


def _fact(entity: Any, day: Any, at: Any = None, order: Any = None, **own: Any) -> Select[Any]:
    # a case is the subject: what one case tells never counts in another (FORMAT 4)
    columns = [
        entity.id.label("id"), entity.case_id.label("person"), (null() if order is None else order).label("order"),
        (null() if day is None else day).label("on"), (null() if at is None else at).label("at"),
        entity.recorded_at.label("recorded_at"), entity.supersedes_id.label("supersedes"),
        entity.retracted.label("retracted"),
    ]  # fmt: skip
    told = select(*columns, *(column.label(name) for name, column in own.items()))
    if day is not None:
        return told
    placed = told.join(Case, Case.id == entity.case_id).join(Court, Court.id == Case.court_id)
    return placed.add_columns(Court.zone.label("zone"))


@cache
def sources() -> dict[str, Source]:
    """Every fact frame that the record fills, by name; the same objects each time."""
    return {
        "sessions": Source(_sessions(), {"outcome": v.OUTCOMES, "kind": None}, {"source": "provider"}),
        "adjudications": Source(
            _fact(
                Adjudication, Adjudication.occurred_on, of=Adjudication.attendance_id, decision=Adjudication.decision,
                reason=Adjudication.why, evidence_due=Adjudication.evidence_due_on, by=Adjudication.decided_by,
            ),
            {"decision": None, "reason": None, "by": v.DECIDERS},
        ),
        "submissions": Source(
            _fact(
                Coverage, Coverage.covers_from, enrollment=Coverage.enrollment_id, covers_from=Coverage.covers_from,
                covers_to=Coverage.covers_to,
            )
        ),
        "schedules": Source(
            _fact(
                Expectation, Expectation.occurred_on, enrollment=Expectation.enrollment_id, of=Expectation.kind,
                expected_on=Expectation.expected_on,
            )
        ),
        "contacts": Source(
            _fact(
                Contact, None, Contact.occurred_at, kind=Contact.kind, state=Contact.state, method=Contact.method,
                place=Contact.place,
            ),
            {"kind": v.CONTACT_KINDS, "state": None, "method": None, "place": v.CONTACT_PLACES},
        ),
        "check_ins": Source(_fact(CheckIn, None, CheckIn.occurred_at)),
        "tests": Source(_fact(DrugTest, DrugTest.occurred_on, result=DrugTest.result), {"result": None}),
        "reports": Source(_reports(), {"kind": None, "by": v.PARTIES, "to": v.PARTIES}),
        "enrollments": Source(_enrollments(), {"event": None, "reason": v.DISCHARGES}),
        "letters": Source(
            _fact(Letter, Letter.occurred_on, kind=Letter.kind, seat_on=Letter.seat_on),
            {"kind": None},
            {"by": "provider"},
        ),
        "leaves": Source(
            _fact(Leave, Leave.occurred_on, covers_on=Leave.covers_on, approved_by=Leave.approved_by),
            lists=("approved_by",),
        ),
        "certificates": Source(_fact(Certificate, Certificate.occurred_on, enrollment=Certificate.enrollment_id)),
        "transfers": Source(
            _fact(
                Transfer, Transfer.occurred_on, from_program=Transfer.from_program_id,
                to_program=Transfer.to_program_id, reason=Transfer.why, authorized_by=Transfer.authorized_by,
            ),
            {"reason": None},
            lists=("authorized_by",),
        ),
        "pauses": Source(
            _fact(Pause, Pause.starts_on, kind=Pause.kind, basis=Pause.basis, ends_on=Pause.ends_on),
            {"kind": None, "basis": None},
            {"event": "start"},
        ),
        "firearms": Source(
            _fact(FirearmReceipt, None, FirearmReceipt.occurred_at, event=FirearmReceipt.event), {"event": None}
        ),
        "incidents": Source(_incidents(), {}, {"source": "law_enforcement"}),
        "decisions": Source(_decisions(), {"kind": None, "by": v.DECIDERS}),
    }  # fmt: skip


def programs() -> Select[Any]:
    """The program of each enrollment; its key column is the enrollment, which may be told of in another case."""
    columns: list[Any] = [Enrollment.id.label("person"), Enrollment.program_id.label("program")]
    return select(*columns)


def _sessions() -> Select[Any]:
    return _fact(
        Attendance, Attendance.occurred_on, enrollment=Attendance.enrollment_id, outcome=Attendance.outcome,
        minutes=Attendance.minutes, minutes_late=Attendance.minutes_late, kind=Attendance.session_kind,
        number=Attendance.number, makeup_for_on=Attendance.makeup_for_on,
    )  # fmt: skip


def _reports() -> Select[Any]:
    return _fact(
        Report, Report.occurred_on, enrollment=Report.enrollment_id, kind=Report.kind, by=Report.sent_by,
        to=Report.sent_to, about=Report.about_id,
    )  # fmt: skip


def _enrollments() -> Select[Any]:
    told = _fact(
        EnrollmentEvent, EnrollmentEvent.occurred_on, enrollment=EnrollmentEvent.enrollment_id,
        event=EnrollmentEvent.event, reason=EnrollmentEvent.why,
    )  # fmt: skip
    return told.where(EnrollmentEvent.event.not_in(v.UNREAD_ENROLLMENT_EVENTS))


def _incidents() -> Select[Any]:
    """Police reports that touch a condition which rules know; a call's reference says nothing of what happened.

    A version that touches none any more takes back what an earlier one said, as one that was retracted does.
    """
    violent = or_(Incident.strangulation == "YES", Incident.weapon.is_(True))
    kind = case(
        (Incident.touched.in_(v.THREATENED) & violent, "new_violence"), (Incident.touched.in_(v.THREATENED), "threat"),
        (Incident.touched.in_(v.APPROACHED), "stay_away_entry"), else_="contact",
    )  # fmt: skip
    told = _fact(Incident, None, Incident.occurred_at, kind=kind)
    known = Incident.touched.in_((*v.THREATENED, *v.APPROACHED, *v.CONTACTED))
    columns = [one for one in told.selected_columns if one.key != "retracted"]
    return told.with_only_columns(
        *columns, or_(Incident.retracted, Incident.touched.is_(None), ~known).label("retracted")
    ).where(Incident.kind == "REPORT")  # fmt: skip


def _decisions() -> Select[Any]:
    return _fact(
        CourtDecision, CourtDecision.occurred_on, order=CourtDecision.order_id, by=CourtDecision.decided_by,
        kind=CourtDecision.kind, about=CourtDecision.about_id, until=CourtDecision.until_on, term=CourtDecision.term,
        number=CourtDecision.value, found=CourtDecision.found,
    )  # fmt: skip
