"""Stretches in which time stands still, as probation records them: custody and hospital, from a day to a day.

What stops a clock moves what a person is held to, so each entry says from whom it is known, out of a short list: no
place for a word on why somebody is in hospital, and nobody on the list whom the person could make pay for it (B4).
A stretch ends on the day that counts again, of release: half-open, as `monitor.models.Pause` and the rules have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.models import Pause, User
from monitor.models.base import BigId, is_id, random_id
from monitor.models.pause import KNOWN_FROM
from monitor.person_page.heading import heading
from monitor.person_page.page import Heading
from monitor.person_page.stops import KIND_WORDS
from monitor.taking_back import may_take_back, retracted
from monitor.wording import short_day

FAR: Final = timedelta(days=5 * 366)  # a day further away than that is a slip of the hand
# what probation records (domain/response-matrix.md, "Paused clocks"); the rest is the court's, or the site's to know
KINDS: Final = {kind: KIND_WORDS[kind] for kind in ("CUSTODY", "HOSPITAL")}
KNOWN: Final = {
    "JAIL": "the jail or its list", "COURT": "the court", "POLICE": "police or another agency",
    "PAPER": "a paper that shows the days", "PERSON": "the person", "LAWYER": "the person's lawyer",
}  # fmt: skip


class Changed(Exception):
    """Somebody changed it or took it back in the meantime. Nothing was written."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """One pause as it stands. ``until``: the day that counts again. ``ours``: this office may end or correct it;
    ``mine``: the reader may take it back. ``known``: of `KNOWN`, "" where it was not entered on the page."""

    id: int
    kind: str
    since: date
    until: date | None
    known: str
    by: str
    recorded_at: datetime
    taken_back: bool
    ours: bool
    mine: bool

    @property
    def words(self) -> str:
        """In custody"""
        return KIND_WORDS[self.kind]

    @property
    def source(self) -> str:
        """the jail or its list"""
        return KNOWN.get(self.known, "")


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """A pause as typed. ``since``, ``until``: None where nothing, or no day, was typed; ``bad``: those fields."""

    kind: str = ""
    known: str = ""
    since: date | None = None
    until: date | None = None
    bad: tuple[str, ...] = ()


class PausesPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every pause of a case as it stands, the newest first, those that were taken back struck."""

    heading: Heading
    today: date
    pauses: tuple[Stretch, ...]


def pauses_page(session: ScopedSession, person_id: int, now: datetime, case_id: int | None = None) -> PausesPage | None:
    """The page of one case; None: there is none, or not for this reader."""
    top = heading(session, person_id, case_id, now.date())
    if top is None:
        return None
    return PausesPage(heading=top, today=local_day(now, top.zone), pauses=tuple(_stretches(session, top.case_id)))


def _stretches(session: ScopedSession, case_id: int) -> Iterator[Stretch]:
    rows = session.execute(_versions(), {"case": case_id}).all()
    replaced = {row.supersedes_id for row, _ in rows}
    for row, name in rows:
        if row.id not in replaced:
            yield _stretch(session, row, name or "")


@cache
def _versions() -> Any:
    told = select(Pause, User.name).join(User, User.id == Pause.recorded_by_id, isouter=True)
    of_case = told.where(Pause.case_id == bindparam("case", type_=BigId))
    return of_case.order_by(Pause.starts_on.desc(), Pause.recorded_at.desc(), Pause.id)


def _stretch(session: ScopedSession, row: Pause, by: str) -> Stretch:
    ours = not row.retracted and row.kind in KINDS and row.agency_id == session.scope.agency_id
    return Stretch(
        id=row.id, kind=row.kind, since=row.starts_on, until=row.ends_on, known=_known(row.reason), by=by,
        recorded_at=row.recorded_at, taken_back=row.retracted, ours=ours,
        mine=ours and may_take_back(session.scope, row),
    )  # fmt: skip


def _known(reason: str | None) -> str:
    """The choice of which the words were kept."""
    return next((name for name, words in KNOWN.items() if reason == KNOWN_FROM + words), "")


def one_of(session: ScopedSession, pause_id: int) -> Stretch | None:
    """A pause that this office recorded, to be ended or corrected; None: there is none, or not for this reader.
    Raises `Changed` if it no longer stands."""
    row = _ours(session, pause_id)
    if row is None:
        return None
    if not _stands(session, row):
        raise Changed
    return _stretch(session, row, "")


def case_of(session: ScopedSession, pause_id: int) -> int | None:
    """The case of a pause that this office recorded."""
    row = _ours(session, pause_id)
    return row.case_id if row is not None else None


def _ours(session: ScopedSession, pause_id: int) -> Pause | None:
    row = session.get(Pause, pause_id) if is_id(pause_id) else None
    return row if row is not None and row.kind in KINDS and row.agency_id == session.scope.agency_id else None


def _stands(session: ScopedSession, row: Pause) -> bool:
    return not row.retracted and session.scalar(select(Pause.id).where(Pause.supersedes_id == row.id)) is None


def faults_of(session: ScopedSession, case_id: int, typed: Typed, today: date, but: int = 0) -> dict[str, str]:
    """What is missing or cannot be, by field. ``but``: the pause that is being changed."""
    faults = dict.fromkeys(typed.bad, "Type the day as month/day/year, for instance 12/4/2026.")
    if typed.kind not in KINDS:
        faults["kind"] = "Choose what stops the clocks."
    if typed.known not in KNOWN:
        faults["known"] = "Choose from whom it is known."
    return faults | _faults_of_days(typed, today) or _overlap(session, case_id, typed, but)


def _faults_of_days(typed: Typed, today: date) -> dict[str, str]:
    since, until = typed.since, typed.until
    if since is None:
        return {} if "since" in typed.bad else {"since": "Type the first day, as month/day/year."}
    if since > today:
        return {"since": "That day is ahead. Record it once it has begun."}
    if since < today - FAR:
        return {"since": "That is more than five years ago. Look at the year."}
    if until is not None and until <= since:
        return {"until": "It ends on a later day than it began. What is over on the same day stops no clock."}
    if until is not None and until > today + FAR:
        return {"until": "That is more than five years ahead. Look at the year, or leave it empty."}
    return {}


def _overlap(session: ScopedSession, case_id: int, typed: Typed, but: int) -> dict[str, str]:
    """Two stretches of one kind that overlap would be ended by one release."""
    for row in session.scalars(_of_kind(case_id, typed.kind).where(Pause.id != but)):
        begins_before = typed.until is None or row.starts_on < typed.until
        if typed.since is not None and begins_before and (row.ends_on is None or typed.since < row.ends_on):
            return {"since": f"{KINDS[row.kind]} from {short_day(row.starts_on)} is on record already. End or correct"
                             " that one."}  # fmt: skip
    return {}


def _of_kind(case_id: int, kind: str) -> Any:
    return select(Pause).where(Pause.case_id == case_id, Pause.kind == kind, current(Pause)).order_by(Pause.starts_on)


def entered_before(session: ScopedSession, case_id: int, typed: Typed) -> bool:
    """Whether the reader recorded just this: the second of two clicks."""
    rows = session.scalars(_of_kind(case_id, typed.kind).where(Pause.recorded_by_id == session.scope.user_id))
    told = typed.since, typed.until, typed.known
    return any((row.starts_on, row.ends_on, _known(row.reason)) == told for row in rows)


def enter(session: ScopedSession, case_id: int, typed: Typed, now: datetime) -> int:
    """Keep a pause; its id. ``typed`` has no faults."""
    return _add(session, _row(session, case_id, typed, now))


def change(session: ScopedSession, pause_id: int, typed: Typed, now: datetime) -> int:
    """End or correct it by a version of its own; its id. ``typed`` has no faults. Raises `Changed`."""
    before = session.get_one(Pause, pause_id)
    row = _row(session, before.case_id, typed, now)
    row.supersedes_id, row.basis = before.id, before.basis if before.kind == typed.kind else None
    return _add(session, row)


def take_back(session: ScopedSession, pause_id: int, now: datetime) -> None:
    """Put a retracted version in its place; it stays in sight as taken back. Raises `Changed`."""
    row = session.get_one(Pause, pause_id)
    if not _stands(session, row):
        raise Changed
    _add(session, retracted(row, session.scope, "The entry was taken back.", now))


def may_take(session: ScopedSession, pause_id: int) -> bool:
    """Whether the reader may take it back: their own, or any of the office for its supervisor."""
    return may_take_back(session.scope, session.get_one(Pause, pause_id))


def _row(session: ScopedSession, case_id: int, typed: Typed, now: datetime) -> Pause:
    assert typed.since is not None, "it has no first day"
    return Pause(
        id=random_id(), case_id=case_id, agency_id=session.scope.agency_id, kind=typed.kind, basis=None,
        starts_on=typed.since, ends_on=typed.until, recorded_at=now, recorded_by_id=session.scope.user_id,
        reason=KNOWN_FROM + KNOWN[typed.known],
    )  # fmt: skip


def _add(session: ScopedSession, row: Pause) -> int:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # one successor each
        raise Changed from error
    return row.id
