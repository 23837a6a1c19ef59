"""Who is told when the trail does not hold, or what it says is too much: privacy officers, by "sign in" alone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.in_office import in_office
from monitor.access.reach import walled_from
from monitor.access.roles import Role
from monitor.models import Outbox
from monitor.one_at_a_time import one_at_a_time
from monitor.outbox.notice import notice


def tell_broken(session: Session, now: datetime) -> int:
    """One notice a privacy officer and day, in the caller's transaction; how many were written."""
    return tell_privacy(session, f"trail:{now.astimezone(UTC).date()}", None, now)


def tell_privacy(session: Session, about: str, agency_id: int | None, now: datetime, case_id: int = 0) -> int:
    """One notice of ``about`` to each privacy officer of the agency, or of all where it has none; how many are new.

    ``case_id``: what it is about; whoever is walled off from that case is told nothing, in whatever role (D1).
    """
    one_at_a_time(session, _number(about))  # of several that find the same in one instant, one tells
    walled = set(session.scalars(walled_from(case_id)))
    officers = [row for row in in_office(session, [Role.PRIVACY_OFFICER], now) if row.user_id not in walled]
    own = {row.user_id for row in officers if row.agency_id == agency_id}
    keys = {f"{about}:{user}": user for user in own or {row.user_id for row in officers}}
    told = set(session.scalars(select(Outbox.key).where(Outbox.key.in_(sorted(keys)))))
    session.add_all(notice(key, user, now) for key, user in keys.items() if key not in told)
    return len(set(keys) - told)


def _number(about: str) -> int:
    """What a notice is waited for by, the same in every process."""
    return int.from_bytes(hashlib.blake2b(about.encode(), digest_size=8).digest(), signed=True)
