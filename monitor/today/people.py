"""Whose cases a list covers: those assigned to one officer, or the office's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import aliased

from monitor.access.role_criteria import FewRows
from monitor.access.scoped_session import ScopedSession
from monitor.models import Assignment, Case, Court, Hearing, Person, User
from monitor.models.base import BigId, UtcInstant
from monitor.person_page.heading import listed_name

MOST_COUNTED: Final = 250  # an office's cases are counted so far; *Team* tells how many each officer has
MOST_NAMED: Final = 1000  # of more people than these all are read: one condition in place of as many numbers
ALL, NAMED, OFFICER = "", "named", "officer"  # how much of a list is read; the latter two name what is asked for
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
    """`of_list` for a statement that is built once: who asks comes in at each run, from `asked_by`.

    An office's cases are many, and what waits about them few: each row looks for its own. An officer's are few.
    """
    if team:
        held = aliased(Assignment)
        of_office = held.until_on.is_(None), held.agency_id == bindparam("list_office", type_=BigId)
        return select(held.id).where(held.case_id == case_id, *of_office).correlate_except(held).exists()
    assigned = select(Assignment.case_id).where(Assignment.until_on.is_(None))
    mine = assigned.where(Assignment.user_id.in_(bindparam("list_officers", type_=BigId, expanding=True)))
    return case_id.in_(mine)  # type: ignore[no-any-return]


def few(statement: Any) -> Any:
    """``statement`` of a list whose rows are few in an office of any size, since they are new, open or ahead."""
    return statement.options(FewRows())


def asked_by(session: ScopedSession, team: bool, **more: Any) -> dict[str, Any]:
    """The values of a statement with `listed`, and ``more`` of its own."""
    if team:
        return {"list_office": session.scope.agency_id, **more}
    return {"list_officers": (session.scope.user_id, *session.info.get(STANDS_IN, ())), **more}


@cache
def _people(team: bool, of: str) -> Any:
    columns = (
        Case.id, Case.number, Court.zone, Person.id.label("person_id"), Person.family_name, Person.given_name,
        Person.middle_name, Person.suffix, User.name.label("officer"), User.id.label("officer_id"),
    )  # fmt: skip
    return (
        select(*columns).join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
        .join(Assignment, (Assignment.case_id == Case.id) & Assignment.until_on.is_(None))
        .join(User, User.id == Assignment.user_id)
        .where(listed(Case.id, team), Case.closed_on.is_(None), *_of(Case.id, of))
    )  # fmt: skip


@cache
def _dates(team: bool, of: str) -> Any:
    now = bindparam("now", type_=UtcInstant())
    ahead = listed(Hearing.case_id, team), Hearing.starts_at > now, Hearing.outcome.is_(None)
    columns = Hearing.case_id, func.min(Hearing.starts_at).label("first")
    return few(select(*columns).where(*ahead, *_of(Hearing.case_id, of)).group_by(Hearing.case_id))


def _of(case_id: Any, of: str) -> tuple[Any, ...]:
    """Beside `listed`: all of the list, named cases of it, or one officer's."""
    if of == NAMED:
        return (case_id.in_(bindparam(NAMED, type_=BigId, expanding=True)),)
    if of == OFFICER:
        held = Assignment.user_id == bindparam(OFFICER, type_=BigId), Assignment.until_on.is_(None)
        return (case_id.in_(select(Assignment.case_id).where(*held)),)
    return ()


@cache
def _count(team: bool) -> Any:
    if not team:
        many = select(func.count().label("many")).select_from(Case)
        return many.where(listed(Case.id, team), Case.closed_on.is_(None))
    # of an office: each of its cases has one open assignment there, looked at one by one and no further than it is told
    of_office = Assignment.until_on.is_(None), Assignment.agency_id == bindparam("list_office", type_=BigId)
    open_cases = select(Case.id).where(Case.id == Assignment.case_id, Case.closed_on.is_(None)).exists()
    return few(select(Assignment.id).where(*of_office, open_cases).limit(MOST_COUNTED + 1))


def counted(session: ScopedSession, team: bool) -> int:
    """How many cases are on the list; of an office with more than `MOST_COUNTED`, one more than that."""
    asked = asked_by(session, team)
    return len(session.execute(_count(team), asked).all()) if team else session.scalar(_count(team), asked) or 0


def people(session: ScopedSession, team: bool, now: datetime) -> dict[int, Somebody]:
    """Everybody on the list, by case."""
    return _read(session, team, now, ALL, {})


def people_named(session: ScopedSession, team: bool, now: datetime, cases: Collection[int]) -> dict[int, Somebody]:
    """Those of ``cases`` that are on the list, by case; of very many cases, whoever else is on it may be with them."""
    if len(cases) > MOST_NAMED:
        return people(session, team, now)
    return _read(session, team, now, NAMED, {NAMED: sorted(cases)}) if cases else {}


def people_of(session: ScopedSession, officer: int, now: datetime) -> dict[int, Somebody]:
    """Everybody on the office's list whom this officer has, by case."""
    found = _read(session, True, now, OFFICER, {OFFICER: officer})
    return {case: one for case, one in found.items() if one.officer_id == officer}


def _read(session: ScopedSession, team: bool, now: datetime, of: str, told: dict[str, Any]) -> dict[int, Somebody]:
    rows = session.execute(_people(team, of), asked_by(session, team, **told)).all()
    asked = asked_by(session, team, now=now, **told)
    dates = {case_id: at for case_id, at in session.execute(_dates(team, of), asked)} if rows else {}
    return {
        row.id: Somebody(
            row.id, row.person_id, listed_name(row), row.number, row.zone, row.officer, row.officer_id,
            dates.get(row.id),
        )
        for row in rows
    }  # fmt: skip
