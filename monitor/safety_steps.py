"""The one safety stop before a respondent-facing step that may raise danger (safeguard E5).

Whoever sends a filing asks for the step; the office that gives safety notices finishes it, or a named person records
imminent danger and goes on. What came of the step stays with that office: here it is finished or not, and nothing that
the respondent, the defense, a program or the court reads is made from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from monitor.access.in_office import at_work_on, to_tell_of
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.allegations.steps import Changed
from monitor.db import looking_wide, writing_for_others
from monitor.models import AllegationStep, SafetyStep
from monitor.outbox.notice import notice

WAITS: Final = "It waits for the safety step of the victim/witness office. Imminent danger? Say so, and go on."
FASTER: Final = "Somebody answered the safety step, or asked for it, in this moment. This is how it stands now."
OPEN: Final = ("ASKED", "REOPENED")
DESK: Final = (Role.VICTIM_WITNESS,)
WHO: Final = "which office gives safety notices in this case"


def has_desk(session: ScopedSession, case_id: int, now: datetime) -> bool:
    """Whether an office with victim/witness staff shares the case; without one, the sender asks it by other ways."""
    with looking_wide(session, WHO):
        return bool(at_work_on(session, DESK, case_id, now))


def ask(session: ScopedSession, case_id: int, about_id: int, what: str, now: datetime) -> None:
    """Ask for the step before ``about_id`` goes on; their letter names nobody.

    What still waits for the same ``what`` is not asked twice, and what is finished stays so until the filing is
    returned. Imminent danger opens one sending: the next one asks anew, and so does the one after a return.
    """
    last = _last(session, about_id)
    if last is not None and last.what == what and (last.kind in OPEN or _holds(session, last)):
        return
    step = _add(session, case_id, about_id, what, "ASKED", now, last)
    with looking_wide(session, "whom the safety step waits for"):
        told = to_tell_of(session, DESK, case_id, now)
    with writing_for_others(session, "word of a safety step goes to the desk that takes it"):
        session.add_all(notice(f"safety:{step.id}:{user}", user, now) for user in sorted(told))


def go_on(session: ScopedSession, case_id: int, about_id: int, what: str, now: datetime) -> None:
    """Imminent danger: it goes on without waiting. The desk still calls, and sees that it did."""
    last = _last(session, about_id)
    if last is not None and last.kind in OPEN:
        _add(session, case_id, about_id, what, "OVERRIDDEN", now, last)


def call_off(session: ScopedSession, about_id: int, now: datetime) -> None:
    """What it was asked for is not sent after all."""
    last = _last(session, about_id)
    if last is not None and last.kind in OPEN:
        _add(session, last.case_id, about_id, last.what, "CALLED_OFF", now, last)


def waits(session: ScopedSession, about_id: int) -> bool:
    """Whether the step was asked for and nobody finished it or went on."""
    last = _last(session, about_id)
    return last is not None and last.kind in OPEN


def stands(session: ScopedSession, about_id: int) -> bool:
    """Whether the step is finished for what is sent now."""
    last = _last(session, about_id)
    return last is not None and _holds(session, last)


def finish(session: ScopedSession, about_id: int, now: datetime) -> bool:
    """The desk's own: finished, whatever came of it. False: there is no such step for this reader, or it is done."""
    last = _last(session, about_id)
    if last is None or last.kind in ("FINISHED", "CALLED_OFF"):
        return False
    _add(session, last.case_id, about_id, last.what, "FINISHED", now, last)
    return True


def reopen(session: ScopedSession, about_id: int, now: datetime) -> None:
    """The desk takes its answer back: what has not gone on yet waits again."""
    last = _last(session, about_id)
    if last is not None and last.kind == "FINISHED":
        _add(session, last.case_id, about_id, last.what, "REOPENED", now, last)


def newest(session: ScopedSession, cases: Sequence[int]) -> list[tuple[SafetyStep, datetime]]:
    """Of each step of these cases its newest row, and when it was asked for."""
    told = select(SafetyStep).where(SafetyStep.case_id.in_(cases)).order_by(SafetyStep.about_id, SafetyStep.number)
    last: dict[int, SafetyStep] = {}
    asked: dict[int, datetime] = {}
    for row in session.scalars(told):
        last[row.about_id] = row
        if row.kind == "ASKED":
            asked[row.about_id] = row.at
    return [(row, asked.get(about, row.at)) for about, row in last.items()]


def _holds(session: ScopedSession, last: SafetyStep) -> bool:
    """Whether a finished step still stands for what is sent: nobody returned the filing since."""
    returned = select(AllegationStep.id).where(
        AllegationStep.allegation_id == last.about_id, AllegationStep.kind == "RETURNED", AllegationStep.at >= last.at
    )
    return last.kind == "FINISHED" and session.scalar(returned.limit(1)) is None


def _last(session: ScopedSession, about_id: int) -> SafetyStep | None:
    told = select(SafetyStep).where(SafetyStep.about_id == about_id)
    return session.scalars(told.order_by(SafetyStep.number.desc()).limit(1)).first()


def _add(
    session: ScopedSession, case_id: int, about_id: int, what: str, kind: str, now: datetime, before: SafetyStep | None
) -> SafetyStep:
    row = SafetyStep(
        case_id=case_id, agency_id=session.scope.agency_id, about_id=about_id, what=what, kind=kind, at=now,
        by_user_id=session.scope.user_id, number=before.number + 1 if before else 1,
    )  # fmt: skip
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # two people in one instant: one of them was first
        raise Changed(FASTER) from error
    return row
