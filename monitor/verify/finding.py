"""Which people and cases answer to a name or number, across agencies: ids only, at most a handful, never a list.

The look goes by an index of names (`Person.name_key`) or numbers, so it costs the same at any size. People without an
order that is in force or ahead are not found by name (safeguard H5); walled cases are not there (D1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Select, select

from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import Case, Condition, Membership, Order, OrderVersion, Person, Wall
from monitor.verify.asked import Asked
from monitor.verify.standing import EXPIRING, PROTECTIVE, TERMINATING

AT_MOST = 5  # people; of more only is said that they are more
CASES_AT_MOST = 60


class Found(msgspec.Struct, frozen=True):
    """Cases of whoever answers; ``orders``: only these, where an order's own number was asked for.

    ``wide``: somebody of them has the words in another order or joined, and may be somebody else. ``more``: so do more
    people than a list takes.
    """

    cases: tuple[int, ...] = ()
    people: int = 0
    by_birth: bool = False
    orders: tuple[int, ...] | None = None
    wide: bool = False
    more: bool = False


def find(session: ScopedSession, asked: Asked, now: datetime) -> Found:
    """Look beyond the agency's own cases, for ids."""
    with looking_wide(session, "which cases answer to a name or number that the asker knows"):
        walled = walled_off(session)
        if asked.number is not None:
            return _by_number(session, asked.number, walled)
        return _by_birth(session, asked, now, walled) or _alike(session, asked, now, walled)


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


def _by_birth(session: ScopedSession, asked: Asked, now: datetime, walled: tuple[int, ...]) -> Found | None:
    """Whoever is meant for sure: born on that day, under the name as it was typed, or else with the whole name."""
    if asked.born_on is None:
        return None
    people = session.scalars(_people(asked.keys, now, walled).where(_born(asked))).all()
    if people:
        return _found(session, people, walled, by_birth=True)
    whole = _whole(session, asked, now, walled)
    return _found(session, whole, walled, by_birth=True, wide=True) if whole else None


def _whole(session: ScopedSession, asked: Asked, now: datetime, walled: tuple[int, ...]) -> list[int]:
    wide = select(Person.id, Person.given_name, Person.middle_name, Person.family_name).where(
        Person.id.in_(_people(asked.wider, now, walled, None).where(_born(asked)))
    )
    return [row.id for row in session.execute(wide) if asked.is_name(row.given_name, row.middle_name, row.family_name)]


def _alike(session: ScopedSession, asked: Asked, now: datetime, walled: tuple[int, ...]) -> Found:
    """Everybody who may be meant, at once: whoever is looked for may be among the second.

    If they are too many for a list, those born on that day stay in it, and whoever has the name as it was typed.
    """
    exact = session.scalars(_people(asked.keys, now, walled)).all()
    if len(exact) > AT_MOST:
        return Found(people=len(exact))
    wide = session.scalars(_people(asked.wider, now, walled)).all()
    more = len(exact) + len(wide) > AT_MOST
    if more:
        wide = session.scalars(_people(asked.wider, now, walled).where(_born(asked))).all() if asked.born_on else []
    listed = [*wide, *exact] if len(wide) + len(exact) <= AT_MOST else exact
    return _found(session, listed, walled, wide=more or bool(wide), more=more)


def _found(
    session: ScopedSession, people: Sequence[int], walled: tuple[int, ...], *, by_birth: bool = False,
    wide: bool = False, more: bool = False,
) -> Found:  # fmt: skip
    if not 0 < len(people) <= AT_MOST:
        return Found(people=len(people), by_birth=by_birth, wide=wide, more=more)
    cases = select(Case.id).where(Case.person_id.in_(people), Case.id.not_in(walled)).order_by(Case.opened_on.desc())
    ids = tuple(session.scalars(cases.limit(CASES_AT_MOST)))
    return Found(ids, len(people), by_birth, wide=wide, more=more)


def _born(asked: Asked) -> ColumnElement[bool]:
    return Person.born_on == asked.born_on


def _people(
    keys: frozenset[str], now: datetime, walled: tuple[int, ...], limit: int | None = AT_MOST + 1
) -> Select[int]:
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
    return select(Person.id).where(Person.name_key.in_(keys), lives).limit(limit)
