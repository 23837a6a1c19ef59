"""Who is told when the trail does not hold: every privacy officer, by a notice that says only to sign in."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.models import Membership, Outbox, User
from monitor.outbox.notice import notice


def tell_broken(session: Session, now: datetime) -> int:
    """One notice a privacy officer and day, in the caller's transaction; how many were written."""
    today = now.astimezone(UTC).date()
    officers = session.scalars(
        select(Membership.user_id).distinct().join(User, User.id == Membership.user_id).where(
            Membership.role == Role.PRIVACY_OFFICER.value, User.disabled_at.is_(None), Membership.from_on <= today,
            Membership.until_on.is_(None) | (Membership.until_on > today),
        )
    ).all()  # fmt: skip
    keys = {f"trail:{today}:{user}": user for user in officers}
    told = set(session.scalars(select(Outbox.key).where(Outbox.key.in_(sorted(keys)))))
    session.add_all(notice(key, user, now) for key, user in keys.items() if key not in told)
    return len(set(keys) - told)
