"""M16 begins with a person's first missed step, whatever step it was (metrics 1; response matrix, class B)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from monitor.flag_review.deciding import Decision
from monitor.handoffs.gaps import start_of
from monitor.handoffs.places import places
from monitor.handoffs.targets import Targets
from monitor.measures.cohort import first_missed
from monitor.measures.hand_offs import Ground
from monitor.measures.quarters import Quarter
from monitor.models import Attendance, Pause, random_id
from tests.builders import absent, adjudicate, contact
from tests.monitor.matrix_office import NOTHING, ZONE, decided
from tests.office import NOW, open_office, raise_flag

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ENROLL, CLASS, VISIT = date(2026, 1, 20), date(2026, 2, 23), date(2026, 2, 2)


@pytest.fixture
def office(database):
    made = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        absent(session, made.matter, CLASS)
    return made


def first(office):
    with office.database.system("test: counted", writes=False) as session:
        ground = Ground(Quarter(2026, 1), places(session, None, Quarter(2026, 1).as_of), Targets())
        return first_missed(session, ground).get(office.matter.case)


def question(office, code="ENROLLMENT_OVERDUE", response_class="B", **told):
    with office.database.system("test: asked") as session, session.begin():
        return raise_flag(session, office.matter, code, response_class, first_on=ENROLL, **told)


def test_a_missed_class_is_one_decided_or_not(office):
    assert first(office) == start_of(CLASS, ZONE)


def decided_so(office, decision, says="ABS"):
    with office.database.system("test: decided") as session, session.begin():
        session.execute(update(Attendance).where(Attendance.occurred_on == CLASS).values(program_says=says))
        if decision:
            row = session.scalars(select(Attendance).where(Attendance.occurred_on == CLASS)).one()
            adjudicate(session, row, decision, CLASS + timedelta(days=1))


@pytest.mark.parametrize(("decision", "says"), [
    ("", "J"), ("", "E"), ("PENDING_EVIDENCE", "J"), ("EXCUSED", "ABS"), ("NOT_COUNTED", "ABS"),
])  # fmt: skip
def test_a_class_that_was_no_miss_is_none(office, decision, says):
    decided_so(office, decision, says)
    assert first(office) is None


@pytest.mark.parametrize(("decision", "says"), [("UNEXCUSED", "E"), ("PENDING_EVIDENCE", "ABS")])
def test_a_class_is_a_miss_by_the_officers_word_before_the_sheets_and_while_it_waits(office, decision, says):
    decided_so(office, decision, says)
    assert first(office) == start_of(CLASS, ZONE)


def test_an_appointment_that_the_person_did_not_come_to_is_one(office):
    with office.database.system("test: waited") as session, session.begin():
        contact(session, office.matter, VISIT, state="ATTEMPTED", no_show=True)
        contact(session, office.matter, VISIT - timedelta(days=3), state="ATTEMPTED")  # nobody was at home: no step
    assert first(office) == start_of(VISIT, ZONE)


def paused(office, kind, since, until=None, recorded=NOW):
    matter = office.matter
    with office.database.system("test: time stands still") as session, session.begin():
        session.add(Pause(id=random_id(), case_id=matter.case, agency_id=matter.town.office, kind=kind, starts_on=since,
                          ends_on=until, recorded_at=recorded, recorded_by_id=None))  # fmt: skip


@pytest.mark.parametrize("kind", ["CUSTODY", "HOSPITAL", "PROVIDER_CLOSED", "COURT_STAY"])
def test_what_falls_into_a_pause_is_no_miss_though_the_sheet_says_nothing_of_it(office, kind):
    with office.database.system("test: an appointment") as session, session.begin():
        contact(session, office.matter, CLASS + timedelta(days=1), state="ATTEMPTED", no_show=True)
    paused(office, kind, CLASS)
    assert first(office) is None


def test_the_day_of_release_counts_again_a_warrant_stops_nothing_and_an_officer_has_the_last_word(office):
    paused(office, "CUSTODY", CLASS - timedelta(days=5), CLASS)
    paused(office, "WARRANT", CLASS - timedelta(days=5))
    assert first(office) == start_of(CLASS, ZONE)
    paused(office, "HOSPITAL", CLASS)
    assert first(office) is None
    decided_so(office, "UNEXCUSED")
    assert first(office) == start_of(CLASS, ZONE)


def test_a_pause_that_is_recorded_after_the_quarter_was_told_changes_nothing_in_it(office):
    paused(office, "CUSTODY", CLASS, recorded=Quarter(2026, 1).as_of + timedelta(minutes=1))
    assert first(office) == start_of(CLASS, ZONE)


@pytest.mark.parametrize("code", ["ENROLLMENT_OVERDUE", "CHECKIN_MISSED", "FIREARM_PROOF_OVERDUE"])
def test_a_step_of_class_b_that_is_no_class_is_one(office, code):
    question(office, code)
    assert first(office) == start_of(ENROLL, ZONE)


def test_a_lapse_of_a_program_and_a_question_of_another_class_are_none(office):
    question(office, owner="provider")
    question(office, response_class="A")
    question(office, response_class="D")
    assert first(office) == start_of(CLASS, ZONE)


@pytest.mark.parametrize("how", ["DISMISS", "GAP"])
def test_a_question_that_was_wrong_or_is_the_systems_to_close_is_none(office, how):
    flag = question(office)
    answers = NOTHING | {"transport": "yes"} if how == "GAP" else {}
    decided(office, flag, Decision(decision=how, words="He was enrolled.", answers=answers), NOW)
    assert first(office) == start_of(CLASS, ZONE)
