"""Officers and supervisors with a live account: who may hold cases, stand in, or be trained."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.models import Agency, Membership, User

OFFICERS: Final = (Role.OFFICER, Role.OFFICER_SUPERVISOR)


class Colleague(msgspec.Struct, frozen=True):
    """Somebody by name; in a list over all offices the office stands behind it."""

    id: int
    name: str


def colleagues(session: Session, agency_id: int | None = None) -> tuple[Colleague, ...]:
    """Those of one office by name; None: of every office that this session sees."""
    held = (
        select(User.id, User.name, Agency.name.label("office")).join(Membership, Membership.user_id == User.id)
        .join(Agency, Agency.id == Membership.agency_id).distinct()
        .where(Membership.until_on.is_(None), Membership.role.in_([role.value for role in OFFICERS]),
               User.disabled_at.is_(None))
    )  # fmt: skip
    if agency_id is not None:
        held = held.where(Membership.agency_id == agency_id)
    rows = session.execute(held)
    found = {row.id: row.name if agency_id is not None else f"{row.name}, {row.office}" for row in rows}
    return tuple(Colleague(*one) for one in sorted(found.items(), key=lambda one: (one[1].casefold(), one[0])))
