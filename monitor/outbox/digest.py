"""The morning's letter: how much waits, as a count, in what its reader may see. It names nobody.

To officers and supervisors of what is on their list, to victim/witness staff of what is due to be told; once a week
to whoever keeps the response matrix, from the day on which its next review was due.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.db import Database
from monitor.due_notices.due import due_of
from monitor.local_law import NOTHING_SET, LocalLaw
from monitor.models import Agency, Membership, Outbox, User
from monitor.response_matrix.versions import review_due
from monitor.today.page import Today
from monitor.today.reading import today_page

READERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.VICTIM_WITNESS, Role.COORDINATOR)
KEEPERS = (Role.OFFICER_SUPERVISOR, Role.COORDINATOR)  # of the matrix
WITHIN = (Role.OFFICER, Role.COORDINATOR)  # whose list is a part of what the supervisor of the same agency sees
WHY = "it waits for you."


class Reader(msgspec.Struct, frozen=True):
    """Somebody who wants the letter, in one role."""

    user_id: int
    agency_id: int
    role: Role
    zone: str


def readers(session: Session, zone: str, today: date) -> list[Reader]:
    """Whoever may get one, has a role in ``zone`` and has not turned it off: with all their roles, in other zones too,
    for the morning that comes first to any of them writes the day's one letter, about all of them."""
    rows = session.execute(
        select(Membership.user_id, Membership.agency_id, Membership.role, Agency.zone).distinct()
        .join(User, User.id == Membership.user_id).join(Agency, Agency.id == Membership.agency_id)
        .where(Membership.role.in_([role.value for role in READERS]), User.digest.is_(True),
               User.disabled_at.is_(None), Membership.from_on <= today,
               or_(Membership.until_on.is_(None), Membership.until_on > today))
        .order_by(Membership.user_id, Membership.agency_id, Membership.role)
    )  # fmt: skip
    found = [Reader(user, agency, Role(role), its_zone) for user, agency, role, its_zone in rows]
    here = {one.user_id for one in found if one.zone == zone}
    leads = {(one.user_id, one.agency_id) for one in found if one.role is Role.OFFICER_SUPERVISOR}
    twice = {one for one in found if one.role in WITHIN and (one.user_id, one.agency_id) in leads}
    return [one for one in found if one.user_id in here and one not in twice]


def count(database: Database, reader: Reader, now: datetime, law: LocalLaw = NOTHING_SET) -> int:
    """How much waits on the reader's own list in that role, walls and all.

    ``law``: whether notices are due that nobody asked for, and which reports have left everyday view.
    """
    scope = Scope(user_id=reader.user_id, role=reader.role.value, agency_id=reader.agency_id)
    with database.scoped(scope) as session:
        number = _matrix(session, local_day(now, reader.zone)) if reader.role in KEEPERS else 0
        if reader.role is Role.VICTIM_WITNESS:
            number = len(due_of(session, now, law))
        elif reader.role is not Role.COORDINATOR:
            number += _waiting(today_page(session, reader.zone, now, team=reader.role is Role.OFFICER_SUPERVISOR))
    return number


def _matrix(session: ScopedSession, today: date) -> int:
    """Whether this is the day, or one of the weeks after it, on which the matrix was to be reviewed."""
    found = review_due(session, today)
    return int(found is not None and found.review_on is not None and (today - found.review_on).days % 7 == 0)


def _waiting(today: Today) -> int:
    lists = today.concerns, today.overdue, today.to_decide, today.this_week
    return sum(map(len, lists)) + sum(len(day.people) for day in today.court)


def post(session: Session, user_id: int, number: int, today: date, now: datetime) -> bool:
    """Put the letter into the outbox, one a person and day however many roles they hold; False: it is there, or
    nothing waits. It tells how much, and not of what kind."""
    key = f"digest:{user_id}:{today}"
    if not number or session.scalar(select(Outbox.id).where(Outbox.key == key)) is not None:
        return False
    body = f"{number} item{'s wait' if number > 1 else ' waits'} for you. Sign in."
    session.add(
        Outbox(key=key, channel="digest", recipient_id=user_id, subject="What waits for you today", body=body, why=WHY,
               due_at=now)
    )  # fmt: skip
    return True

