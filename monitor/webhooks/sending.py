"""Sending words to agencies' software: one at a time, claimed with a lease, settled behind a fence, as mail is.

Killed between handing over and writing down, a word goes again under the same webhook-id, so that whoever receives it
drops the repeat. An endpoint that failed is not asked again in the same run: the others' turn comes all the same. Nor
is one that was slow, and a run ends after a while: the same job sends letters, which wait for nobody's machine.
"""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access.in_office import in_office
from monitor.access.roles import Role
from monitor.config import Settings
from monitor.models import Outbox, WebhookEndpoint
from monitor.outbox.mailer import Never, NotNow
from monitor.outbox.notice import notice
from monitor.outbox.sending import LEASE, Clock, Opening, Sent, write_down
from monitor.sealing import SealError
from monitor.webhooks.announcing import CHANNEL, name_of
from monitor.webhooks.reaching import Gone, post, trust_of
from monitor.webhooks.secret import secrets_of
from monitor.webhooks.signing import headers

MOST_A_RUN: Final = 200
RUN: Final = timedelta(seconds=20)  # after which no word is begun; the next minute goes on
SLOW: Final = timedelta(seconds=2)  # an answer that took longer: enough of this endpoint for one run
# how long it waits after each try; after the last it is given up. Three days in all
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))
PAUSE_AFTER: Final = timedelta(days=3)
UNSIGNED: Final = "its secret does not open"


class Parcel(msgspec.Struct, frozen=True):
    """One word on its way. ``attempt`` fences it. ``secrets``: none where the endpoint's does not open here."""

    row: int
    attempt: int
    endpoint: int
    url: str
    key: str
    body: bytes
    secrets: tuple[str, ...]


def send_words(opened: Opening, settings: Settings, clock: Clock) -> Sent:
    """Send what is due, at most `MOST_A_RUN` and for as long as `RUN`. Where the site names no host, nothing moves."""
    done, resting, began = Sent(), set[int](), clock()
    if not settings.webhook_hosts:
        return done
    trust = trust_of(settings)
    for _ in range(MOST_A_RUN):
        if (now := clock()) - began >= RUN:
            break
        with opened() as session:
            parcel = claim(session, settings, now, resting)
        if parcel is None:
            break
        asked_at = clock()
        fault = _hand_over(parcel, settings, trust, asked_at)
        now = clock()
        told = partial(settle, settings=settings, parcel=parcel, fault=fault, now=now)
        write_down(opened, told, done)
        if fault is not None or now - asked_at > SLOW:
            resting.add(parcel.endpoint)
    return done


def _hand_over(parcel: Parcel, settings: Settings, trust: ssl.SSLContext, now: datetime) -> Exception | None:
    if not parcel.secrets:
        return NotNow(UNSIGNED)
    try:
        post(parcel.url, parcel.body, headers(parcel.secrets, name_of(parcel.key), now, parcel.body), settings, trust)
    except (NotNow, Never) as fault:
        return fault
    return None


def claim(session: Session, settings: Settings, now: datetime, resting: set[int]) -> Parcel | None:
    """Take the word that has waited longest, of an endpoint that works and is not ``resting``."""
    unclaimed = or_(Outbox.lease_until.is_(None), Outbox.lease_until < now)
    found = session.execute(
        select(Outbox, WebhookEndpoint).join(WebhookEndpoint, WebhookEndpoint.id == Outbox.recipient_id)
        .where(Outbox.channel == CHANNEL, Outbox.state == "DUE", Outbox.due_at <= now, unclaimed,
               WebhookEndpoint.paused_at.is_(None), WebhookEndpoint.ended_at.is_(None),
               WebhookEndpoint.id.not_in(sorted(resting)))
        .order_by(Outbox.due_at, Outbox.id).limit(1).with_for_update(of=Outbox, skip_locked=True)
    ).first()  # fmt: skip
    if found is None:
        return None
    row, endpoint = found
    row.attempt += 1
    row.lease_until = now + LEASE
    session.flush()
    signing = _signing(endpoint, settings, now)
    return Parcel(row.id, row.attempt, endpoint.id, endpoint.url, row.key, row.body.encode(), signing)


def _signing(endpoint: WebhookEndpoint, settings: Settings, now: datetime) -> tuple[str, ...]:
    """None where a secret does not open: that stops its own endpoint, and no other's turn."""
    try:
        return secrets_of(endpoint, settings.secret_key, now)
    except SealError:
        return ()


def settle(
    session: Session, settings: Settings, parcel: Parcel, fault: Exception | None, now: datetime, done: Sent
) -> None:
    """Write down how it went, only where this try still holds the word; and of the endpoint what it tells."""
    over = fault is not None and (isinstance(fault, Never) or parcel.attempt > len(WAITS))
    mine = Outbox.id == parcel.row, Outbox.attempt == parcel.attempt, Outbox.state == "DUE"
    values: dict[str, Any] = {"lease_until": None, "error": str(fault)[:80] if fault else None}
    if fault is None:
        values |= {"state": "SENT", "sent_at": now}
    elif over:
        values |= {"state": "FAILED"}
    else:
        values |= {"due_at": now + WAITS[parcel.attempt - 1]}
    session.execute(update(Outbox).where(*mine).values(values))
    if fault is None:
        done.sent += 1
    else:
        done.given_up, done.put_off = done.given_up + over, done.put_off + (not over)
    _note(session, settings, parcel.endpoint, fault, now)


def _note(session: Session, settings: Settings, number: int, fault: Exception | None, now: datetime) -> None:
    endpoint = session.get(WebhookEndpoint, number)
    if endpoint is None:
        return
    if fault is None:
        endpoint.arrived_at, endpoint.failing_since, endpoint.last_fault = now, None, None
        return
    endpoint.last_fault = str(fault)[:80]
    endpoint.failing_since = endpoint.failing_since or now
    if endpoint.paused_at is not None:
        return
    if isinstance(fault, Gone):
        _pause(session, settings, endpoint, "GONE", now)
    elif now - endpoint.failing_since >= PAUSE_AFTER:
        _pause(session, settings, endpoint, "FAILING", now)


def _pause(session: Session, settings: Settings, endpoint: WebhookEndpoint, why: str, now: datetime) -> None:
    """What waits for it stays; every administrator is told, by "sign in" alone."""
    endpoint.paused_at, endpoint.paused_why = now, why
    for user in sorted({row.user_id for row in in_office(session, (Role.ADMINISTRATOR,), now)}):
        session.add(notice(f"webhook-paused:{endpoint.id}:{now.isoformat()}:{user}", user, now))
    act = audit.Act(
        event="webhook.paused_itself", agency_id=endpoint.agency_id, subjects=(endpoint.id,), detail={"why": why},
        component="job",
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(settings.secret_key), now)
