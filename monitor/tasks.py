"""An officer's own tasks about people of their list: for one or for many at once, undone as they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.models import Case, Person, Task
from monitor.models.base import is_id, random_id
from monitor.person_page.heading import listed_name
from monitor.today.people import few, of_list

LATEST: Final = timedelta(days=366)
MOST: Final = 100
LONGEST: Final = 200


class Somebody(msgspec.Struct, frozen=True):
    """Whom a task would be about."""

    case_id: int
    person: str
    number: str


class TaskLine(msgspec.Struct, frozen=True):
    """One open task."""

    id: int
    path: str
    person: str
    number: str
    what: str
    due_on: date
    late: bool


def named(session: ScopedSession, cases: Sequence[int]) -> tuple[Somebody, ...]:
    """Those of the cases that are on a list of this reader's office, by name; others are not there."""
    columns = Case.id, Case.number, Person.family_name, Person.given_name, Person.middle_name, Person.suffix
    asked = [case for case in dict.fromkeys(cases) if is_id(case)][:MOST]
    rows = session.execute(
        select(*columns).join(Person, Person.id == Case.person_id)
        .where(Case.id.in_(asked), of_list(Case.id, session, True), Case.closed_on.is_(None))
        .order_by(Person.family_name, Person.given_name, Case.number)
    )  # fmt: skip
    return tuple(Somebody(row.id, listed_name(row), row.number) for row in rows)


def faults_of(chosen: Sequence[Somebody], what: str, due_on: date | None, today: date) -> dict[str, str]:
    """What is missing, by field."""
    faults = {}
    if not chosen:
        faults["case"] = "Tick at least one person of the list."
    if not what.strip() or len(what.strip()) > LONGEST:
        faults["what"] = f"Say what is to be done, in at most {LONGEST} characters."
    if due_on is None or not today <= due_on <= today + LATEST:
        faults["due_on"] = "Type a day from today on as month/day/year, at most a year ahead."
    return faults


def add(session: ScopedSession, chosen: Sequence[Somebody], what: str, due_on: date, now: datetime) -> int:
    """One task for each; the number of the act, which undoes them together."""
    act, scope = random_id(), session.scope
    session.add_all(
        Task(
            id=random_id(), case_id=one.case_id, agency_id=scope.agency_id, user_id=scope.user_id, act=act,
            what=what.strip(), due_on=due_on, made_at=now, done_at=None, undone_at=None,
        ) for one in chosen
    )  # fmt: skip
    session.flush()
    return act


def undo(session: ScopedSession, act: int, now: datetime) -> int:
    """Take back every task of one act that is still open; how many."""
    rows = session.scalars(
        select(Task).where(Task.act == act, Task.undone_at.is_(None), Task.done_at.is_(None))
    ).all() if is_id(act) else []  # fmt: skip
    for row in rows:
        row.undone_at = now
    session.flush()
    return len(rows)


def mark(session: ScopedSession, task_id: int, now: datetime | None) -> bool:
    """Done at ``now``, or open again (None). False: there is none, or it stands so already."""
    row = session.get(Task, task_id) if is_id(task_id) else None
    if row is None or row.undone_at is not None or (row.done_at is None) is (now is None):
        return False
    row.done_at = now
    session.flush()
    return True


def open_tasks(session: ScopedSession, zone: str, now: datetime) -> tuple[TaskLine, ...]:
    """The reader's own open tasks, the first due on top."""
    rows = session.execute(_open())
    today = local_day(now, zone)
    return tuple(
        TaskLine(row.id, f"/people/{row.person_id}?case={row.case_id}", listed_name(row), row.number, row.what,
                 row.due_on, row.due_on < today)
        for row in rows
    )  # fmt: skip


@cache
def _open() -> Any:
    columns = (
        Task.id, Task.case_id, Task.what, Task.due_on, Case.number, Person.id.label("person_id"), Person.family_name,
        Person.given_name, Person.middle_name, Person.suffix,
    )  # fmt: skip
    return few(
        select(*columns).join(Case, Case.id == Task.case_id).join(Person, Person.id == Case.person_id)
        .where(Task.done_at.is_(None), Task.undone_at.is_(None), Case.closed_on.is_(None))
        .order_by(Task.due_on, Person.family_name, Task.id).limit(MOST)
    )  # fmt: skip
