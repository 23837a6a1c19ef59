"""What a flag said before each change, so that a page of an earlier instant can be drawn again.

Whoever changes a flag first keeps what it says. Flags are questions about spans; spans have a known axis of their own
(`monitor.compliance.replay`), and people's decisions are `Review` rows. This is what of both the flag itself showed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.chunks import parts
from monitor.due_process import DECIDED
from monitor.models import Flag, Review

Row = dict[str, Any]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a flag shows, and may show otherwise after a change."""

    state: str
    contested: bool
    opened_at: datetime
    closed_at: datetime | None
    first_on: date
    due_on: date | None
    response_class: str | None
    owner: str
    code: str
    version: str = ""  # "" where it was not kept yet


class FlagThen(Said, frozen=True, kw_only=True):
    """A flag as it stood at an instant."""

    id: int
    case_id: int


class Earlier(Said, frozen=True, kw_only=True):
    """One entry of ``Flag.earlier``: what the row said until an instant."""

    until: datetime


SAID: Final = Said.__struct_fields__


def keep_earlier(flag: Any, until: datetime) -> list[Any]:
    """``Flag.earlier`` with what the flag says now added, as said until an instant. Call before the change."""
    said = {name: getattr(flag, name) for name in SAID}
    return [*flag.earlier, msgspec.to_builtins(Earlier(until=until, **said))]


def back_to(session: Session, review: Review, now: datetime) -> None:
    """A review stands no longer: its flag is what it was before, unless a correction withdrew it meanwhile."""
    flag = session.get_one(Flag, review.flag_id)
    review.undone_at = now
    if flag.state in DECIDED:
        flag.earlier = keep_earlier(flag, now)
        flag.state = (review.content or {}).get("was", "OPEN")
        flag.owner = (review.content or {}).get("owner_was", flag.owner)


def with_earlier(session: Session, changes: Sequence[Row], until: datetime) -> list[Row]:
    """Changes to flags (rows with ``id``), each with what its flag said before."""
    columns = (Flag.id, Flag.earlier, *(getattr(Flag, name) for name in SAID))
    before = {
        row.id: row
        for part in parts([change["id"] for change in changes])
        for row in session.execute(select(*columns).where(Flag.id.in_(part)))
    }
    return [{**change, "earlier": keep_earlier(before[change["id"]], until)} for change in changes]


def flag_at(flag: Any, known_at: datetime) -> FlagThen | None:
    """What a flag (a row with the columns of `FlagThen`, and ``earlier``) said at an instant; None: not yet there."""
    told = msgspec.convert(flag.earlier, list[Earlier])
    said = next((entry for entry in told if entry.until > known_at), flag)
    if said.opened_at > known_at:
        return None
    return FlagThen(id=flag.id, case_id=flag.case_id, **{name: getattr(said, name) for name in SAID})
