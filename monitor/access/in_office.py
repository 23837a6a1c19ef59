"""Who holds a role today: by the day of the agency that gave it, never by the day of UTC or of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.clock import local_day
from monitor.models.agency import Agency
from monitor.models.user import Membership, User


def holds(row: Any, now: datetime) -> bool:
    """Whether a role stands at ``now``; ``row``: from_on, until_on and zone of the role, ends_on of the account.

    The days end like all days here: the first one without the role.
    """
    today = local_day(now, row.zone)
    lasts = all(end is None or today < end for end in (row.until_on, row.ends_on))
    return bool(row.from_on <= today and lasts)


def in_office(session: Session, roles: Iterable[Role], now: datetime) -> list[Any]:
    """The accounts that hold one of ``roles`` now (user_id, role, agency_id); nobody who is disabled."""
    found = session.execute(
        select(
            Membership.user_id, Membership.role, Membership.agency_id, Membership.from_on, Membership.until_on,
            Agency.zone, User.ends_on, User.password_until,
        )
        .join(User, User.id == Membership.user_id)
        .join(Agency, Agency.id == Membership.agency_id)
        .where(Membership.role.in_(sorted(roles)), User.disabled_at.is_(None))
    )  # fmt: skip
    return [row for row in found if holds(row, now)]
