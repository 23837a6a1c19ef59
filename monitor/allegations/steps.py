"""The steps of an allegation: read, folded into where it stands, and one more added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.due_process import ALLEGATION_MOVES, By, after_step
from monitor.models import Allegation, AllegationStep, User

OF_FLAG: Final = "flag"  # in the content of CONTESTED and ANSWERED: the one question it is about; without it, all
NOT_YOURS: Final = "It moved on meanwhile, or this is not yours to do."


class Changed(Exception):
    """It is not what the person saw, or it is not theirs to do now. Nothing was written. ``why`` in a sentence."""

    def __init__(self, *why: str) -> None:
        super().__init__(*why)
        self.why = why


class Overtaken(Changed):
    """Somebody took a step on it in the same instant, and was first."""


class Step(msgspec.Struct, frozen=True):
    """One act, as it is read."""

    number: int
    kind: str
    by_user_id: int
    who: str
    at: datetime
    words: str
    content: dict[str, Any]


def steps_of(session: Session, allegation_id: int) -> list[Step]:
    """Every step that this session may read, oldest first."""
    columns = (
        AllegationStep.number, AllegationStep.kind, AllegationStep.by_user_id, User.name.label("who"),
        AllegationStep.at, AllegationStep.words, AllegationStep.content,
    )  # fmt: skip
    told = select(*columns).join(User, User.id == AllegationStep.by_user_id)
    rows = session.execute(told.where(AllegationStep.allegation_id == allegation_id).order_by(AllegationStep.number))
    return [Step(*row) for row in rows]


def state_of(kinds: Iterable[str]) -> str:
    """Where an allegation stands after these steps; what the reader may not see leaves it where the rest leads."""
    state = ""
    for kind in kinds:
        found = ALLEGATION_MOVES.get((state, kind))
        state = found[1] if found else "FILED" if kind == "APPROVED" else state
    return state


def last_of(steps: Sequence[Step], *kinds: str) -> Step | None:
    """The newest step of these kinds."""
    return next((step for step in reversed(steps) if step.kind in kinds), None)


def notices_of(steps: Sequence[Step]) -> list[Step]:
    """The notices that say what holds: after a withdrawal those of the withdrawal alone."""
    gone = last_of(steps, "WITHDRAWN")
    return [step for step in steps if step.kind == "NOTICED" and (gone is None or step.number > gone.number)]


def is_contested(steps: Sequence[Step]) -> bool | None:
    """Whether any of it is contested; None: what was said here leaves it to the flags' own marks."""
    whole: bool | None = None
    single: dict[str, bool] = {}
    for step in steps:
        if step.kind not in ("CONTESTED", "ANSWERED"):
            continue
        if one := step.content.get(OF_FLAG):
            single[one] = step.kind == "CONTESTED"
        else:
            whole, single = step.kind == "CONTESTED", {}
    if any(single.values()):
        return True
    return False if single and single.keys() >= _questions(steps) else whole


def _questions(steps: Sequence[Step]) -> set[str]:
    """Ids of the questions that were approved, as text."""
    filed = last_of(steps, "APPROVED")
    return {str(one["flag_id"]) for one in filed.content.get("facts", {}).get("matters", ())} if filed else set()


def _of_this_office(session: ScopedSession, allegation_id: int) -> bool:
    """Offices that share a case read each other's reports; a report that is hidden from this reader is nobody's."""
    office = session.scalar(select(Allegation.agency_id).where(Allegation.id == allegation_id))
    return office == session.scope.agency_id


def add_step(
    session: ScopedSession, allegation_id: int, case_id: int, kind: str, by: By, now: datetime, *, words: str = "",
    content: dict[str, Any] | None = None, seen: Sequence[Step] | None = None,
) -> AllegationStep:  # fmt: skip
    """Write one step by the person of this session. Raises `Changed`: not theirs, not now, or somebody was faster."""
    if by is not By.COURT and not _of_this_office(session, allegation_id):
        raise Changed(NOT_YOURS)
    steps = steps_of(session, allegation_id) if seen is None else seen
    if after_step(state_of(step.kind for step in steps), kind, by) is None:
        raise Changed(NOT_YOURS)
    row = AllegationStep(
        allegation_id=allegation_id, case_id=case_id, agency_id=session.scope.agency_id, kind=kind, at=now,
        number=steps[-1].number + 1 if steps else 1, by_user_id=session.scope.user_id, words=words.strip(),
        content=content or {},
    )  # fmt: skip
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Overtaken("Somebody else was faster.") from error
    return row
