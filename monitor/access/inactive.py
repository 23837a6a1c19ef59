"""Accounts that nobody uses, or whose day has come, are disabled by themselves (CJIS AC-2(2), AC-2(3); bars A-15)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access.auth_sessions import memberships_of, revoke_all
from monitor.clock import local_day
from monitor.models.agency import Agency
from monitor.models.user import Membership, User

UNUSED = timedelta(days=90)


def disable_unused(session: Session, site_secret: str, now: datetime) -> int:
    """Disable whoever has not signed in for 90 days (or never did), and whose last day is over; how many.

    Each is in the audit trail as the job's act and an alert on the administrator's page. Runs every night, so nobody
    waits a week; access itself ends with the last day, not with this job.
    """
    unused = func.coalesce(User.signed_in_at, User.created_at) <= now - UNUSED
    idle = set(session.scalars(select(User.id).where(User.disabled_at.is_(None), unused)))
    ended = {user.id for user in _with_an_end(session) if _is_over(session, user, now)}
    for user_id in sorted(idle | ended):
        _disable(session, user_id, "ended" if user_id in ended else "inactive", site_secret, now)
    return len(idle | ended)


def _with_an_end(session: Session) -> list[User]:
    dated = select(Membership.user_id).where(Membership.until_on.is_not(None))
    either = User.ends_on.is_not(None) | User.id.in_(dated)
    return list(session.scalars(select(User).where(User.disabled_at.is_(None), either)))


def _is_over(session: Session, user: User, now: datetime) -> bool:
    """Whether no role holds any more; one that is yet to begin, or that a second person may still give, keeps it."""
    rows = select(Membership.from_on, Agency.zone).join(Agency, Agency.id == Membership.agency_id)
    starts = session.execute(rows.where(Membership.user_id == user.id)).all()
    to_come = any(row.from_on > local_day(now, row.zone) for row in starts)
    return bool(starts) and not to_come and not memberships_of(session, user.id, now)


def _disable(session: Session, user_id: int, why: str, site_secret: str, now: datetime) -> None:
    user = session.get_one(User, user_id)
    user.disabled_at, user.disabled_why = now, why
    revoke_all(session, user_id, now)
    act = audit.Act(event=f"user.disabled_{why}", user_id=user_id, subjects=(user_id,), component="job")
    audit.append(session, act, audit.audit_key(site_secret), now)
