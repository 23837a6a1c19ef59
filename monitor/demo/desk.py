"""The demo program's desk at work: releases, ratings, a concern before an officer, last month's plain reports signed.

By the same acts as on screen, in a session of the program's own person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.concerns import raise_concern
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.demo.places import PACIFIC
from monitor.enrollment.page import PlaceLine
from monitor.enrollment.reading import places_page
from monitor.intake.receiver import Receiver
from monitor.models import Attendance, Participation, Program, random_id
from monitor.months.reading import month_page
from monitor.months.signing import sign_plain
from monitor.releases import keep_release

PROGRAM = "north-star"
RATED = ("ENGAGED", "ENGAGED", "PASSIVE", "DENIED_OR_BLAMED")


def work_at_the_desk(database: Database, accounts: Sequence[DemoAccount], now: datetime) -> None:
    """What a visitor finds when signing in as North Star."""
    staff = next(one for one in accounts if one.role == "program" and one.agency == PROGRAM)
    with database.system("demo: whose desk it is", writes=False) as session:
        program_id, agency_id = session.execute(
            select(Program.id, Program.agency_id).where(Program.code == PROGRAM)
        ).one()
    today = local_day(now, PACIFIC)
    by = Receiver(agency_id, program_id, staff.user_id, now, today)
    with database.scoped(Scope(staff.user_id, "program", agency_id), writes=True) as session, session.begin():
        placed = places_page(session, today).enrolled
        _release(session, placed, by)
        _rate(session, placed[:8], by)
        if placed:
            raise_concern(session, placed[-1].id, _newest(session, placed[-1].id, today), "THREAT", "SAID_IN_CLASS", by)
        last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        sign_plain(session, month_page(session, agency_id, last_month, today), by, certified=True)


def _release(session: ScopedSession, placed: Sequence[PlaceLine], by: Receiver) -> None:
    """Everybody signed at the intake; one release ends soon."""
    for number, place in enumerate(placed):
        ends_on = by.today + timedelta(days=9) if number == 2 else None
        keep_release(session, place.id, place.since, ends_on, ("probation", "court", "prosecutor"), by)


def _rate(session: ScopedSession, placed: Sequence[PlaceLine], by: Receiver) -> None:
    for number, place in enumerate(placed):
        row = session.scalars(
            select(Attendance).where(Attendance.enrollment_id == place.id, Attendance.outcome == "PRESENT")
            .order_by(Attendance.occurred_on.desc()).limit(1)
        ).first()  # fmt: skip
        if row is not None:
            session.add(
                Participation(
                    id=random_id(), case_id=row.case_id, agency_id=row.agency_id, enrollment_id=place.id,
                    occurred_on=row.occurred_on, rating=RATED[number % len(RATED)], upload_id=None,
                    recorded_at=by.now, recorded_by_id=by.user_id,
                )
            )  # fmt: skip
    session.flush()


def _newest(session: ScopedSession, place_id: int, today: date) -> date:
    """The day of the newest class on record."""
    days = select(Attendance.occurred_on).where(Attendance.enrollment_id == place_id)
    return session.scalars(days.order_by(Attendance.occurred_on.desc()).limit(1)).first() or today
