"""Which people and cases answer to a name or number, across agencies: ids only, at most a handful, never a list.

The look goes by an index of names (`Person.name_key`) or numbers, so it costs the same at any size. People without an
order that is in force or ahead are not found by name (safeguard H5); walled cases are not there (D1).
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Select, select

from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import Case, Condition, Membership, Order, OrderVersion, Person, Wall
from monitor.verify.asked import Asked
from monitor.verify.standing import EXPIRING, PROTECTIVE, TERMINATING

AT_MOST = 5  # people; of more only is said that they are more
CASES_AT_MOST = 60


class Found(msgspec.Struct, frozen=True):
    """Cases of whoever answers; ``orders``: only these, where an order's own number was asked for."""

    cases: tuple[int, ...] = ()
    people: int = 0
    by_birth: bool = False
    orders: tuple[int, ...] | None = None


def find(session: ScopedSession, asked: Asked, now: datetime) -> Found:
    """Look beyond the agency's own cases, for ids."""
    with looking_wide(session, "which cases answer to a name or number that the asker knows"):
        walled = walled_off(session)
        if asked.number is not None:
            return _by_number(session, asked.number, walled)
        found = Found()
        for by_birth in (True, False) if asked.born_on else (False,):
            for keys in asked.keys:  # as it was typed; then its words in another order, or joined
                found = _by_name(session, _people(keys, now, walled), asked, walled, by_birth)
                if found.people:
                    return found
        return found


def walled_off(session: ScopedSession) -> tuple[int, ...]:
    """The cases, of whatever agency, that do not exist for whoever asks (D1).

    A machine answers whoever sits at it: what does not exist for one person of the agency does not for it. Call it
    inside `looking_wide`, for that.
    """
    if session.scope.user_id:
        return session.walled()
    here = select(Membership.user_id).where(Membership.agency_id == session.scope.agency_id)
    walls = select(Wall.person_id).where(Wall.user_id.in_(here), Wall.ended_at.is_(None))
    return tuple(session.scalars(select(Case.id).where(Case.person_id.in_(walls))))


def _by_number(session: ScopedSession, number: str, walled: tuple[int, ...]) -> Found:
    either = {number, number.upper()}
    orders = session.execute(
        select(Order.id, Order.case_id).where(Order.number.in_(either), Order.case_id.not_in(walled)).limit(AT_MOST)
    ).all()
    cases = session.scalars(
        select(Case.id).where(Case.number.in_(either), Case.id.not_in(walled)).limit(AT_MOST)
    ).all()
    if cases:
        return Found(tuple(cases), people=1)
    return Found(tuple({row.case_id for row in orders}), people=1, orders=tuple(row.id for row in orders))


def _by_name(
    session: ScopedSession, people: Select[int], asked: Asked, walled: tuple[int, ...], by_birth: bool
) -> Found:
    if by_birth:
        people = people.where(Person.born_on == asked.born_on)
    found = session.scalars(people).all()
    if not 0 < len(found) <= AT_MOST:
        return Found(people=len(found), by_birth=by_birth)
    cases = select(Case.id).where(Case.person_id.in_(found), Case.id.not_in(walled)).order_by(Case.opened_on.desc())
    return Found(tuple(session.scalars(cases.limit(CASES_AT_MOST))), len(found), by_birth)


def _people(keys: frozenset[str], now: datetime, walled: tuple[int, ...]) -> Select[int]:
    lives = (
        select(Case.id).join(OrderVersion, OrderVersion.case_id == Case.id)
        .join(Condition, Condition.order_version_id == OrderVersion.id)
        .where(
            Case.person_id == Person.id, Case.id.not_in(walled), Condition.code.in_(PROTECTIVE),
            OrderVersion.effective_to.is_(None) | (OrderVersion.effective_to > now),
            OrderVersion.expires_at.is_(None) | (OrderVersion.expires_at > now),
            OrderVersion.change.not_in((*TERMINATING, *EXPIRING)),
        ).exists()
    )  # fmt: skip
    return select(Person.id).where(Person.name_key.in_(keys), lives).limit(AT_MOST + 1)
