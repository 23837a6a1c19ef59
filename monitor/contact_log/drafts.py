"""Contacts begun and not saved: kept for their officer, found again after a locked screen, gone after a week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.models import ContactDraft
from monitor.safety_lint import lint

KEPT_FOR: Final = timedelta(days=7)
WORDS: Final = ("note", "because")


def keep(session: ScopedSession, case_id: int, told: Mapping[str, str], now: datetime) -> bool:
    """Keep what is typed so far. Words that the safety lint stops are not kept: False says so."""
    clean = {name: text for name, text in told.items() if text and not (name in WORDS and lint(text))}
    row = draft_of(session, case_id)
    if row is None:
        scope = session.scope
        row = ContactDraft(case_id=case_id, agency_id=scope.agency_id, user_id=scope.user_id)
        session.add(row)
    row.content, row.kept_at = clean, now
    session.flush()
    return all(name in clean for name in WORDS if told.get(name))


def draft_of(session: ScopedSession, case_id: int) -> ContactDraft | None:
    """The reader's own draft about this case."""
    own = ContactDraft.case_id == case_id, ContactDraft.user_id == session.scope.user_id
    return session.scalars(select(ContactDraft).where(*own)).one_or_none()


def drop(session: ScopedSession, case_id: int) -> None:
    """It was saved, or is not wanted any more."""
    if (row := draft_of(session, case_id)) is not None:
        session.delete(row)
        session.flush()


def drop_old(session: Session, now: datetime) -> int:
    """Remove drafts that nobody touched for a week; how many."""
    done = session.execute(delete(ContactDraft).where(ContactDraft.kept_at < now - KEPT_FOR))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]
