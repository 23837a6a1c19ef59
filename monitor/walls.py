"""Conflict walls: for whom a person's cases do not exist, who says so, and how a wall comes down (safeguards D1, D7).

Scope and the database's own policies read `Wall`; nothing else has to think of it. A wall goes up by one person and
comes down by two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access import second_person
from monitor.access.identity import Identity
from monitor.access.reach import walled_cases
from monitor.access.scoped_session import ScopedSession
from monitor.access.second_person import Ask, Asker, NotYours, does
from monitor.courts import WHICH, courts_of
from monitor.db import looking_wide
from monitor.models import ApprovalRequest, Case, CaseAgency, Court, User, Wall
from monitor.models.base import random_id
from monitor.one_at_a_time import one_at_a_time
from monitor.sealing import SealingKeys, seal, sealing_keys, unseal

NO_CASE: Final = "There is no such case for this agency. Look at the number on the order."


class WallLine(msgspec.Struct, frozen=True):
    """One standing wall, as its privacy officer sees it. ``asked``: its removal waits for a second person."""

    id: int
    who: str
    why: str
    entered_by: str
    entered_at: datetime
    asked: bool


class NewWall(msgspec.Struct, frozen=True):
    """Between the account of ``email`` and the person of case ``number``, and why. ``court``: its code, where several
    courts have a case of that number."""

    email: str
    number: str
    why: str
    court: str = ""


def standing(session: ScopedSession, secret: str, now: datetime) -> list[WallLine]:
    """The walls that this agency keeps, newest first; none that is about the reader."""
    found = session.scalars(
        select(Wall).where(Wall.ended_at.is_(None), Wall.user_id != session.scope.user_id)
        .order_by(Wall.entered_at.desc())
    ).all()  # fmt: skip
    people = {wall.user_id for wall in found} | {wall.entered_by_id for wall in found}
    names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(people)))}
    asked = _asked(session, now)
    return [
        WallLine(wall.id, names.get(wall.user_id, ""), _why(wall, secret), names.get(wall.entered_by_id, ""),
                 wall.entered_at, wall.id in asked)
        for wall in found
    ]  # fmt: skip


def problems_with(session: ScopedSession, new: NewWall) -> dict[str, str]:
    """What is wrong with the form, by field. A case that is hidden and one that is not there read the same."""
    problems = {}
    if _user(session, new.email) is None:
        problems["email"] = "No account has this address."
    if len(people := _people(session, new)) != 1:
        problems["court" if people else "number"] = WHICH if people else NO_CASE
    if not new.why.strip():
        problems["why"] = "Say why, in a few words. They are kept sealed."
    return problems


def enter(session: ScopedSession, who: Identity, new: NewWall, secret: str, now: datetime) -> int:
    """Put the wall up; the case is gone for that user from the next request on. Entering it twice changes nothing."""
    user, [person] = _user(session, new.email), _people(session, new)
    assert user is not None, "ask problems_with first"
    one_at_a_time(session, person)  # of the user every act of theirs waits, and would tell
    with looking_wide(session, "whether this wall stands already"):
        stands = session.scalar(
            select(Wall.id).where(Wall.user_id == user, Wall.person_id == person, Wall.ended_at.is_(None))
        )
    return stands or put_up(session, who, user, person, new.why, secret, now)


def put_up(
    session: Session, who: Asker, user: int, person: int, why: str, secret: str, now: datetime
) -> int:  # fmt: skip
    """The wall itself; its id."""
    wall = Wall(
        id=random_id(), agency_id=who.agency_id, user_id=user, person_id=person, entered_by_id=who.user_id,
        entered_at=now, sealed_why=b"",
    )  # fmt: skip
    wall.sealed_why = seal(_key(secret), why, _place(wall.id))
    session.add(wall)
    session.flush()
    return wall.id


def stands(session: ScopedSession, wall_id: int) -> bool:
    """Whether there is such a wall for this person."""
    wall = session.get(Wall, wall_id)
    return wall is not None and wall.ended_at is None and wall.user_id != session.scope.user_id


def asked_already(session: ScopedSession, wall_id: int, now: datetime) -> bool:
    """Whether its removal waits for a second person; of two who ask at once the second waits for the first."""
    one_at_a_time(session, wall_id)
    return wall_id in _asked(session, now)


def ask_removal(
    session: ScopedSession, who: Identity, wall_id: int, why: str, secret: str, now: datetime
) -> int | None:
    """Ask that a wall come down; the request's id, or None where there is no such wall for this person."""
    if not stands(session, wall_id):
        return None
    wall = session.get_one(Wall, wall_id)
    with looking_wide(session, "which offices share a case of this person"):
        cases = session.scalars(select(Case.id).where(Case.person_id == wall.person_id)).all()
        here = frozenset(one for case in cases for one in second_person.agencies_of(session, case))
    asked = Ask(
        act="wall.remove", subject_id=wall.id, beneficiary_id=wall.user_id, why=why, agencies=here,
        person_id=wall.person_id,
    )  # fmt: skip
    return second_person.ask(session, who, asked, secret, now)


@does("wall.remove")
def take_down(session: Session, request: ApprovalRequest, now: datetime) -> None:
    """End the wall; that it stood stays on record. Raises `NotYours` where there is none any more."""
    wall = session.get(Wall, request.subject_id, with_for_update=True)
    if wall is None:
        raise NotYours("There is no such wall any more. Nothing was done.")
    wall.ended_at = wall.ended_at or now


def _asked(session: ScopedSession, now: datetime) -> set[int]:
    """Walls whose removal was asked for and is neither decided nor over."""
    waits = ApprovalRequest.outcome.is_(None), ApprovalRequest.until_at > now
    return set(
        session.scalars(select(ApprovalRequest.subject_id).where(ApprovalRequest.act == "wall.remove", *waits))
    )


def _user(session: ScopedSession, email: str) -> int | None:
    return session.scalar(select(User.id).where(User.email == email.strip().casefold()))


def courts(session: ScopedSession) -> list[tuple[str, str]]:
    """To choose from; a privacy officer reads no other table of the courts."""
    with looking_wide(session, "which courts there are"):
        return courts_of(session)


def _people(session: ScopedSession, new: NewWall) -> Sequence[int]:
    """Whose case it is that the agency shares or shared, and that is there for the one who asks. A number is one
    court's own: of two they are two people, and a wall to the wrong one hides nothing."""
    with looking_wide(session, "whose case has this number"):
        shared = select(CaseAgency.case_id).where(CaseAgency.agency_id == session.scope.agency_id)
        there = Case.id.in_(shared), Case.id.not_in(walled_cases(session.scope.user_id))
        asked = select(Case.person_id).where(Case.number == new.number.strip(), *there).distinct()
        if new.court:
            asked = asked.join(Court, Court.id == Case.court_id).where(Court.code == new.court)
        return session.scalars(asked.limit(2)).all()


def _why(wall: Wall, secret: str) -> str:
    return unseal(_key(secret), wall.sealed_why, _place(wall.id)) if wall.sealed_why else ""


def _key(secret: str) -> SealingKeys:
    return sealing_keys(secret, "wall")


def _place(wall_id: int) -> str:
    return f"wall.sealed_why.{wall_id}"
