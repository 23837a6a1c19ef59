"""What became of each miss: who told whom, and how long each took, on the ledger of one person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.absences import Verdict, absence_page, decide
from monitor.allegations import approving
from monitor.models import Attendance, EarlierHearing, Hearing
from monitor.person_page.ledger import ledger
from tests.builders import absent, attended, correct
from tests.monitor.filing import MISSED, boss, done, office_with_a_miss, reported, sent
from tests.office import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(database):
    """The class of Monday, Feb 23 was missed; the officer decided on the 24th that nothing excuses it."""
    return office_with_a_miss(database)


def loops_of(office, now=NOW):
    with office.scoped() as session:
        return ledger(session, office.matter.person, now).loops


def told(office, now=NOW):
    """The newest loop in words: who, what, took."""
    return [(step.who, step.what, step.took) for step in loops_of(office, now)[0].steps]


def filed(office, at=NOW):
    report = reported(office, now=at)
    sent(office, report, now=at)
    done(office, report, approving.approve, now=at + 2 * HOUR, **boss(office))
    return report


def test_from_the_program_to_the_officer_with_the_hours_between(office):
    [loop] = loops_of(office)
    assert (loop.on, loop.path, loop.open) == (MISSED, f"/absences/{office.missed}/decide", False)
    assert told(office) == [
        ("near program", "told", "at once"), ("Probation", "not excused", "after 27 hours"), ("Court", "not told", ""),
    ]  # fmt: skip


def test_a_report_adds_that_the_court_was_told_and_has_not_answered_yet(office):
    filed(office)
    assert told(office, NOW + 5 * DAY)[2:] == [
        ("Court", "told", "after 2 hours"), ("Court", "has not answered", "for 4 d 22 h"),
    ]  # fmt: skip
    assert loops_of(office, NOW + 5 * DAY)[0].open


def test_a_report_that_no_supervisor_approved_is_not_told(office):
    sent(office, reported(office))
    assert told(office)[-1] == ("Court", "not told", "")


def test_the_outcome_of_the_next_hearing_is_an_answer(office, database):
    filed(office)
    with database.system("test: heard") as session, session.begin():
        row = session.get(Hearing, office.flags["hearing"])
        row.outcome, row.resulted_at = "CONTINUED", NOW + 2 * DAY + HOUR
        session.add(
            EarlierHearing(case_id=row.case_id, agency_id=row.agency_id, hearing_id=row.id, until_at=row.resulted_at,
                           court_id=row.court_id, judge_id=row.judge_id, kind=row.kind, starts_at=row.starts_at,
                           room=row.room, review_no=row.review_no, outcome=None, resulted_at=None)
        )  # fmt: skip
    [*_before, last] = told(office, NOW + 5 * DAY)
    assert last[0] == "Court"
    assert last[1].startswith("answered: ")
    assert last[2] == "after 47 hours"
    assert not loops_of(office, NOW + 5 * DAY)[0].open


def test_an_absence_on_which_nobody_acted_says_for_how_long(office, database):
    with database.system("test: another miss") as session, session.begin():
        absent(session, office.matter, MISSED + 7 * DAY)
    newest, _older = loops_of(office)
    assert newest.open
    assert told(office)[-1] == ("Probation", "has not acted", "for 45 hours")


def test_an_excused_one_ends_with_the_officer(office):
    with office.scoped(writes=True) as session, session.begin():
        page = absence_page(session, office.missed)
        decide(session, page, page.token, Verdict(decision="EXCUSED", why="MEDICAL"), NOW)
    assert told(office)[1:] == [("Probation", "not excused, then excused", "after 27 hours")]


def test_while_evidence_is_waited_for_it_is_open_and_not_the_courts(office):
    with office.scoped(writes=True) as session, session.begin():
        page = absence_page(session, office.missed)
        decide(session, page, page.token, Verdict(decision="PENDING_EVIDENCE", evidence_due_on=NOW.date()), NOW)
    assert told(office)[1:] == [("Probation", "not excused, then waits for evidence", "after 27 hours")]
    assert loops_of(office)[0].open


def test_the_program_told_when_it_first_reported_whatever_it_corrected_since(office, database):
    with database.system("test: corrected") as session, session.begin():
        newer = correct(session, session.get(Attendance, office.missed), NOW, occurred_on=MISSED + DAY)
        session.flush()
        office.missed = newer.id
    [loop] = loops_of(office)
    assert loop.path == f"/absences/{office.missed}/decide"
    assert loop.steps[0].at < NOW - 5 * DAY


def test_what_was_attended_and_what_was_taken_back_has_no_loop(office, database):
    with database.system("test: taken back") as session, session.begin():
        attended(session, office.matter, MISSED + 7 * DAY)
        correct(session, session.get(Attendance, office.missed), NOW, retract=True)
    assert loops_of(office) == ()
