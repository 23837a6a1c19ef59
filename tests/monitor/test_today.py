"""Today is a work list in the practitioners' order; a program's silence is the program's item and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from monitor import audit
from monitor.flag_review.barriers import QUESTIONS
from monitor.flag_review.deciding import Decision, decide
from monitor.flag_review.reading import flag_page
from monitor.models import Assignment, Attendance, Flag
from monitor.person_page.reading import person_page
from monitor.today.hiding import candidate, hide
from monitor.today.reading import today_page
from tests.builders import ZONE, absent, adjudicate, at, attended, correct, decided
from tests.office import NOW, TODAY, hearing, miss_a_class, open_office, raise_flag, supervised

MISSED = date(2026, 2, 23)
ANSWERS = dict.fromkeys(QUESTIONS, "no")


@pytest.fixture
def office(database):
    return open_office(database)


def today_of(office, now=NOW, *, team=False, **who):
    with office.scoped(**who) as session:
        return today_page(session, ZONE, now, team=team)


def person(office, session, name):
    return supervised(session, office.town, office.officer, name, "A.")


def test_an_empty_day_says_what_comes_next(office, database):
    assert today_of(office).nothing_waits
    assert today_of(office).next_line.startswith("Nothing falls due before")
    with database.system("test: a date") as session, session.begin():
        hearing(session, office.matter, NOW + timedelta(days=2))
    assert today_of(office).next_line.startswith("Next: 1 person in court Fri, Mar 6, 2026")


def test_an_officer_without_people_reads_who_assigns_them(office):
    assert "Nobody is assigned to you" in today_of(office, who=office.colleague).next_line


def test_the_most_pressing_comes_first(office, database):
    with database.system("test: one of each") as session, session.begin():
        for name, code, response_class, told in (
            ("Rest", "OFFICER_REPORT_LATE", None, {"owner": "probation"}),
            ("Repeat", "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", "C", {"count": 3}),
            ("First", "ABSENCE_UNEXCUSED", "B", {"count": 1}),
            ("Second", "ABSENCE_UNEXCUSED", "B", {"count": 2}),
            ("Enrol", "ENROLLMENT_OVERDUE", "B", {}),
            ("Contact", "NO_CONTACT_ALLEGED", "D", {}),
            ("Violence", "NEW_VIOLENCE_REPORTED", "E", {"severity": "high"}),
        ):
            raise_flag(session, person(office, session, name), code, response_class, **told)
        raise_flag(session, office.matter, "ATTENDANCE_NOT_REPORTED", None, owner="provider", count=2)
    lines = today_of(office).overdue
    assert [line.rank for line in lines] == [0, 1, 2, 3, 4, 4, 5, 7]
    assert [line.about.split(",")[0] for line in lines[:4]] == ["Violence", "Contact", "Enrol", "First"]
    assert lines[6].about == "near program"


def test_a_silent_program_is_its_own_item_and_no_person_has_one(office, database):
    with database.system("test: silence") as session, session.begin():
        for _ in range(2):
            other = person(office, session, "Other")
            raise_flag(session, other, "ATTENDANCE_NOT_REPORTED", None, owner="provider", count=1,
                       program=str(office.town.program))  # fmt: skip
    [line] = today_of(office).overdue
    assert not line.is_person
    assert line.about == "near program"
    assert line.questions[0].title == "Attendance not reported: 2 people"


def test_eight_silent_days_of_a_program_make_no_item_on_the_person(database):
    office = open_office(database)
    with database.system("test: a class, then silence") as session, session.begin():
        attended(session, office.matter, date(2026, 1, 19), date(2026, 1, 26))
    office.evaluate()
    lines = today_of(office).overdue
    assert [line.about for line in lines if line.questions[0].title.startswith("Attendance not reported")] == [
        "near program"
    ]
    assert not [line for line in lines if line.is_person and any("bsence" in one.title for one in line.questions)]


def test_several_questions_about_one_person_are_one_line_and_like_ones_are_links(office, database):
    with database.system("test: many") as session, session.begin():
        for back in (30, 20, 10):
            raise_flag(session, office.matter, "OFFICER_REPORT_LATE", None, owner="probation",
                       first_on=TODAY - timedelta(days=back))  # fmt: skip
        raise_flag(session, office.matter, "ENROLLMENT_OVERDUE", "B")
    [line] = today_of(office).overdue
    assert [one.title for one in line.questions] == ["Not enrolled in a program", "Report to the court is late"]
    assert len(line.questions[1].more) == 2


def test_what_could_not_be_checked_is_a_gap_of_the_record_at_the_end(office, database):
    with database.system("test: unchecked") as session, session.begin():
        raise_flag(session, office.matter, "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", "C", certainty="CANNOT_EVALUATE")
    today = today_of(office)
    [line] = today.also
    assert (line.rank, line.is_person) == (9, False)
    assert not today.overdue


def test_what_is_only_good_to_know_is_not_called_overdue(office, database):
    with database.system("test: for information") as session, session.begin():
        raise_flag(session, office.matter, "EXCUSED_ABSENCE_LIMIT_REACHED", None, severity="info", count=3, limit=3)
    today = today_of(office)
    assert not today.overdue
    assert [line.why for line in today.also] == ["Good to know"]


def test_a_decided_flag_leaves_the_list_and_a_seen_one_stays(office, database):
    with database.system("test: two flags") as session, session.begin():
        seen = raise_flag(session, office.matter, "ENROLLMENT_OVERDUE", "B")
        done = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
        decided(session, session.get(Flag, seen), "ACKNOWLEDGED")
        decided(session, session.get(Flag, done), "DISMISSED")
    [line] = today_of(office).overdue
    assert [(one.title, one.seen) for one in line.questions] == [("Not enrolled in a program", True)]


def test_an_absence_without_a_decision_is_to_be_decided_until_somebody_does(office, database):
    with database.system("test: an absence") as session, session.begin():
        missed = absent(session, office.matter, MISSED)
    [one] = today_of(office).to_decide
    assert (one.path, one.on) == (f"/absences/{missed.id}/decide", MISSED)
    with database.system("test: decided") as session, session.begin():
        adjudicate(session, session.get(Attendance, missed.id), "EXCUSED", TODAY)
    assert not today_of(office).to_decide


def test_an_absence_past_its_day_says_so(database):
    office = open_office(database)
    with database.system("test: an absence") as session, session.begin():
        absent(session, office.matter, MISSED)
    office.evaluate()
    [one] = today_of(office).to_decide
    assert one.late
    assert one.due_on == date(2026, 2, 25)
    titles = [question.title for line in today_of(office).overdue for question in line.questions]
    assert not [title for title in titles if "bsence" in title], "one absence, one line"


def test_a_colleagues_people_are_not_on_my_list_but_on_the_offices(office, database):
    with database.system("test: a colleague's") as session, session.begin():
        theirs = supervised(session, office.town, office.colleague, "Theirs", "B.")
        raise_flag(session, theirs, "ENROLLMENT_OVERDUE", "B")
    assert today_of(office).nothing_waits
    [line] = today_of(office, team=True).overdue
    assert (line.about, line.officer) == ("Theirs, B.", "cho@agency.example")


def test_a_case_handed_over_moves_with_its_questions(office, database):
    with database.system("test: handed over") as session, session.begin():
        raise_flag(session, office.matter, "ENROLLMENT_OVERDUE", "B")
        held = session.scalar(select(Assignment).where(Assignment.case_id == office.matter.case))
        held.until_on = TODAY
        session.flush()
        session.add(
            Assignment(case_id=office.matter.case, agency_id=office.town.office, user_id=office.colleague,
                       from_on=TODAY, until_on=None)
        )  # fmt: skip
    assert today_of(office).people == 0
    assert len(today_of(office, who=office.colleague).overdue) == 1


def test_this_week_in_court_gathers_people_by_time_and_place(office, database):
    with database.system("test: dates") as session, session.begin():
        for matter in (office.matter, person(office, session, "Other")):
            hearing(session, matter, at(date(2026, 3, 9), 13, 30))
        hearing(session, office.matter, at(date(2026, 4, 9), 13, 30))
    [place] = today_of(office).court
    assert [name for name, _path, _number in place.people] == ["Example, Ann", "Other, A."]


def test_news_are_what_became_known_since_the_last_look(office, database):
    with database.system("test: a look, then news") as session, session.begin():
        attended(session, office.matter, date(2026, 2, 16))
        act = audit.Act(event="today.read", user_id=office.officer, agency_id=office.town.office)
        audit.append(session, act, audit.audit_key("a secret of this test, long enough"), at(date(2026, 3, 2), 9))
        missed = absent(session, office.matter, MISSED, recorded_on=date(2026, 3, 3))
        correct(session, session.merge(missed), at(date(2026, 3, 3), 16), outcome="PRESENT", program_says="P")
    today = today_of(office)
    assert today.looked == date(2026, 3, 2)
    assert [one.text for one in today.news] == [
        "Correction: Example, Ann, Feb 23 is now attended (was absent)",
        "near program reported 1 class entry, 1 absence among them",
    ]


def test_the_number_of_statements_does_not_grow_with_the_office(office, database):
    def statements():
        seen = []
        count = lambda *_args: seen.append(1)  # noqa: E731
        event.listen(database.engine, "before_cursor_execute", count)
        today_of(office)
        event.remove(database.engine, "before_cursor_execute", count)
        return len(seen)

    with database.system("test: one of mine") as session, session.begin():
        raise_flag(session, office.matter, "ATTENDANCE_NOT_REPORTED", None, owner="provider")
        absent(session, office.matter, MISSED)
    before = statements()
    with database.system("test: more people") as session, session.begin():
        for number in range(6):
            matter = person(office, session, f"P{number}")
            raise_flag(session, matter, "ENROLLMENT_OVERDUE", "B")
            absent(session, matter, MISSED)
    assert statements() == before <= 24


def test_a_persons_page_is_read_in_twenty_statements_whatever_stands_there(office, database):
    with database.system("test: a history") as session, session.begin():
        attended(session, office.matter, *(date(2026, 1, 12) + timedelta(weeks=week) for week in range(5)))
        absent(session, office.matter, MISSED)
        hearing(session, office.matter, NOW + timedelta(days=2))
    seen = []
    with office.scoped() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: seen.append(told[2]))
        found = person_page(session, office.matter.person, NOW)
    asked = [one for one in seen if one.startswith(("SELECT", "WITH"))]
    assert found is not None and found.needs and found.hearings[0].room == "Dept 4"
    assert len(asked) <= 20, "\n".join(one[:70] for one in asked)


def test_a_review_in_three_days_says_what_is_still_owed_for_it_and_by_whom(office, database):
    with database.system("test: before the court on Friday") as session, session.begin():
        hearing(session, office.matter, NOW + timedelta(days=2))
        hearing(session, person(office, session, "Ready"), NOW + timedelta(days=3))
        hearing(session, person(office, session, "Later"), NOW + timedelta(days=4))
        absent(session, office.matter, date(2026, 3, 2))
        miss_a_class(session, office, MISSED)
        raise_flag(session, office.matter, "ATTENDANCE_NOT_REPORTED", None, owner="provider", count=2)
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, office.flags["missed"], NOW, lock=True)
        decide(session, page, page.token, Decision(decision="ACT", words="Please review.", answers=ANSWERS), NOW)
    first, ready = today_of(office).reviews
    assert (first.person, ready.person, ready.owed) == ("Example, Ann", "Ready, A.", ())
    assert [(one.who, one.what) for one in first.owed] == [
        ("This office", "Decide the absence of Mon, Mar 2, 2026"),
        ("This office", "Report to the court: Draft"),
        ("The program", "Attendance not reported"),
    ]


def test_what_somebody_put_away_is_owed_for_the_review_all_the_same(office, database):
    with database.system("test: before the court on Friday") as session, session.begin():
        hearing(session, office.matter, NOW + timedelta(days=2))
        miss_a_class(session, office, MISSED)
    with office.scoped(writes=True) as session, session.begin():
        seen = candidate(session, office.flags["missed"], NOW, lock=True)
        hide(session, seen, seen.token, TODAY + timedelta(days=7), "Proof comes by mail.", NOW)
    today = today_of(office)
    assert not today.overdue
    assert [one.path for one in today.reviews[0].owed] == [f"/flags/{office.flags['missed']}"]


def test_what_the_court_answered_since_the_last_look_is_news(office, database):
    with database.system("test: a result") as session, session.begin():
        hearing(session, office.matter, at(date(2026, 3, 3), 13, 30), "WARNED")
    assert any(one.text.startswith("The court answered: Example, Ann,") for one in today_of(office).news)
