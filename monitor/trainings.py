"""Who is trained in which tool, until when: marked by an administrator, who reads nothing of any case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.colleagues import Colleague
from monitor.levels import TOOLS
from monitor.models import Training, User
from monitor.models.base import is_id

LONGEST: Final = timedelta(days=3 * 366)


class TrainingLine(msgspec.Struct, frozen=True):
    """One mark. ``state``: holds, over (its day has come) or ended."""

    id: int
    name: str
    tool: str
    until_on: date
    state: str
    by: str


def trainings(session: Session, today: date) -> tuple[TrainingLine, ...]:
    """Every mark, by name; those that ended last."""
    rows = session.execute(
        select(Training, User.name).join(User, User.id == Training.user_id).order_by(Training.until_on.desc())
    ).all()
    marked_by = {row.marked_by_id for row, _name in rows}
    by = {number: name for number, name in session.execute(select(User.id, User.name).where(User.id.in_(marked_by)))}
    lines = [
        TrainingLine(row.id, name, TOOLS.get(row.tool, row.tool), row.until_on, _state(row, today),
                     by.get(row.marked_by_id, ""))
        for row, name in rows
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda one: (one.state != "holds", one.name.casefold(), one.tool)))


def _state(row: Training, today: date) -> str:
    return "ended" if row.ended_at else "holds" if row.until_on > today else "over"


def faults_of(
    user_id: int, tool: str, until_on: date | None, who: Sequence[Colleague], today: date
) -> dict[str, str]:
    """What is missing or cannot be, by field."""
    faults = {}
    if user_id not in {one.id for one in who}:
        faults["who"] = "Choose an officer or a supervisor."
    if tool not in TOOLS:
        faults["tool"] = "Choose the tool."
    if until_on is None:
        faults["until_on"] = "Type the day on which it ends as month/day/year, for instance 12/4/2027."
    elif not today < until_on <= today + LONGEST:
        faults["until_on"] = "Choose a day from tomorrow on, within three years."
    return faults


def mark(session: Session, by: int, user_id: int, tool: str, until_on: date, now: datetime) -> int:
    """Keep it; its id. An earlier mark of the same person and tool ends with it."""
    for row in session.scalars(
        select(Training).where(Training.user_id == user_id, Training.tool == tool, Training.ended_at.is_(None))
    ):
        row.ended_at, row.ended_by_id = now, by
    made = Training(
        user_id=user_id, tool=tool, until_on=until_on, marked_at=now, marked_by_id=by, ended_at=None, ended_by_id=None
    )
    session.add(made)
    session.flush()
    return made.id


def end(session: Session, by: int, training_id: int, now: datetime) -> bool:
    """End it now. Levels that were entered while it held stay. False: it had ended, or there is none."""
    row = session.get(Training, training_id, with_for_update=True) if is_id(training_id) else None
    if row is None or row.ended_at is not None:
        return False
    row.ended_at, row.ended_by_id = now, by
    session.flush()
    return True
