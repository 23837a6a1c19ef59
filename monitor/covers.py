"""Standing in for a colleague, dated: the lists and the reason to read a case follow, and it ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.colleagues import Colleague
from monitor.models import Agency, Assignment, Cover, User
from monitor.models.base import BigId, is_id
from monitor.today.people import STANDS_IN

LONGEST: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=366)


class CoverLine(msgspec.Struct, frozen=True, kw_only=True):
    """One cover. ``last_on``: its last day. ``state``: ahead, holds, over or ended (before its day)."""

    id: int
    officer: str
    by: str
    from_on: date
    last_on: date
    state: str


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """A cover as typed; ``last_on`` is the last day of it. Days are None where none, or no day, was typed."""

    officer_id: int = 0
    by_id: int = 0
    from_on: date | None = None
    last_on: date | None = None


@cache
def _covers() -> Any:
    columns = Cover.officer_id, Cover.from_on, Cover.until_on, Agency.zone, User.name
    whose = select(*columns).join(Agency, Agency.id == Cover.agency_id).join(User, User.id == Cover.officer_id)
    standing = Cover.by_id == bindparam("by", type_=BigId), Cover.ended_at.is_(None)
    return whose.where(*standing).order_by(User.name)


def stand_in(session: ScopedSession, now: datetime) -> tuple[str, ...]:
    """Let the lists of this session follow the covers of its reader; whom they stand in for, with the last day."""
    live = [row for row in session.execute(_covers(), {"by": session.scope.user_id}) if _holds(row, now)]
    session.info[STANDS_IN] = tuple(row.officer_id for row in live)
    return tuple(f"{row.name} until {_last(row.until_on):%b} {_last(row.until_on).day}" for row in live)


def covers_case(session: Session, user_id: int, agency_id: int, case_id: int, now: datetime) -> bool:
    """Whether this person stands in today for the officer whom the case is assigned to."""
    return user_id in who_covers(session, case_id, now, agency_id)


def who_covers(session: Session, case_id: int, now: datetime, agency_id: int | None = None) -> set[int]:
    """Who stands in today for the officers of a case; call inside ``trusted_sql``."""
    told = (
        select(Cover.by_id, Cover.from_on, Cover.until_on, Agency.zone).join(Agency, Agency.id == Cover.agency_id)
        .join(Assignment, (Assignment.user_id == Cover.officer_id) & (Assignment.agency_id == Cover.agency_id))
        .where(Assignment.case_id == case_id, Assignment.until_on.is_(None), Cover.ended_at.is_(None))
    )  # fmt: skip
    if agency_id is not None:
        told = told.where(Cover.agency_id == agency_id)
    return {row.by_id for row in session.execute(told) if _holds(row, now)}


def _holds(row: Any, now: datetime) -> bool:
    return bool(row.from_on <= local_day(now, row.zone) < row.until_on)


def _last(until_on: date) -> date:
    return until_on - timedelta(days=1)


def covers(session: ScopedSession, today: date) -> tuple[CoverLine, ...]:
    """Those of the office that hold or lie ahead, and those that were over or ended within a month, newest first."""
    officer, by = aliased(User), aliased(User)
    rows = session.execute(
        select(Cover, officer.name, by.name).join(officer, officer.id == Cover.officer_id)
        .join(by, by.id == Cover.by_id).where(Cover.until_on > today - timedelta(days=31))
        .order_by(Cover.from_on.desc(), Cover.made_at.desc())
    ).all()  # fmt: skip
    return tuple(
        CoverLine(id=row.id, officer=whose, by=who, from_on=row.from_on, last_on=_last(row.until_on),
                  state=_state(row, today))
        for row, whose, who in rows
    )  # fmt: skip


def _state(row: Cover, today: date) -> str:
    if row.ended_at is not None:
        return "ended"
    return "over" if row.until_on <= today else "holds" if row.from_on <= today else "ahead"


def faults_of(session: ScopedSession, typed: Typed, who: Sequence[Colleague], today: date) -> dict[str, str]:
    """What is missing or cannot be, by field."""
    faults, there = {}, {one.id for one in who}
    if typed.officer_id not in there:
        faults["officer"] = "Choose whose caseload it is."
    if typed.by_id not in there or typed.by_id == typed.officer_id:
        faults["by"] = "Choose somebody else of your office to stand in."
    faults |= _faults_of_days(typed, today)
    if not faults and _overlaps(session, typed):
        faults["by"] = "They stand in for this colleague on some of these days already."
    return faults


def _faults_of_days(typed: Typed, today: date) -> dict[str, str]:
    faults = {}
    if typed.from_on is None:
        faults["from_on"] = "Type the first day as month/day/year, for instance 12/4/2026."
    elif typed.from_on < today:
        faults["from_on"] = "That day has passed. A cover begins today or later."
    elif typed.from_on - today > AHEAD:
        faults["from_on"] = "That is more than a year ahead. A cover begins within a year."
    if typed.last_on is None:
        faults["last_on"] = "Type the last day as month/day/year. A cover always has one."
    elif typed.from_on and not timedelta() <= typed.last_on - typed.from_on < LONGEST:
        faults["last_on"] = "Choose a last day from the first one on, within 90 days. For longer, reassign."
    return faults


def _overlaps(session: ScopedSession, typed: Typed) -> bool:
    same = Cover.officer_id == typed.officer_id, Cover.by_id == typed.by_id, Cover.ended_at.is_(None)
    days = Cover.from_on <= typed.last_on, Cover.until_on > typed.from_on
    return session.scalar(select(Cover.id).where(*same, *days).limit(1)) is not None


def make(session: ScopedSession, typed: Typed, now: datetime) -> int:
    """Keep it; its id. ``typed`` has no faults."""
    assert typed.from_on and typed.last_on
    row = Cover(
        agency_id=session.scope.agency_id, officer_id=typed.officer_id, by_id=typed.by_id, from_on=typed.from_on,
        until_on=typed.last_on + timedelta(days=1), made_at=now, made_by_id=session.scope.user_id, ended_at=None,
        ended_by_id=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def end(session: ScopedSession, cover_id: int, now: datetime) -> bool:
    """End it now. False: it had ended, or there is none here."""
    row = session.get(Cover, cover_id, with_for_update=True) if is_id(cover_id) else None
    if row is None or row.ended_at is not None:
        return False
    row.ended_at, row.ended_by_id = now, session.scope.user_id
    session.flush()
    return True
