"""The administrator's acts on endpoints of agencies' software, each a transaction with its entry in the trail."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.models import Agency, Outbox, WebhookEndpoint, random_id
from monitor.webhooks.announcing import CHANNEL, word
from monitor.webhooks.kinds import PING, fits
from monitor.webhooks.reaching import AddressError, checked
from monitor.webhooks.secret import keep_secret, replace_secret
from monitor.webhooks.signing import new_secret


class EndpointError(ValueError):
    """What was asked cannot be done. ``field``: of the form; the text says why, in one sentence."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class NewEndpoint(msgspec.Struct, frozen=True):
    """An endpoint to add: the code of its agency, where it is, and what it asks for."""

    agency: str
    url: str
    kinds: tuple[str, ...]


class Shown(msgspec.Struct, frozen=True):
    """What is handed over, once: there is no way to see it again."""

    url: str
    secret: str


def add(door: Door, who: Identity, new: NewEndpoint, now: datetime) -> Shown:
    """Add one. Raises `EndpointError`."""
    try:
        checked(new.url, door.settings)
    except AddressError as error:
        raise EndpointError("url", str(error)) from None
    with door.database.system("add an endpoint of an agency's software") as session, session.begin():
        agency = session.scalar(select(Agency).where(Agency.code == new.agency))
        if agency is None:
            raise EndpointError("agency", "Choose the agency.")
        if not new.kinds or not all(fits(kind, agency.kind) for kind in new.kinds):
            raise EndpointError("kinds", "Choose what it is told, of what this agency can be told.")
        made = WebhookEndpoint(
            id=random_id(), agency_id=agency.id, url=new.url, kinds=sorted(set(new.kinds)), sealed_earlier=None,
            earlier_until=None, made_by_id=who.user_id, made_at=now,
        )  # fmt: skip
        keep_secret(made, secret := new_secret(), door.secret)
        session.add(made)
        session.flush()
        record(session, door, "webhook.added", who.user_id, now, who=who, subjects=(made.id,))
    return Shown(new.url, secret)


def replace(door: Door, who: Identity, number: int, now: datetime) -> Shown | None:
    """Another secret; the one before signs beside it for a week. None: there is no such endpoint."""
    secret = new_secret()

    def act(_session: Session, endpoint: WebhookEndpoint) -> None:
        replace_secret(endpoint, secret, door.secret, now)

    found = _change(door, who, number, now, "webhook.secret_replaced", act)
    return Shown(found, secret) if found else None


def test(door: Door, who: Identity, number: int, now: datetime) -> bool:
    """Write a test for it, which the scheduler sends like any other word."""

    def act(session: Session, endpoint: WebhookEndpoint) -> None:
        session.add(word(f"{PING}:{secrets.token_hex(8)}:{CHANNEL}:{endpoint.id}", endpoint.id, PING, now))

    return bool(_change(door, who, number, now, "webhook.tested", act))


def pause(door: Door, who: Identity, number: int, now: datetime) -> bool:
    """Send it nothing until it is resumed; what is written meanwhile waits."""

    def act(_session: Session, endpoint: WebhookEndpoint) -> None:
        if endpoint.paused_at is None:
            endpoint.paused_at, endpoint.paused_why = now, "PERSON"

    return bool(_change(door, who, number, now, "webhook.paused", act))


def resume(door: Door, who: Identity, number: int, now: datetime) -> bool:
    """Send again, what waited first."""

    def act(_session: Session, endpoint: WebhookEndpoint) -> None:
        endpoint.paused_at = endpoint.paused_why = endpoint.failing_since = endpoint.last_fault = None

    return bool(_change(door, who, number, now, "webhook.resumed", act))


def end(door: Door, who: Identity, number: int, now: datetime) -> bool:
    """End it for good; what waited for it is not sent."""

    def act(session: Session, endpoint: WebhookEndpoint) -> None:
        endpoint.ended_at = now
        waits = Outbox.channel == CHANNEL, Outbox.recipient_id == endpoint.id, Outbox.state != "SENT"
        session.execute(update(Outbox).where(*waits).values(state="DROPPED", lease_until=None))

    return bool(_change(door, who, number, now, "webhook.ended", act))


def send_again(door: Door, who: Identity, number: int, now: datetime) -> bool:
    """Put one word that was given up back in line, under the id it had; False: there is none."""
    values = {"state": "DUE", "due_at": now, "attempt": 0, "lease_until": None}
    return _decide(door, who, number, now, "webhook.word_sent_again", values)


def give_up(door: Door, who: Identity, number: int, now: datetime) -> bool:
    """Decide that one word is not sent any more; False: there is none."""
    return _decide(door, who, number, now, "webhook.word_dropped", {"state": "DROPPED"})


def _change(
    door: Door, who: Identity, number: int, now: datetime, event: str, act: Callable[[Session, WebhookEndpoint], None]
) -> str:
    """The endpoint's address once the act is done, "" where there is none that has not ended."""
    with door.database.system(f"an endpoint: {event}") as session, session.begin():
        live = WebhookEndpoint.id == number, WebhookEndpoint.ended_at.is_(None)
        endpoint = session.scalar(select(WebhookEndpoint).where(*live).with_for_update())
        if endpoint is None:
            return ""
        act(session, endpoint)
        session.flush()
        record(session, door, event, who.user_id, now, who=who, subjects=(number,))
        return endpoint.url


def _decide(door: Door, who: Identity, number: int, now: datetime, event: str, values: dict[str, Any]) -> bool:
    with door.database.system(f"a word that was given up: {event}") as session, session.begin():
        which = Outbox.id == number, Outbox.channel == CHANNEL, Outbox.state == "FAILED"
        found: Sequence[int] = session.scalars(update(Outbox).where(*which).values(values).returning(Outbox.id)).all()
        if not found:
            return False
        record(session, door, event, who.user_id, now, who=who, subjects=(number,))
    return True
