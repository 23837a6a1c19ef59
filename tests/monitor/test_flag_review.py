"""A flag's page says what it rests on; a decision is a person's, about what they saw, and can be undone until used."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor.absences import absence_page
from monitor.current import current
from monitor.flag_review.changes import changes_since
from monitor.flag_review.deciding import Changed, Decision, contest, decide, faults_of, undo
from monitor.flag_review.reading import flag_page
from monitor.models import Adjudication, Flag, Report, Review, Span
from tests.builders import absent, attended, build_town, correct, unexcused
from tests.office import NOW, open_office, raise_flag, supervised

MISSED = date(2026, 2, 23)
ANSWERS = {
    "language": "no", "disability": "no", "work_shift": "fixed", "transport": "no", "child_care": "no",
    "program_seats": "no",
}  # fmt: skip
AUTHORITY = {
    "term": "bip.unexcused_absences_max", "value": "0", "unit": "sessions", "basis": "law", "cite": "Example Code 1.2",
    "confidence": "verified_text",
}  # fmt: skip
ACT = Decision(decision="ACT", words="Review in 30 days.", answers=ANSWERS)
DISMISS = Decision(decision="DISMISS", words="He was in the Saturday group.")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        attended(session, office.matter, date(2026, 2, 16))
        [missed] = unexcused(session, office.matter, MISSED)
        office.missed = missed.id
        office.flags["ABSENCE_UNEXCUSED"] = raise_flag(
            session, office.matter, "ABSENCE_UNEXCUSED", "B", about_id=missed.id, evidence=[str(missed.id)], count=1,
            first_on=MISSED, provision="Example Code 1.2(a)", authority=[AUTHORITY],
        )  # fmt: skip
    return office


def page_of(office, flag_id, **who):
    with office.scoped(**who) as session:
        return flag_page(session, flag_id, NOW)


def decided(office, flag_id, decision, now=NOW, **who):
    with office.scoped(writes=True, **who) as session, session.begin():
        page = flag_page(session, flag_id, now, lock=True)
        return decide(session, page, page.token, decision, now)


def undone(office, flag_id, review_id, now=LATER):
    with office.scoped(writes=True) as session, session.begin():
        undo(session, flag_page(session, flag_id, now, lock=True), review_id, now)


def state_of(office, flag_id):
    with office.database.system("test: look") as session:
        return session.scalar(select(Flag.state).where(Flag.id == flag_id))


def test_the_page_names_rule_provision_rows_and_what_would_make_it_wrong(office):
    page = page_of(office, office.flags["ABSENCE_UNEXCUSED"])
    assert page.title == "Unexcused absence"
    assert page.rule == "us_ca.absence_unexcused"
    assert page.provision
    assert [row.on for row in page.counting if row.name == "attendance"] == [MISSED]
    assert "near program" in page.counting[0].source
    assert page.wrong
    assert page.clears
    assert page.unknown
    assert page.version in page.token


def test_the_values_carry_their_citation_and_how_sure_that_is(office):
    [value] = page_of(office, office.flags["ABSENCE_UNEXCUSED"]).values
    assert (value.term, value.value, value.basis) == ("Unexcused absences max", "0 classes", "law")
    assert (value.cite, value.confidence) == ("Example Code 1.2", "read in the text itself")


def test_a_row_that_a_correction_replaced_is_struck_through(office, database):
    with database.system("test: a flag on two versions") as session, session.begin():
        [row] = session.scalars(select(Adjudication))
        flag_id = raise_flag(
            session, office.matter, "ABSENCE_UNEXCUSED", "B", about_id=office.missed, evidence=[str(row.id)], count=1
        )
        correct(session, row, NOW, decision="EXCUSED", why="MEDICAL")
    stands = {row.name: row.stands for row in page_of(office, flag_id).counting}
    assert stands == {"attendance": True, "adjudication": False}


def test_rows_that_do_not_count_say_why(office, database):
    with database.system("test: counter") as session, session.begin():
        other = absent(session, office.matter, date(2026, 2, 9)).id
        flag_id = raise_flag(
            session, office.matter, "CONSECUTIVE_UNEXCUSED_LIMIT", "C", evidence=[str(office.missed)],
            counter=[str(other)], counter_why=["excused"], count=2, limit=2,
        )  # fmt: skip
    page = page_of(office, flag_id)
    assert [(row.id, row.why) for row in page.not_counting] == [(other, "excused")]
    assert [row.id for row in page.counting] == [office.missed]


def test_a_flag_of_another_office_reads_like_one_that_does_not_exist(office, database):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    office.town = far
    assert page_of(office, flag_id) is None
    assert page_of(office, 12345) is None
    assert page_of(office, 1 << 90) is None


def test_dismissing_needs_a_reason_and_keeps_what_the_reviewer_saw(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    page = page_of(office, flag_id)
    assert "words" in faults_of(page, Decision(decision="DISMISS", words="  "))
    review_id = decided(office, flag_id, DISMISS)
    assert state_of(office, flag_id) == "DISMISSED"
    with office.scoped() as session:
        review = session.get(Review, review_id)
        assert review.version == page.version
        assert review.content["sentence"] == page.sentence
        assert review.content["rows"]
    line = page_of(office, flag_id).reviews[0]
    assert (line.who, line.said, line.words) == ("reyes@agency.example", "dismissed it", DISMISS.words)


def test_a_first_report_of_class_b_needs_six_answers(office):
    page = page_of(office, office.flags["ABSENCE_UNEXCUSED"])
    assert page.barriers_needed
    faults = faults_of(page, Decision(decision="ACT"))
    assert sorted(faults) == sorted(f"barrier_{name}" for name in ANSWERS)
    five = {name: answer for name, answer in ANSWERS.items() if name != "transport"}
    assert list(faults_of(page, Decision(decision="ACT", answers=five))) == ["barrier_transport"]
    assert not faults_of(page, ACT)


def test_something_in_the_way_of_class_c_asks_why_it_goes_to_the_court_all_the_same(office, database):
    with database.system("test: a discharge") as session, session.begin():
        discharged = raise_flag(session, office.matter, "PROGRAM_DISCHARGED", "C")
    page = page_of(office, discharged)
    in_the_way = ANSWERS | {"transport": "yes"}
    assert list(faults_of(page, Decision(decision="ACT", answers=in_the_way))) == ["words"]
    assert not faults_of(page, Decision(decision="ACT", words="Second talk about it.", answers=in_the_way))


def test_answers_given_within_a_year_are_not_asked_again(office, database):
    decided(office, office.flags["ABSENCE_UNEXCUSED"], ACT)
    with database.system("test: another") as session, session.begin():
        again = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
        other = supervised(session, office.town, office.officer, "Other", "Bea")
        elsewhere = raise_flag(session, other, "CHECKIN_MISSED", "B")
    assert not page_of(office, again).barriers_needed
    assert page_of(office, elsewhere).barriers_needed
    for days, asked in ((364, False), (365, True)):  # after a year a shift, a bus or a child may differ
        with office.scoped() as session:
            assert flag_page(session, again, NOW + timedelta(days=days)).barriers_needed is asked, days


def test_a_report_that_a_supervisor_approved_makes_the_flag_visible_to_the_bench(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    review_id = decided(office, flag_id, ACT)
    assert state_of(office, flag_id) == "REPORTED"
    office.to_court(flag_id)
    assert state_of(office, flag_id) == "ACTED"
    with office.scoped() as session:
        assert session.get(Review, review_id).content["barriers"]["work_shift"] == "yes, now fixed"


def test_a_report_on_an_absence_is_a_fact_that_the_reporting_clocks_see(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    decided(office, flag_id, ACT)
    told = select(Report.sent_by, Report.sent_to, Report.about_id).where(current(Report))
    with office.scoped() as session:
        assert session.execute(told).all() == [], "nothing has gone anywhere before a supervisor says so"
    office.to_court(flag_id)
    with office.scoped() as session:
        assert session.execute(told).all() == [("PROBATION", "COURT", office.missed)]


def test_who_entered_every_row_does_not_report_it_alone(office, database):
    with database.system("test: own rows") as session, session.begin():
        row = session.get(Adjudication, session.scalar(select(Adjudication.id)))
        row.recorded_by_id = office.officer
        flag_id = raise_flag(session, office.matter, "CHECKIN_MISSED", "B", evidence=[str(row.id)])
    assert "decision" in faults_of(page_of(office, flag_id), ACT)
    assert not faults_of(page_of(office, flag_id, who=office.colleague), ACT)


def test_excusing_writes_the_decision_on_the_absence_too(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    page = page_of(office, flag_id)
    assert set(faults_of(page, Decision(decision="EXCUSE"))) == {"why", "words"}
    decided(office, flag_id, Decision(decision="EXCUSE", why="EMPLOYMENT", words="Pay slip seen."))
    assert state_of(office, flag_id) == "EXCUSED"
    with office.scoped() as session:
        standing = absence_page(session, office.missed).standing
    assert (standing.decision, standing.why, standing.words) == ("EXCUSED", "Work", "Pay slip seen.")


def test_the_rules_agree_after_an_absence_was_excused(database):
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        unexcused(session, office.matter, MISSED)
    office.evaluate()
    flag_id = office.flag("ABSENCE_UNEXCUSED")
    decided(office, flag_id, Decision(decision="EXCUSE", why="EMPLOYMENT", words="Pay slip seen."))
    office.evaluate(LATER)
    assert state_of(office, flag_id) == "EXCUSED"
    with database.system("test: look") as session:
        flag = session.get(Flag, flag_id)
        assert not session.scalar(
            select(Span.id).where(Span.key == flag.key, Span.known_until.is_(None), Span.certainty == "CERTAIN")
        )


@pytest.mark.parametrize("decision", [DISMISS, ACT, Decision(decision="ACKNOWLEDGE")])
def test_a_decision_is_undone_to_what_was_before(office, decision):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    review_id = decided(office, flag_id, decision)
    undone(office, flag_id, review_id)
    assert state_of(office, flag_id) == "OPEN"
    line = page_of(office, flag_id).reviews[0]
    assert line.undone_at == LATER
    assert not line.may_undo


def test_undoing_an_excuse_brings_the_earlier_decision_back(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    review_id = decided(office, flag_id, Decision(decision="EXCUSE", why="EMPLOYMENT", words="Pay slip seen."))
    undone(office, flag_id, review_id)
    with office.scoped() as session:
        page = absence_page(session, office.missed)
    assert page.standing.decision == "UNEXCUSED"
    assert len(page.decisions) == 3


def test_a_report_before_the_court_is_not_undone_here(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    review_id = decided(office, flag_id, ACT)
    assert page_of(office, flag_id).reviews[0].may_undo
    office.to_court(flag_id)
    assert not page_of(office, flag_id).reviews[0].may_undo
    with pytest.raises(Changed):
        undone(office, flag_id, review_id)
    assert state_of(office, flag_id) == "ACTED"


def test_handling_it_here_asks_the_six_questions_too_and_says_with_what(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    page = page_of(office, flag_id)
    assert "words" in faults_of(page, Decision(decision="HANDLE", answers=ANSWERS))
    assert "barrier_transport" in faults_of(page, Decision(decision="HANDLE", words="Make-up class on Saturday."))
    decided(office, flag_id, Decision(decision="HANDLE", words="Make-up class on Saturday.", answers=ANSWERS))
    assert state_of(office, flag_id) == "HANDLED"
    assert page_of(office, flag_id).decisions == ()


def test_a_response_of_the_office_ages_out_after_twelve_months_without_another(office, database):
    handled = Decision(decision="HANDLE", words="Talked it over.", answers=ANSWERS)
    with database.system("test: three steps") as session, session.begin():
        flags = [raise_flag(session, office.matter, "CHECKIN_MISSED", "B") for _ in range(3)]
    first, second = NOW - timedelta(days=600), NOW - timedelta(days=300)
    decided(office, flags[0], handled, now=first)
    decided(office, flags[1], handled, now=second)
    assert page_of(office, flags[2]).steps_before == 2
    with office.scoped() as session:
        assert flag_page(session, flags[2], second + timedelta(days=365)).steps_before == 2
        assert flag_page(session, flags[2], second + timedelta(days=366)).steps_before == 0


def test_two_responses_more_than_a_year_apart_do_not_add_up(office, database):
    handled = Decision(decision="HANDLE", words="Talked it over.", answers=ANSWERS)
    with database.system("test: three steps") as session, session.begin():
        flags = [raise_flag(session, office.matter, "CHECKIN_MISSED", "B") for _ in range(3)]
    decided(office, flags[0], handled, now=NOW - timedelta(days=500))
    decided(office, flags[1], handled, now=NOW - timedelta(days=100))
    assert page_of(office, flags[2]).steps_before == 1


def test_only_the_last_review_can_be_undone(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    first = decided(office, flag_id, Decision(decision="ACKNOWLEDGE"))
    decided(office, flag_id, DISMISS, now=LATER)
    with pytest.raises(Changed):
        undone(office, flag_id, first)


def test_a_page_that_a_colleague_overtook_is_refused_with_what_they_did(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    stale = page_of(office, flag_id)
    decided(office, flag_id, DISMISS, who=office.colleague)
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, flag_id, LATER, lock=True)
        with pytest.raises(Changed):
            decide(session, page, stale.token, ACT, LATER)
        assert changes_since(session, page, stale.token, LATER) == (
            f"cho@agency.example dismissed it: {DISMISS.words}",
        )


def test_a_page_that_new_facts_overtook_says_what_changed(office, database):
    with database.system("test: new content") as session, session.begin():
        flag_id = raise_flag(session, office.matter, "CONSECUTIVE_UNEXCUSED_LIMIT", "C", count=2, limit=2)
    stale = page_of(office, flag_id)
    with database.system("test: new content") as session, session.begin():
        flag = session.get(Flag, flag_id)
        old = session.get(Span, flag.span_id)
        old.known_until = NOW
        values = {column.key: getattr(old, column.key) for column in Span.__table__.columns if column.key != "id"}
        new = Span(**values | {"version": "v2", "content": old.content | {"count": 3}, "known_until": None})
        session.flush()
        session.add(new)
        session.flush()
        flag.version, flag.span_id = "v2", new.id
    with office.scoped() as session:
        [said] = changes_since(session, flag_page(session, flag_id, NOW), stale.token, NOW)
    with office.scoped(writes=True) as session, session.begin():  # nothing else is amiss with the decision
        page = flag_page(session, flag_id, NOW, lock=True)
        with pytest.raises(Changed):
            decide(session, page, stale.token, DISMISS, NOW)
    assert said.startswith("It said: On record: 2 ")
    assert "It now says: On record: 3 " in said


def test_a_closed_flag_offers_no_decision(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    decided(office, flag_id, DISMISS)
    assert page_of(office, flag_id).decisions == ()


def test_a_matter_of_the_court_is_shown_and_not_decided_here(office, database):
    with database.system("test: the court's") as session, session.begin():
        flag_id = raise_flag(
            session, office.matter, "REVIEW_HEARING_OVERDUE", None, owner="court", agency=office.town.court_agency
        )
    page = page_of(office, flag_id)
    assert page.decisions == ()
    assert page.closed_why == "near court decides on this."


def test_what_could_not_be_checked_is_nobodys_and_never_goes_to_the_court(office, database):
    with database.system("test: unchecked") as session, session.begin():
        flag_id = raise_flag(
            session, office.matter, "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", "C", certainty="CANNOT_EVALUATE", note="x.y"
        )
    page = page_of(office, flag_id)
    assert not page.certain
    assert "ACT" not in page.decisions
    assert page.title.startswith("Could not be checked")


def test_a_lapse_of_a_program_is_not_reported_as_the_persons(office, database):
    with database.system("test: the program's") as session, session.begin():
        flag_id = raise_flag(session, office.matter, "ATTENDANCE_NOT_REPORTED", None, owner="provider", count=2)
    assert set(page_of(office, flag_id).decisions) == {"ACKNOWLEDGE", "DISMISS"}


def test_a_contest_shows_at_once(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    with office.scoped(writes=True) as session, session.begin():
        contest(session, flag_page(session, flag_id, NOW, lock=True), True, NOW)
    assert page_of(office, flag_id).contested


def test_a_span_without_the_values_its_sentence_wants_still_reads(office, database):
    with database.system("test: an older span") as session, session.begin():
        flag_id = raise_flag(session, office.matter, "CONSECUTIVE_UNEXCUSED_LIMIT", "C")
    assert "not known" in page_of(office, flag_id).sentence


def test_a_supervisor_decides_too(office):
    flag_id = office.flags["ABSENCE_UNEXCUSED"]
    decided(office, flag_id, ACT, who=office.supervisor, role="officer_supervisor")
    assert state_of(office, flag_id) == "REPORTED"
