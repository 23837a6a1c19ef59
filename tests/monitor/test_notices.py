"""Who was told of a flag hears of its correction; nobody else does, and time that passes is no correction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.allegations.approving import withdraw
from monitor.allegations.reading import allegation_page
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.current import current
from monitor.db import Database
from monitor.flag_review.deciding import Decision, decide
from monitor.flag_review.reading import flag_page
from monitor.models import Adjudication, Attendance, AuditEntry, CaseAgency, Notice, Told
from monitor.notices import Inbox, inbox, mark_read, unread
from monitor.telling import Reader, Telling, keep
from tests.builders import at, attended, correct, unexcused
from tests.monitor.access.walls import put_up
from tests.office import NOW, Office, open_office
from tests.web.accounts import SECRET

MISSED = date(2026, 2, 23)
LATER = NOW + timedelta(days=2)
BARRIERS = dict.fromkeys(("language", "disability", "work_shift", "transport", "child_care", "program_seats"), "no")


@pytest.fixture
def office(database: Database) -> Office:
    """One class missed, evaluated, and the officer has seen the flag."""
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        attended(session, office.matter, date(2026, 2, 16))
        [row] = unexcused(session, office.matter, MISSED)
        office.missed = row.id
    office.evaluate()
    told(office, office.officer)
    return office


def told(office: Office, user: int | None, role: str = "officer", agency: int = 0, when: datetime = NOW) -> None:
    flag = office.flag("ABSENCE_UNEXCUSED")
    with office.database.system("test: told") as session, session.begin():
        keep(session, Reader(agency or office.town.office, role, user), [Telling("SEEN", (flag,))], when)


def corrected(office: Office, **told: Any) -> None:
    with office.database.system("test: corrected") as session, session.begin():
        row = session.get_one(Attendance, office.missed)
        correct(session, row, LATER, **{"outcome": "PRESENT", "program_says": "P", **told})
    office.evaluate(LATER)


def box(office: Office, user: int = 0, role: str = "officer", agency: int = 0) -> Inbox:
    scope = Scope(user or office.officer, role, agency or office.town.office)
    with office.database.scoped(scope) as session:
        return inbox(session, "UTC")


def texts(found: Inbox) -> list[str]:
    return [one.text for one in found.unread]


WITHDRAWN = "A flag told to you on March 4 no longer holds, because the program corrected February 23 to attended."


def test_a_correction_says_so_to_the_one_who_was_told_and_to_nobody_else(office: Office) -> None:
    assert texts(box(office)) == []
    corrected(office)
    found = box(office)
    assert texts(found) == [WITHDRAWN]
    [line] = found.unread
    assert "February 23" in line.told and line.now == "" and line.path.startswith("/flags/")
    assert texts(box(office, office.colleague)) == []
    assert texts(box(office, office.supervisor, "officer_supervisor")) == []
    assert texts(box(office, 1, "judge", office.town.court_agency)) == []


def test_that_somebody_was_told_of_a_correction_stands_in_the_trail(office: Office) -> None:
    """By the machine, with the notice's id, in the transaction that wrote it; that it was read is its reader's."""
    with office.database.system("test: corrected") as session, session.begin():
        correct(session, session.get_one(Attendance, office.missed), LATER, outcome="PRESENT", program_says="P")
    evaluate_now(office.database, switched_on(), LATER, site_secret=SECRET)
    with office.database.system("test: the trail", writes=False) as session:
        [notice] = session.scalars(select(Notice.id))
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.event == "notice.written"))
    assert (entry.subjects, entry.user_id, entry.detail) == ([notice], None, {"notices": 1})


def test_the_next_evaluation_says_nothing_twice(office: Office) -> None:
    corrected(office)
    office.evaluate(LATER + timedelta(hours=1))
    with office.database.system("test") as session, session.begin():
        attended(session, office.matter, date(2026, 3, 2))
    office.evaluate(LATER + timedelta(hours=2))
    assert texts(box(office)) == [WITHDRAWN]


def decided(office: Office, now: datetime, **changes: Any) -> None:
    with office.database.system("test: another decision") as session, session.begin():
        [row] = session.scalars(select(Adjudication).where(current(Adjudication)))
        correct(session, row, now, **changes)
    office.evaluate(now)


def test_a_decision_of_probation_withdraws_what_was_told_and_another_says_that_it_holds_after_all(
    office: Office
) -> None:
    decided(office, LATER, decision="EXCUSED", why="MEDICAL")
    [line] = box(office).unread
    assert line.kind == "WITHDRAWN"
    assert "probation changed its decision on February 23 to excused" in line.text
    decided(office, LATER + timedelta(hours=1), decision="UNEXCUSED", why=None)
    assert [one.kind for one in box(office).unread] == ["RESTORED", "WITHDRAWN"]
    assert "holds after all" in texts(box(office))[0]


def test_time_that_passes_and_facts_that_answer_it_are_no_correction(office: Office) -> None:
    office.evaluate(NOW + timedelta(days=40))
    with office.database.system("test") as session, session.begin():
        attended(session, office.matter, date(2026, 3, 2), makeup_for_on=MISSED, recorded_on=date(2026, 3, 5))
    office.evaluate(NOW + timedelta(days=41))
    assert texts(box(office)) == []


def test_who_shares_the_case_no_more_hears_nothing(office: Office) -> None:
    corrected(office)
    with office.database.system("test: the case moves") as session, session.begin():
        row = session.scalars(
            select(CaseAgency).filter_by(case_id=office.matter.case, agency_id=office.town.office)
        ).one()
        row.until_on = date(2026, 3, 6)
    found = box(office)
    assert (found.unread, found.read) == ((), ())
    with office.database.system("test") as session:
        number = session.scalars(select(Notice.id)).one()
    with office.scoped(writes=True) as session:
        assert mark_read(session, number, LATER) is None


def test_who_is_walled_off_meanwhile_finds_nothing_and_no_count_of_it(office: Office) -> None:
    told(office, office.colleague)
    corrected(office)
    assert len(box(office, office.colleague).unread) == 1
    put_up(office.database, office.colleague, office.matter.person, office.town.office)
    with office.scoped(who=office.colleague) as session:
        assert unread(session) == 0
        assert inbox(session, "UTC") == Inbox((), (), "UTC")
    assert len(box(office).unread) == 1


def test_marked_as_read_it_stays_below_with_who_read_it(office: Office) -> None:
    corrected(office)
    [line] = box(office).unread
    with office.scoped(writes=True) as session:
        assert mark_read(session, line.id, LATER) == office.matter.case
        session.commit()
    found = box(office)
    assert found.unread == () and found.read[0].read_by == "reyes@agency.example"
    with office.scoped(who=office.colleague, writes=True) as session:
        assert mark_read(session, line.id, LATER) is None
        assert mark_read(session, 10**30, LATER) is None


def reported(office: Office) -> int:
    flag = office.flag("ABSENCE_UNEXCUSED")
    with office.scoped(writes=True) as session:
        page = flag_page(session, flag, NOW, lock=True)
        assert page is not None
        decision = Decision(decision="ACT", words="Please review.", answers=BARRIERS)
        decide(session, page, page.token, decision, NOW)
        session.commit()
    return office.to_court(flag)


def test_what_was_reported_to_the_court_is_told_back_to_the_court(office: Office) -> None:
    reported(office)
    office.evaluate(NOW + timedelta(hours=1))
    corrected(office)
    judge = box(office, 1, "judge", office.town.court_agency)
    assert texts(judge) == [
        "A matter reported to the court and told to you on March 4 no longer holds, because the program corrected "
        "February 23 to attended."
    ]
    assert judge.unread[0].path == ""
    assert texts(box(office, 1, "clerk", office.town.court_agency)) == []


def test_a_judge_who_saw_it_too_reads_it_once(office: Office) -> None:
    reported(office)
    office.evaluate(NOW + timedelta(hours=1))
    told(office, office.supervisor, "judge", office.town.court_agency)
    corrected(office)
    judge = box(office, office.supervisor, "judge", office.town.court_agency)
    assert len(judge.unread) == 1
    scope = Scope(office.supervisor, "judge", office.town.court_agency)
    with office.database.scoped(scope, writes=True) as session:
        mark_read(session, judge.unread[0].id, LATER)
        session.commit()
    assert box(office, office.supervisor, "judge", office.town.court_agency).unread == ()


def test_a_report_taken_back_is_told_to_who_was_told(office: Office) -> None:
    number = reported(office)
    office.evaluate(NOW + timedelta(hours=1))
    with office.scoped(writes=True) as session:
        page = allegation_page(session, number, NOW + timedelta(hours=2))
        assert page is not None
        withdraw(session, page, "The wrong person of the group.", NOW + timedelta(hours=2))
        session.commit()
    office.evaluate(NOW + timedelta(hours=3))
    assert [one.rpartition("because ")[2] for one in texts(box(office, 1, "judge", office.town.court_agency))] == [
        "probation took its report back."
    ]
    assert texts(box(office)) == [], "the officer's flag still holds"


def test_told_again_is_one_record_with_its_last_time(office: Office) -> None:
    told(office, office.officer, when=NOW + timedelta(hours=5))
    with office.database.system("test") as session:
        row = session.scalars(select(Told)).one()
    assert (row.told_at, row.again_at) == (NOW, NOW + timedelta(hours=5))
    assert row.content["sentence"].startswith("An absence on February 23")


def test_a_flag_page_after_a_correction_shows_what_it_said_and_that_it_says_nothing(office: Office) -> None:
    corrected(office)
    with office.scoped() as session:
        page = flag_page(session, office.flag("ABSENCE_UNEXCUSED"), LATER)
    assert page is not None and page.withdrawal is not None
    assert "February 23" in page.withdrawal.said
    assert page.withdrawal.because == "the program corrected February 23 to attended"
    assert [(one.who, one.act) for one in page.told] == [("reyes@agency.example", "saw it on a page")]
    assert at(MISSED) < page.withdrawal.at
