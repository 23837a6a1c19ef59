"""Named lists of the caseload: one's own, one press, and in the address nothing but codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.models import SavedView
from monitor.models.base import is_id, random_id

MOST: Final = 12
LONGEST: Final = 40


class View(msgspec.Struct, frozen=True):
    """One list. ``path``: where it is, in codes."""

    id: int
    name: str
    path: str


LEFT_OUT: Final = "-"  # before the code of a column that a list leaves out


def path_of(filters: tuple[str, ...], order: str, team: bool, without: tuple[str, ...] = ()) -> str:
    """The address of a list: its filters, its order and the columns that it leaves out."""
    return "&".join(
        [
            f"/caseload?team={str(team).lower()}", *(f"only={name}" for name in filters),
            *(f"without={code}" for code in without), f"sort={order}",
        ]
    )  # fmt: skip


def codes_of(filters: tuple[str, ...], without: tuple[str, ...]) -> tuple[str, ...]:
    """As a list is kept: filters, and columns left out with a mark before them."""
    return (*filters, *(f"{LEFT_OUT}{code}" for code in without))


def parts_of(codes: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Filters and columns left out, from `codes_of`."""
    without = tuple(code.removeprefix(LEFT_OUT) for code in codes if code.startswith(LEFT_OUT))
    return tuple(code for code in codes if not code.startswith(LEFT_OUT)), without


def views(session: ScopedSession) -> tuple[View, ...]:
    """The reader's own, by name."""
    rows = session.scalars(select(SavedView).order_by(SavedView.name, SavedView.id)).all()
    found = ((row, *parts_of(row.filters)) for row in rows)
    return tuple(
        View(row.id, row.name, path_of(filters, row.order, row.team, without)) for row, filters, without in found
    )


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
