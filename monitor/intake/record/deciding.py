"""Where local policy says that the program's word decides an absence, the program's word becomes a decision.

No pack says so today, so nothing is decided here unless the court has set `adjudication.by` to "program" (PolicyTerm).
Everywhere else the absence waits for the officer. In a closed case nobody decides: what is told late of a class held
before gets no decision here, and none when the court reopens the case (docs/court.md): the officer decides it then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.intake.receiver import Receiver
from monitor.models import Adjudication, Attendance, Case, PolicyTerm

TERM, PROGRAM = "adjudication.by", "program"
DECISIONS = {"E": "EXCUSED", "U": "UNEXCUSED"}


def decide_by_policy(session: Session, facts: Sequence[Attendance], by: Receiver) -> None:
    """Add a decision for each absence that the program itself calls excused or a no show."""
    absences = [fact for fact in facts if fact.program_says in DECISIONS]
    decided = _cases(session, {fact.case_id for fact in absences}, by.today)
    session.add_all(_decision(fact, by) for fact in absences if fact.case_id in decided)


def _decision(fact: Attendance, by: Receiver) -> Adjudication:
    excused = DECISIONS[fact.program_says] == "EXCUSED"
    return Adjudication(
        case_id=fact.case_id, agency_id=fact.agency_id, recorded_at=by.now, recorded_by_id=by.user_id,
        attendance_id=fact.id, decision=DECISIONS[fact.program_says], decided_by="PROGRAM", occurred_on=by.today,
        why="PROFESSIONAL_JUDGEMENT" if excused else None,
        words="The program's sheet says excused" if excused else None,
    )  # fmt: skip


def _cases(session: Session, cases: set[int], today: date) -> frozenset[int]:
    """Those whose court leaves the decision to the program."""
    if not cases:
        return frozenset()
    rows = session.execute(
        select(PolicyTerm.court_id, PolicyTerm.value)
        .where(PolicyTerm.term == TERM, PolicyTerm.court_id.is_not(None), PolicyTerm.from_on <= today)
        .order_by(PolicyTerm.from_on, PolicyTerm.recorded_at)
    )
    last = {court_id: value.get("value") for court_id, value in rows}
    courts = [court_id for court_id, value in last.items() if value == PROGRAM]
    own = Case.id.in_(cases), Case.court_id.in_(courts), Case.closed_on.is_(None)
    found = session.scalars(select(Case.id).where(*own))
    return frozenset(found)
