"""Officers and supervisors with a live account: who may hold cases, stand in, or be trained."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from monitor.access.in_office import in_office
from monitor.access.roles import Role

OFFICERS: Final = (Role.OFFICER, Role.OFFICER_SUPERVISOR)


class Colleague(msgspec.Struct, frozen=True):
    """Somebody by name; in a list over all offices the office stands behind it."""

    id: int
    name: str


def colleagues(session: Session, now: datetime, agency_id: int | None = None) -> tuple[Colleague, ...]:
    """Those in office now, of one office by name; None: of every office that this session sees."""
    rows = in_office(session, OFFICERS, now, None if agency_id is None else (agency_id,))
    found = {row.user_id: row.name if agency_id is not None else f"{row.name}, {row.agency}" for row in rows}
    return tuple(Colleague(*one) for one in sorted(found.items(), key=lambda one: (one[1].casefold(), one[0])))
