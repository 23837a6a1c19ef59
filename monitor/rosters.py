"""Attendance sheets that are not in: a matter of the program, never of the people on them (safeguard F9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.group_days import ever_in, turn_on
from monitor.models import (
    Agency,
    Attendance,
    Coverage,
    Enrollment,
    EnrollmentEvent,
    Group,
    GroupSession,
    Membership,
    Outbox,
    Program,
)
from monitor.outbox.notice import notice
from monitor.webhooks.announcing import announce

LOOK_BACK_DAYS = 14


class MissingSheet(msgspec.Struct, frozen=True):
    """A class day of a group about which nothing was reported."""

    agency_id: int
    program: str
    group_id: int
    group: str
    held_on: date


def missing_sheets(
    session: Session, today: date, zone: str | None = None, agency: int | None = None
) -> list[MissingSheet]:
    """Class days of the last two weeks, before ``today``, without a sheet; oldest first."""
    found = []
    for group in _groups(session, zone, agency):
        held = ever_in(session, group.id)
        for held_on in _class_days(group.weekday, today):
            here = [place for place, turns in held.items() if turn_on(turns, held_on).group_id == group.id]
            if here and _expected(session, group.id, here, held_on) and not _reported(session, here, held_on):
                found.append(MissingSheet(group.agency_id, group.name, group.id, group.code, held_on))
    return sorted(found, key=lambda sheet: (sheet.held_on, sheet.program, sheet.group))


def remind_programs(session: Session, today: date, zone: str, now: datetime) -> int:
    """Put one notice a sheet into the outbox, to each person of the program, without a name in it."""
    made = 0
    for sheet in missing_sheets(session, today, zone):
        for user in _people(session, sheet.agency_id, today):
            key = f"roster:{sheet.group_id}:{sheet.held_on}:{user}"
            if session.scalar(select(Outbox.id).where(Outbox.key == key)) is None:
                session.add(notice(key, user, now, "digest"))
                made += 1
        announce(session, [sheet.agency_id], "sheet.missing", f"roster:{sheet.group_id}:{sheet.held_on}", now)
    return made


def _groups(session: Session, zone: str | None, agency: int | None) -> Sequence[Any]:
    columns = (Group.id, Group.agency_id, Group.code, Group.weekday, Program.name)
    found = select(*columns).join(Program, Program.id == Group.program_id).join(Agency, Agency.id == Group.agency_id)
    if zone:
        found = found.where(Agency.zone == zone)
    if agency:
        found = found.where(Group.agency_id == agency)
    return session.execute(found).all()


def _class_days(weekday: int, today: date) -> Iterable[date]:
    days = (today - timedelta(days=back) for back in range(1, LOOK_BACK_DAYS + 1))
    return (day for day in days if day.weekday() == weekday)


def _expected(session: Session, group_id: int, here: list[int], held_on: date) -> bool:
    """Whether any of those whose group it was had a place on that day, and the program did not cancel the class."""
    cancelled = exists().where(
        GroupSession.group_id == group_id, GroupSession.held_on == held_on, GroupSession.state == "CANCELLED"
    )
    if session.scalar(select(cancelled)):
        return False
    joined, left = _happened("ENROLLED", held_on), _happened("DISCHARGED", held_on)
    enrolled = select(Enrollment.id).where(Enrollment.id.in_(here), joined, not_(left))
    return session.scalar(enrolled.limit(1)) is not None


def _happened(event: str, day: date) -> ColumnElement[bool]:
    return exists().where(
        EnrollmentEvent.enrollment_id == Enrollment.id, EnrollmentEvent.event == event,
        EnrollmentEvent.occurred_on <= day, current(EnrollmentEvent),
    )  # fmt: skip


def _reported(session: Session, here: list[int], held_on: date) -> bool:
    of_group = Enrollment.id.in_(here)
    rows = select(Attendance.id).join(Enrollment, Enrollment.id == Attendance.enrollment_id)
    covers = select(Coverage.id).join(Enrollment, Enrollment.id == Coverage.enrollment_id)
    # an undone upload leaves rows behind, but nothing reported
    covered = covers.where(of_group, current(Coverage), Coverage.covers_from <= held_on, Coverage.covers_to > held_on)
    present = rows.where(of_group, current(Attendance), Attendance.occurred_on == held_on)
    return any(session.scalar(found.limit(1)) is not None for found in (present, covered))


def _people(session: Session, agency_id: int, today: date) -> list[int]:
    active = (Membership.until_on.is_(None)) | (Membership.until_on > today)
    found = select(Membership.user_id).where(Membership.agency_id == agency_id, Membership.role == "program", active)
    return sorted(set(session.scalars(found)))
