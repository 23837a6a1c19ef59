"""An absence is a fact of the program; whether it counts is an officer's decision, and a correction asks again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from monitor.absences import Changed, Verdict, absence_page, decide, faults_of
from monitor.flag_review.deciding import Decision
from monitor.flag_review.deciding import decide as decide_flag
from monitor.flag_review.reading import flag_page
from monitor.flag_review.responses import steps_before
from monitor.models import Adjudication, Attendance, Flag
from monitor.person_page.matters import undecided
from tests.builders import absent, adjudicate, attended, correct
from tests.office import NOW, TODAY, open_office

MISSED = date(2026, 2, 23)
EXCUSED = Verdict(decision="EXCUSED", why="MEDICAL", words="Appointment card seen.")
UNEXCUSED = Verdict(decision="UNEXCUSED", words="No reason given, asked by phone.")


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        attended(session, office.matter, date(2026, 2, 16))
        office.missed = absent(session, office.matter, MISSED).id
    return office


def page_of(office, attendance_id=0):
    with office.scoped() as session:
        return absence_page(session, attendance_id or office.missed)


def decided(office, verdict, token="", now=NOW):
    with office.scoped(writes=True) as session, session.begin():
        page = absence_page(session, office.missed)
        return decide(session, page, token or page.token, verdict, now)


def waiting(office):
    with office.scoped() as session:
        return [row.id for row in session.execute(undecided(Attendance.case_id == office.matter.case))]


def test_an_undecided_absence_stands_as_neither(office):
    page = page_of(office)
    assert page.standing is None
    assert page.is_absence
    assert (page.on, page.program, page.program_says) == (MISSED, "near program", "ABS")
    assert waiting(office) == [office.missed]


@pytest.mark.parametrize("verdict", [EXCUSED, UNEXCUSED, Verdict(decision="NOT_COUNTED", words="Class cancelled.")])
def test_a_decision_stands_under_the_officers_name_and_takes_it_off_the_list(office, verdict):
    decided(office, verdict)
    standing = page_of(office).standing
    assert (standing.decision, standing.by, standing.words) == (verdict.decision, "reyes@agency.example", verdict.words)
    assert waiting(office) == []


def test_waiting_for_evidence_stays_on_the_list_with_its_day(office):
    by = TODAY + timedelta(days=9)
    decided(office, Verdict(decision="PENDING_EVIDENCE", evidence_due_on=by))
    assert page_of(office).standing.evidence_due_on == by
    assert waiting(office) == [office.missed]


def test_later_evidence_replaces_the_decision_and_keeps_it_in_sight(office):
    decided(office, UNEXCUSED)
    decided(office, EXCUSED, now=NOW + timedelta(days=2))
    page = page_of(office)
    assert [(line.decision, line.stands) for line in page.decisions] == [("EXCUSED", True), ("UNEXCUSED", False)]


def test_the_fact_stays_as_the_program_wrote_it(office):
    decided(office, EXCUSED)
    with office.scoped() as session:
        row = session.get(Attendance, office.missed)
        assert (row.outcome, row.program_says) == ("ABSENT", "ABS")
        assert session.scalar(select(func.count()).select_from(Attendance)) == 2


def test_a_correction_of_the_program_opens_the_question_again(office, database):
    decided(office, UNEXCUSED)
    with database.system("test: the program corrects") as session, session.begin():
        newer = correct(session, session.get(Attendance, office.missed), NOW, occurred_on=MISSED + timedelta(days=1)).id
    assert page_of(office).newer_id == newer
    assert not page_of(office).is_absence
    assert page_of(office, newer).standing is None
    assert waiting(office) == [newer]
    with pytest.raises(Changed):
        decided(office, EXCUSED)


def test_two_officers_at_once_only_the_first_decides(office):
    stale = page_of(office).token
    decided(office, UNEXCUSED)
    with pytest.raises(Changed):
        decided(office, EXCUSED, token=stale)
    assert page_of(office).standing.decision == "UNEXCUSED"


def test_the_programs_own_word_can_be_replaced(office, database):
    with database.system("test: the program's word") as session, session.begin():
        adjudicate(session, session.get(Attendance, office.missed), "EXCUSED", MISSED, by="PROGRAM")
    assert page_of(office).standing.by == "The program"
    decided(office, UNEXCUSED)
    assert page_of(office).standing.decision == "UNEXCUSED"
    with office.scoped() as session:
        newest = session.get(Adjudication, page_of(office).standing.id)
        assert newest.supersedes_id is not None


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict(decision=""), "decision"),
        (Verdict(decision="REVOKED"), "decision"),
        (Verdict(decision="EXCUSED"), "why"),
        (Verdict(decision="EXCUSED", why="FOOTBALL"), "why"),
        (Verdict(decision="UNEXCUSED"), "words"),
        (Verdict(decision="NOT_COUNTED", words="  "), "words"),
        (Verdict(decision="PENDING_EVIDENCE"), "evidence_due_on"),
        (Verdict(decision="PENDING_EVIDENCE", evidence_due_on=TODAY - timedelta(days=1)), "evidence_due_on"),
    ],
)
def test_what_is_missing_is_named_by_its_field(verdict, field):
    assert list(faults_of(verdict, TODAY)) == [field]


def test_evidence_may_be_asked_for_by_today():
    for ahead, wrong in ((0, False), (90, False), (91, True)):
        day = TODAY + timedelta(days=ahead)
        assert bool(faults_of(Verdict(decision="PENDING_EVIDENCE", evidence_due_on=day), TODAY)) is wrong, ahead


def test_an_absence_of_another_office_reads_like_one_that_does_not_exist(office):
    office.town.office = office.town.program_agency + 1 & (1 << 62)
    assert page_of(office) is None
    assert page_of(office, 77) is None


# ── evidence ────────────────────────────────────────────────────────────────────────────────────────────────────────

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DUE = TODAY + timedelta(days=5)
WAITING = Verdict(decision="PENDING_EVIDENCE", evidence_due_on=DUE)
CAME = Verdict(decision="PENDING_EVIDENCE", evidence_due_on=DUE, evidence_received_on=TODAY)
HELD = Verdict(decision="EXCUSED", why="MEDICAL", evidence_received_on=TODAY, evidence_accepted=True)


@ON_SQLITE
def test_evidence_is_asked_for_comes_and_is_accepted_each_in_sight(office):
    said = []
    for hour, verdict in enumerate((WAITING, CAME, HELD)):
        decided(office, verdict, now=NOW + timedelta(hours=hour))
        said.append(page_of(office).standing.evidence(TODAY))
    assert said == [
        "Evidence is asked for by Mon, Mar 9, 2026",
        "Evidence came Wed, Mar 4, 2026: nobody has looked at it yet",
        "Evidence came Wed, Mar 4, 2026: accepted",
    ]
    assert [line.decision for line in page_of(office).decisions] == ["EXCUSED", "PENDING_EVIDENCE", "PENDING_EVIDENCE"]


@ON_SQLITE
def test_nothing_that_came_by_its_day_says_so_and_still_waits_for_a_person(office):
    decided(office, WAITING)
    assert page_of(office).standing.evidence(DUE) == "Evidence is asked for by Mon, Mar 9, 2026"
    late = page_of(office).standing.evidence(DUE + timedelta(days=1))
    assert late == "Evidence was asked for by Mon, Mar 9, 2026; nothing has come"
    assert waiting(office) == [office.missed]


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict(decision="EXCUSED", why="MEDICAL", evidence_received_on=TODAY), "evidence_accepted"),
        (Verdict(decision="EXCUSED", why="MEDICAL", evidence_received_on=TODAY, evidence_accepted=False),
         "evidence_accepted"),
        (Verdict(decision="UNEXCUSED", words="No.", evidence_received_on=TODAY, evidence_accepted=True),
         "evidence_accepted"),
        (Verdict(decision="PENDING_EVIDENCE", evidence_due_on=DUE, evidence_received_on=TODAY, evidence_accepted=True),
         "evidence_accepted"),
        (Verdict(decision="EXCUSED", why="MEDICAL", evidence_accepted=True), "evidence_received_on"),
        (Verdict(decision="EXCUSED", why="MEDICAL", evidence_received_on=DUE, evidence_accepted=True),
         "evidence_received_on"),
    ],
)  # fmt: skip
def test_what_came_and_what_is_decided_must_fit(verdict, field):
    assert list(faults_of(verdict, TODAY)) == [field]


def test_evidence_that_comes_after_a_warning_withdraws_it_and_it_counts_toward_nothing(office, database):
    decided(office, UNEXCUSED)
    office.evaluate()
    flag_id = office.flag("ABSENCE_UNEXCUSED")
    answers = dict.fromkeys(("language", "disability", "work_shift", "transport", "child_care", "program_seats"), "no")
    with office.scoped(writes=True) as session, session.begin():
        seen = flag_page(session, flag_id, NOW, lock=True)
        act = Decision(decision="HANDLE", words="Written warning handed over.", answers=answers)
        assert decide_flag(session, seen, seen.token, act, NOW) is not None
    [warned] = page_of(office).answered
    assert (warned.what, warned.holds) == ("Handled here: “Written warning handed over.”", True)
    with office.scoped() as session:
        assert steps_before(session, office.matter.case, NOW) == 1
    later = NOW + timedelta(days=1)
    decided(office, HELD, now=later)
    office.evaluate(later)
    assert [one.holds for one in page_of(office).to_take_back] == [False]
    with office.scoped() as session:
        assert session.get(Flag, flag_id).state == "WITHDRAWN"
        assert steps_before(session, office.matter.case, later) == 0
