"""Once a quarter somebody looks at every role that stands and says of each whether it is still needed.

CJISSECPOL AC-2 j has accounts reviewed once a year at least; local practice asks for a quarter. A role that
nobody needs any more is eyes that nobody watches.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from monitor.access.auth_sessions import revoke_all
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.roles import TITLES, Role
from monitor.clock import local_day
from monitor.models import Agency, Membership, User

EACH: Final = timedelta(days=92)


class RoleLine(msgspec.Struct, frozen=True):
    """One role to look at. ``looked_at``: when somebody last let it stand; None: never since it was given."""

    membership_id: int
    user_id: int
    name: str
    email: str
    role: str
    agency: str
    from_on: date
    signed_in_at: datetime | None
    looked_at: datetime | None


def roles_due(session: Session, now: datetime) -> list[RoleLine]:
    """Roles that nobody has looked at for a quarter, nor given since; by agency and name."""
    found = session.execute(
        select(
            Membership.id, User.id, User.name, User.email, Membership.role, Agency.name, Membership.from_on,
            User.signed_in_at, Membership.reviewed_at,
        )
        .join(User, User.id == Membership.user_id).join(Agency, Agency.id == Membership.agency_id)
        .where(*_due(now)).order_by(Agency.name, User.name, Membership.id)
    )  # fmt: skip
    return [RoleLine(*row[:4], TITLES[Role(row[4])], *row[5:]) for row in found]


def count_due(session: Session, now: datetime) -> int:
    """How many there are."""
    due = select(func.count()).select_from(Membership).join(User, User.id == Membership.user_id).where(*_due(now))
    return session.scalar(due) or 0


def review(
    door: Door, who: Identity, membership_ids: Sequence[int], keep: bool, now: datetime
) -> tuple[int, int]:
    """Let these roles stand, or end them at once with the sessions of whoever held them; how many, and how many were
    left as they are: one's own, and those that are over or were looked at meanwhile."""
    done = 0
    with door.database.system("review of roles") as session, session.begin():
        rows = select(Membership, Agency.zone).join(Agency, Agency.id == Membership.agency_id).join(
            User, User.id == Membership.user_id
        ).where(
            Membership.id.in_(membership_ids), *_due(now), Membership.user_id != who.user_id
        )  # fmt: skip
        for role, zone in session.execute(rows.with_for_update(of=Membership)).all():
            if keep:
                role.reviewed_at = now
            else:
                role.until_on = max(local_day(now, zone), role.from_on)
                revoke_all(session, role.user_id, now)
            event = "user.role_kept" if keep else "user.role_ended"
            record(session, door, event, who.user_id, now, who=who, subjects=(role.user_id, role.id), role=role.role)
            done += 1
    return done, len(set(membership_ids)) - done


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Membership.until_on.is_(None) | (Membership.until_on > now.date()),)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    since = now - EACH
    stands = Membership.reviewed_at.is_(None) | (Membership.reviewed_at <= since)
    given = Membership.from_on <= since.date()
    return (*_live(now), User.disabled_at.is_(None), stands, given)
