"""Making, listing and ending calendars, and answering for one: the address is the secret, kept as a keyed hash."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access.auth_sessions import UNSYNCED, memberships_of
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.limits import held, must_wait
from monitor.access.matrix import Seen
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.access.scoped_session import SHOWS
from monitor.calendars.events import events_of
from monitor.calendars.reading import sights
from monitor.calendars.text import calendar_text
from monitor.models import CalendarFeed, Court, Judge, User
from monitor.sealing import derive_key

KIND_OF: Final = {Role.OFFICER: "OFFICER", Role.PROGRAM: "PROGRAM"}  # of the bench it is chosen: a court or a judge
COUNT: Final = "COUNT"
STYLES: Final = {COUNT: "How many are heard: DV review ×14", "INITIALS": "Initials and case number: M.D. 25-CR-0417"}
AT_ONCE: Final = 10  # calendars that one account may have
TITLE: Final = "Court dates"
READ: Final = "calendar.read"
SEEN: Final = frozenset({Seen.IDENTITY, Seen.HEARINGS})


class FeedLine(msgspec.Struct, frozen=True):
    """One calendar in its owner's list."""

    id: int
    of: str
    style: str
    made_at: datetime
    used_at: datetime | None


class Answered(msgspec.Struct, frozen=True):
    """What a request for a calendar gets: its bytes, or how long to wait."""

    content: bytes = b""
    wait: timedelta | None = None


def styles(door: Door) -> dict[str, str]:
    """What a line may say: a count; initials and number only where the site has decided so (B1, B11)."""
    return STYLES if door.settings.calendar_initials else {COUNT: STYLES[COUNT]}


def _style(door: Door, feed: CalendarFeed) -> str:
    """As the site has it now, not as it was when the calendar was made."""
    return feed.style if feed.style in styles(door) else COUNT


def choices(door: Door, who: Identity) -> list[tuple[str, str]]:
    """(code, words) of the calendars that this person may make: COURT:id, JUDGE:id, or the one of their role."""
    if who.role in KIND_OF:
        whose = "my" if who.role is Role.OFFICER else "our"
        return [(KIND_OF[who.role], f"Court dates of {whose} people")]
    with door.database.system("which courts and judges there are", writes=False) as session:
        courts = session.execute(select(Court.id, Court.name).where(Court.agency_id == who.agency_id)).all()
        judges = session.execute(select(Judge.id, Judge.name).where(Judge.agency_id == who.agency_id)).all()
    return [
        *((f"COURT:{row.id}", row.name) for row in sorted(courts, key=lambda one: one.name)),
        *((f"JUDGE:{row.id}", f"Judge {row.name}") for row in sorted(judges, key=lambda one: one.name)),
    ]  # fmt: skip


def feeds_of(door: Door, who: Identity) -> list[FeedLine]:
    """The calendars of this person in this role that work."""
    words = dict(choices(door, who))
    with door.database.system("whose calendars", writes=False) as session:
        rows = session.scalars(_mine(who).order_by(CalendarFeed.made_at))
        return [FeedLine(one.id, _of(one, words), STYLES[_style(door, one)], one.made_at, one.used_at) for one in rows]


def _mine(who: Identity) -> Select[CalendarFeed]:
    same = CalendarFeed.user_id == who.user_id, CalendarFeed.role == who.role.value
    return select(CalendarFeed).where(*same, CalendarFeed.agency_id == who.agency_id, CalendarFeed.revoked_at.is_(None))


def _of(one: CalendarFeed, words: dict[str, str]) -> str:
    code = f"{one.kind}:{one.about_id}" if one.about_id else one.kind
    return words.get(code, "Court dates") + (f", {one.room}" if one.room else "")


def make(door: Door, who: Identity, code: str, room: str, style: str, now: datetime) -> str | None:
    """A new calendar; its token, shown once. None: there is no such choice, or there are ten already."""
    if code not in dict(choices(door, who)) or style not in styles(door) or len(room) > 20:
        return None
    kind, _, about = code.partition(":")
    token = secrets.token_urlsafe(32)
    with door.database.system("a calendar for its owner") as session, session.begin():
        if len(session.scalars(_mine(who)).all()) >= AT_ONCE:
            return None
        row = CalendarFeed(
            agency_id=who.agency_id, user_id=who.user_id, role=who.role.value, kind=kind, style=style, made_at=now,
            about_id=int(about) if about else None, room=room.strip() if kind == "COURT" else "",
            token_hash=_hash_of(token, door.secret), revoked_at=None, used_at=None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        record(session, door, "calendar.made", who.user_id, now, who=who, subjects=(row.id,), kind=kind, style=style)
    return token


def revoke(door: Door, who: Identity, feed_id: int, now: datetime) -> bool:
    """End one of one's own; False: there is none."""
    with door.database.system("the end of a calendar") as session, session.begin():
        row = session.scalar(_mine(who).where(CalendarFeed.id == feed_id))
        if row is None:
            return False
        row.revoked_at = now
        record(session, door, "calendar.revoked", who.user_id, now, who=who, subjects=(row.id,))
    return True


def answer(door: Door, token: str, now: datetime) -> Answered | None:
    """The calendar behind an address; None: there is none that works, for whatever reason."""
    with door.database.system("whose calendar is this", writes=False) as session:
        feed = session.scalar(
            select(CalendarFeed).where(
                CalendarFeed.token_hash == _hash_of(token, door.secret), CalendarFeed.revoked_at.is_(None)
            )
        )
        if feed is None or not _still_holds(session, feed, now):
            return None
        session.expunge(feed)
    mark = audit.session_mark(feed.token_hash)
    if wait := must_wait(door.database, feed.user_id, mark, READ, now, door.settings.acts_per_minute):
        return Answered(wait=wait)
    scope = Scope(user_id=feed.user_id, role=feed.role, agency_id=feed.agency_id)
    with door.database.scoped(scope) as scoped:
        scoped.info[SHOWS] = SEEN
        found = sights(scoped, feed, now)
    events = events_of(found, feed.kind, _style(door, feed), door.settings.base_url.rstrip("/"))
    if wait := _noted(door, feed, len(events), mark, now):
        return Answered(wait=wait)
    return Answered(content=calendar_text(TITLE, events))


def _still_holds(session: Session, feed: CalendarFeed, now: datetime) -> bool:
    """Whether its owner could sign in there in that role: the one rule of sign-in says when an account or role ends."""
    disabled = select(User.id).where(User.id == feed.user_id, User.disabled_at.is_not(None))
    held = {(row.role, row.agency_id) for row in memberships_of(session, feed.user_id, now)}
    return (feed.role, feed.agency_id) in held and session.scalar(disabled) is None


def _noted(door: Door, feed: CalendarFeed, events: int, mark: str, now: datetime) -> timedelta | None:
    """The reading put on record; or how long to wait, where others that came in the same instant used up the hour."""
    act = audit.Act(
        event=READ, user_id=feed.user_id, agency_id=feed.agency_id, subjects=(feed.id,), detail={"events": events},
        request_id=door.request_id, session_mark=mark,
    )  # fmt: skip
    with door.database.system("a calendar was read") as session, session.begin():
        if wait := held(session, feed.user_id, None, mark, READ, now, door.settings.acts_per_minute):
            return wait
        session.execute(
            update(CalendarFeed).where(CalendarFeed.id == feed.id).values(used_at=now), execution_options=UNSYNCED
        )
        audit.append(session, act, audit.audit_key(door.secret), now)
    return None


def _hash_of(token: str, site_secret: str) -> bytes:
    """Keyed as machines' secrets are, apart by its first word: a ring of keys of an older version still reads."""
    return hmac.digest(derive_key(site_secret, "machines"), f"calendar {token}".encode(), "sha256")
