"""Who is asked to call: the officer whom the case is assigned to today, and nobody else, whatever their office is."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import delete, select

from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.callbacks.keys import Content, opened
from monitor.copies.case_keys import CaseKeys
from monitor.db import looking_wide, writing_for_others
from monitor.models import Agency, Assignment, Callback, Case, Person


class Call(msgspec.Struct, frozen=True):
    """One request as the officer reads it. ``by``: a day."""

    id: int
    person: str
    number: str
    agency: str
    by_on: date

    @property
    def sentence(self) -> str:
        """The one thing that a request can say."""
        return f"A partner agency asks you to call by {self.by_on:%A}."


def calls_for(session: ScopedSession, keys: CaseKeys, today: date) -> tuple[Call, ...]:
    """Requests for this officer's own people; nothing for anybody else. Read anew each time: cases change hands."""
    if session.scope.role != Role.OFFICER.value:
        return ()
    mine = _mine(session, today)
    found = {one: said for one, said in _open(session, keys, today).items() if said.case in mine}
    agencies = {row.id: row.name for row in session.scalars(select(Agency))}
    calls = (
        Call(one, *mine[said.case], agencies.get(said.agency, ""), date.fromisoformat(said.by))
        for one, said in found.items()
    )
    return tuple(sorted(calls, key=lambda call: (call.by_on, call.person)))


def waiting_of(session: ScopedSession, keys: CaseKeys, today: date) -> tuple[date, ...]:
    """Of an advocate's own requests that still wait: by which days, and nothing of whom."""
    found = _open(session, keys, today).values()
    return tuple(sorted(date.fromisoformat(one.by) for one in found if one.user == session.scope.user_id))


def agency_of(session: ScopedSession, keys: CaseKeys, number: int, today: date) -> int | None:
    """The agency behind a request that this officer may see; None: there is none for this officer."""
    mine = {call.id for call in calls_for(session, keys, today)}
    said = _open(session, keys, today).get(number) if number in mine else None
    return said.agency if said else None


def end(session: ScopedSession, keys: CaseKeys, number: int) -> None:
    """The call was made: the key goes first, and with it every copy."""
    keys.destroy([number])
    with writing_for_others(session, "a call-back request that was answered"):
        session.execute(delete(Callback).where(Callback.id == number))


def _open(session: ScopedSession, keys: CaseKeys, today: date) -> dict[int, Content]:
    with looking_wide(session, "call-back requests, to see which are for this person"):
        rows = session.execute(select(Callback.id, Callback.sealed).where(Callback.purge_on > today)).all()
    said = {row.id: opened(keys, row.id, row.sealed) for row in rows}
    return {one: content for one, content in said.items() if content}


def _mine(session: ScopedSession, today: date) -> dict[int, tuple[str, str]]:
    """Name and number by case, in the officer's own scope: a wall holds here as everywhere."""
    asked = (
        select(Case.id, Case.number, Person)
        .join(Person, Person.id == Case.person_id).join(Assignment, Assignment.case_id == Case.id)
        .where(Assignment.user_id == session.scope.user_id,
               Assignment.until_on.is_(None) | (Assignment.until_on > today))
    )  # fmt: skip
    return {row.id: (row.Person.listed_name, row.number) for row in session.execute(asked)}
