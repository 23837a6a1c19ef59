"""Incidents begun and not filed: their writer's alone, and shown to the writer once a day has passed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide, writing_for_others
from monitor.models import IncidentDraft, random_id
from monitor.models.base import is_id
from monitor.verify.finding import walled_off
from monitor.verify.verifying import Whom

LATE: Final = timedelta(hours=24)
KEPT_FOR: Final = timedelta(days=30)
KEPT: Final = ("number", "on", "hour", "touched", "offence", "weapon", "strangulation", "accounts")


class Draft(msgspec.Struct, frozen=True):
    """One draft, by its number. ``late``: it was begun a day ago or more and is not filed."""

    id: int
    number: str
    kept_at: datetime
    late: bool


def keep(session: ScopedSession, whom: Whom, told: Mapping[str, str], now: datetime) -> int:
    """Keep the coded fields; its id."""
    scope = session.scope
    row = IncidentDraft(
        id=random_id(), case_id=whom.case_id, agency_id=scope.agency_id, user_id=scope.user_id, order_id=whom.order_id,
        content={name: told[name] for name in KEPT if told.get(name)}, kept_at=now,
    )  # fmt: skip
    with writing_for_others(session, "a draft about a case that another agency shares"):
        session.add(row)
    return row.id


def mine(session: ScopedSession, draft_id: int) -> IncidentDraft | None:
    """The writer's own draft."""
    return session.scalar(_own(session).where(IncidentDraft.id == draft_id)) if is_id(draft_id) else None


def drafts(session: ScopedSession, now: datetime) -> tuple[Draft, ...]:
    """The writer's own, the oldest first; those about a case that does not exist for them are not there."""
    rows = session.scalars(_own(session).order_by(IncidentDraft.kept_at)).all()
    return tuple(
        Draft(row.id, str(row.content.get("number", "")), row.kept_at, row.kept_at <= now - LATE) for row in rows
    )


def drop(session: ScopedSession, draft_id: int) -> bool:
    """It was filed, or is not wanted any more; False: there is none."""
    row = mine(session, draft_id)
    if row is None:
        return False
    with writing_for_others(session, "a draft about a case that another agency shares"):
        session.delete(row)
    return True


def drop_old(session: Session, now: datetime) -> int:
    """Remove drafts of a month ago; how many."""
    done = session.execute(delete(IncidentDraft).where(IncidentDraft.kept_at < now - KEPT_FOR))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]


def _own(session: ScopedSession) -> Select[IncidentDraft]:
    with looking_wide(session, "which cases do not exist for whoever kept a draft"):
        walled = walled_off(session)
    return select(IncidentDraft).where(
        IncidentDraft.user_id == session.scope.user_id, IncidentDraft.case_id.not_in(walled)
    )
