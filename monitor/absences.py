"""Deciding an absence: the program says what happened, an officer says whether it counts (design 3.5).

The fact stays as the program wrote it. A decision is a row of its own; another decision replaces it and keeps it. A
correction of the fact is a new version without a decision, so it asks again by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.models import Adjudication, Attendance, Case, Court, Enrollment, Flag, Person, Program, Review, Span, User
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.wording import short_day

CHOICES: Final = {
    "EXCUSED": ("Excused", "There was a good reason. It does not count against the person."),
    "UNEXCUSED": ("Not excused", "No reason that holds. It counts as a missed class."),
    "PENDING_EVIDENCE": ("Wait for evidence", "Ask for a paper by a day. Until then it counts as neither."),
    "NOT_COUNTED": ("Do not count it", "Wrong sheet, class cancelled, sent away by the program."),
}
DECIDED: Final = {name: title for name, (title, _) in CHOICES.items()} | {
    "ATTENDED_NOT_COMPLIED": "Attended, did not comply", "RESCHEDULED": "Moved to another day",
}  # fmt: skip
REASONS: Final = {
    "MEDICAL": "Medical", "EMPLOYMENT": "Work", "FAMILY_CHILDCARE": "Family or child care",
    "WEATHER_OR_TRANSIT": "Weather or transport", "COURT_LEGAL": "Court or legal", "IN_CUSTODY": "In custody",
    "RELIGIOUS": "Religious", "HOLIDAY": "Holiday", "MILITARY": "Military",
    "PROFESSIONAL_JUDGEMENT": "Professional judgement",
}  # fmt: skip
BY: Final = {"OFFICER": "Probation", "PROGRAM": "The program", "COURT": "The court"}
RESPONSES: Final = {"HANDLE": "Handled here", "ACT": "Put into a report to the court"}
LONGEST: Final = timedelta(days=90)  # how far ahead evidence is waited for
UNDECIDED: Final = (None, "PENDING_EVIDENCE")


class Changed(Exception):
    """Somebody decided, or the record was corrected, since the page was drawn. Nothing was written."""


class DecisionLine(msgspec.Struct, frozen=True):
    """One decision on this absence. ``stands``: not replaced by a later one."""

    id: int
    decision: str
    said: str
    why: str
    words: str
    evidence_due_on: date | None
    by: str
    at: datetime
    stands: bool
    evidence_received_on: date | None = None
    evidence_accepted: bool | None = None

    def evidence(self, today: date) -> str:
        """What is asked for, came, or did not: a sentence, "" where no evidence was ever asked for or came."""
        if self.evidence_received_on is not None:
            seen = {None: "nobody has looked at it yet", True: "accepted", False: "not accepted"}
            return f"Evidence came {short_day(self.evidence_received_on)}: {seen[self.evidence_accepted]}"
        if self.evidence_due_on is None:
            return ""
        if self.decision == "PENDING_EVIDENCE" and self.evidence_due_on < today:
            return f"Evidence was asked for by {short_day(self.evidence_due_on)}; nothing has come"
        return f"Evidence is asked for by {short_day(self.evidence_due_on)}"


class Answered(msgspec.Struct, frozen=True):
    """What the office did on a question that rests on this absence. ``holds``: it still does."""

    at: datetime
    what: str
    by: str
    path: str
    holds: bool


class AbsencePage(msgspec.Struct, frozen=True, kw_only=True):
    """One absence. ``newer_id``: the version that a correction put in its place. ``token``: what this page shows."""

    id: int
    case_id: int
    person_id: int
    person: str
    number: str
    zone: str
    on: date
    program: str
    outcome: str
    program_says: str
    source: str
    recorded_at: datetime
    corrects: bool
    newer_id: int | None
    retracted: bool
    decisions: tuple[DecisionLine, ...]
    token: str
    answered: tuple[Answered, ...] = ()

    @property
    def to_take_back(self) -> tuple[Answered, ...]:
        """What was said to the person about this absence and no longer holds."""
        return tuple(one for one in self.answered if not one.holds)

    @property
    def standing(self) -> DecisionLine | None:
        """The decision that holds."""
        return next((line for line in self.decisions if line.stands), None)

    @property
    def is_absence(self) -> bool:
        """Whether there is something to decide."""
        return self.outcome in ("ABSENT", "LEFT_EARLY") and self.newer_id is None and not self.retracted


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer decided. ``why`` is a key of `REASONS`, needed for EXCUSED; ``evidence_due_on`` for waiting.

    ``evidence_received_on``: the day on which evidence came; ``evidence_accepted``: None, nobody has looked at it.
    """

    decision: str
    why: str = ""
    words: str = ""
    evidence_due_on: date | None = None
    evidence_received_on: date | None = None
    evidence_accepted: bool | None = None


def absence_page(session: ScopedSession, attendance_id: int) -> AbsencePage | None:
    """The absence with every decision on it; None: there is none, or not for this reader."""
    if not is_id(attendance_id):
        return None
    later = aliased(Attendance)
    newer = select(later.id).where(later.supersedes_id == Attendance.id).scalar_subquery()
    columns = (
        Attendance.id, Attendance.case_id, Attendance.occurred_on, Attendance.outcome, Attendance.program_says,
        Attendance.source, Attendance.recorded_at, Attendance.supersedes_id, Attendance.retracted, Case.number,
        Court.zone, Program.name.label("program"), Person.id.label("person_id"), Person.family_name,
        Person.given_name, newer.label("newer_id"),
    )  # fmt: skip
    found = session.execute(
        select(*columns).join(Case, Case.id == Attendance.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id).join(Enrollment, Enrollment.id == Attendance.enrollment_id)
        .join(Program, Program.id == Enrollment.program_id).where(Attendance.id == attendance_id)
    ).first()  # fmt: skip
    if found is None:
        return None
    decisions = tuple(_decisions(session, attendance_id))
    standing = next((line.id for line in decisions if line.stands), 0)
    return AbsencePage(
        id=found.id, case_id=found.case_id, person_id=found.person_id, number=found.number, zone=found.zone,
        person=last_first(found.family_name, found.given_name), on=found.occurred_on, program=found.program,
        outcome=found.outcome, program_says=found.program_says, source=found.source, recorded_at=found.recorded_at,
        corrects=found.supersedes_id is not None, newer_id=found.newer_id, retracted=found.retracted,
        decisions=decisions, token=f"{found.newer_id or found.id}.{standing}",
        answered=tuple(_answered(session, attendance_id, decisions)),
    )  # fmt: skip


def _answered(session: ScopedSession, attendance_id: int, decisions: Sequence[DecisionLine]) -> Iterator[Answered]:
    """Responses and reports whose question is about this absence; they fall with a decision that it does not count."""
    columns = (Review.decided_at, Review.decision, Review.words, Review.flag_id, Flag.state, User.name)
    rows = session.execute(
        select(*columns).join(Flag, Flag.id == Review.flag_id).join(Span, Span.id == Flag.span_id)
        .join(User, User.id == Review.by_user_id)
        .where(Span.about_id == attendance_id, Review.undone_at.is_(None), Review.decision.in_(tuple(RESPONSES)))
        .order_by(Review.decided_at)
    ).all()  # fmt: skip
    counts = next((line.decision == "UNEXCUSED" for line in decisions if line.stands), True)
    for row in rows:
        what = f"{RESPONSES[row.decision]}: “{row.words}”" if row.words else RESPONSES[row.decision]
        yield Answered(row.decided_at, what, row.name, f"/flags/{row.flag_id}", counts and row.state != "WITHDRAWN")


def _decisions(session: ScopedSession, attendance_id: int) -> list[DecisionLine]:
    columns = (
        Adjudication.id, Adjudication.decision, Adjudication.why, Adjudication.words, Adjudication.evidence_due_on,
        Adjudication.decided_by, Adjudication.recorded_at, Adjudication.supersedes_id, Adjudication.retracted,
        Adjudication.evidence_received_on, Adjudication.evidence_accepted, User.name,
    )  # fmt: skip
    rows: Sequence[Any] = session.execute(
        select(*columns).join(User, User.id == Adjudication.recorded_by_id, isouter=True)
        .where(Adjudication.attendance_id == attendance_id).order_by(Adjudication.recorded_at.desc())
    ).all()  # fmt: skip
    replaced = {row.supersedes_id for row in rows}
    return [
        DecisionLine(
            row.id, row.decision, "Taken back" if row.retracted else DECIDED[row.decision], REASONS.get(row.why, ""),
            row.words or "", row.evidence_due_on, row.name or BY[row.decided_by], row.recorded_at,
            row.id not in replaced and not row.retracted, row.evidence_received_on, row.evidence_accepted,
        )
        for row in rows
    ]  # fmt: skip


def faults_of(verdict: Verdict, today: date) -> dict[str, str]:
    """What is missing in a decision, by field."""
    if verdict.decision not in CHOICES:
        return {"decision": "Choose what you decide."}
    faults = {}
    if verdict.decision == "EXCUSED" and verdict.why not in REASONS:
        faults["why"] = "Choose the reason that excuses it."
    if verdict.decision in ("NOT_COUNTED", "UNEXCUSED") and not verdict.words.strip():
        faults["words"] = "Say in a few words what this rests on."
    if verdict.decision == "PENDING_EVIDENCE":
        if verdict.evidence_due_on is None:
            faults["evidence_due_on"] = "Name the day by which the evidence is to come, as month/day/year."
        elif verdict.evidence_due_on < today:
            faults["evidence_due_on"] = "That day has passed. Name a day from today on."
        elif verdict.evidence_due_on > today + LONGEST:
            faults["evidence_due_on"] = "That is more than 90 days ahead. Name a nearer day."
    return faults | _faults_of_evidence(verdict, today)


def _faults_of_evidence(verdict: Verdict, today: date) -> dict[str, str]:
    """What came, and whether it holds, must fit the decision."""
    came, holds, decision = verdict.evidence_received_on, verdict.evidence_accepted, verdict.decision
    if came is not None and came > today:
        return {"evidence_received_on": "That day is ahead. Enter evidence once it came."}
    if holds is not None and came is None:
        return {"evidence_received_on": "Say on which day it came, as month/day/year."}
    if decision == "PENDING_EVIDENCE" and holds is not None:
        return {"evidence_accepted": "You have looked at it, so nothing is waited for. Decide on the absence."}
    if decision in ("EXCUSED", "UNEXCUSED") and came is not None and holds is None:
        return {"evidence_accepted": "Say whether what came is accepted."}
    if (decision, holds) in (("EXCUSED", False), ("UNEXCUSED", True)):
        return {"evidence_accepted": "This does not fit what you decide."}
    return {}


def decide(session: ScopedSession, page: AbsencePage, token: str, verdict: Verdict, now: datetime) -> int:
    """Write the decision and return its id. Raises `Changed` if the page shown was not of this moment."""
    if token != page.token or not page.is_absence:
        raise Changed
    return write(session, page.id, page.case_id, page.zone, verdict, now)


def write(session: ScopedSession, attendance_id: int, case_id: int, zone: str, verdict: Verdict, now: datetime) -> int:
    """Put a decision in the place of the standing one; raises `Changed` if somebody was first."""
    standing = session.scalar(
        select(Adjudication.id).where(Adjudication.attendance_id == attendance_id, current(Adjudication))
    )
    row = Adjudication(
        case_id=case_id, agency_id=session.scope.agency_id, recorded_at=now, recorded_by_id=session.scope.user_id,
        supersedes_id=standing, attendance_id=attendance_id, decision=verdict.decision, decided_by="OFFICER",
        why=verdict.why or None, words=verdict.words.strip()[:300] or None,
        evidence_due_on=verdict.evidence_due_on if verdict.decision == "PENDING_EVIDENCE" else None,
        evidence_received_on=verdict.evidence_received_on, evidence_accepted=verdict.evidence_accepted,
        occurred_on=local_day(now, zone),
    )  # fmt: skip
    session.add(row)
    _flush(session)
    return row.id


def take_back(session: ScopedSession, adjudication_id: int, before_id: int | None, now: datetime) -> None:
    """Undo a decision by a version that says what stood before it, or that nothing did."""
    row = session.get(Adjudication, adjudication_id)
    if row is None:
        raise Changed
    before = session.get(Adjudication, before_id) if before_id else None
    said = before or row
    session.add(
        Adjudication(
            case_id=row.case_id, agency_id=session.scope.agency_id, recorded_at=now,
            recorded_by_id=session.scope.user_id, supersedes_id=row.id, attendance_id=row.attendance_id,
            decision=said.decision, decided_by="OFFICER", why=said.why, words=said.words,
            evidence_due_on=said.evidence_due_on, evidence_received_on=said.evidence_received_on,
            evidence_accepted=said.evidence_accepted, occurred_on=said.occurred_on, retracted=before is None,
            reason="The decision was undone.",
        )
    )  # fmt: skip
    _flush(session)


def _flush(session: ScopedSession) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # one successor each: somebody else's decision came first
        raise Changed from error
