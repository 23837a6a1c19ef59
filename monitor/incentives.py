"""Steps that a person met, recorded as plainly as what was missed: a fact that the court reads as well."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.models import Incentive, User
from monitor.models.base import BigId, is_id, random_id
from monitor.person_page.heading import person_of
from monitor.response_matrix.versions import in_force
from monitor.taking_back import may_take_back

MOST: Final = 12
OLDEST: Final = timedelta(days=366)


class StepMet(msgspec.Struct, frozen=True):
    """One step. ``mine``: the reader may take it back."""

    id: int
    on: date
    step: str
    answer: str
    by: str
    mine: bool


class Good(msgspec.Struct, frozen=True):
    """What is recorded of a case, the newest first, and what may be: lines of the matrix in force; none, no lines."""

    met: tuple[StepMet, ...]
    steps: tuple[str, ...]
    answers: tuple[str, ...]


def good_side(session: ScopedSession, case_id: int, today: date) -> Good:
    """The good side of a case, for its page."""
    rows = session.execute(_newest(), {"case": case_id})
    met = tuple(
        StepMet(row.id, row.occurred_on, row.step, row.answer, name or "", may_take_back(session.scope, row))
        for row, name in rows
    )
    return Good(met, *_lines(session, today))


@cache
def _newest() -> Any:
    told = select(Incentive, User.name).join(User, User.id == Incentive.recorded_by_id, isouter=True)
    of_case = told.where(Incentive.case_id == bindparam("case", type_=BigId), current(Incentive))
    return of_case.order_by(Incentive.occurred_on.desc(), Incentive.id).limit(MOST)


def _lines(session: ScopedSession, today: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Steps and answers of the version in force; none of the sample, which nobody adopted."""
    version = in_force(session, today)
    return (version.content.steps_met, version.content.incentives) if version.adopted else ((), ())


def faults_of(session: ScopedSession, step: str, answer: str, on: date | None, today: date) -> dict[str, str]:
    """What is missing, by field. ``step`` and ``answer``: a line of the matrix in force."""
    steps, answers = _lines(session, today)
    if not steps:
        return {"step": "No local matrix is adopted: there is nothing to choose from."}
    faults = {}
    if step not in steps:
        faults["step"] = "Choose what was done."
    if answer not in answers:
        faults["answer"] = "Choose how it is acknowledged."
    if on is None or not today - OLDEST < on <= today:
        faults["on"] = "Type a day of the last year, up to today, as month/day/year."
    return faults


def record(session: ScopedSession, case_id: int, step: str, answer: str, on: date, now: datetime) -> int:
    """Keep a step that was met; its id."""
    row = Incentive(
        id=random_id(), case_id=case_id, agency_id=session.scope.agency_id, occurred_on=on, step=step, answer=answer,
        recorded_at=now, recorded_by_id=session.scope.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def of(session: ScopedSession, incentive_id: int) -> tuple[int, int] | None:
    """Case and person of an entry that the reader may take back."""
    row = session.get(Incentive, incentive_id) if is_id(incentive_id) else None
    if row is None or not may_take_back(session.scope, row):
        return None
    return row.case_id, person_of(session, row.case_id)


def take_back(session: ScopedSession, incentive_id: int, now: datetime) -> bool:
    """Put a retracted version in its place; False: it was taken back before."""
    row = session.get_one(Incentive, incentive_id)
    if row.retracted or session.scalar(select(Incentive.id).where(Incentive.supersedes_id == row.id)):
        return False
    session.add(
        Incentive(
            id=random_id(), case_id=row.case_id, agency_id=row.agency_id, occurred_on=row.occurred_on, step=row.step,
            answer=row.answer, recorded_at=now, recorded_by_id=session.scope.user_id, supersedes_id=row.id,
            retracted=True, reason="The entry was taken back.",
        )
    )  # fmt: skip
    session.flush()
    return True
