"""Reads a court's day through a session, in a handful of statements whatever the number of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from monitor.access.scope import ScopedSession
from monitor.bench_page.building import build_page
from monitor.bench_page.page import BenchPage
from monitor.bench_page.reading import as_known, hearing_rows
from monitor.bench_page.record import CaseRecord, gather
from monitor.bench_page.words import moment_words
from monitor.clock import local_day
from monitor.court_days import closed_days
from monitor.docket.court_order import ORDERS, court_order
from monitor.docket.lines import docket_line
from monitor.docket.owed import owed, owed_from
from monitor.docket.page import Docket, NearDay
from monitor.docket.strip import strip
from monitor.models import Court, EarlierHearing, Hearing
from monitor.response_matrix.versions import in_force


class CourtRow(msgspec.Struct, frozen=True):
    """A court as its calendar needs it."""

    id: int
    code: str
    name: str
    zone: str

YEARS: Final = range(1900, 2200)  # a docket of another year is not there; its midnight may not even exist


def docket(
    session: Session, court_code: str, day: date, known_at: datetime, *, order: str = ""
) -> Docket | None:
    """The docket of one court and day, as known at ``known_at``; None: no such court for this person.

    ``order``: a key of `ORDERS`; anything else means the court's own.
    """
    found = docket_pages(session, court_code, day, known_at, order=order)
    return found[0] if found else None


def docket_pages(
    session: Session, court_code: str, day: date, known_at: datetime, *, order: str = "", printed_by: str = ""
) -> tuple[Docket, list[BenchPage]] | None:
    """The docket with the bench page of each of its cases, in the docket's order: what is printed for the bench."""
    court = find_court(session, court_code)
    if court is None or day.year not in YEARS:
        return None
    hearings = _hearings(session, court, day, known_at)
    pages, records = _pages(session, hearings, known_at, printed_by)
    listed = _docket(session, court, day, known_at, order, hearings, pages, records)
    by_hearing = {page.hearing_id: page for page in pages}
    return listed, [by_hearing[line.hearing_id] for line in listed.lines]


def _docket(
    session: Session, court: CourtRow, day: date, known_at: datetime, order: str, hearings: Sequence[Any],
    pages: Sequence[BenchPage], records: dict[int, CaseRecord],
) -> Docket:  # fmt: skip
    lines = [docket_line(page, row) for page, row in zip(pages, hearings, strict=True)]
    own = court_order(session, court.id, court.zone, known_at)
    order = order if order in ORDERS else own.code
    matrix = in_force(session, local_day(known_at, court.zone), known_at)
    closed = closed_days(session, court.id, known_at)
    return Docket(
        court=court.name, court_code=court.code, day=day, zone=court.zone, known_at=known_at,
        as_of=moment_words(known_at, court.zone), rooms=tuple(sorted({row.room for row in hearings})),
        lines=tuple(sorted(lines, key=ORDERS[order])), late=_late(pages),
        strip=strip(hearings, records, known_at, closed, matrix.content if matrix.adopted else None),
        order=order, order_words=own.words(order), owed=owed(pages), owed_from=owed_from(day, closed),
        previous=_near(session, court, day, -1, closed), following=_near(session, court, day, 1, closed),
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
    found = select(Court.id, Court.code, Court.name, Court.zone).where(Court.code == code)
    if isinstance(session, ScopedSession):
        found = found.where(Court.agency_id == session.scope.agency_id)
    row = session.execute(found).one_or_none()
    return CourtRow(*row) if row else None


def next_docket(session: ScopedSession, now: datetime) -> tuple[str, date] | None:
    """The coming day, today included, on which a court of the person's agency hears somebody: code and day.

    Without one, the first of the agency's courts and today; None: the agency has no court.
    """
    own = select(Court.id, Court.code, Court.name, Court.zone).where(Court.agency_id == session.scope.agency_id)
    courts = [CourtRow(*row) for row in session.execute(own.order_by(Court.code))]
    coming = [
        (near.day, court.code)
        for court in courts
        if (near := _near(session, court, local_day(now, court.zone) - timedelta(days=1), 1))
    ]
    if coming:
        day, code = min(coming)
        return code, day
    return (courts[0].code, local_day(now, courts[0].zone)) if courts else None


def _pages(
    session: Session, hearings: Sequence[Any], known_at: datetime, printed_by: str = ""
) -> tuple[list[BenchPage], dict[int, CaseRecord]]:
    records = gather(session, {row.case_id: row.zone for row in hearings}, known_at)
    return [build_page(records[row.case_id], row, printed_by) for row in hearings], records


def hearings_of(
    session: Session, code: str, day: date, known_at: datetime
) -> tuple[CourtRow, Sequence[Any]] | None:
    """A court with its hearings of a day, by time, as rows of `hearing_rows`; None: no such court for this person."""
    court = find_court(session, code)
    return (court, _hearings(session, court, day, known_at)) if court and day.year in YEARS else None


def _hearings(session: Session, court: CourtRow, day: date, known_at: datetime) -> Sequence[Any]:
    """The hearings that stood on this day at ``known_at``: one that was moved away later is there, as it was."""
    start, end = _bounds(court, day)

    def here(entity: Any) -> Any:
        return (entity.court_id == court.id) & (entity.starts_at >= start) & (entity.starts_at < end)

    moved = select(EarlierHearing.hearing_id).where(here(EarlierHearing), EarlierHearing.until_at > known_at)
    found = hearing_rows().where(or_(here(Hearing), Hearing.id.in_(moved)), Hearing.recorded_at <= known_at)
    rows = as_known(session, session.execute(found).all(), known_at)
    standing = [row for row in rows if row.court_id == court.id and start <= row.starts_at < end]
    return sorted(standing, key=lambda row: (row.starts_at, row.id))


def _bounds(court: CourtRow, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(court.zone)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _near(
    session: Session, court: CourtRow, day: date, step: int, closed: frozenset[date] = frozenset()
) -> NearDay | None:
    start, end = _bounds(court, day)
    here = select(Hearing.starts_at).where(Hearing.court_id == court.id).limit(1)
    found = session.scalar(
        here.where(Hearing.starts_at >= end).order_by(Hearing.starts_at) if step > 0
        else here.where(Hearing.starts_at < start).order_by(Hearing.starts_at.desc())
    )  # fmt: skip
    if found is None:
        return None
    near = local_day(found, court.zone)
    start, end = _bounds(court, near)
    there = select(func.count(Hearing.id)).where(
        Hearing.court_id == court.id, Hearing.starts_at >= start, Hearing.starts_at < end
    )
    return NearDay(near, session.scalar(there) or 0, owed_from(near, closed))


def _late(pages: Sequence[BenchPage]) -> tuple[str, ...]:
    owed = Counter(reporter.partition(" (")[0] for page in pages for reporter in page.late)
    return tuple(f"{program} ({count} case{'s' if count > 1 else ''})" for program, count in sorted(owed.items()))
