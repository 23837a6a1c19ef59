"""Whose cases a list covers: those assigned to one officer, or the office's."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, bindparam, select

from monitor.access.scope import ScopedSession
from monitor.models import Assignment, Case, Court, Hearing, Person, User
from monitor.models.base import BigId, UtcInstant
from monitor.person_page.heading import listed_name

STANDS_IN: Final = "stands_in"  # in a session's info: officers whose lists are the reader's today (`monitor.covers`)


class Somebody(msgspec.Struct, frozen=True):
    """One person on the list and their next date before the court."""

    case_id: int
    person_id: int
    name: str
    number: str
    zone: str
    officer: str
    officer_id: int
    court_at: datetime | None


def of_list(case_id: Any, session: ScopedSession, team: bool) -> ColumnElement[bool]:
    """The condition that picks rows of the list's cases. A statement, not a list of ids: flat in their number.

    An officer's list holds those of a colleague whom they stand in for, if `monitor.covers.stand_in` has looked.
    """
    assigned = select(Assignment.case_id).where(Assignment.until_on.is_(None))
    if team:
        mine = assigned.where(Assignment.agency_id == session.scope.agency_id)
    else:
        mine = assigned.where(Assignment.user_id.in_((session.scope.user_id, *session.info.get(STANDS_IN, ()))))
    return case_id.in_(mine)  # type: ignore[no-any-return]


def listed(case_id: Any, team: bool) -> ColumnElement[bool]:
    """`of_list` for a statement that is built once: who asks comes in at each run, from `asked_by`."""
    assigned = select(Assignment.case_id).where(Assignment.until_on.is_(None))
    if team:
        mine = assigned.where(Assignment.agency_id == bindparam("list_office", type_=BigId))
    else:
        mine = assigned.where(Assignment.user_id.in_(bindparam("list_officers", type_=BigId, expanding=True)))
    return case_id.in_(mine)  # type: ignore[no-any-return]


def asked_by(session: ScopedSession, team: bool, **more: Any) -> dict[str, Any]:
    """The values of a statement with `listed`, and ``more`` of its own."""
    if team:
        return {"list_office": session.scope.agency_id, **more}
    return {"list_officers": (session.scope.user_id, *session.info.get(STANDS_IN, ())), **more}


@cache
def _people(team: bool) -> Any:
    columns = (
        Case.id, Case.number, Court.zone, Person.id.label("person_id"), Person.family_name, Person.given_name,
        Person.middle_name, Person.suffix, User.name.label("officer"), User.id.label("officer_id"),
    )  # fmt: skip
    return (
        select(*columns).join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
        .join(Assignment, (Assignment.case_id == Case.id) & Assignment.until_on.is_(None))
        .join(User, User.id == Assignment.user_id).where(listed(Case.id, team), Case.closed_on.is_(None))
    )  # fmt: skip


@cache
def _dates(team: bool) -> Any:
    ahead = listed(Hearing.case_id, team), Hearing.starts_at > bindparam("now", type_=UtcInstant())
    return select(Hearing.case_id, Hearing.starts_at).where(*ahead).order_by(Hearing.starts_at)


def people(session: ScopedSession, team: bool, now: datetime) -> dict[int, Somebody]:
    """Everybody on the list, by case."""
    rows = session.execute(_people(team), asked_by(session, team)).all()
    dates = _next_dates(session, team, now)
    return {
        row.id: Somebody(
            row.id, row.person_id, listed_name(row), row.number, row.zone, row.officer, row.officer_id,
            dates.get(row.id),
        )
        for row in rows
    }  # fmt: skip


def _next_dates(session: ScopedSession, team: bool, now: datetime) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for case_id, starts_at in session.execute(_dates(team), asked_by(session, team, now=now)):
        found.setdefault(case_id, starts_at)
    return found
