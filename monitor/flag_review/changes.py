"""What happened to a flag since a reviewer's page was drawn, in sentences for the answer 409."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.flag_review.page import STATES, FlagPage
from monitor.flag_review.words import tell
from monitor.models import Span


def changes_since(session: ScopedSession, page: FlagPage, token: str, now: datetime) -> tuple[str, ...]:
    """Sentences, newest knowledge last; never empty."""
    version, _, last = token.partition(".")
    said = [*_content(session, page, version, now), *_decided(page, last)]
    return tuple(said) or (f"It now stands so: {STATES[page.state].lower()}.",)


def _content(session: ScopedSession, page: FlagPage, version: str, now: datetime) -> Iterator[str]:
    if version == page.version:
        return
    before: dict[str, Any] | None = session.scalar(
        select(Span.content).where(Span.key == page.key, Span.version == version).limit(1)
    )
    if before is not None and (old := tell(page.code, before, now).sentence) != page.sentence:
        yield f"It said: {old} It now says: {page.sentence}"
    else:
        yield "The rows that it rests on have changed."


def _decided(page: FlagPage, last: str) -> Iterator[str]:
    newest = page.reviews[0] if page.reviews else None
    if newest is None:
        return
    if newest.undone_at is not None and str(newest.id) == last:
        yield f"{newest.who}'s review was undone."
    elif newest.undone_at is None and str(newest.id) != last:
        words = f": {newest.words}" if newest.words else ""
        yield f"{newest.who} {newest.said}{words}"
