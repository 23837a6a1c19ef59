"""A report to the court: a person's from its first step, from the record, for and against (F1, F2, F6, B4, E5)."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from monitor.allegations import approving, drafting
from monitor.allegations.page import HEARSAY
from monitor.allegations.steps import Changed
from monitor.allegations.typed import Exhibit, Typed, faults_of_exhibit
from monitor.documents.report import content_of
from monitor.due_process import ALLEGATION_MOVES, ALLEGATIONS, By, after_step
from monitor.flag_review.deciding import undo
from monitor.flag_review.reading import flag_page
from monitor.models import (
    AllegationStep,
    Attendance,
    Flag,
    Leave,
    Letter,
    Pause,
    Review,
)
from monitor.models.allegation import ALLEGATION_STEPS
from tests.builders import absent, add_user, adjudicate, attended, correct, decided
from tests.monitor.filing import (
    MISSED,
    bench,
    boss,
    done,
    office_with_a_miss,
    on_docket,
    page_of,
    reported,
    sent,
    state,
)
from tests.office import NOW, raise_flag


@pytest.fixture
def office(database):
    return office_with_a_miss(database)


# ── as data, and in the database ────────────────────────────────────────────────────────────────────────────────────


def test_every_step_and_every_place_has_its_word():
    assert {kind for _, kind in ALLEGATION_MOVES} == set(ALLEGATION_STEPS)
    assert {after for _who, after in ALLEGATION_MOVES.values()} == set(ALLEGATIONS)


def test_no_machine_takes_any_step_and_each_is_whose_it_is():
    by = {kind: set() for kind in ALLEGATION_STEPS}
    for (_before, kind), (who, _after) in ALLEGATION_MOVES.items():
        by[kind] |= who
    assert all(By.MACHINE not in who for who in by.values())
    assert by["APPROVED"] == by["RETURNED"] == {By.SUPERVISOR}
    assert by["FOUND"] == by["NOT_FOUND"] == by["ADMITTED"] == {By.COURT}
    assert after_step("DRAFT", "APPROVED", By.SUPERVISOR) is None, "nothing goes that nobody sent"
    assert after_step("WAITING", "APPROVED", By.REVIEWER) is None
    assert after_step("RETURNED", "FOUND", By.COURT) is None


def refused(database, statement, match):
    with pytest.raises(DatabaseError, match=match), database.system("test: by hand") as session, session.begin():
        session.execute(statement)


def step(office, report, kind, who, agency=0, number=99):
    return sa.insert(AllegationStep).values(
        id=number, case_id=office.matter.case, agency_id=agency or office.town.office, allegation_id=report,
        number=number, kind=kind, by_user_id=who, at=NOW, words="Words.", content={},
    )  # fmt: skip


def test_the_database_itself_asks_for_a_second_person_who_supervises(database, office):
    report = reported(office)
    with database.system("test: another officer") as session, session.begin():
        maker_too = add_user(session, office.town.office, "officer_supervisor", "both@agency.example")
        session.execute(sa.update(Review).values(by_user_id=maker_too))
    for who in (office.officer, office.colleague, maker_too):
        refused(database, step(office, report, "APPROVED", who), "supervisor")
    flag = office.flags["missed"]
    refused(database, sa.update(Flag).where(Flag.id == flag).values(state="ACTED"), "review")
    with database.system("test: a supervisor") as session, session.begin():
        session.execute(step(office, report, "APPROVED", office.supervisor))
        session.execute(sa.update(Flag).where(Flag.id == flag).values(state="ACTED"))


def test_a_report_that_was_withdrawn_lets_no_flag_go_to_the_court_any_more(database, office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    with database.system("test: withdrawn") as session, session.begin():
        session.execute(sa.update(Flag).where(Flag.id == office.flags["missed"]).values(state="REPORTED"))
        session.execute(step(office, report, "WITHDRAWN", office.officer))
    refused(database, sa.update(Flag).where(Flag.id == office.flags["missed"]).values(state="ACTED"), "review")


def test_the_database_itself_takes_the_courts_word_from_the_court_only(database, office):
    report = reported(office)
    with database.system("test: a clerk") as session, session.begin():
        clerk = add_user(session, office.town.court_agency, "clerk", "clerk@court.example")
    for kind in ("FOUND", "NOT_FOUND", "ADMITTED", "REOPENED"):
        refused(database, step(office, report, kind, office.supervisor), "court")
        refused(database, step(office, report, kind, office.officer, office.town.court_agency), "court")
    with database.system("test: the clerk's word") as session, session.begin():
        session.execute(step(office, report, "FOUND", clerk, office.town.court_agency))


def test_steps_are_only_added_to(database, office):
    report = reported(office)
    written = sa.update(AllegationStep).where(AllegationStep.allegation_id == report)
    refused(database, written.values(words="x"), "added")


# ── drafting ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_review_begins_a_report_and_nothing_has_gone_to_the_court(office):
    report = reported(office)
    page = page_of(office, report)
    assert (page.state, state(office)) == ("DRAFT", "REPORTED")
    assert page.made_by == "reyes@agency.example"
    [matter] = page.facts.matters
    assert matter.title == "Unexcused absence"
    assert "from a record kept at the time" in matter.rows[0].words
    assert bench(office).alleged == ()
    assert not on_docket(office).contested


def test_flags_of_one_case_go_together(office, database):
    with database.system("test: another") as session, session.begin():
        again = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
    report = reported(office)
    assert reported(office, again) == report
    assert len(page_of(office, report).facts.matters) == 2


def test_undoing_the_review_takes_the_flag_out_and_an_empty_report_is_dropped(office, database):
    with database.system("test: another") as session, session.begin():
        again = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
    report = reported(office)
    reported(office, again)
    for flag, then in ((again, "DRAFT"), (office.flags["missed"], "DROPPED")):
        with office.scoped(writes=True) as session, session.begin():
            page = flag_page(session, flag, NOW, lock=True)
            undo(session, page, page.reviews[0].id, NOW)
        assert (page_of(office, report).state, state(office, flag)) == (then, "OPEN")


def test_a_dropped_report_puts_its_flags_back(office):
    report = reported(office)
    done(office, report, drafting.drop)
    assert (page_of(office, report).state, state(office)) == ("DROPPED", "OPEN")


def test_what_speaks_for_the_person_is_in_it_whether_or_not_a_rule_looked(office, database):
    with database.system("test: exculpatory rows") as session, session.begin():
        excused = absent(session, office.matter, date(2026, 2, 2))
        adjudicate(session, excused, "EXCUSED", date(2026, 2, 3))
        attended(session, office.matter, date(2026, 2, 9), outcome="SESSION_CANCELLED")
        attended(session, office.matter, date(2026, 2, 12), makeup_for_on=date(2026, 2, 2))
        leave = {"case_id": office.matter.case, "agency_id": office.town.program_agency, "recorded_at": NOW}
        session.add(Leave(enrollment_id=office.matter.enrollment, occurred_on=date(2026, 1, 5), approved_by="PROGRAM",
                          covers_on=date(2026, 1, 19), **leave))  # fmt: skip
        wrong = absent(session, office.matter, date(2026, 1, 26))
        correct(session, wrong, NOW, outcome="PRESENT")
        session.add(Letter(kind="EMPLOYER", occurred_on=date(2026, 1, 14), seat_on=None, **leave))
        session.add(Pause(kind="HOSPITAL", starts_on=date(2026, 1, 20), ends_on=date(2026, 1, 22), **leave))
        session.add(Pause(kind="WARRANT", starts_on=date(2026, 1, 21), ends_on=date(2026, 1, 22), **leave))
        other = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
        decided(session, session.get_one(Flag, other), "DISMISSED")
    page = page_of(office, reported(office))
    said = " | ".join(line.words for line in (*page.facts.helps, *page.facts.dismissed))
    for told in (
        "excused (medical), Mon, Feb 2, 2026", "cancelled by the program, Mon, Feb 9", "Classes attended: 3, the last",
        "Make-up class attended, Thu, Feb 12", "Corrected: Class: absent → Class: attended, Mon, Jan 26",
        "Asked and dismissed", "Leave that the program approved ahead of time, Mon, Jan 19",
        "Wed, Jan 14", "Tue, Jan 20",
    ):  # fmt: skip
        assert told in said, told
    assert "Jan 21" not in said, "a warrant speaks for nobody"
    paper = content_of(page)
    assert paper["helps"] == [line.words for line in page.facts.helps]
    assert len(paper["dismissed"]) == 1


@pytest.mark.parametrize("evidence, refused", [("adjudication", True), ("attendance", False)])
def test_without_a_record_that_stands_by_itself_nothing_goes_on(office, database, evidence, refused):
    with database.system("test: whose word") as session, session.begin():
        row = absent(session, office.matter, date(2026, 2, 2))
        if evidence == "adjudication":
            row = adjudicate(session, row, "UNEXCUSED", date(2026, 2, 3))
        flag = raise_flag(session, office.matter, "NO_CONTACT_ALLEGED", "D", evidence=[str(row.id)])
    report = reported(office, flag)
    if not refused:
        sent(office, report)
        return
    with pytest.raises(Changed, match="nothing independent"):
        sent(office, report)
    told = Exhibit(kind="TOLD", on=MISSED, words="Said he was there.", seen_by="A neighbor")
    with pytest.raises(Changed, match="nothing independent"):
        sent(office, report, exhibits=(told,))
    police = Exhibit(kind="POLICE", on=MISSED, words="Report 26-1004.", seen_by="POLICE")
    done(office, report, drafting.add_exhibit, police)
    sent(office, report, exhibits=page_of(office, report).typed.exhibits)
    assert page_of(office, report).state == "WAITING"


def test_what_rests_on_what_others_said_alone_warns_on_screen_and_on_paper(office, database):
    with database.system("test: nothing on file") as session, session.begin():
        flag = raise_flag(session, office.matter, "ENROLLMENT_OVERDUE", "B")
    report = reported(office, flag)
    police = Exhibit(kind="POLICE", on=MISSED, words="Report 26-1004.", seen_by="POLICE")
    done(office, report, drafting.add_exhibit, police)
    page = page_of(office, report)
    assert page.warnings == (HEARSAY,)
    assert content_of(page)["warnings"] == [HEARSAY]
    assert "seen by police); as the police report has it" in content_of(page)["added"][0]
    seen = Exhibit(kind="RECORD", on=MISSED, words="The program's letter.", seen_by="PROGRAM_STAFF", first_hand=True)
    done(office, report, drafting.add_exhibit, seen)
    assert page_of(office, report).warnings == ()


@pytest.mark.parametrize("kind, words, seen_by, fault", [
    ("TOLD", "He stood at the gate.", "POLICE", "kind"),
    ("RECORD", "He stood at the gate.", "Maria Lopez", "seen_by"),
    ("RECORD", "She told the program that he came.", "PROGRAM_STAFF", "shows"),
    ("POLICE", "Ella dijo que vino.", "POLICE", "shows"),
    ("POLICE", "Report 26-1004. " * 20, "POLICE", "shows"),
])  # fmt: skip
def test_what_somebody_said_and_the_name_of_who_saw_it_cannot_be_entered(office, kind, words, seen_by, fault):
    assert set(faults_of_exhibit(kind, MISSED, words, seen_by, "")) == {fault}
    report = reported(office)
    with pytest.raises(Changed):
        done(office, report, drafting.add_exhibit, Exhibit(kind=kind, on=MISSED, words=words, seen_by=seen_by))
    assert page_of(office, report).typed.exhibits == ()


@pytest.mark.parametrize("kind, why", [("TOLD", "Take out what somebody said."), ("RECORD", "names who saw it")])
def test_what_was_entered_so_before_names_nobody_and_goes_no_further(office, kind, why):
    report = reported(office)
    old = Exhibit(kind=kind, on=MISSED, words="He stood at the gate.", seen_by="Maria Lopez")
    with pytest.raises(Changed, match=why):
        sent(office, report, exhibits=(old,))
    done(office, report, drafting.save, Typed(ask="REVIEW", exhibits=(old,)))
    assert "Lopez" not in repr(content_of(page_of(office, report)))
    assert len(page_of(office, report).typed.exhibits) == 1, "it is there to be taken out"


def test_a_device_alert_counts_only_with_the_office_of_who_checked_it_and_its_gaps():
    assert set(faults_of_exhibit("DEVICE", MISSED, "At the gate.", "", "")) == {"seen_by", "gaps"}
    assert set(faults_of_exhibit("DEVICE", MISSED, "At the gate.", "POLICE", "")) == {"gaps"}
    assert not faults_of_exhibit("DEVICE", MISSED, "At the gate.", "POLICE", "none")
    line = Exhibit(kind="DEVICE", on=MISSED, words="At the gate.", seen_by="POLICE", gaps="10 minutes at noon").line
    assert "checked by police; power and coverage: 10 minutes at noon" in line.words


@pytest.mark.parametrize("ask", ["WARRANT", "CUSTODY", "REVOCATION", "FIREARMS", "DEVICE_OFF"])
def test_a_risky_step_stops_for_safety_first_and_no_paper_says_what_was_answered(office, ask):
    report = reported(office)
    with pytest.raises(Changed, match="safety stop"):
        sent(office, report, ask=ask)
    papers = []
    for answer in ("NONE_ASKED", "IMMINENT"):
        done(office, report, drafting.save, Typed(ask=ask, safety=answer))
        papers.append(content_of(page_of(office, report)))
    assert papers[0] == papers[1]
    sent(office, report, ask=ask, safety="DONE")
    done(office, report, approving.approve, **boss(office))
    with office.database.system("test: look") as session:
        [filed] = session.scalars(sa.select(AllegationStep.content).where(AllegationStep.kind == "APPROVED"))
    assert filed["typed"]["safety"] == ""
    assert not page_of(office, report, who=office.colleague).safety_mine


def test_a_fact_that_changed_since_the_draft_is_told_with_what_changed(office, database):
    report = reported(office)
    with database.system("test: the program corrects") as session, session.begin():
        correct(session, session.get_one(Attendance, office.missed), NOW, outcome="PRESENT")
    changed = page_of(office, report).changed
    assert any("Class: absent, corrected since" in one for one in changed), changed
    assert any("Corrected: Class: absent → Class: attended" in one for one in changed)


def test_what_changed_after_it_was_sent_cannot_be_approved(office, database):
    report = reported(office)
    sent(office, report)
    with database.system("test: an excuse") as session, session.begin():
        late = absent(session, office.matter, date(2026, 2, 2))
        adjudicate(session, late, "EXCUSED", date(2026, 2, 3))
    with pytest.raises(Changed, match="excused"):
        done(office, report, approving.approve, **boss(office))
    assert bench(office).alleged == ()
    done(office, report, approving.give_back, "Take the excused class in.", **boss(office))
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    assert len(bench(office).alleged) == 1
