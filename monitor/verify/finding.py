"""Which people and cases answer to a name or number, across agencies: ids only, at most a handful, never a list.

The look goes by indexes of names (`Person.name_key`, `Person.other_name_key`) or numbers, so it costs the same at any
size. People without an order that is in force or ahead are not found by name (safeguard H5); walled cases are not there
(D1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import Case, Condition, Membership, Order, OrderVersion, Person, Wall
from monitor.verify.asked import Asked
from monitor.verify.standing import EXPIRING, PROTECTIVE, TERMINATING

AT_MOST = 5  # people; of more only is said that they are more
CASES_AT_MOST = 60


class Found(msgspec.Struct, frozen=True):
    """Cases of whoever answers; ``orders``: only these, where a number was asked for.

    ``wide``: somebody of them has the words in another order or joined, or bears one of two last names, and may be
    somebody else. ``more``: so do more people than a list takes. ``by_birth``: meant for sure.
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
    """Every order of the cases that have this number, and every order that has it itself: one court's case may be
    another's order, of somebody else."""
    either = {number, number.upper()}
    cases = session.scalars(
        select(Case.id).where(Case.number.in_(either), Case.id.not_in(walled)).limit(CASES_AT_MOST)
    ).all()
    found = [
        row for which in (Order.number.in_(either), Order.case_id.in_(cases)) for row in session.execute(
            select(Order.id, Order.case_id).where(which, Order.case_id.not_in(walled)).limit(CASES_AT_MOST)
        )
    ]  # fmt: skip
    return Found(tuple({row.case_id for row in found}), people=1, orders=tuple({row.id for row in found}))


def _by_birth(session: ScopedSession, asked: Asked, now: datetime, walled: tuple[int, ...]) -> Found | None:
    """Whoever is meant for sure: born on that day, with the whole name as it was typed, or else in another order."""
    if asked.born_on is None:
        return None
    born = select(Person.id, Person.name_key, Person.given_name, Person.middle_name, Person.family_name, Person.suffix)
    rows = session.execute(born.where(Person.id.in_(_people(_any_key(asked), now, walled, None).where(_born(asked)))))
    meant = [row for row in rows if asked.agrees(row.given_name, row.middle_name, row.family_name, row.suffix)]
    typed = [row for row in meant if row.name_key in asked.keys]
    people = [row.id for row in typed or meant]
    return _found(session, people, walled, by_birth=True, wide=not typed) if people else None


def _alike(session: ScopedSession, asked: Asked, now: datetime, walled: tuple[int, ...]) -> Found:
    """Everybody who may be meant, at once: whoever is looked for may be among the second.

    If they are too many for a list, those born on that day stay in it, and whoever has the name as it was typed.
    """
    named, like = Person.name_key.in_(asked.keys), _any_key(asked)
    exact = session.scalars(_people(named, now, walled)).all()
    wide = session.scalars(_people(like & Person.id.not_in(exact), now, walled)).all()
    if len(exact) + len(wide) <= AT_MOST:
        return _found(session, [*exact, *wide], walled, wide=bool(wide))
    that_day = session.scalars(_people(like, now, walled).where(_born(asked))).all() if asked.born_on else []
    if len(exact) > AT_MOST and not 0 < len(that_day) <= AT_MOST:
        return Found(people=len(exact))
    both = {*that_day, *exact}
    listed = both if len(both) <= AT_MOST else that_day if len(exact) > AT_MOST else exact
    return _found(session, tuple(listed), walled, wide=True, more=True)


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


def _any_key(asked: Asked) -> ColumnElement[bool]:
    """The name in any way of saying it: as typed, in another order, joined, two names as one, by the first of two last
    names alone; and with the day of birth by one name, where no more is on record.

    Each key by its own index: of an `or` over both PostgreSQL reads everybody, as soon as a few are enough.
    """
    keys, one = asked.keys | asked.wider, aliased(Person)
    columns = (one.name_key, one.other_name_key)
    by_key = [select(one.id).where(key.in_(keys)) for key in columns]
    firsts, others = asked.run_together
    if firsts:
        by_key.append(select(one.id).where(one.name_key.in_(firsts), one.other_name_key.in_(others)))
    if asked.headless:
        several = one.other_name_key.is_not(None)
        by_key += [select(one.id).where(key.in_(asked.headless), several) for key in columns]
    if asked.by_day:
        by_key += [select(one.id).where(key.in_(asked.by_day), one.born_on == asked.born_on) for key in columns]
    return Person.id.in_(union_all(*by_key))


def _people(
    named: ColumnElement[bool], now: datetime, walled: tuple[int, ...], limit: int | None = AT_MOST + 1
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
    return select(Person.id).where(named, lives).limit(limit)
