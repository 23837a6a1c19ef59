"""What everything about identity needs of the site and of the request it happens in; and how it is recorded."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access.identity import Identity
from monitor.config import Settings
from monitor.db import Database


class Door(msgspec.Struct, frozen=True):
    """The site's database and settings, and where a request came from. ``browser``: a coarse name for lists."""

    database: Database
    settings: Settings
    request_id: str | None = None
    asked_from: str | None = None
    browser: str = ""

    @property
    def secret(self) -> str:
        """The site's secret, from which keys are derived."""
        return self.settings.secret_key


def record(
    session: Session, door: Door, event: str, user_id: int | None, now: datetime, *, refused: bool = False,
    who: Identity | None = None, subjects: tuple[int, ...] = (), **detail: str | int | bool,
) -> None:  # fmt: skip
    """Write an act of signing in, or about an account, into the caller's transaction. Call it last."""
    act = audit.Act(
        event=event, user_id=user_id, request_id=door.request_id, asked_from=door.asked_from, subjects=subjects,
        agency_id=who.agency_id if who else None, session_mark=audit.session_mark(who.session) if who else None,
        outcome=audit.Outcome.DENIED if refused else audit.Outcome.DONE, detail=detail,
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(door.secret), now)
