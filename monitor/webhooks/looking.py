"""What an administrator sees of endpoints: whose, where, how they are, what waits, and what was given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.db import Database
from monitor.models import Agency, Outbox, WebhookEndpoint
from monitor.webhooks.announcing import CHANNEL, label_of
from monitor.webhooks.kinds import KINDS, KINDS_OF_AGENCY

MOST: Final = 50
PAUSED: Final[Mapping[str, str]] = {
    "FAILING": "Paused: nothing arrived for three days", "GONE": "Paused: it says that it is gone",
    "PERSON": "Paused by an administrator", "RESTORED": "Paused: a copy of the record was put back",
}  # fmt: skip


class EndpointLine(msgspec.Struct, frozen=True):
    """One endpoint. ``state``: in words. ``waiting``: words written and not sent."""

    id: int
    agency: str
    url: str
    told: tuple[str, ...]
    state: str
    paused: bool
    waiting: int
    arrived_at: datetime | None
    last_fault: str
    earlier_until: datetime | None


class LostWord(msgspec.Struct, frozen=True):
    """A word that was given up. ``fault``: its kind, never what the receiver said."""

    id: int
    agency: str
    url: str
    why: str
    tries: int
    fault: str
    tried_at: datetime


class Endpoints(msgspec.Struct, frozen=True):
    """The administrator's page. ``agencies``: (code, name) of those that may have one; ``kinds``: (code, words)."""

    endpoints: list[EndpointLine]
    lost: list[LostWord]
    agencies: list[tuple[str, str]]
    kinds: list[tuple[str, str]]


def endpoints_of(database: Database, now: datetime) -> Endpoints:
    """All endpoints that have not ended, and what was given up."""
    with database.system("endpoints of agencies' software", writes=False) as session:
        names = select(Agency.code, Agency.name).where(Agency.kind.in_(KINDS_OF_AGENCY)).order_by(Agency.name)
        agencies = [(code, name) for code, name in session.execute(names)]
        return Endpoints(_lines(session, now), _lost(session), agencies, [(one, KINDS[one].label) for one in KINDS])


def given_up(session: Session) -> int:
    """How many words to agencies' software were given up and wait for a person."""
    lost = select(func.count(Outbox.id)).where(Outbox.channel == CHANNEL, Outbox.state == "FAILED")
    return session.scalar(lost) or 0


def _lines(session: Session, now: datetime) -> list[EndpointLine]:
    waits = select(Outbox.recipient_id, func.count(Outbox.id)).where(Outbox.channel == CHANNEL, Outbox.state == "DUE")
    waiting = {number: count for number, count in session.execute(waits.group_by(Outbox.recipient_id))}
    rows = session.execute(
        select(WebhookEndpoint, Agency.name).join(Agency, Agency.id == WebhookEndpoint.agency_id)
        .where(WebhookEndpoint.ended_at.is_(None)).order_by(Agency.name, WebhookEndpoint.url, WebhookEndpoint.id)
    )  # fmt: skip
    return [
        EndpointLine(
            one.id, agency, one.url, tuple(label_of(kind) for kind in one.kinds), _state(one),
            one.paused_at is not None, waiting.get(one.id, 0), one.arrived_at, one.last_fault or "",
            one.earlier_until if one.earlier_until and one.earlier_until > now else None,
        )
        for one, agency in rows
    ]  # fmt: skip


def _state(one: WebhookEndpoint) -> str:
    if one.paused_why:
        return PAUSED[one.paused_why]
    if one.failing_since:
        return "Does not answer as it should"
    return "Works" if one.arrived_at else "Nothing sent yet"


def _lost(session: Session) -> list[LostWord]:
    rows = session.execute(
        select(Outbox, WebhookEndpoint.url, Agency.name)
        .join(WebhookEndpoint, WebhookEndpoint.id == Outbox.recipient_id)
        .join(Agency, Agency.id == WebhookEndpoint.agency_id)
        .where(Outbox.channel == CHANNEL, Outbox.state == "FAILED").order_by(Outbox.due_at, Outbox.id).limit(MOST)
    )  # fmt: skip
    return [
        LostWord(row.id, agency, url, row.why, row.attempt, row.error or "", row.due_at)
        for row, url, agency in rows
    ]  # fmt: skip
