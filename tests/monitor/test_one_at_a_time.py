"""Two clicks at the same moment: one concern, one signed report, and the second hears that it is there already."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import func, select

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.concerns import raise_concern
from monitor.contact_log.entering import Entry
from monitor.contact_log.saving import alike, save
from monitor.db import Database
from monitor.intake.receiver import Receiver
from monitor.models import Concern, Contact, Report
from monitor.months.reading import month_page
from monitor.months.signing import Opinion, sign
from tests.builders import ZONE, attended, weekly
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class

FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def meeting(database: Database) -> Class:
    found = open_class(database, people=1)
    with database.system("test: a full month") as session, session.begin():
        attended(session, found.people["Bell"], *weekly(date(2026, 2, 2), 4))
    return found


def at_once(meeting: Class, scope: Scope, act: Callable[[ScopedSession], bool]) -> list[bool]:
    """Two hands; each ends only when the other has acted too, or waits for it."""
    acted = Barrier(2)

    def hand(_: int) -> bool:
        with meeting.database.scoped(scope, writes=True) as session, session.begin():
            done = act(session)
            try:
                acted.wait(timeout=1)
            except BrokenBarrierError:
                pass  # the other one waits for this transaction, as it should
            return done

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(hand, range(2)))


def of_program(meeting: Class) -> tuple[Scope, Receiver]:
    agency = meeting.town.program_agency
    by = Receiver(agency, meeting.town.program, None, AFTER_CLASS, local_day(AFTER_CLASS, ZONE))
    return Scope(user_id=1, role="program", agency_id=agency), by


def number(meeting: Class, entity: type[Concern] | type[Report] | type[Contact]) -> int:
    with meeting.database.system("test: how many", writes=False) as session:
        return session.scalar(select(func.count()).select_from(entity)) or 0


def test_a_concern_put_twice_at_the_same_moment_lies_before_the_officer_once(meeting: Class) -> None:
    scope, by = of_program(meeting)
    place = meeting.place("Bell")
    done = at_once(meeting, scope, lambda session: raise_concern(session, place, MONDAY, "THREAT", "TOLD_STAFF", by))
    assert done == [False, True] and number(meeting, Concern) == 1


def test_a_report_signed_twice_at_the_same_moment_goes_out_once(meeting: Class) -> None:
    scope, by = of_program(meeting)
    with meeting.database.scoped(scope) as session:
        month = month_page(session, by.agency_id, FEBRUARY, by.today)
    opinion = Opinion(participation="ENGAGED", responsibility="TAKES", recommendation="CONTINUE", certify=True)
    done = at_once(meeting, scope, lambda session: sign(session, month, month.lines[0], opinion, by))
    assert done == [False, True] and number(meeting, Report) == 2, "one to probation, one to the court"


def test_a_contact_logged_twice_at_the_same_moment_is_asked_about(meeting: Class) -> None:
    case = meeting.people["Bell"].case
    entry = Entry(way="OFFICE", result="CAME", on=MONDAY, note="")

    def log(session: ScopedSession) -> bool:
        if alike(session, case, entry, AFTER_CLASS, ZONE):
            return False
        save(session, case, entry, AFTER_CLASS, ZONE)
        return True

    scope = Scope(user_id=meeting.officer, role="officer", agency_id=meeting.town.office)
    assert at_once(meeting, scope, log) == [False, True] and number(meeting, Contact) == 1
