"""The class that a reviewer sets: the rule only proposes one, and range, clocks and the supervisor's look follow it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from monitor.allegations.clocks import clocks
from monitor.allegations.facts import matters_of
from monitor.flag_review.class_set import ClassSet
from monitor.flag_review.deciding import Changed, decide, undo
from monitor.flag_review.reading import flag_page
from monitor.models import ContextReview, Response, Review, random_id
from monitor.response_matrix import choosing
from tests.monitor.matrix_office import (
    MISSED,
    SUPERVISOR,
    ZONE,
    adopted,
    another,
    chosen,
    decided,
    faults,
    with_a_missed_class,
)
from tests.office import NOW


@pytest.fixture
def office(database):
    return with_a_missed_class(database)


def as_class(name, measure="here.0", why="OTHER", words="He waited outside for her.", decision="HANDLE"):
    return msgspec.structs.replace(chosen(measure, decision), given=ClassSet(name, why, words))


def set_as(office, flag_id, decision, now=NOW):
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, flag_id, now, lock=True, set_class=decision.given.name)
        return decide(session, page, page.token, decision, now)


def test_range_and_clock_follow_the_class_that_the_reviewer_sets_and_the_review_keeps_why(office):
    adopted(office)
    with office.scoped() as session:
        meant = flag_page(session, office.missed, NOW, set_class="D")
    assert (meant.proposed_class, meant.range.place) == ("B", "class D, 1st, standard")
    assert meant.range.respond_by == MISSED + timedelta(days=3)  # one court day after Friday, February 27
    assert meant.barriers_needed  # nobody sets another class to get past the six questions
    review = set_as(office, office.missed, as_class("D"))
    with office.scoped() as session:
        after = flag_page(session, office.missed, NOW)
        kept = session.get(Review, review).content["class"]
    assert kept == {"set": "D", "proposed": "B", "why": "Something else", "words": "He waited outside for her."}
    assert (after.response_class, after.proposed_class) == ("D", "B")
    assert after.reviews[0].class_said == "Class D set, B proposed. Something else: “He waited outside for her.”"
    with office.database.system("test: look") as session:
        assert session.scalars(select(Response.cell)).one() == "D.STANDARD.1"


def test_another_class_needs_a_reason_and_a_line_and_a_range_that_was_read(office):
    adopted(office)
    assert faults(office, as_class("C", why="", words="")).keys() == {"class_why", "class_words"}
    assert faults(office, as_class("F")) == {"set_class": "Choose a class from A to E."}
    assert faults(office, as_class("B", why="", words="")) == {}  # as proposed
    with pytest.raises(Changed):
        decided(office, office.missed, as_class("C"))  # the page that was read offered the range of class B


def test_a_lapse_of_a_program_or_an_office_is_never_given_a_class_of_the_person(office):
    adopted(office)
    for owner in ("provider", "probation", "court"):
        lapse = another(office, "B", "REPORT_MISSING", owner=owner)
        with office.scoped() as session:
            page = flag_page(session, lapse, NOW, set_class="D")
        assert (page.may_set_class, page.response_class) == (False, "B")
        assert "set_class" in faults(office, as_class("D"), lapse)


def test_a_test_alone_is_class_b_at_most_unless_the_order_ties_sobriety_to_safety(office):
    adopted(office)
    test = another(office, "B", "TEST_NONCOMPLIANT")
    assert faults(office, as_class("C"), test).keys() == {"class_why"}
    assert faults(office, as_class("C", why="ORDER", words="Term 4 of the order."), test) == {}


def test_two_classes_set_upward_in_a_row_go_to_the_supervisor_and_one_downward_between_does_not(office):
    adopted(office)
    set_as(office, office.missed, as_class("C"))
    set_as(office, another(office), as_class("A", words="A late paper."), NOW + timedelta(hours=1))
    set_as(office, another(office), as_class("C"), NOW + timedelta(hours=2))
    with office.scoped(who=office.supervisor, **SUPERVISOR) as session:
        assert choosing.twice_above(session) == []
    decided(office, another(office), chosen("STRONGER", why="TRIED", words="Twice."), NOW + timedelta(hours=3))
    set_as(office, another(office), as_class("D"), NOW + timedelta(hours=4))
    with office.scoped(who=office.supervisor, **SUPERVISOR) as session:
        first, second = choosing.twice_above(session)
    assert (first.words, first.class_said) == ("Twice.", "")
    assert second.class_said.startswith("Class D set, B proposed.")


def test_the_clock_of_reporting_is_of_the_class_set_and_of_the_rule_again_once_undone(office):
    adopted(office)
    review = set_as(office, office.missed, as_class("D", "court.0", decision="ACT"))

    def told():
        with office.scoped() as session:
            return [one.response_class for one in clocks(session, office.matter.case, [office.missed], ZONE, NOW)]

    assert told() == ["D"]
    with office.scoped() as session:  # what the report says, and with it the prosecution's clock and the bench
        [matter] = matters_of(session, [office.missed], NOW)
    assert matter.response_class == "D"
    with office.scoped(writes=True) as session, session.begin():
        undo(session, flag_page(session, office.missed, NOW, lock=True), review, NOW)
    assert told() == ["B"]


def test_while_a_context_question_waits_no_class_can_be_tried_to_tell_it_apart(office):
    adopted(office)
    with office.database.system("test: parties reversed") as session, session.begin():
        session.add(ContextReview(
            id=random_id(), case_id=office.matter.case, agency_id=office.town.office, kind="MIRROR", sealed=b"x",
            raised_at=NOW, raised_by_id=None,
        ))  # fmt: skip
    with office.scoped() as session:
        page = flag_page(session, office.missed, NOW, set_class="D")
    assert (page.may_set_class, page.response_class, page.range) == (False, "B", None)
    assert faults(office, as_class("D")) == {"set_class": "No other class can be set for this question."}
