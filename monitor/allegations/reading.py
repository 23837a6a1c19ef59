"""One report read through an office's session: assembled anew each time, and compared with what was saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.clocks import clocks, without_matrix
from monitor.allegations.facts import Facts, changes, facts_of, matters_of, of_matters, read
from monitor.allegations.lines import UNSEEN
from monitor.allegations.page import DONE, HEARSAY, AllegationPage, StepLine
from monitor.allegations.steps import Step, is_contested, last_of, notices_of, state_of, steps_of
from monitor.allegations.typed import OF_OLD, SEEN_BY, Typed, typed_of
from monitor.due_process import ALLEGATION_MOVES, ALLEGATIONS, UNSENT, By
from monitor.models import Agency, Allegation, AllegationFlag, Case, Court, Flag, Person, Review, User
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.one_at_a_time import one_at_a_time
from monitor.safety_steps import has_desk, waits

SUPERVISOR = "officer_supervisor"


def allegation_page(
    session: ScopedSession, allegation_id: int, now: datetime, *, lock: bool = False
) -> AllegationPage | None:
    """The report as it stands for this reader; None: there is none, or not for them. ``lock``: an act follows, and
    what is read here holds until it is done."""
    found = session.execute(_head(allegation_id)).first() if is_id(allegation_id) else None
    if lock and found is not None:
        one_at_a_time(session, found.case_id)
    steps = steps_of(session, allegation_id) if found is not None else []
    if found is None or not steps:
        return None
    flags = session.execute(_flags(allegation_id)).all()
    filed = last_of(steps, "APPROVED")
    facts = _facts(session, found, steps, [row.flag_id for row in flags], now)
    typed = typed_of(filed.content) if filed else draft_of(steps)
    state = state_of(step.kind for step in steps)
    closed_why = _closed_why(session, found, flags, steps)
    contested = is_contested(steps)
    desk = state in UNSENT and found.agency_id == session.scope.agency_id and has_desk(session, found.case_id, now)
    return AllegationPage(
        id=found.id, case_id=found.case_id, person_id=found.person_id, person=_name(found), number=found.number,
        zone=found.zone, court=found.court, agency=found.agency, state=state, state_words=ALLEGATIONS[state],
        contested=any(row.contested for row in flags) if contested is None else contested,
        made_by=found.made_by, made_at=found.made_at, facts=facts, typed=typed, changed=_changed(facts, steps, state),
        refused=(*refusals(facts, typed, desk), *_reviewed_otherwise(flags, state)),
        warnings=tuple(warnings(facts, typed)),
        clocks=clocks(session, found.case_id, [row.flag_id for row in flags], found.zone, filed.at if filed else now),
        without_matrix=without_matrix(session, [row.flag_id for row in flags]),
        steps=tuple(_lines(steps)), may=_may(session, state, closed_why, found.agency_id), closed_why=closed_why,
        token=f"{steps[-1].number}.{facts.hash}",
        safety_mine=bool(typed.safety) and typed.safety_by == str(session.scope.user_id),
        notices=tuple(sorted({step.content["language"] for step in notices_of(steps)})),
        desk=desk, step_waits=desk and typed.needs_safety_stop and waits(session, found.id),
        since=_since(session, facts, state, now),
        ground_gone=state == "FILED" and any(row.state == "WITHDRAWN" for row in flags),
    )  # fmt: skip


def _head(allegation_id: int) -> Any:
    columns = (
        Allegation.id, Allegation.case_id, Allegation.agency_id, Allegation.made_by_id, Allegation.made_at, Case.number,
        Court.zone, Court.name.label("court"), Agency.name.label("agency"), User.name.label("made_by"),
        Person.id.label("person_id"), Person.family_name, Person.given_name, Person.suffix,
    )  # fmt: skip
    return (
        select(*columns).join(Case, Case.id == Allegation.case_id).join(Person, Person.id == Case.person_id)
        .join(Court, Court.id == Case.court_id).join(Agency, Agency.id == Allegation.agency_id)
        .join(User, User.id == Allegation.made_by_id).where(Allegation.id == allegation_id)
    )  # fmt: skip


def _flags(allegation_id: int) -> Any:
    """The flags whose reviews stand, the first first."""
    columns = (
        AllegationFlag.flag_id, Review.by_user_id, Review.version.label("reviewed"), Flag.version, Flag.state,
        Flag.contested, Flag.first_on,
    )  # fmt: skip
    told = select(*columns).join(Review, Review.id == AllegationFlag.review_id).join(
        Flag, Flag.id == AllegationFlag.flag_id
    )
    mine = AllegationFlag.allegation_id == allegation_id
    return told.where(mine, Review.undone_at.is_(None)).order_by(Flag.first_on, Flag.id)


def _name(found: Any) -> str:
    return last_first(found.family_name, found.given_name, suffix=found.suffix)


def _facts(session: ScopedSession, found: Any, steps: Sequence[Step], flags: list[int], now: datetime) -> Facts:
    """As the record has it now; once it left the office, as it was sent."""
    state = state_of(step.kind for step in steps)
    last = last_of(steps, "APPROVED")
    if state not in UNSENT and last is not None and (sent := read(last.content)) is not None:
        return sent
    return facts_of(session, flags, found.case_id, found.zone, now)


def draft_of(steps: Sequence[Step]) -> Typed:
    """As it was saved last; the safety stop is answered anew for what was returned since."""
    last = last_of(steps, "MADE", "SAVED", "RETURNED")
    saved = last_of(steps, "MADE", "SAVED")
    typed = typed_of(saved.content if saved else None)
    return typed.unanswered if last is not saved else typed


def _changed(facts: Facts, steps: Sequence[Step], state: str) -> tuple[str, ...]:
    last = last_of(steps, "MADE", "SAVED", "SUBMITTED")
    before = read(last.content) if last and state in UNSENT else None
    return changes(before, facts) if before else ()


def _since(session: ScopedSession, filed: Facts, state: str, now: datetime) -> tuple[str, ...]:
    """What reads differently now than it was approved: a filed report is not rewritten, its office is told (F8)."""
    if state != "FILED":
        return ()
    about = [matter.flag_id for matter in filed.matters]
    return changes(of_matters(filed.matters), of_matters(matters_of(session, about, now)))


def refusals(facts: Facts, typed: Typed, desk: bool = False) -> Iterator[str]:
    """Why it cannot go on to a supervisor, in sentences. ``desk``: the safety stop is an office's, and waits for it."""
    yield from independence(facts, typed)
    if not facts.matters:
        return
    if any(one.kind in OF_OLD for one in typed.exhibits):
        yield "Take out what somebody said."
    elif any(one.seen_by not in SEEN_BY for one in typed.exhibits):
        yield "Take out the evidence that names who saw it, and enter it anew with the office alone."
    if not typed.ask:
        yield "Choose what probation asks."
    if typed.needs_safety_stop and not typed.safety and not desk:
        yield "What you ask may raise danger. Answer the safety stop first, or record imminent danger."


def independence(facts: Facts, typed: Typed) -> Iterator[str]:
    """What of it would not stand without somebody's word to probation (safeguard B4), in sentences."""
    if not facts.matters:
        yield "It is about nothing any more: every review behind it was undone."
    for matter in facts.matters:
        if not any(line.is_independent for line in matter.rows) and not _of_what_is_not_there(matter.code) and not any(
            one.is_independent for one in typed.exhibits
        ):
            yield (
                f"{matter.title}: nothing independent stands behind it. Add a record that would exist without anybody's"
                " word to probation, or talk with victim/witness staff about a different step."
            )


def _reviewed_otherwise(flags: Sequence[Any], state: str) -> Iterator[str]:
    """A review is of the question as its author saw it; the database lets no other go further (migration 0021)."""
    if state in UNSENT and any(row.reviewed != row.version for row in flags):
        yield (
            "A question behind it changed since it was reviewed. Open it from the person's page, take the review back,"
            " and review it as it is now."
        )


def _of_what_is_not_there(code: str) -> bool:
    """A duty of the order that nothing on file fulfils: the order and the file's silence are the court's own record."""
    return code.endswith("_OVERDUE") or code == "CHECKIN_MISSED"


def warnings(facts: Facts, typed: Typed) -> Iterator[str]:
    """What the reader should know of its evidence."""
    evidence = [*(line for line in facts.lines if line.mark), *(one.line for one in typed.exhibits)]
    if evidence and all(line.mark in UNSEEN for line in evidence):
        yield HEARSAY
    if any(one.kind == "DEVICE" for one in typed.exhibits):
        yield "A device alert is a question that a person has checked, and no proof by itself."


def _closed_why(session: ScopedSession, found: Any, flags: Sequence[Any], steps: Sequence[Step]) -> str:
    """Why this reader may not approve it (safeguard F4); "" they may."""
    me = session.scope.user_id
    if session.scope.role != SUPERVISOR or found.agency_id != session.scope.agency_id:
        return f"A supervisor of {found.agency} approves it."
    wrote = (step.by_user_id for step in steps if step.kind in ("MADE", "SAVED", "SUBMITTED"))
    if me in (found.made_by_id, *wrote, *(row.by_user_id for row in flags)):
        return "You made it, worked on it or reviewed a flag of it. Another supervisor must approve it."
    return ""


def _may(session: ScopedSession, state: str, closed_why: str, agency_id: int) -> frozenset[str]:
    if agency_id != session.scope.agency_id:
        return frozenset()
    mine = {By.REVIEWER} if closed_why else {By.REVIEWER, By.SUPERVISOR}
    moves = ((kind, who) for (before, kind), (who, _after) in ALLEGATION_MOVES.items() if before == state)
    return frozenset(kind for kind, who in moves if who & mine)


def _lines(steps: Sequence[Step]) -> Iterator[StepLine]:
    for step in reversed(steps):
        yield StepLine(step.who, DONE[step.kind], step.at, step.words, step.number, step.kind)
