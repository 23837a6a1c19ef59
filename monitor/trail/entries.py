"""Entries of the trail as a page lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from monitor.models import AuditEntry, User
from monitor.trail.wording import OUTCOMES, event_in_words

MOST = 500


class Entry(msgspec.Struct, frozen=True):
    """One act in words. ``who`` is empty on one's own trail, ``what_became`` where it was simply done."""

    at: datetime
    who: str
    what: str
    what_became: str


def entries(session: Session, *where: ColumnElement[bool], named: bool = True) -> list[Entry]:
    """At most `MOST` entries that ``where`` picks out of what the session's scope reaches, newest first."""
    found = session.execute(
        select(AuditEntry.at, AuditEntry.user_id, AuditEntry.event, AuditEntry.outcome, AuditEntry.detail)
        .where(*where)
        .order_by(AuditEntry.at.desc(), AuditEntry.number.desc())
        .limit(MOST)
    ).all()
    names = names_of(session, {row.user_id for row in found if row.user_id}) if named else {}
    return [
        Entry(
            row.at, names.get(row.user_id) or _machine(row.detail) if named else "", event_in_words(row.event),
            OUTCOMES.get(row.outcome, ""),
        )
        for row in found
    ]  # fmt: skip


def _machine(detail: Mapping[str, Any]) -> str:
    """No person: a program's machine by its name, or our own."""
    return f"The machine {detail['machine']}" if "machine" in detail else "This machine"


def names_of(session: Session, users: Iterable[int]) -> dict[int, str]:
    """Names of the people who work here, by user id."""
    found = session.execute(select(User.id, User.name).where(User.id.in_(sorted(users))))
    return {row.id: row.name for row in found}


def on_day(day: date, zone: str) -> ColumnElement[bool]:
    """The condition that picks the entries of one local day."""
    start, end = (datetime.combine(one, time(), ZoneInfo(zone)) for one in (day, day + timedelta(days=1)))
    return (AuditEntry.at >= start) & (AuditEntry.at < end)
