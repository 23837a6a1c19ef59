"""A report is begun by a review, worked on, and sent to a supervisor; each act a step by a named person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.facts import facts_of, kept
from monitor.allegations.page import AllegationPage
from monitor.allegations.reading import allegation_page, draft_of
from monitor.allegations.steps import Changed, add_step, state_of, steps_of
from monitor.allegations.typed import IMMINENT, MOST_EXHIBITS, Exhibit, Typed, faults_of_exhibit
from monitor.due_process import By
from monitor.flag_history import back_to
from monitor.models import Allegation, AllegationFlag, AllegationStep, Flag, Review, random_id
from monitor.safety_steps import ask, call_off, go_on


def begin(session: ScopedSession, case_id: int, zone: str, flag_id: int, review_id: int, now: datetime) -> int:
    """Put a reviewed flag into the case's unsent report, or into a new one; returns the report's id."""
    draft = _unsent(session, case_id)
    me, office = session.scope.user_id, session.scope.agency_id
    if draft is None:
        draft = random_id()
        session.add(Allegation(id=draft, case_id=case_id, agency_id=office, made_by_id=me, made_at=now))
        session.flush()
        add_step(session, draft, case_id, "MADE", By.REVIEWER, now)
    part = AllegationFlag(
        allegation_id=draft, case_id=case_id, agency_id=office, flag_id=flag_id, review_id=review_id
    )
    session.add(part)
    session.flush()
    flags = flags_of(session, draft)
    content = kept(facts_of(session, flags, case_id, zone, now)) | _typed_so_far(session, draft)
    add_step(session, draft, case_id, "SAVED", By.REVIEWER, now, content=content)
    return draft


def _unsent(session: ScopedSession, case_id: int) -> int | None:
    """The case's report of this office that is worked on: what belongs together goes together.

    One that waits for a supervisor is left as it was sent.
    """
    own = Allegation.case_id == case_id, Allegation.agency_id == session.scope.agency_id
    for number in session.scalars(select(Allegation.id).where(*own).order_by(Allegation.made_at.desc())):
        if state_of(step.kind for step in steps_of(session, number)) in ("DRAFT", "RETURNED"):
            return number
    return None


def _typed_so_far(session: ScopedSession, allegation_id: int) -> dict[str, Any]:
    return {"typed": msgspec.to_builtins(draft_of(steps_of(session, allegation_id)))}


def flags_of(session: ScopedSession, allegation_id: int) -> list[int]:
    """The flags whose reviews stand."""
    told = (
        select(AllegationFlag.flag_id).join(Review, Review.id == AllegationFlag.review_id)
        .join(Flag, Flag.id == AllegationFlag.flag_id)
        .where(AllegationFlag.allegation_id == allegation_id, Review.undone_at.is_(None))
        .order_by(Flag.first_on, Flag.id)
    )  # fmt: skip
    return list(session.scalars(told))


def take_out(session: ScopedSession, case_id: int, zone: str, review_id: int, now: datetime) -> None:
    """A review was undone before the report went: the report goes on without its flag, or is dropped with it."""
    found = session.scalars(select(AllegationFlag.allegation_id).where(AllegationFlag.review_id == review_id)).first()
    if found is None:
        return
    flags = flags_of(session, found)
    if not flags:
        add_step(session, found, case_id, "DROPPED", By.REVIEWER, now)
        return
    content = kept(facts_of(session, flags, case_id, zone, now)) | _typed_so_far(session, found)
    add_step(session, found, case_id, "SAVED", By.REVIEWER, now, content=content)


def save(session: ScopedSession, page: AllegationPage, typed: Typed, now: datetime) -> AllegationStep:
    """Keep the draft with the facts that the person saw. Raises `Changed`."""
    content = kept(page.facts) | {"typed": msgspec.to_builtins(typed.saved_by(session.scope.user_id))}
    return add_step(session, page.id, page.case_id, "SAVED", By.REVIEWER, now, content=content)


def add_exhibit(session: ScopedSession, page: AllegationPage, exhibit: Exhibit, now: datetime) -> None:
    """One more piece of evidence. Raises `Changed` where it is not evidence, or there are too many already."""
    if faults := faults_of_exhibit(exhibit.kind, exhibit.on, exhibit.words, exhibit.seen_by, exhibit.gaps):
        raise Changed(*faults.values())
    if len(page.typed.exhibits) >= MOST_EXHIBITS:
        raise Changed(f"A report takes {MOST_EXHIBITS} pieces of evidence beside the record.")
    save(session, page, msgspec.structs.replace(page.typed, exhibits=(*page.typed.exhibits, exhibit)), now)


def drop_exhibit(session: ScopedSession, page: AllegationPage, number: int, now: datetime) -> None:
    """Take one out again, by its place (from 1)."""
    left = tuple(one for place, one in enumerate(page.typed.exhibits, start=1) if place != number)
    save(session, page, msgspec.structs.replace(page.typed, exhibits=left), now)


def submit(session: ScopedSession, page: AllegationPage, typed: Typed, now: datetime) -> None:
    """Save and send to a supervisor. Raises `Changed` with what is missing."""
    save(session, page, typed, now)
    fresh = allegation_page(session, page.id, now)
    if fresh is None or fresh.refused:
        raise Changed(*(fresh.refused if fresh else ()))
    add_step(session, page.id, page.case_id, "SUBMITTED", By.REVIEWER, now, content=kept(fresh.facts))
    _ask_for_safety(session, fresh, now)


def _ask_for_safety(session: ScopedSession, page: AllegationPage, now: datetime) -> None:
    """What may raise danger waits for the safety step of whoever gives it, unless danger is imminent (E5)."""
    if not page.desk or not page.typed.needs_safety_stop:
        call_off(session, page.id, now)
        return
    ask(session, page.case_id, page.id, page.typed.ask, now)
    if page.typed.safety == IMMINENT:
        go_on(session, page.case_id, page.id, page.typed.ask, now)


def drop(session: ScopedSession, page: AllegationPage, now: datetime) -> None:
    """Nothing goes to the court: the flags wait for a decision again."""
    add_step(session, page.id, page.case_id, "DROPPED", By.REVIEWER, now)
    call_off(session, page.id, now)
    put_back(session, page, now)


def put_back(session: ScopedSession, page: AllegationPage, now: datetime) -> None:
    """The reviews behind a report no longer stand; their flags are what they were before."""
    told = select(Review).join(AllegationFlag, AllegationFlag.review_id == Review.id)
    for review in session.scalars(told.where(AllegationFlag.allegation_id == page.id, Review.undone_at.is_(None))):
        back_to(session, review, now)
    session.flush()
