"""Sealed cases of one agency and the way back for each, asked on a screen (safeguards D7, H7).

A sealed case is shown by the number of its seal and the day alone: who it was about, only its rows know.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from monitor import audit
from monitor.access.identity import Identity
from monitor.db import Database
from monitor.keeping.removals import ACTS, NO_CASE, Done, RemovalError, Wanted, carry_out, where_of
from monitor.models import ApprovalRequest, Removal


class SealedCase(msgspec.Struct, frozen=True):
    """One that may come back. ``state`` of what the reader asked: "" nothing, WAITS, APPROVED, DECLINED or OVER."""

    number: int
    sealed_at: datetime
    state: str
    until_at: datetime | None


def sealed_cases(database: Database, who: Identity, secret: str, now: datetime) -> list[SealedCase]:
    """Those of the reader's agency, newest first; none that the reader is walled off from."""
    with database.system("sealed cases of an agency", writes=False) as session:
        return [_line(session, row, who, now) for row in _theirs(session, who, secret)]


def ask_return(
    database: Database, who: Identity, number: str, order: str, why: str, secret: str, now: datetime
) -> Done:
    """Ask that it come back, or bring it back where a second person has said yes. Raises `RemovalError`."""
    wanted = Wanted(kind="RETURN", case=number, court=None, order=order, why=why, by=who.email, component="web")
    with database.system("a sealed case comes back by order") as session, session.begin():
        if number not in {str(row.id) for row in _theirs(session, who, secret)}:
            raise RemovalError(NO_CASE)
        done = carry_out(session, wanted, secret, now)
        if not done.removal:
            act = audit.Act(
                event="case.return_asked", user_id=who.user_id, agency_id=who.agency_id, subjects=(int(number),),
                session_mark=audit.session_mark(who.session),
            )  # fmt: skip
            audit.append(session, act, audit.audit_key(secret), now)
        return done


def _theirs(session: Session, who: Identity, secret: str) -> list[Removal]:
    told = select(Removal).options(undefer(Removal.sealed_rows)).order_by(Removal.removed_at.desc(), Removal.id)
    rows = session.scalars(told.where(Removal.sealed_rows.is_not(None), Removal.returned_at.is_(None))).all()
    places = ((row, where_of(session, row, secret)) for row in rows)
    return [row for row, where in places if who.agency_id in where.agencies and who.user_id not in where.walled]


def _line(session: Session, row: Removal, who: Identity, now: datetime) -> SealedCase:
    asked = session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.act == ACTS["RETURN"], ApprovalRequest.subject_id == row.id,
            ApprovalRequest.asked_by_id == who.user_id,
        ).order_by(ApprovalRequest.asked_at.desc()).limit(1)
    ).first()  # fmt: skip
    return SealedCase(row.id, row.removed_at, state_of(asked, now), asked.until_at if asked else None)


def state_of(asked: ApprovalRequest | None, now: datetime) -> str:
    """Where a request stands for whoever asked it."""
    if asked is None:
        return ""
    if asked.outcome == "DECLINED":
        return "DECLINED"
    if asked.until_at <= now:
        return "OVER"
    return "APPROVED" if asked.outcome == "APPROVED" else "WAITS"
