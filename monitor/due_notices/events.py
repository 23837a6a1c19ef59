"""Court events of cases that the reader's office shares: the only source of what is due, and nothing anybody said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import outcome_words
from monitor.current import current
from monitor.due_notices.words import FOUND, WAITING
from monitor.local_law import LocalLaw
from monitor.models import AllegationStep, EarlierHearing, Hearing, Order, OrderVersion, Pause, Service
from monitor.orders.words import CHANGES, KINDS
from monitor.results.recording import UNDO
from monitor.safety_steps import newest
from monitor.wording import moment, short_day

SOON: Final = timedelta(days=14)  # before an order ends
OVER: Final = ("TERMINATED", "VACATED", "EXPIRED")
Key = tuple[str, int, datetime]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell. ``kind``, ``about_id``, ``at`` name it; ``known_at``: since when it is on record."""

    case_id: int
    kind: str
    about_id: int
    at: datetime
    known_at: datetime
    words: str
    sealed: bool = False  # its report has left everyday view (safeguard H3): nothing is told of it, or told anew

    @property
    def key(self) -> Key:
        """What an answer to it names."""
        return self.kind, self.about_id, self.at


def events_of(session: ScopedSession, zones: dict[int, str], now: datetime, law: LocalLaw) -> list[Event]:
    """``zones``: the zone of the court of each case to look at."""
    cases = list(zones)
    found = (
        *_hearings(session, cases, zones, now), *_versions(session, cases, zones, now), *_served(session, cases, zones),
        *_pauses(session, cases, zones), *_findings(session, zones, now, law), *_steps(session, cases),
    )  # fmt: skip
    return [one for one in found if one.known_at <= now]


def _hearings(
    session: ScopedSession, cases: Sequence[int], zones: dict[int, str], now: datetime
) -> Iterator[Event]:
    moved = _moved(session, cases)
    for row in session.scalars(select(Hearing).where(Hearing.case_id.in_(cases))):
        when = moment(row.starts_at, zones[row.case_id])
        told: dict[str, Any] = {"case_id": row.case_id, "about_id": row.id}
        if row.outcome is None and row.starts_at > now:
            before = moved.get(row.id, [])
            was = [day for day, _at in before if day != row.starts_at]
            kind = "HEARING_MOVED" if was else "HEARING_SET"
            words = f"{when}; before: {moment(was[-1], zones[row.case_id])}" if was else when
            known = before[-1][1] if was else row.recorded_at + UNDO
            yield Event(kind=kind, at=row.starts_at, known_at=known, words=words, **told)
        elif row.outcome is not None and row.resulted_at is not None:
            off = row.outcome == "OFF_CALENDAR"
            if off and row.resulted_at < row.recorded_at + UNDO:
                continue  # set and taken back at once: nobody was told of it
            yield Event(kind="HEARING_OFF" if off else "RESULT", at=row.resulted_at, known_at=row.resulted_at + UNDO,
                        words=when if off else f"{when}: {outcome_words(row.outcome)}", **told)  # fmt: skip


def _moved(session: ScopedSession, cases: Sequence[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """By hearing, when it was to be before and until when that was said, oldest first."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    told = select(EarlierHearing).where(EarlierHearing.case_id.in_(cases)).order_by(EarlierHearing.until_at)
    for row in session.scalars(told):
        found[row.hearing_id].append((row.starts_at, row.until_at))
    return found


def _versions(
    session: ScopedSession, cases: Sequence[int], zones: dict[int, str], now: datetime
) -> Iterator[Event]:
    columns = (
        OrderVersion.id, OrderVersion.case_id, OrderVersion.change, OrderVersion.effective_from,
        OrderVersion.effective_to, OrderVersion.expires_at, OrderVersion.recorded_at, Order.kind,
    )  # fmt: skip
    told = select(*columns).join(Order, Order.id == OrderVersion.order_id)
    for row in session.execute(told.where(OrderVersion.case_id.in_(cases))):
        order, zone = KINDS.get(row.kind, row.kind), zones[row.case_id]
        same = {"case_id": row.case_id, "about_id": row.id}
        if row.change != "NEW":
            kind = "ORDER_ENDED" if row.change in OVER else "ORDER_CHANGED"
            words = f"{order}: {CHANGES[row.change].lower()}, {moment(row.effective_from, zone)}"
            yield Event(kind=kind, at=row.effective_from, known_at=row.recorded_at, words=words, **same)
        if row.effective_to is None and row.expires_at is not None and row.change not in OVER:
            kind, known = ("ORDER_ENDED", row.expires_at) if row.expires_at <= now else (
                "ORDER_ENDS", max(row.expires_at - SOON, row.recorded_at)
            )
            words = f"{order}: last valid until {moment(row.expires_at, zone)}"
            yield Event(kind=kind, at=row.expires_at, known_at=known, words=words, **same)


def _served(session: ScopedSession, cases: Sequence[int], zones: dict[int, str]) -> Iterator[Event]:
    told = select(Service.case_id, Service.order_id, Service.occurred_at, Service.recorded_at, Order.kind)
    told = told.join(Order, Order.id == Service.order_id).where(Service.case_id.in_(cases), current(Service))
    for row in session.execute(told):
        words = f"{KINDS.get(row.kind, row.kind)}, {moment(row.occurred_at, zones[row.case_id])}"
        yield Event(case_id=row.case_id, kind="ORDER_SERVED", about_id=row.order_id, at=row.occurred_at,
                    known_at=row.recorded_at, words=words)  # fmt: skip


def _pauses(session: ScopedSession, cases: Sequence[int], zones: dict[int, str]) -> Iterator[Event]:
    """A case's warrants and custody, named by the case and their day: a version that ends one is another row."""
    kinds = {"WARRANT": ("WARRANT", "WARRANT_OVER"), "CUSTODY": ("CUSTODY", "RELEASE")}
    told = select(Pause).where(Pause.case_id.in_(cases), Pause.kind.in_(kinds))
    first: dict[tuple[int, str, date], datetime] = {}
    for row in session.scalars(told.order_by(Pause.recorded_at.desc())):
        first[row.case_id, row.kind, row.starts_on] = row.recorded_at
    for row in session.scalars(told.where(current(Pause))):
        known = first[row.case_id, row.kind, row.starts_on], row.recorded_at
        for kind, day, at in zip(kinds[row.kind], (row.starts_on, row.ends_on), known, strict=True):
            if day is not None:
                yield Event(case_id=row.case_id, kind=kind, about_id=row.case_id, at=_midnight(day, zones[row.case_id]),
                            known_at=at + (UNDO if row.kind == "WARRANT" else timedelta()), words=short_day(day))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def sealed_reports(session: ScopedSession, case_id: int, zone: str, now: datetime, law: LocalLaw) -> set[int]:
    """Reports of a case that have left everyday view."""
    return {one.about_id for one in _findings(session, {case_id: zone}, now, law) if one.sealed}


def _findings(session: ScopedSession, zones: dict[int, str], now: datetime, law: LocalLaw) -> Iterator[Event]:
    """What stands of each report: the last word of the court, unless that was taken back."""
    last: dict[int, Any] = {}
    columns = (AllegationStep.allegation_id, AllegationStep.case_id, AllegationStep.kind, AllegationStep.at)
    told = select(*columns).where(AllegationStep.case_id.in_(list(zones))).order_by(
        AllegationStep.allegation_id, AllegationStep.number
    )
    for row in session.execute(told):
        if row.kind in (*FOUND, "WITHDRAWN", "REOPENED"):
            last[row.allegation_id] = row
    for row in last.values():
        if row.kind != "REOPENED":
            yield Event(case_id=row.case_id, kind="WITHDRAWN" if row.kind == "WITHDRAWN" else "FINDING", at=row.at,
                        about_id=row.allegation_id, known_at=row.at, words=FOUND.get(row.kind, ""),
                        sealed=law.seals(row.kind, row.at, now, zones[row.case_id]))  # fmt: skip


def _steps(session: ScopedSession, cases: Sequence[int]) -> Iterator[Event]:
    for row, asked_at in newest(session, cases):
        if row.kind in ("ASKED", "REOPENED", "OVERRIDDEN"):
            gone = "; it went on: imminent danger" if row.kind == "OVERRIDDEN" else ""
            yield Event(case_id=row.case_id, kind="SAFETY", about_id=row.about_id, at=asked_at, known_at=asked_at,
                        words=f"A filing {WAITING.get(row.what, '')}".strip() + gone)  # fmt: skip
