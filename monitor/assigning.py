"""Who supervises a case: taken over from a colleague, or accepted when it came to the office and is nobody's yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.colleagues import Colleague, colleagues
from monitor.models import Assignment, Case, CaseAgency, Person
from monitor.models.base import is_id
from monitor.person_page.heading import listed_name

MOST: Final = 200


class Changed(Exception):
    """Somebody reassigned one of these cases in the meantime. Nothing was written."""


class Held(msgspec.Struct, frozen=True):
    """One case of the list. ``assignment_id``: what stands, 0 where it is nobody's yet."""

    case_id: int
    assignment_id: int
    name: str
    number: str


class Handing(msgspec.Struct, frozen=True, kw_only=True):
    """The page: cases of one officer, or those that are nobody's (``officer`` 0), and to whom they may go."""

    officer: int
    name: str
    cases: tuple[Held, ...]
    colleagues: tuple[Colleague, ...]


def handing(session: ScopedSession, officer: int, now: datetime) -> Handing:
    """What may be handed on. An officer who is not of this office holds nothing here."""
    who = colleagues(session, now, session.scope.agency_id)
    name = next((one.name for one in who if one.id == officer), "Nobody of this office now" if officer else "")
    cases = _held_by(session, officer) if officer else nobodys(session)
    return Handing(officer=officer, name=name, cases=cases, colleagues=who)


def nobodys(session: ScopedSession) -> tuple[Held, ...]:
    """Open cases that the office shares and that are assigned to nobody: they came in and wait to be accepted."""
    here = session.scope.agency_id
    taken = exists().where(
        Assignment.case_id == Case.id, Assignment.agency_id == here, Assignment.until_on.is_(None)
    )
    shared = select(CaseAgency.case_id).where(CaseAgency.agency_id == here, CaseAgency.until_on.is_(None))
    return _lines(session.execute(_people().where(Case.id.in_(shared), ~taken).limit(MOST)).all())


def _held_by(session: ScopedSession, officer: int) -> tuple[Held, ...]:
    held = Assignment.user_id == officer, Assignment.until_on.is_(None), Assignment.agency_id == session.scope.agency_id
    asked = _people().add_columns(Assignment.id.label("assignment_id")).join(Assignment, Assignment.case_id == Case.id)
    return _lines(session.execute(asked.where(*held)).all())


def _people() -> Any:
    columns = (
        Case.id, Case.number, Person.family_name, Person.given_name, Person.middle_name, Person.suffix
    )  # fmt: skip
    listed = select(*columns).join(Person, Person.id == Case.person_id).where(Case.closed_on.is_(None))
    return listed.order_by(Person.family_name, Person.given_name, Case.number)


def _lines(rows: Sequence[Any]) -> tuple[Held, ...]:
    return tuple(Held(row.id, getattr(row, "assignment_id", 0), listed_name(row), row.number) for row in rows)


def hand_on(session: ScopedSession, cases: Sequence[Held], to: int, zone: str, now: datetime) -> int:
    """Assign the cases to ``to`` from today on; the id of one of the new rows, by which the act is undone.

    Raises `Changed` if one of them is not as the page showed it.
    """
    made = []
    for held in cases:
        _end(session, held.assignment_id, zone, now)
        made.append(_assign(session, held.case_id, to, zone, now))
    _flush(session)
    return made[0].id


def undo(session: ScopedSession, assignment_id: int, zone: str, now: datetime) -> int:
    """Give back what one act handed on: to whoever had it, or to nobody; how many cases. Raises `Changed`.

    Undone by who did it, while nothing has followed it.
    """
    act = session.get(Assignment, assignment_id) if is_id(assignment_id) else None
    scope = session.scope
    if act is None or act.made_at is None or (act.agency_id, act.made_by_id) != (scope.agency_id, scope.user_id):
        raise LookupError(assignment_id)
    same_act = Assignment.made_at == act.made_at, Assignment.made_by_id == scope.user_id
    rows = session.scalars(select(Assignment).where(*same_act, Assignment.agency_id == scope.agency_id)).all()
    before = {row.case_id: _before(session, row) for row in rows}
    for row in rows:
        _end(session, row.id, zone, now)
        if (former := before[row.case_id]) is not None:
            _assign(session, row.case_id, former, zone, now)
    _flush(session)
    return len(rows)


def _before(session: ScopedSession, row: Assignment) -> int | None:
    """Who had the case until this act, which ended their time on its own day."""
    ended = Assignment.case_id == row.case_id, Assignment.agency_id == row.agency_id, Assignment.until_on == row.from_on
    earlier = select(Assignment.user_id).where(*ended, Assignment.id != row.id)
    return session.scalar(earlier.order_by(Assignment.from_on.desc(), Assignment.made_at.desc()).limit(1))


def _end(session: ScopedSession, assignment_id: int, zone: str, now: datetime) -> None:
    if not assignment_id:
        return
    row = session.get(Assignment, assignment_id, with_for_update=True)
    if row is None or row.until_on is not None:
        raise Changed
    row.until_on = max(local_day(now, zone), row.from_on)
    session.flush()


def _assign(session: ScopedSession, case_id: int, to: int, zone: str, now: datetime) -> Assignment:
    row = Assignment(
        case_id=case_id, agency_id=session.scope.agency_id, user_id=to, from_on=local_day(now, zone), until_on=None,
        made_at=now, made_by_id=session.scope.user_id,
    )  # fmt: skip
    session.add(row)
    return row


def _flush(session: ScopedSession) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # one open assignment a case: somebody was first
        raise Changed from error
