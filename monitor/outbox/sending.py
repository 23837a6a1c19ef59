"""Sending what is due: claimed with a lease, handed over outside any transaction, and settled behind a fence.

Killed between handing over and settling, a letter goes out again under the same Message-ID, so that whoever receives it
can drop the repeat; it is never lost and never silently given up (bar J-05). What was sent or given up stands in the
audit trail, in the transaction that settles it (bar G-01): which notices and to whom of the staff, never about what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from monitor import audit
from monitor.again import again
from monitor.clock import local_day
from monitor.compliance.referee import alarm_stands
from monitor.config import Settings
from monitor.models import Agency, Membership, Outbox, User
from monitor.outbox.letter import Letter, as_message
from monitor.outbox.looking import MAIL
from monitor.outbox.mailer import Mailer, Never, NotNow

MORNING: Final = time(7)
LEASE: Final = timedelta(minutes=5)
AT_A_TIME: Final = 20
MOST_TRIES: Final = 10
LONGEST_WAIT: Final = timedelta(hours=1)
DIGEST_WHY: Final = "it is the one letter a day of what waits for you. Your account can turn it off."
Opening = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


class Sent(msgspec.Struct):
    """What a run did: letters handed over, put off, given up for good, and rows that wait for a clean night's check."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    held: int = 0

    def add(self, more: Sent) -> None:
        """Count what one transaction did, once it is kept."""
        self.sent, self.put_off = self.sent + more.sent, self.put_off + more.put_off
        self.given_up, self.held = self.given_up + more.given_up, self.held + more.held


def send_due(opened: Opening, settings: Settings, clock: Clock) -> Sent:
    """Send what is due until nothing is, or until the server is out of reach. Without a mail server nothing moves."""
    done = Sent()
    if not settings.mail_url:
        return done
    with Mailer(settings) as mailer:
        while True:
            with opened() as session:
                letters, done.held = claim(session, settings, clock())
            if not letters:
                return done
            for letter in letters:
                fault = _hand_over(mailer, letter, settings)
                told = partial(settle, settings=settings, letter=letter, fault=fault, now=clock())
                write_down(opened, told, done)


def write_down(opened: Opening, settled: Callable[..., None], done: Sent) -> None:
    """How one went, in a transaction of its own; once more where the database ends it, so that what has gone out does
    not go out a second time for that."""

    def once() -> Sent:
        told = Sent()
        with opened() as session:
            settled(session, done=told)
        return told

    done.add(again(once))


def _hand_over(mailer: Mailer, letter: Letter, settings: Settings) -> Exception | None:
    try:
        message = as_message(letter, settings.mail_from, settings.base_url)
    except (ValueError, LookupError, AttributeError, TypeError) as fault:
        # an address that the mail library cannot read stops its own letter, and no other
        return Never(type(fault).__name__)
    try:
        mailer.send(message)
    except (NotNow, Never) as fault:
        return fault
    return None


def claim(session: Session, settings: Settings, now: datetime) -> tuple[list[Letter], int]:
    """Take what is due, as letters; and how many rows a standing alarm of the nightly check holds back."""
    held, wanted = 0, _free(now)
    if alarm_stands(session):
        held = session.scalar(select(func.count(Outbox.id)).where(_free(now), Outbox.channel == "digest")) or 0
        wanted = wanted & (Outbox.channel != "digest")
    rows = list(session.scalars(
        select(Outbox).where(wanted).order_by(Outbox.due_at, Outbox.id).limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    ))  # fmt: skip
    letters = list(_letters(session, rows, now))
    session.flush()
    _record(session, settings, "notice.given_up", [row for row in rows if row.state == "FAILED"], now)
    return letters, held


def _free(now: datetime) -> ColumnElement[bool]:
    unclaimed = or_(Outbox.lease_until.is_(None), Outbox.lease_until < now)
    return Outbox.channel.in_(MAIL) & (Outbox.state == "DUE") & (Outbox.due_at <= now) & unclaimed


def _letters(session: Session, rows: Iterable[Outbox], now: datetime) -> Iterator[Letter]:
    gathered: dict[int | None, list[Outbox]] = {}
    for row in rows:
        if row.channel == "digest":
            gathered.setdefault(row.recipient_id, []).append(row)
        elif to := _address(session, [row]):
            yield Letter(row.key, to, row.subject, row.body, row.why, (_take(row, now),))
    for recipient, own in gathered.items():
        if recipient is not None and (letter := _digest(session, recipient, own, now)) is not None:
            yield letter


def _digest(session: Session, recipient: int, rows: list[Outbox], now: datetime) -> Letter | None:
    """One letter a day for all that waits: what comes after it goes with tomorrow's."""
    zone = _zone(session, recipient)
    day = local_day(now, zone)
    last = session.scalar(
        select(func.max(Outbox.sent_at)).where(Outbox.recipient_id == recipient, Outbox.channel == "digest")
    )
    if last is not None and local_day(last, zone) == day:
        for row in rows:
            row.due_at = datetime.combine(day + timedelta(days=1), MORNING, ZoneInfo(zone))
        return None
    if not (to := _address(session, rows)):
        return None
    lines = dict.fromkeys(row.body for row in rows)
    count = len(rows)
    subject = rows[0].subject if count == 1 else f"{count} items wait for you"
    body = "\n".join(lines) if len(lines) > 1 or count == 1 else f"{next(iter(lines))} ({count} times)"
    return Letter(
        f"digest:{recipient}:{day}", to, subject, body, DIGEST_WHY, tuple(_take(row, now) for row in rows)
    )  # fmt: skip


def _take(row: Outbox, now: datetime) -> tuple[int, int]:
    row.attempt += 1
    row.lease_until = now + LEASE
    return row.id, row.attempt


def _address(session: Session, rows: Sequence[Outbox]) -> str:
    """Where the recipient is reached; rows for somebody whose account has ended are given up, and say so."""
    user = session.get(User, rows[0].recipient_id) if rows[0].recipient_id else None
    if user is not None and user.disabled_at is None:
        return user.email
    for row in rows:
        row.state, row.error = "FAILED", "no account any more"
    return ""


def _zone(session: Session, user_id: int) -> str:
    zones = select(Agency.zone).join(Membership, Membership.agency_id == Agency.id)
    return session.scalar(zones.where(Membership.user_id == user_id).order_by(Membership.from_on.desc())) or "UTC"


def settle(
    session: Session, settings: Settings, letter: Letter, fault: Exception | None, now: datetime, done: Sent
) -> None:
    """Write down how it went, only where this try still holds the row; what is over stands in the trail."""
    held: list[Any] = []
    for number, attempt in letter.rows:
        mine = Outbox.id == number, Outbox.attempt == attempt, Outbox.state == "DUE"
        written = update(Outbox).where(*mine).values(outcome(fault, attempt, now))
        held += session.execute(written.returning(Outbox.id, Outbox.recipient_id, Outbox.state)).all()
    for event, state in (("notice.sent", "SENT"), ("notice.given_up", "FAILED")):
        _record(session, settings, event, [row for row in held if row.state == state], now)
    if fault is None:
        done.sent += 1
    elif isinstance(fault, Never) or letter.rows[0][1] >= MOST_TRIES:
        done.given_up += 1
    else:
        done.put_off += 1


def _record(session: Session, settings: Settings, event: str, rows: Sequence[Any], now: datetime) -> None:
    """An entry for notices that went one way together, with their ids and whose they are. The machine did it."""
    if not (rows and settings.secret_key):
        return
    whose = {row.recipient_id for row in rows if row.recipient_id}
    act = audit.Act(
        event=event, subjects=(*(row.id for row in rows), *sorted(whose)), detail={"notices": len(rows)},
        outcome=audit.Outcome.DONE if event == "notice.sent" else audit.Outcome.FAILED, component="job",
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(settings.secret_key), now)


def outcome(fault: Exception | None, attempt: int, now: datetime) -> dict[str, Any]:
    """What a row says after a try."""
    if fault is None:
        return {"state": "SENT", "sent_at": now, "lease_until": None, "error": None}
    if isinstance(fault, Never) or attempt >= MOST_TRIES:
        return {"state": "FAILED", "lease_until": None, "error": str(fault)[:80]}
    wait = min(timedelta(seconds=30 * 2**attempt), LONGEST_WAIT)
    return {"due_at": now + wait, "lease_until": None, "error": str(fault)[:80]}
