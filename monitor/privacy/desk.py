"""What waits for an agency's privacy officer, on one page: each with its clock, none with a word of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from monitor import walls
from monitor.access.in_office import served_by
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.case_openings import Opening, to_review
from monitor.clock import local_day
from monitor.conflicts import alerts_of
from monitor.db import looking_wide
from monitor.models import Agency, AuditEntry, CaseOpening, User
from monitor.privacy.runbooks import RUN
from monitor.trail.entries import Entry, entries
from monitor.trail.look_back import look_back
from monitor.trail.looks import NONE
from monitor.verify.guesses import BY_MACHINE, EVENT, STOPPED

MONTH = timedelta(days=30)
DRILLS = 10


class Guessed(msgspec.Struct, frozen=True):
    """An account or machine was stopped for guessing callers' names; ``who`` is told to its own agency alone."""

    at: datetime
    who: str


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """``reviewed``, ``in_time``: openings of the last 30 days (M28d). ``to_ask``: lines of this week's look-back."""

    openings: tuple[Opening, ...]
    reviewed: int
    in_time: int
    walls: int
    removals: int
    alerts: int
    to_ask: int
    looked: int
    guesses: tuple[Guessed, ...]
    runs: tuple[Entry, ...]

    @property
    def overdue(self) -> int:
        """Openings that nobody reviewed in three business days."""
        return sum(one.overdue for one in self.openings)


def desk(
    session: ScopedSession, zone: str, secret: str, now: datetime, listed: Mapping[int, int] = NONE
) -> Desk:
    """Of the agency of whoever asks."""
    scope, today = session.scope, local_day(now, zone)
    standing = walls.standing(session, secret, now)
    week = look_back(session, scope.agency_id, zone, now, listed)
    done = _reviews(session, zone, now)
    return Desk(
        openings=tuple(to_review(session, today)), reviewed=len(done), in_time=sum(done), walls=len(standing),
        removals=sum(one.asked for one in standing), alerts=len(alerts_of(session, scope.user_id, secret)),
        to_ask=sum(one.to_ask for one in week.lines), looked=len(week.lines), guesses=_guesses(session, now),
        runs=tuple(entries(session, AuditEntry.agency_id == scope.agency_id, AuditEntry.event == RUN)[:DRILLS]),
    )  # fmt: skip


def _reviews(session: ScopedSession, zone: str, now: datetime) -> list[bool]:
    """Of the agency's openings reviewed in 30 days, whether each was in time."""
    rows = session.execute(
        select(CaseOpening.reviewed_at, CaseOpening.review_due_on).where(CaseOpening.reviewed_at > now - MONTH)
    )
    return [_by(row.reviewed_at, row.review_due_on, zone) for row in rows]


def _by(at: datetime, due_on: date, zone: str) -> bool:
    return local_day(at, zone) <= due_on


def _guesses(session: ScopedSession, now: datetime) -> tuple[Guessed, ...]:
    """Of one's own agency by name; of agencies that have no privacy officer by the agency alone: we all are told."""
    with looking_wide(session, "accounts stopped for guessing: ours, and of agencies without such an officer"):
        kept = served_by(session, Role.PRIVACY_OFFICER, now)
        rows = session.execute(
            select(AuditEntry.at, AuditEntry.agency_id, AuditEntry.event, AuditEntry.detail, User.name,
                   Agency.name.label("agency"))
            .outerjoin(User, User.id == AuditEntry.user_id).join(Agency, Agency.id == AuditEntry.agency_id)
            .where(AuditEntry.event.in_((EVENT, BY_MACHINE)), AuditEntry.outcome == "denied",
                   AuditEntry.at > now - MONTH)
            .order_by(AuditEntry.at.desc())
        ).all()  # fmt: skip
    own = session.scope.agency_id
    told = [row for row in rows if row.event == EVENT or row.detail.get(STOPPED)]
    return tuple(
        Guessed(row.at, _guesser(row) if row.agency_id == own else f"{_kind(row)} of {row.agency}")
        for row in told if row.agency_id == own or row.agency_id not in kept
    )  # fmt: skip


def _guesser(row: Any) -> str:
    return row.name or f"The machine {row.detail.get('machine', 'that is not on record')}"


def _kind(row: Any) -> str:
    return "A machine" if row.event == BY_MACHINE else "An account"
