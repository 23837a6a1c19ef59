"""Levels of supervision: found by a trained assessor with a named tool, for 90 days at most. Nothing here computes one.

Only tool, version, level, day, expiry and assessor are kept (safeguard G6): a tool's questions, answers and points have
no place in this record. A level whose day of expiry has come is "out of date", and drives nothing but a reminder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Date, bindparam, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.models import Assessment, Training, User
from monitor.models.base import is_id
from monitor.person_page.heading import heading
from monitor.person_page.page import Heading
from monitor.taking_back import may_take_back

LASTS: Final = timedelta(days=90)
OLDEST: Final = timedelta(days=90)
VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,11}")  # too little for words or points
# tools that an office may name; what somebody other than the person supervised is asked has no place here (A6)
TOOLS: Final = {
    "ODARA": "ODARA", "DVRAG": "DVRAG", "SARA": "SARA", "B-SAFER": "B-SAFER", "DVI": "DVI", "LSI-R": "LSI-R",
    "LS/CMI": "LS/CMI", "ORAS": "ORAS", "DVRNA": "DVRNA", "LOCAL": "The office's own tool",
}  # fmt: skip
LEVELS: Final = {
    "minimum": "Minimum", "medium": "Medium", "maximum": "Maximum", "high": "High", "greatest": "Greatest risk",
    "1": "Level 1", "2": "Level 2", "3": "Level 3", "4": "Level 4",
}  # fmt: skip


class Changed(Exception):
    """Somebody took this level back in the meantime. Nothing was written."""


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One level as entered. ``expires_on``: the first day on which it is out of date. ``mine``: may be taken back."""

    id: int
    level: str
    tool: str
    version: str
    on: date
    expires_on: date
    by: str
    recorded_at: datetime
    taken_back: bool = False
    mine: bool = False

    def holds(self, day: date) -> bool:
        """Whether it may drive anything on this day."""
        return not self.taken_back and self.on <= day < self.expires_on


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """A level as typed. ``on``, ``expires_on``: None where nothing, or no day, was typed; ``bad``: those fields."""

    tool: str = ""
    version: str = ""
    level: str = ""
    on: date | None = None
    expires_on: date | None = None
    bad: tuple[str, ...] = ()

    def until(self, today: date) -> date:
        """The first day on which it is out of date."""
        return self.expires_on or (self.on or today) + LASTS


class LevelsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every level of a case, newest first. ``tools``: those in which the reader is trained today."""

    heading: Heading
    today: date
    levels: tuple[Level, ...]
    tools: tuple[str, ...]

    @property
    def newest(self) -> Level | None:
        """The newest that was not taken back, out of date or not."""
        return next((one for one in self.levels if not one.taken_back), None)


def levels_page(session: ScopedSession, person_id: int, now: datetime, case_id: int | None = None) -> LevelsPage | None:
    """The page of one case; None: there is none, or not for this reader."""
    top = heading(session, person_id, case_id, now.date())
    today = local_day(now, top.zone) if top else now.date()
    if top and today != now.date():  # the court's own day, which is known with its zone
        top = heading(session, person_id, case_id, today)
    if top is None:
        return None
    return LevelsPage(
        heading=top, today=today, levels=tuple(_entered(session, top.case_id)), tools=tools_of(session, today)
    )


def standing_level(session: ScopedSession, case_id: int, day: date) -> Level | None:
    """The level in force on a day: the newest, unless it is out of date. None: nothing may rest on a level."""
    newest = newest_levels(session, Assessment.case_id == case_id).get(case_id)
    return newest if newest and newest.holds(day) else None


def newest_levels(session: ScopedSession, where: Any) -> dict[int, Level]:
    """The newest level of each case, out of date or not."""
    found: dict[int, Level] = {}
    for row in session.execute(_select().where(where, current(Assessment)).order_by(*_NEWEST_LAST)):
        found[row.case_id] = _level(session, row)
    return found


@cache
def _none_newer() -> Any:
    newer = aliased(Assessment)
    later = newer.occurred_on > Assessment.occurred_on
    later |= (newer.occurred_on == Assessment.occurred_on) & (newer.recorded_at > Assessment.recorded_at)
    return ~exists().where(newer.case_id == Assessment.case_id, later, current(newer))


def out_of_date(where: Any) -> Any:
    """Cases whose newest level is out of date on ``today`` (a parameter), and since when; none for who has no level."""
    ended = Assessment.expires_on <= bindparam("today", type_=Date)
    return select(Assessment.case_id, Assessment.expires_on).where(where, ended, current(Assessment), _none_newer())


def tools_of(session: ScopedSession, today: date) -> tuple[str, ...]:
    """The tools in which the reader is trained today."""
    live = Training.user_id == session.scope.user_id, Training.ended_at.is_(None), Training.until_on > today
    found = set(session.scalars(select(Training.tool).where(*live)))
    return tuple(tool for tool in TOOLS if tool in found)


def faults_of(typed: Typed, tools: Sequence[str], today: date) -> dict[str, str]:
    """What is missing or cannot be, by field."""
    faults = {}
    if typed.tool not in tools:
        faults["tool"] = "Choose a tool that you are trained in."
    if not VERSION.fullmatch(typed.version.strip()):
        faults["version"] = "Say which version of the tool, without spaces, for instance 2005 or 2.1."
    if typed.level not in LEVELS:
        faults["level"] = "Choose the level."
    return faults | _faults_of_days(typed, today)


def _faults_of_days(typed: Typed, today: date) -> dict[str, str]:
    faults = dict.fromkeys(typed.bad, "Type the day as month/day/year, for instance 12/4/2026.")
    on = typed.on or today
    if "on" not in faults and on > today:
        faults["on"] = "That day is ahead. A level counts from the day on which it was found."
    elif "on" not in faults and on <= today - OLDEST:
        faults["on"] = "That is 90 days ago or more: it would be out of date already. Assess again."
    if "expires_on" not in faults and not on < typed.until(today) <= on + LASTS:
        faults["expires_on"] = "It is out of date after 90 days at most. Choose an earlier day, or leave it empty."
    return faults


def enter(session: ScopedSession, case_id: int, typed: Typed, now: datetime, today: date) -> int:
    """Keep the level; its id. ``typed`` has no faults."""
    scope = session.scope
    row = Assessment(
        case_id=case_id, agency_id=scope.agency_id, recorded_at=now, recorded_by_id=scope.user_id, tool=typed.tool,
        tool_version=typed.version.strip(), level=typed.level, occurred_on=typed.on or today,
        expires_on=typed.until(today), assessed_by_id=scope.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def case_of(session: ScopedSession, assessment_id: int) -> int | None:
    """The case of a level that this reader may take back: their own, or any of the office for its supervisor."""
    row = session.get(Assessment, assessment_id) if is_id(assessment_id) else None
    return row.case_id if row is not None and may_take_back(session.scope, row) else None


def take_back(session: ScopedSession, assessment_id: int, now: datetime) -> None:
    """Put a retracted version in its place; both stay in sight. Raises `Changed` if it no longer stands."""
    row = session.get_one(Assessment, assessment_id)
    session.add(
        Assessment(
            case_id=row.case_id, agency_id=row.agency_id, recorded_at=now, recorded_by_id=session.scope.user_id,
            supersedes_id=row.id, retracted=True, reason="The entry was taken back.", tool=row.tool,
            tool_version=row.tool_version, level=row.level, occurred_on=row.occurred_on, expires_on=row.expires_on,
            assessed_by_id=row.assessed_by_id,
        )
    )  # fmt: skip
    try:
        session.flush()
    except IntegrityError as error:  # one successor each
        raise Changed from error


def level_words(level: str, tool: str) -> str:
    """High (ODARA 2005)"""
    return f"{LEVELS.get(level, level)} ({tool})"


_NEWEST_LAST: Final = (Assessment.occurred_on, Assessment.recorded_at, Assessment.id)


def _select() -> Any:
    columns = (
        Assessment.case_id, Assessment.id, Assessment.agency_id, Assessment.tool, Assessment.tool_version,
        Assessment.level, Assessment.occurred_on, Assessment.expires_on, Assessment.recorded_at,
        Assessment.recorded_by_id, Assessment.supersedes_id, Assessment.retracted, User.name.label("by"),
    )  # fmt: skip
    return select(*columns).join(User, User.id == Assessment.assessed_by_id)


def _entered(session: ScopedSession, case_id: int) -> Iterator[Level]:
    """Newest first; what was taken back once, and says so."""
    rows = session.execute(_select().where(Assessment.case_id == case_id).order_by(*_NEWEST_LAST)).all()
    replaced = {row.supersedes_id for row in rows}
    for row in reversed(rows):
        if not row.retracted:
            yield _level(session, row, taken_back=row.id in replaced)


def _level(session: ScopedSession, row: Any, taken_back: bool = False) -> Level:
    return Level(
        id=row.id, level=row.level, tool=row.tool, version=row.tool_version, on=row.occurred_on,
        expires_on=row.expires_on, by=row.by, recorded_at=row.recorded_at, taken_back=taken_back,
        mine=not taken_back and may_take_back(session.scope, row),
    )  # fmt: skip
