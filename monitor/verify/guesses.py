"""A caller's name can be tried, and so it can be guessed: fifteen tries in a minute are no caller (safeguard B10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.models import AuditEntry, Membership, Outbox, User
from monitor.outbox.notice import notice

EVENT = "caller.matched"
IN_A_MINUTE = 14  # the fifteenth stops
MINUTE = timedelta(minutes=1)


def guessing(session: Session, user_id: int, now: datetime) -> bool:
    """Whether this account has used up the tries of a minute, by what the trail says of it."""
    tries = sa.select(sa.func.count()).select_from(AuditEntry).where(
        AuditEntry.at > now - MINUTE, (AuditEntry.user_id + 0) == user_id, AuditEntry.event == EVENT
    )  # fmt: skip
    return (session.scalar(tries) or 0) >= IN_A_MINUTE


def tell(session: Session, who: Scope, now: datetime) -> int:
    """One notice an hour to each privacy officer of the agency, or of all where it has none; how many were written."""
    today = now.astimezone(UTC).date()
    officers = session.execute(
        sa.select(Membership.user_id, Membership.agency_id).join(User, User.id == Membership.user_id).where(
            Membership.role == Role.PRIVACY_OFFICER.value, User.disabled_at.is_(None), Membership.from_on <= today,
            Membership.until_on.is_(None) | (Membership.until_on > today),
        )
    ).all()  # fmt: skip
    own = {row.user_id for row in officers if row.agency_id == who.agency_id}
    hour = now.astimezone(UTC).strftime("%Y-%m-%dT%H")
    keys = {f"guess:{hour}:{who.user_id}:{user}": user for user in own or {row.user_id for row in officers}}
    told = set(session.scalars(sa.select(Outbox.key).where(Outbox.key.in_(sorted(keys)))))
    session.add_all(notice(key, user, now) for key, user in keys.items() if key not in told)
    return len(set(keys) - told)
