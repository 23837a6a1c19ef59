"""Named lists of the caseload: one's own, one press, and in the address nothing but codes."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.models import SavedView
from monitor.models.base import is_id, random_id

MOST: Final = 12
LONGEST: Final = 40


class View(msgspec.Struct, frozen=True):
    """One list. ``path``: where it is, in codes."""

    id: int
    name: str
    path: str


def path_of(filters: tuple[str, ...], order: str, team: bool) -> str:
    """The address of a list."""
    return "&".join(
        [f"/caseload?team={str(team).lower()}", *(f"only={name}" for name in filters), f"sort={order}"]
    )


def views(session: ScopedSession) -> tuple[View, ...]:
    """The reader's own, by name."""
    rows = session.scalars(select(SavedView).order_by(SavedView.name, SavedView.id)).all()
    return tuple(View(row.id, row.name, path_of(tuple(row.filters), row.order, row.team)) for row in rows)


def save(session: ScopedSession, name: str, filters: tuple[str, ...], order: str, team: bool) -> str:
    """Keep a list, in place of one of the same name; what is wrong, or ""."""
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= LONGEST:
        return f"Give it a name of at most {LONGEST} characters."
    mine = session.scalars(select(SavedView)).all()
    row = next((one for one in mine if one.name == name), None)
    if row is None:
        if len(mine) >= MOST:
            return f"You have {MOST} lists. Drop one first."
        scope = session.scope
        row = SavedView(id=random_id(), agency_id=scope.agency_id, user_id=scope.user_id, name=name)
        session.add(row)
    row.filters, row.order, row.team = list(filters), order, team
    session.flush()
    return ""


def drop(session: ScopedSession, view_id: int) -> bool:
    """Forget one of the reader's own; False: there is none."""
    row = session.get(SavedView, view_id) if is_id(view_id) else None
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True
