"""Exception 7 of the response matrix: a yes to one of the six questions moves the item to the system's gaps (G2).

A gap of a program, an officer or a court is never the person's: no class, no step, no response.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.allegations.helps import dismissed_before, helps
from monitor.flag_review.class_set import ClassSet
from monitor.flag_review.deciding import Changed, Decision, decide, faults_of, undo
from monitor.flag_review.gaps import FIRST, NOT_AS_SET
from monitor.flag_review.reading import flag_page
from monitor.models import Flag, Review
from monitor.person_page.matters import GAP, matters
from monitor.today.reading import today_page
from tests.monitor.matrix_office import NOTHING, ZONE, adopted, another, chosen, decided, faults, with_a_missed_class
from tests.office import NOW, hearing

YES = NOTHING | {"transport": "yes"}
MOVE = Decision(decision="GAP", words="Bus pass by Friday, A. Reyes.", answers=YES)
BACK = Decision(decision="BACK", words="The pass was handed out.")


@pytest.fixture
def office(database):
    return with_a_missed_class(database)


def page_of(office, flag_id=0, **more):
    with office.scoped() as session:
        return flag_page(session, flag_id or office.missed, NOW, **more)


def row_of(office):
    with office.database.system("test: look") as session:
        found = session.get_one(Flag, office.missed)
        return found.owner, found.state


def lists(office):
    with office.scoped() as session:
        today = today_page(session, ZONE, NOW)
        mine, others = matters(session, office.matter.case, {}, NOW)
    return today, mine, others


@pytest.mark.parametrize("decision", ["ACT", "HANDLE"])
def test_with_something_in_the_way_no_response_of_class_b_is_recorded_whatever_is_said(office, decision):
    told = Decision(decision=decision, words="All the same.", answers=YES)
    assert faults(office, told) == {"decision": FIRST}
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, office.missed, NOW, lock=True)
        with pytest.raises(Changed):
            decide(session, page, page.token, told, NOW)
    fixed = Decision(decision=decision, words="A call.", answers=NOTHING | {"transport": "fixed"})
    assert faults(office, fixed) == {}


def test_nobody_gets_past_it_by_setting_another_class(office):
    adopted(office)
    given = ClassSet("C", "TRIED", "Evasive.")
    told = Decision(decision="ACT", words="All the same.", answers=YES, given=given, choice=chosen("court.0").choice)
    with office.scoped() as session:
        page = flag_page(session, office.missed, NOW, set_class="C")
    assert faults_of(page, told)["decision"] == FIRST


def test_a_move_needs_a_yes_and_who_closes_it(office):
    assert faults(office, Decision(decision="GAP", words="x", answers=NOTHING)).keys() == {"barrier_language"}
    assert faults(office, Decision(decision="GAP", answers=YES)).keys() == {"words"}
    assert faults(office, MOVE) == {}


def test_moved_it_is_the_systems_on_every_page_and_never_the_persons(office):
    before = lists(office)
    assert [one.about for one in before[0].overdue if one.is_person] == ["Example, Ann"]
    decided(office, office.missed, MOVE)
    assert row_of(office) == ("system", "ACKNOWLEDGED")
    page = page_of(office)
    assert page.owner_words == "This system" and page.class_words == "" and page.gap == (
        "In the way: no way to get there."
    )  # fmt: skip
    assert "ACT" not in page.decisions and "HANDLE" not in page.decisions and page.range is None
    assert page.reviews[0].said == "moved it to the system's gaps"
    assert page_of(office, language="es").class_words == ""
    today, mine, others = lists(office)
    assert not [one for one in today.overdue if one.is_person and one.about == "Example, Ann"]
    [line] = [one for one in today.overdue if one.why == "System gap"]
    assert (line.about, line.questions[0].title, line.questions[1].title) == (
        "For this office", f"{GAP}: 1 person", "Example, Ann"
    )  # fmt: skip
    with office.database.system("test: tomorrow in court") as session, session.begin():
        hearing(session, office.matter, NOW + timedelta(days=1))
    [ahead] = lists(office)[0].reviews
    assert [one.what for one in ahead.owed] == [GAP]
    [closing] = [one for one in mine if one.title == GAP]
    assert (closing.owner, closing.response_class) == ("This system", None)
    assert not [one for one in (*mine, *others) if one.owner == "The participant"]


def test_it_counts_toward_no_step_and_answers_no_six_questions(office):
    decided(office, office.missed, MOVE)
    later = another(office)
    page = page_of(office, later)
    assert page.steps_before == 0 and page.barriers_needed


def test_closed_it_is_asked_again_with_its_class_and_the_six_questions(office):
    decided(office, office.missed, MOVE)
    assert faults(office, Decision(decision="BACK")).keys() == {"words"}
    decided(office, office.missed, BACK, NOW + timedelta(minutes=1))
    assert row_of(office) == ("offender", "ACKNOWLEDGED")
    page = page_of(office)
    assert page.barriers_needed and page.class_words.startswith("B") and not page.gap
    assert page.reviews[0].said == "asked again, the gap being closed"
    decided(office, office.missed, Decision(decision="HANDLE", words="A call.", answers=NOTHING))


def test_a_move_and_its_way_back_are_undone_like_any_review(office):
    moved = decided(office, office.missed, MOVE)
    closed = decided(office, office.missed, BACK, NOW + timedelta(minutes=1))
    for review, owner, state in ((closed, "system", "ACKNOWLEDGED"), (moved, "offender", "OPEN")):
        with office.scoped(writes=True) as session, session.begin():
            undo(session, flag_page(session, office.missed, NOW, lock=True), review, NOW + timedelta(minutes=2))
        assert row_of(office) == (owner, state)


def test_a_page_of_an_earlier_instant_says_whose_it_was_then(office):
    decided(office, office.missed, MOVE)
    with office.database.system("test: look") as session:
        assert [entry["owner"] for entry in session.get_one(Flag, office.missed).earlier] == ["offender"]


def test_it_speaks_for_the_person_in_a_later_report_and_never_says_what_it_was(office):
    def told(language="en"):
        with office.scoped() as session:
            return [line.text for line in helps(session, office.matter.case, ZONE, language)]

    assert "Something was in the person's way: taken as a gap of the system" not in told()
    review = decided(office, office.missed, MOVE)
    assert "Something was in the person's way: taken as a gap of the system" in told()
    assert "Algo impedía cumplir a la persona: se anotó como falla del sistema" in told("es")
    assert "get there" not in " ".join(told())
    with office.scoped(writes=True) as session, session.begin():
        undo(session, flag_page(session, office.missed, NOW, lock=True), review, NOW)
    assert "Something was in the person's way: taken as a gap of the system" not in told()
    with office.database.system("test: look") as session:
        assert session.get_one(Review, review).undone_at is not None


@pytest.mark.parametrize("response_class", ["A", "D", "E"])
def test_a_danger_and_an_office_matter_are_no_gaps(office, response_class):
    assert "GAP" not in page_of(office, another(office, response_class)).decisions


def test_what_a_program_left_undone_is_never_the_persons_to_begin_with(office):
    silent = another(office, "B", "ATTENDANCE_NOT_REPORTED", owner="provider")
    assert "GAP" not in page_of(office, silent).decisions and page_of(office, silent).owner_words == "The program"


@pytest.mark.parametrize("moved", [False, True])
def test_dismissed_it_is_told_in_a_later_report_also_where_it_had_been_moved(office, moved):
    if moved:
        decided(office, office.missed, MOVE)
    wrong = Decision(decision="DISMISS", words="Wrong roster.")
    decided(office, office.missed, wrong, NOW + timedelta(minutes=3))
    with office.scoped() as session:
        [line] = dismissed_before(session, office.matter.case, [], NOW + timedelta(hours=1), ZONE)
    assert line.text.startswith("Asked and dismissed: ") and "Wrong roster." in line.text


@pytest.mark.parametrize(("proposed", "to"), [("A", "B"), ("D", "B"), ("D", "C"), ("E", "B")])
def test_a_class_set_asks_the_six_questions_and_says_what_can_be_done_with_a_yes(office, proposed, to):
    adopted(office)
    with office.scoped() as session:
        page = flag_page(session, another(office, proposed), NOW, set_class=to)
    assert page.barriers_needed and page.barriers_asked == ("ACT", "HANDLE")
    told = Decision(decision="HANDLE", words="A call.", answers=YES, given=ClassSet(to, "TRIED", "Reason."))
    assert faults_of(page, told).get("decision") == (NOT_AS_SET if to == "B" else None)
