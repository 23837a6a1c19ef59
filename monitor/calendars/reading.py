"""The hearings of a calendar, read through the scope of the one it belongs to: what is hidden is not there."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.calendars.events import Sight
from monitor.clock import local_day
from monitor.models import Assignment, CalendarFeed, Case, Court, EarlierHearing, Hearing, Person

BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=400)


def sights(session: ScopedSession, feed: CalendarFeed, now: datetime) -> list[Sight]:
    """Every version of the hearings of the feed in its window, oldest first."""
    ids = select(Hearing.id).where(Hearing.starts_at > now - BACK, Hearing.starts_at < now + AHEAD)
    moved = select(EarlierHearing.hearing_id).where(
        EarlierHearing.starts_at > now - BACK, EarlierHearing.starts_at < now + AHEAD
    )
    of_feed = (Hearing.id.in_(ids) | Hearing.id.in_(moved)), *_own(session, feed)
    rows = session.execute(
        select(Hearing.id, Hearing.case_id, Hearing.court_id, Hearing.judge_id, Hearing.room, Hearing.starts_at,
               Hearing.outcome, Hearing.recorded_at, Case.number, Person.given_name, Person.family_name)
        .join(Case, Case.id == Hearing.case_id).join(Person, Person.id == Case.person_id).where(*of_feed)
        .order_by(Hearing.starts_at, Hearing.id)
    ).all()  # fmt: skip
    courts = {row.id: row for row in session.execute(select(Court.id, Court.code, Court.zone))}
    earlier = _earlier(session, [row.id for row in rows])
    found = [
        one for row in rows for one in _versions(row, earlier.get(row.id, []), courts) if _is_of(one, feed)
    ]  # fmt: skip
    if feed.kind != "OFFICER":
        return found
    held = _held(session)
    recorded = {row.id: (row.case_id, row.recorded_at) for row in rows}
    return [told for one in found if (told := _as_held(one, *recorded[one.hearing_id], held)) is not None]


def _own(session: ScopedSession, feed: CalendarFeed) -> tuple[Any, ...]:
    """Whose: of an officer the cases that are or were assigned; of a court or judge all are looked through."""
    if feed.kind != "OFFICER":
        return ()
    mine = select(Assignment.case_id).where(Assignment.user_id == session.scope.user_id)
    return (Hearing.case_id.in_(mine),)


def _held(session: ScopedSession) -> dict[int, list[Any]]:
    """By case, the officer's own assignments, oldest first."""
    told = select(Assignment.case_id, Assignment.from_on, Assignment.until_on).where(
        Assignment.user_id == session.scope.user_id
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(told.order_by(Assignment.from_on, Assignment.id)):
        found.setdefault(row.case_id, []).append(row)
    return found


def _as_held(one: Sight, case_id: int, recorded_at: datetime, held: dict[int, list[Any]]) -> Sight | None:
    """The hearing as its officer's calendar has it: taken off since the case went to somebody else.

    None: it was set after the case had left, and was never in this calendar. One that was heard before stays.
    """
    spans = held[case_id]
    ended = [row.until_on for row in spans if row.until_on is not None and row.until_on <= one.day]
    if len(ended) < len(spans):
        return msgspec.structs.replace(one, away=len(ended))
    if local_day(recorded_at, one.zone) > ended[-1]:
        return None
    left_at = datetime.combine(ended[-1], time(), ZoneInfo(one.zone))
    return msgspec.structs.replace(one, away=len(ended) - 1, stands=False, known_at=max(one.known_at, left_at))


def _is_of(one: Sight, feed: CalendarFeed) -> bool:
    if feed.kind == "JUDGE":
        return one.judge_id == feed.about_id
    if feed.kind == "COURT":
        return one.court_id == feed.about_id and feed.room in ("", one.room)
    return True


def _earlier(session: ScopedSession, hearings: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    told = select(
        EarlierHearing.hearing_id, EarlierHearing.court_id, EarlierHearing.judge_id, EarlierHearing.room,
        EarlierHearing.starts_at, EarlierHearing.outcome, EarlierHearing.until_at,
    ).where(EarlierHearing.hearing_id.in_(hearings)).order_by(EarlierHearing.until_at, EarlierHearing.id)  # fmt: skip
    for row in session.execute(told):
        found.setdefault(row.hearing_id, []).append(row)
    return found


def _versions(row: Any, earlier: list[Any], courts: dict[int, Any]) -> list[Sight]:
    """What the hearing said before, each until it changed, and what it says now since the last change."""
    since = earlier[-1].until_at if earlier else row.recorded_at
    steps = [(one, one.until_at, False) for one in earlier] + [(row, since, True)]
    initials = "".join(f"{part[:1].upper()}." for part in (row.given_name, row.family_name) if part)
    return [
        Sight(
            hearing_id=row.id, court_id=one.court_id, court_code=courts[one.court_id].code, judge_id=one.judge_id,
            zone=courts[one.court_id].zone, room=one.room, starts_at=one.starts_at, outcome=one.outcome,
            known_at=at, stands=stands, number=row.number, initials=initials,
        )
        for one, at, stands in steps
    ]  # fmt: skip
