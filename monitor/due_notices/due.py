"""The desk's list: what is due now, the most pressing first; and what was answered so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.due_notices.events import Event, Key, events_of
from monitor.due_notices.words import TITLES
from monitor.local_law import NOTHING_SET, LocalLaw
from monitor.models import Case, Court, NoticeAnswer, OrderVersion, Person
from monitor.names import last_first

# told once they stand on record; should the record say otherwise later, that is due, too
CORRECTED: Final = frozenset({
    "RESULT", "ORDER_SERVED", "ORDER_CHANGED", "ORDER_ENDED", "WARRANT", "WARRANT_OVER", "CUSTODY", "RELEASE",
    "FINDING", "WITHDRAWN",
})  # fmt: skip
PRESSING: Final = frozenset({"WARRANT", "CUSTODY", "RELEASE"})
OLD: Final = timedelta(days=30)  # where the law gives notice unasked: no older event falls due
HEARINGS: Final = ("HEARING_SET", "HEARING_MOVED")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing due. ``tries``: attempts so far. ``soon``: a hearing of today or tomorrow that nobody told of yet."""

    case_id: int
    number: str
    name: str
    zone: str
    event: Event
    tries: int
    soon: bool
    wanted: str

    @property
    def title(self) -> str:
        """What it is."""
        return TITLES[self.event.kind]

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """First a hearing that is near, then a filing that waits, then warrants and custody, then by age."""
        kind = self.event.kind
        place = 0 if self.soon else 1 if kind == "SAFETY" else 2 if kind in PRESSING else 5 if kind == "STANDING" else 3
        return place + (place >= 2 and self.tries > 0), self.event.known_at, self.event.about_id


class Known(msgspec.Struct, frozen=True):
    """A case as its answers stand: the standing answer ("" none was given) since when, and the rest by event."""

    wanted: str
    since: datetime | None
    answers: dict[Key, list[NoticeAnswer]]


def due_of(
    session: ScopedSession, now: datetime, law: LocalLaw = NOTHING_SET, case_id: int | None = None
) -> tuple[Item, ...]:
    """Over all cases that the office shares, or of one. ``law``: whether notice is given without request, and which
    reports have left everyday view."""
    cases = {row.id: row for row in session.execute(_cases(case_id))}
    zones = {number: row.zone for number, row in cases.items()}
    events: dict[int, list[Event]] = defaultdict(list)
    for event in events_of(session, zones, now, law):
        events[event.case_id].append(event)
    known = known_of(session, list(cases))
    orders = _first_orders(session, list(cases))
    found = []
    for number, row in cases.items():
        said, name = known[number], last_first(row.family_name, row.given_name)
        ask = [] if row.closed_on or number not in orders else [_asking(number, orders[number])]
        for event in _due(said, events[number], ask, law.notices_unasked, now):
            tries = _tries(said.answers.get(event.key, ()))
            found.append(Item(case_id=number, number=row.number, name=name, zone=row.zone, event=event, tries=tries,
                              soon=_is_near(event, row.zone, now) and not tries, wanted=said.wanted))  # fmt: skip
    return tuple(sorted(found, key=lambda item: item.rank))


def _cases(case_id: int | None) -> Any:
    columns = Case.id, Case.number, Case.closed_on, Court.zone, Person.family_name, Person.given_name
    told = select(*columns).join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id)
    return told if case_id is None else told.where(Case.id == case_id)


def known_of(session: ScopedSession, cases: Sequence[int]) -> dict[int, Known]:
    """What the office answered, by case; what was taken back is not there."""
    told = select(NoticeAnswer).where(NoticeAnswer.case_id.in_(cases), NoticeAnswer.taken_back_at.is_(None))
    rows: dict[int, list[NoticeAnswer]] = {number: [] for number in cases}
    for row in session.scalars(told.order_by(NoticeAnswer.recorded_at, NoticeAnswer.id)):
        rows[row.case_id].append(row)
    return {number: _known(each) for number, each in rows.items()}


def _known(rows: Iterable[NoticeAnswer]) -> Known:
    wanted, since = "", None
    answers: dict[Key, list[NoticeAnswer]] = defaultdict(list)
    for row in rows:
        if row.kind == "STANDING" and row.answer in ("ASKED", "DECLINED"):
            wanted, since = row.answer, row.recorded_at
        answers[row.kind, row.about_id, row.about_at].append(row)
    return Known(wanted, since, dict(answers))


def _first_orders(session: ScopedSession, cases: Sequence[int]) -> dict[int, datetime]:
    """By case, when the first order came on record: from then on somebody is to be asked."""
    told = select(OrderVersion.case_id, OrderVersion.recorded_at).where(OrderVersion.case_id.in_(cases))
    found: dict[int, datetime] = {}
    for number, at in session.execute(told.order_by(OrderVersion.recorded_at.desc())):
        found[number] = at
    return found


def _asking(case_id: int, since: datetime) -> Event:
    return Event(case_id=case_id, kind="STANDING", about_id=case_id, at=since, known_at=since, words="")


def _due(
    said: Known, events: Sequence[Event], ask: Sequence[Event], unasked: bool, now: datetime
) -> Iterator[Event]:
    """A filing waits whatever was answered, so that nobody learns from its waiting what was (safeguard E4)."""
    wants = said.wanted == "ASKED" or (unasked and not said.wanted)
    yield from () if said.wanted else (one for one in ask if not _is_done(said, one))
    for event in events:
        counts = event.kind == "SAFETY" or (wants and _is_new(event, said.since or now - OLD))
        if counts and not event.sealed and not _is_done(said, event):
            yield event
    yield from _corrections(said, events) if wants else ()


def _is_new(event: Event, since: datetime) -> bool:
    """What was on record before anybody asked for notices is told in that same call; dates ahead fall due."""
    return event.kind in (*HEARINGS, "ORDER_ENDS") or event.known_at >= since


def _is_done(said: Known, event: Event) -> bool:
    last = said.answers.get(event.key, ())
    return any(one.answer in ("REACHED", "NOT_REACHED", "DECLINED") for one in last)


def _tries(answers: Sequence[NoticeAnswer]) -> int:
    return sum(one.answer == "ATTEMPTED" for one in answers)


def _corrections(said: Known, events: Sequence[Event]) -> Iterator[Event]:
    """Somebody was told what the record no longer says."""
    stands = {event.key for event in events}
    for (kind, _about, _at), rows in said.answers.items():
        told = [one for one in rows if one.answer == "REACHED"]
        if kind in CORRECTED and told and (kind, _about, _at) not in stands:
            row = told[-1]
            event = Event(case_id=row.case_id, kind="CORRECTION", about_id=row.id, at=row.recorded_at,
                          known_at=row.recorded_at, words=f"Told as: {TITLES[kind].lower()}")  # fmt: skip
            if not _is_done(said, event):
                yield event


def _is_near(event: Event, zone: str, now: datetime) -> bool:
    return event.kind in HEARINGS and local_day(event.at, zone) <= local_day(now, zone) + timedelta(days=1)
