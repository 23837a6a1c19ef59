"""Reads a court's day through a session, in a handful of statements whatever the number of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from monitor.access.role_criteria import FewRows
from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.building import build_page
from monitor.bench_page.page import BenchPage
from monitor.bench_page.reading import as_known, hearing_rows
from monitor.bench_page.record import CaseRecord
from monitor.bench_page.statements import KNOWN_AT
from monitor.bench_page.words import moment_words
from monitor.clock import local_day
from monitor.court_days import closed_days
from monitor.db import draw_near
from monitor.docket.court_order import ORDERS, court_order
from monitor.docket.kept import kept_words, words_now
from monitor.docket.lines import docket_line
from monitor.docket.namesakes import named
from monitor.docket.owed import owed, owed_from
from monitor.docket.page import Docket, NearDay
from monitor.docket.strip import Ground, strip
from monitor.docket.words import Words
from monitor.models import Court, EarlierHearing, Hearing
from monitor.models.base import UtcInstant
from monitor.response_matrix.versions import in_force


class CourtRow(msgspec.Struct, frozen=True):
    """A court as its calendar needs it."""

    id: int
    code: str
    name: str
    zone: str


OFF: Final = "OFF_CALENDAR"  # an entry of results that was taken back takes its date along: nobody is heard then
BOUNDS: Final = ("first", "first_end", "last", "last_end")
YEARS: Final = range(1900, 2200)  # a docket of another year is not there; its midnight may not even exist


def docket(
    session: Session, court_code: str, day: date, known_at: datetime, *, order: str = ""
) -> Docket | None:
    """The docket of one court and day, as known at ``known_at``; None: no such court for this person.

    ``order``: a key of `ORDERS`; anything else means the court's own.
    """
    found = hearings_of(session, court_code, day, known_at)
    if found is None:
        return None
    court, hearings = found
    draw_near(session, [row.case_id for row in hearings])
    ground = _ground(session, court, known_at)
    words = kept_words(session, hearings, known_at, ground)
    return _docket(session, court, day, known_at, order, hearings, words, ground)


def docket_pages(
    session: Session, court_code: str, day: date, known_at: datetime, *, order: str = "", printed_by: str = ""
) -> tuple[Docket, list[BenchPage]] | None:
    """The docket with the bench page of each of its cases, in the docket's order: what is printed for the bench."""
    found = hearings_of(session, court_code, day, known_at)
    if found is None:
        return None
    court, hearings = found
    draw_near(session, [row.case_id for row in hearings])
    ground = _ground(session, court, known_at)
    pages: list[BenchPage] = []

    def build(record: CaseRecord, hearing: Any) -> BenchPage:
        pages.append(build_page(record, hearing, printed_by))
        return pages[-1]

    words, _records = words_now(session, hearings, known_at, ground, build)
    listed = _docket(session, court, day, known_at, order, hearings, words, ground)
    by_hearing = {page.hearing_id: page for page in pages}
    return listed, [by_hearing[line.hearing_id] for line in listed.lines]


def _ground(session: Session, court: CourtRow, known_at: datetime) -> Ground:
    matrix = in_force(session, local_day(known_at, court.zone), known_at)
    return Ground(closed_days(session, court.id, known_at), matrix)


def _docket(
    session: Session, court: CourtRow, day: date, known_at: datetime, order: str, hearings: Sequence[Any],
    words: Sequence[Words], ground: Ground,
) -> Docket:  # fmt: skip
    names, closed = named(hearings), ground.closed
    lines = [docket_line(said, row, names[row.id]) for said, row in zip(words, hearings, strict=True)]
    own = court_order(session, court.id, court.zone, known_at)
    order = order if order in ORDERS else own.code
    before, after = _near(session, court, day, closed)
    return Docket(
        court=court.name, court_code=court.code, day=day, zone=court.zone, known_at=known_at,
        as_of=moment_words(known_at, court.zone), rooms=tuple(sorted({row.room for row in hearings})),
        lines=tuple(sorted(lines, key=ORDERS[order])), late=_late(words),
        strip=strip([(row.case_id, said.delays) for said, row in zip(words, hearings, strict=True)], ground),
        order=order, order_words=own.words(order),
        owed=owed((row.number, said) for said, row in zip(words, hearings, strict=True)),
        owed_from=owed_from(day, closed),
        previous=before, following=after,
    )  # fmt: skip


def case_after(
    session: Session, hearing_id: int, known_at: datetime, *, order: str = ""
) -> tuple[str, date, int | None] | None:
    """Court, day, and the hearing that follows this one on its docket (None after the last); None: no such hearing."""
    row = session.execute(hearing_rows().where(Hearing.id == hearing_id)).one_or_none()
    if row is None:
        return None
    day = local_day(row.starts_at, row.zone)
    listed = docket(session, row.court_code, day, known_at, order=order)
    ids = [line.hearing_id for line in listed.lines] if listed else []
    at = ids.index(hearing_id) + 1 if hearing_id in ids else len(ids)
    return row.court_code, day, ids[at] if at < len(ids) else None


def find_court(session: Session, code: str) -> CourtRow | None:
    """A court of the person's own agency; for the machine itself, any."""
    own = isinstance(session, ScopedSession)
    asked = {"code": code} | ({"agency": session.scope.agency_id} if isinstance(session, ScopedSession) else {})
    row = session.execute(_court(own), asked).one_or_none()
    return CourtRow(*row) if row else None


@cache
def _court(own: bool) -> Any:
    found = select(Court.id, Court.code, Court.name, Court.zone).where(Court.code == bindparam("code"))
    return found.where(Court.agency_id == bindparam("agency")) if own else found


def next_docket(session: ScopedSession, now: datetime) -> tuple[str, date] | None:
    """The coming day, today included, on which a court of the person's agency hears somebody: code and day.

    Without one, the first of the agency's courts and today; None: the agency has no court.
    """
    own = select(Court.id, Court.code, Court.name, Court.zone).where(Court.agency_id == session.scope.agency_id)
    courts = [CourtRow(*row) for row in session.execute(own.order_by(Court.code))]
    coming = [
        (near.day, court.code)
        for court in courts
        if (near := _near(session, court, local_day(now, court.zone) - timedelta(days=1))[1])
    ]
    if coming:
        day, code = min(coming)
        return code, day
    return (courts[0].code, local_day(now, courts[0].zone)) if courts else None


def hearings_of(
    session: Session, code: str, day: date, known_at: datetime
) -> tuple[CourtRow, Sequence[Any]] | None:
    """A court with its hearings of a day, by time, as rows of `hearing_rows`; None: no such court for this person."""
    court = find_court(session, code)
    return (court, _hearings(session, court, day, known_at)) if court and day.year in YEARS else None


def _hearings(session: Session, court: CourtRow, day: date, known_at: datetime) -> Sequence[Any]:
    """The hearings that stood on this day at ``known_at``: one that was moved away later is there, as it was."""
    start, end = _bounds(court, day)
    asked = {"court": court.id, "start": start, "end": end, "known_at": known_at}
    rows = session.execute(_that_day(), asked).all()
    if any(row.changed_since for row in rows):
        rows = as_known(session, rows, known_at)
    standing = [row for row in rows if row.court_id == court.id and start <= row.starts_at < end and row.outcome != OFF]
    return sorted(standing, key=lambda row: (row.starts_at, row.id))


@cache
def _that_day() -> Any:
    start, end = (bindparam(name, type_=UtcInstant()) for name in ("start", "end"))

    def here(entity: Any) -> Any:
        return (entity.court_id == bindparam("court")) & (entity.starts_at >= start) & (entity.starts_at < end)

    moved = select(EarlierHearing.hearing_id).where(here(EarlierHearing), EarlierHearing.until_at > KNOWN_AT)
    since = select(EarlierHearing.id).where(EarlierHearing.hearing_id == Hearing.id, EarlierHearing.until_at > KNOWN_AT)
    changed = since.correlate(Hearing).exists().label("changed_since")
    that_day = or_(here(Hearing), Hearing.id.in_(moved)), Hearing.recorded_at <= KNOWN_AT
    return hearing_rows().add_columns(changed).where(*that_day).options(FewRows())


def _bounds(court: CourtRow, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(court.zone)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _near(
    session: Session, court: CourtRow, day: date, closed: frozenset[date] = frozenset()
) -> tuple[NearDay | None, NearDay | None]:
    """The days with hearings next before ``day`` and next after it."""
    start, end = _bounds(court, day)
    beside = session.execute(_beside(), {"court": court.id, "start": start, "end": end}).one()
    days = [local_day(at, court.zone) if at else None for at in (beside.before, beside.after)]
    if not any(days):
        return None, None
    bounds = [bound for near in days for bound in (_bounds(court, near) if near else (start, start))]
    counted = session.execute(_counts(), {"court": court.id, **dict(zip(BOUNDS, bounds, strict=True))}).one()
    before, after = (
        NearDay(near, count, owed_from(near, closed)) if near else None
        for near, count in zip(days, (counted.before, counted.after), strict=True)
    )
    return before, after


@cache
def _beside() -> Any:
    start, end = (bindparam(name, type_=UtcInstant()) for name in ("start", "end"))
    here = select(Hearing.starts_at).where(Hearing.court_id == Court.id, _stands()).limit(1).correlate(Court)
    before = here.where(Hearing.starts_at < start).order_by(Hearing.starts_at.desc()).scalar_subquery()
    after = here.where(Hearing.starts_at >= end).order_by(Hearing.starts_at).scalar_subquery()
    return select(Court.id, before.label("before"), after.label("after")).where(Court.id == bindparam("court"))


@cache
def _counts() -> Any:
    def heard(start: str, end: str) -> Any:
        first, last = (bindparam(name, type_=UtcInstant()) for name in (start, end))
        here = Hearing.court_id == Court.id, Hearing.starts_at >= first, Hearing.starts_at < last
        return select(func.count(Hearing.id)).where(*here, _stands()).correlate(Court).scalar_subquery()

    before, after = heard(*BOUNDS[:2]), heard(*BOUNDS[2:])
    return select(Court.id, before.label("before"), after.label("after")).where(Court.id == bindparam("court"))


def _stands() -> Any:
    return Hearing.outcome.is_(None) | (Hearing.outcome != OFF)


def _late(words: Sequence[Words]) -> tuple[str, ...]:
    owed = Counter(reporter.partition(" (")[0] for said in words for reporter in said.late)
    return tuple(f"{program} ({count} case{'s' if count > 1 else ''})" for program, count in sorted(owed.items()))
