"""What programs recorded of a case and what they did not: rows, days without a roster, months, corrections.

Only of places whose participant released it to the prosecution, or that have no release on record at all, as for the
court (safeguard C8). What a program did not write is said of the program: it is nobody's absence (F9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.flag_review.rows import row_words
from monitor.group_days import Turn, group_days, turn_on
from monitor.models import (
    Agency,
    Attendance,
    CertifiedMonth,
    Enrollment,
    EnrollmentEvent,
    Group,
    GroupSession,
    Pause,
    Program,
)
from monitor.prosecution.evidence import Piece
from monitor.releases import releases_of
from monitor.wording import count, short_day

MOST_GAPS: Final = 12
DAY: Final = timedelta(days=1)
LEFT: Final = ("DISCHARGED", "EXITED")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the case in a program. ``turns``: its groups, each from its day on.

    ``closed``: why its rows may not be read here; "" they may.
    """

    id: int
    program_id: int
    program: str
    custodian: str
    turns: tuple[Turn, ...]
    from_on: date | None
    until_on: date | None
    closed: str


def places_of(session: ScopedSession, case_id: int, today: date) -> tuple[Place, ...]:
    """Every place of the case, the oldest first."""
    columns = (
        Enrollment.id, Enrollment.program_id, Enrollment.group_id, Program.name.label("program"),
        Agency.name.label("custodian"),
    )  # fmt: skip
    told = (
        select(*columns).join(Program, Program.id == Enrollment.program_id)
        .join(Agency, Agency.id == Enrollment.agency_id)
        .where(Enrollment.case_id == case_id).order_by(Enrollment.recorded_at, Enrollment.id)
    )  # fmt: skip
    rows = session.execute(told).all()
    releases = releases_of(session, [row.id for row in rows])
    turns = group_days(session, {row.id: row.group_id for row in rows})
    return tuple(_place(session, row, turns[row.id], releases.get(row.id), today) for row in rows)


def _place(session: ScopedSession, row: Any, turns: tuple[Turn, ...], released: Any, today: date) -> Place:
    days: dict[str, date] = {}
    events = select(EnrollmentEvent.event, EnrollmentEvent.occurred_on).where(
        EnrollmentEvent.enrollment_id == row.id, current(EnrollmentEvent)
    )
    for event, on in session.execute(events.order_by(EnrollmentEvent.occurred_on, EnrollmentEvent.recorded_at)):
        days[event] = on
    left = [days[name] for name in LEFT if name in days]
    since = days.get("ENROLLED")
    closed = ""
    if released is not None and ("prosecutor" not in released.scope or released.ended(today)):
        closed = f"{row.program}: the participant has not released attendance to the prosecution."
    return Place(
        id=row.id, program_id=row.program_id, program=row.program, custodian=row.custodian, turns=turns,
        from_on=since,
        until_on=max(left) if left and (since is None or max(left) >= since) else None, closed=closed,
    )  # fmt: skip


def classes(session: ScopedSession, places: Sequence[Place], first: date, last: date) -> tuple[Piece, ...]:
    """Every class on record of these days, the oldest first."""
    read = {one.id: one for one in places if not one.closed}
    told = select(
        Attendance.enrollment_id, Attendance.occurred_on, Attendance.outcome, Attendance.source
    ).where(Attendance.enrollment_id.in_(read), Attendance.occurred_on.between(first, last), current(Attendance))
    return tuple(
        Piece(row_words("attendance", row.outcome), row.occurred_on,
              f"{read[row.enrollment_id].custodian}, {row.source}", read[row.enrollment_id].custodian,
              "from a record kept at the time")
        for row in session.execute(told.order_by(Attendance.occurred_on, Attendance.number))
    )  # fmt: skip


def gaps(session: ScopedSession, places: Sequence[Place], first: date, last: date) -> tuple[str, ...]:
    """Days of the group, both included, on which the program wrote nothing, in sentences that name the program."""
    found = []
    for place in places:
        if place.closed:
            found.append(place.closed)
            continue
        missing = list(_without_roster(session, place, first, last))
        found += [f"No roster for {short_day(day)} ({place.program})." for day in missing[:MOST_GAPS]]
        if len(missing) > MOST_GAPS:
            found.append(f"No roster for {count(len(missing) - MOST_GAPS, 'more day')} ({place.program}).")
    return tuple(found)


def _without_roster(session: ScopedSession, place: Place, first: date, last: date) -> Iterator[date]:
    if place.from_on is None:
        return
    told = set(session.scalars(select(Attendance.occurred_on).where(
        Attendance.enrollment_id == place.id, current(Attendance)
    )))  # fmt: skip
    groups = {turn.group_id for turn in place.turns if turn.group_id}
    weekdays = {key: weekday for key, weekday in session.execute(
        select(Group.id, Group.weekday).where(Group.id.in_(groups))
    )}  # fmt: skip
    off = {(key, day) for key, day in session.execute(select(GroupSession.group_id, GroupSession.held_on).where(
        GroupSession.group_id.in_(groups), GroupSession.state == "CANCELLED"
    ))}  # fmt: skip
    paused = session.execute(
        select(Pause.starts_on, Pause.ends_on).join(Enrollment, Enrollment.case_id == Pause.case_id)
        .where(Enrollment.id == place.id, current(Pause))
    ).all()  # fmt: skip
    day = max(first, place.from_on)
    until = min(last, place.until_on) if place.until_on else last
    while day <= until:
        group = turn_on(place.turns, day).group_id
        meets = group is not None and weekdays.get(group) == day.weekday() and (group, day) not in off
        if meets and day not in told and not any(one.starts_on <= day < (one.ends_on or date.max) for one in paused):
            yield day
        day += DAY


def months(session: ScopedSession, places: Sequence[Place], first: date, last: date) -> tuple[str, ...]:
    """Each month of each program: certified by it, by whom and when, or not certified."""
    found = []
    for place in places:
        begins = max(first, place.from_on) if place.from_on else first
        if place.closed or begins > last:
            continue
        told = {
            row.month: row for row in session.execute(select(CertifiedMonth).where(
                CertifiedMonth.program_id == place.program_id
            )).scalars()
        }  # fmt: skip
        month = begins.replace(day=1)
        while month <= min(last, place.until_on or last):
            found.append(f"{month:%B %Y}, {place.program}: {_certified(told.get(month))}")
            month = (month + timedelta(days=32)).replace(day=1)
    return tuple(found)


def _certified(row: CertifiedMonth | None) -> str:
    if row is None:
        return "NOT CERTIFIED BY THE PROGRAM."
    return f"certified by the program, signed {row.signed_as}."


def corrections(
    session: ScopedSession, places: Sequence[Place], first: date, last: date, zone: str
) -> tuple[str, ...]:
    """Every class that was recorded otherwise before: what it said, what it says, and since when."""
    read = {one.id: one for one in places if not one.closed}
    rows = session.scalars(
        select(Attendance).where(Attendance.enrollment_id.in_(read), Attendance.occurred_on.between(first, last))
        .order_by(Attendance.occurred_on, Attendance.recorded_at)
    ).all()  # fmt: skip
    by_id = {row.id: row for row in rows}
    found = []
    for row in rows:
        before = by_id.get(row.supersedes_id or 0)
        if before is None:
            continue
        now = "taken back" if row.retracted else row_words("attendance", row.outcome).removeprefix("Class: ")
        was = row_words("attendance", before.outcome).removeprefix("Class: ")
        program = read[row.enrollment_id].program
        at = short_day(local_day(row.recorded_at, zone))
        found.append(f"Class of {short_day(row.occurred_on)} ({program}): was {was}, corrected {at}: {now}.")
    return tuple(found)
