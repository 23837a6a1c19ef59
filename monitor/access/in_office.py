"""Who holds a role today: by the day of the agency that gave it, never by the day of UTC or of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from monitor.access.reach import walled_from
from monitor.access.roles import Role
from monitor.clock import local_day
from monitor.models.agency import Agency
from monitor.models.case import CaseAgency
from monitor.models.user import Membership, User


def holds(row: Any, now: datetime) -> bool:
    """Whether a role stands at ``now``; ``row``: from_on, until_on and zone of the role, ends_on of the account.

    The days end like all days here: the first one without the role.
    """
    today = local_day(now, row.zone)
    lasts = all(end is None or today < end for end in (row.until_on, row.ends_on))
    return bool(row.from_on <= today and lasts)


def in_office(
    session: Session, roles: Iterable[Role], now: datetime, agencies: Iterable[int] | None = None
) -> list[Any]:
    """The accounts that hold one of ``roles`` now (user_id, name, role, agency_id, agency); nobody who is disabled.
    ``agencies``: of these alone."""
    columns = Membership.user_id, Membership.role, Membership.agency_id, User.password_until, User.name
    wanted = _roles(*columns, Agency.name.label("agency")).where(Membership.role.in_(sorted(roles)))
    if agencies is not None:
        wanted = wanted.where(Membership.agency_id.in_(list(agencies)))
    return [row for row in session.execute(wanted) if holds(row, now)]


def at_work_on(session: Session, roles: Iterable[Role], case_id: int, now: datetime) -> set[int]:
    """Who holds one of ``roles`` now in an agency that shares the case, whoever is walled off among them."""
    shared = select(CaseAgency.agency_id).where(CaseAgency.case_id == case_id, CaseAgency.until_on.is_(None))
    return {row.user_id for row in in_office(session, roles, now, session.scalars(shared))}


def to_tell_of(session: Session, roles: Iterable[Role], case_id: int, now: datetime) -> set[int]:
    """The same without those for whom the case does not exist: nobody of them is told of it (safeguard D1)."""
    return at_work_on(session, roles, case_id, now) - set(session.scalars(walled_from(case_id)))


def served_by(session: Session, role: Role, now: datetime) -> set[int]:
    """The agencies in which somebody holds ``role`` now."""
    return {row.agency_id for row in in_office(session, (role,), now)}


def roles_held(session: Session, email: str, roles: Iterable[Role], now: datetime) -> list[Membership]:
    """What the account of this address holds of ``roles`` now, the oldest first; nothing of one that is disabled."""
    theirs = User.email == email.strip().casefold(), Membership.role.in_(sorted(roles))
    found = session.execute(_roles(Membership).where(*theirs).order_by(Membership.id))
    return [row[0] for row in found if holds(row, now)]


def works_at(session: Session, user_id: int, agency_id: int, now: datetime) -> bool:
    """Whether this account holds any role in that agency now."""
    rows = session.execute(_roles().where(Membership.user_id == user_id, Membership.agency_id == agency_id))
    return any(holds(row, now) for row in rows)


def _roles(*columns: Any) -> Select[Any]:
    """Roles of accounts that are not disabled, with what `holds` goes by; ``columns`` first."""
    return (
        select(*columns, Membership.from_on, Membership.until_on, Agency.zone, User.ends_on)
        .select_from(Membership).join(User, User.id == Membership.user_id)
        .join(Agency, Agency.id == Membership.agency_id).where(User.disabled_at.is_(None))
    )  # fmt: skip
