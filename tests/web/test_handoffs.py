"""The strip on a case: what came in, what we owe, what others owe us; every clock an agency's (issue 8, item 8)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.handoffs.arrows import arrows_of
from monitor.handoffs.asking import asking_together
from monitor.handoffs.reading import READERS, asks, firearms
from monitor.handoffs.strip import strip, strip_of_found
from monitor.handoffs.targets import Targets
from monitor.models import Agency, Enrollment, EnrollmentEvent, FirearmReceipt, Flag, Order, Requirement, Service
from monitor.models.base import random_id
from tests.builders import absent, add_user, attended, decided
from tests.matrix import adopt
from tests.office import hearing, open_office, raise_flag, supervised, take_over

NOW = datetime.now(UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def text_of(page):
    """The section of hand-offs, without tags."""
    part = page.split('id="handoffs"')[1].split("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


@pytest.fixture
def office(database):
    """One person ordered 20 days ago, enrolled a week later, in a class once and absent once since."""
    office = open_office(database)
    with database.system("test: classes") as session, session.begin():
        office.matter = supervised(session, office.town, office.officer, "Second", "B.", ordered_on=TODAY - 20 * DAY)
        attended(session, office.matter, TODAY - 8 * DAY)
        absent(session, office.matter, TODAY - 2 * DAY)
    return office


def reading(office, role, agency):
    scope = Scope(user_id=office.officer, role=role, agency_id=agency)
    with office.database.scoped(scope) as session:
        return strip(session, office.matter.case, Targets(), NOW)


def test_an_officer_reads_what_came_in_and_what_is_owed_by_whom_and_by_when(office, client_as):
    page = client_as("officer", agency_id=office.town.office)
    take_over(office.database, page)
    told = text_of(page.get(f"/people/{office.matter.person}").text)
    assert "Hold the first review" in told and "near court" in told
    assert "Order to the program" in told and "Order to intake" in told and "near program" in told
    assert "by when is a starting target of this product; the site decides" in told
    assert "12:00 AM" not in told and "11:59 PM" not in told  # what is kept by its day is told by its day


def test_a_gap_is_late_from_the_moment_after_its_target_and_not_before(office):
    [owed] = [one for one in reading(office, "clerk", office.town.court_agency).ours if "review" in one.owes]
    assert not owed.late and owed.due_at.date() - owed.since.date() in (30 * DAY, 31 * DAY)
    with office.database.scoped(Scope(office.officer, "clerk", office.town.court_agency)) as session:
        before = strip(session, office.matter.case, Targets(), owed.due_at)
        after = strip(session, office.matter.case, Targets(), owed.due_at + timedelta(seconds=1))
    assert [one.late for found in (before, after) for one in found.ours if "review" in one.owes] == [False, True]


def test_whoever_owes_it_reads_it_as_theirs_and_everybody_else_as_somebody_elses(office):
    court, officer = reading(office, "clerk", office.town.court_agency), reading(office, "officer", office.town.office)
    assert "Hold the first review" in [one.owes for one in court.ours]
    assert "Hold the first review" in [one.owes for one in officer.others]


def test_an_unserved_order_is_law_enforcements_clock_until_service_is_on_record(office):
    with office.database.system("test: it protects somebody") as session, session.begin():
        session.get(Order, office.matter.order).kind = "CRIMINAL_NO_CONTACT"
        for one in session.query(Service).all():
            session.delete(one)
    [owed] = [one for one in reading(office, "officer", office.town.office).others if one.title == "Order to service"]
    assert (owed.owner, owed.late) == ("Law enforcement", True)


def test_a_program_reads_its_own_hand_offs_and_no_byte_changes_when_others_act(office, client_as):
    program = client_as("program", agency_id=office.town.program_agency)
    address = f"/enrollments/{office.matter.enrollment}"
    before = text_of(program.get(address).text)
    assert "Absence to probation" in before and "Intake to first session" in before
    with office.database.system("test: others act") as session, session.begin():
        raise_flag(session, office.matter, "ABSENCE_LIMIT", "C")
        hearing(session, office.matter, NOW - 3 * DAY, "CONTINUED")
    assert text_of(program.get(address).text) == before
    assert not re.search(r"police|warrant|question|report to court|registry|review|law enforcement", before, re.I)


def test_a_program_that_was_told_late_has_its_own_days_for_the_intake(office):
    """Two months between order and referral are the court's; of two programs the one that was told last holds it."""
    with office.database.system("test: told today") as session, session.begin():
        office.matter = supervised(session, office.town, office.officer, "Third", "C.", ordered_on=TODAY - 60 * DAY)
        session.query(EnrollmentEvent).filter_by(case_id=office.matter.case).delete()
        first = session.get(Enrollment, office.matter.enrollment)
        first.recorded_at = NOW - 50 * DAY
    [late] = intakes(reading(office, "program", office.town.program_agency).ours)
    assert late.late, "fifty days after its own referral it is late"
    with office.database.system("test: another program, today") as session, session.begin():
        other = Agency(id=random_id(), kind="program", name="far program", code="far-program", zone=office.town.zone)
        session.add(other)
        session.flush()
        session.add(Enrollment(id=random_id(), case_id=office.matter.case, person_id=office.matter.person, code="F-1",
                               program_id=first.program_id, agency_id=other.id, recorded_at=NOW))  # fmt: skip
    [owed] = intakes(reading(office, "clerk", office.town.court_agency).others)
    assert (owed.owner, owed.late) == ("far program", False)
    assert (owed.due_at - NOW) / DAY == pytest.approx(14, abs=1.1)
    with office.database.system("test: the first one has no seat") as session, session.begin():
        session.add(EnrollmentEvent(id=random_id(), case_id=office.matter.case, agency_id=office.town.program_agency,
                                    enrollment_id=first.id, event="REJECTED", occurred_on=TODAY,
                                    recorded_at=NOW))  # fmt: skip
    assert not intakes(reading(office, "program", office.town.program_agency).ours), "whoever declined owes no intake"


def intakes(links):
    return [one for one in links if one.title == "Order to intake"]


def test_the_bench_reads_no_question_under_review(office):
    with office.database.system("test: a question") as session, session.begin():
        raise_flag(session, office.matter, "ABSENCE_LIMIT", "D")
    told = reading(office, "judge", office.town.court_agency)
    assert not [one for group in (told.received, told.ours, told.others) for one in group if "uestion" in one.owes]
    assert [one for one in reading(office, "officer", office.town.office).ours if one.owes == "Open the question"]


def test_a_question_that_was_decided_leaves_the_strip_without_a_trace(office):
    with office.database.system("test: dismissed") as session, session.begin():
        flag_id = raise_flag(session, office.matter, "ABSENCE_LIMIT", "C")
        decided(session, session.get(Flag, flag_id), "DISMISSED")
    told = reading(office, "officer", office.town.office)
    assert not [one for group in (told.received, told.ours, told.others) for one in group if "uestion" in one.title]


@pytest.mark.parametrize("role", ["officer", "clerk"])
def test_what_several_clocks_rest_on_is_read_once_and_nothing_of_it_is_kept_for_the_next_reading(office, role):
    agency = office.town.office if role == "officer" else office.town.court_agency
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, sql, said, *_rest):
        asked.append((sql, said))

    event.listen(office.database.engine, "before_cursor_execute", note)
    with office.database.scoped(Scope(office.officer, role, agency)) as session:
        first = strip(session, office.matter.case, Targets(), NOW)
        once = [one for one in asked if one[0].startswith("SELECT")]
        assert 2 < len(once) <= 9 and len(set(map(repr, once))) == len(once), "one statement for most arrows"
        asked.clear()
        assert strip(session, office.matter.case, Targets(), NOW) == first
        # the look for walls is the session's own
        assert len(once) - 1 <= len([one for one in asked if one[0].startswith("SELECT")]) <= len(once)


@pytest.mark.parametrize("role", ["officer", "judge", "clerk", "program", "prosecutor", "victim_witness"])
def test_what_a_strip_reads_in_one_statement_is_what_each_clock_reads_by_itself(office, role):
    agency = {"officer": office.town.office, "clerk": office.town.court_agency}.get(role, office.town.program_agency)
    cases, arrows = frozenset({office.matter.case}), list(arrows_of(Role(role)))
    with office.database.scoped(Scope(office.officer, role, agency)) as session:
        def read():
            return {one.measure: sorted(READERS[one.measure](session, cases, NOW), key=repr) for one in arrows}

        alone = read()
        with asking_together(session, asks(one.measure for one in arrows), office.matter.case, NOW):
            assert read() == alone
        if role in ("officer", "clerk"):
            assert sum(map(len, alone.values())) > 2


def test_of_a_case_that_is_not_there_for_the_reader_there_is_no_strip_and_no_empty_one_either(office):
    with office.database.scoped(Scope(office.officer, "officer", office.town.program_agency + 1)) as session:
        assert strip(session, office.matter.case, Targets(), NOW) is None
        assert strip(session, 12345, Targets(), NOW) is None


def test_a_desk_that_shares_no_case_reads_its_strip_of_an_order_that_it_found(office):
    with office.database.scoped(Scope(office.officer, "law_enforcement", office.town.office)) as session:
        found = strip_of_found(session, office.matter.case, Targets(), NOW)
    assert found is not None and found.zone == office.town.zone


def test_the_sheriffs_receipt_ends_the_wait_for_firearms_as_a_proof_does_and_one_taken_back_does_not(office):
    """M5: firearm order to proof or receipt (metrics); what was taken back was never given."""
    received = NOW - 3 * DAY
    with office.database.system("test: a receipt") as session, session.begin():
        session.query(FirearmReceipt).delete()
        sheriff = Agency(kind="law_enforcement", name="Sheriff", code="sheriff-m5", zone="America/Los_Angeles")
        session.add(sheriff)
        if not session.query(Requirement).filter_by(case_id=office.matter.case, kind="firearm_surrender").count():
            session.add(
                Requirement(case_id=office.matter.case, agency_id=office.town.court_agency, from_on=TODAY - 20 * DAY,
                            order_id=office.matter.order, kind="firearm_surrender", terms={},
                            recorded_at=NOW - 20 * DAY)
            )  # fmt: skip
        session.flush()
        row = FirearmReceipt(case_id=office.matter.case, agency_id=sheriff.id, event="RELINQUISHED",
                             occurred_at=received, recorded_at=received)  # fmt: skip
        session.add(row)
        session.flush()
        known = {"case_id": row.case_id, "agency_id": sheriff.id, "event": row.event, "occurred_at": received}
        session.add(FirearmReceipt(**known, recorded_at=NOW - DAY, supersedes_id=row.id, retracted=True, reason="-"))
    with office.database.system("test: read", writes=False) as session:
        then, now = (
            [one.done_at for one in firearms(session, [office.matter.case], at) if one.case_id == office.matter.case]
            for at in (NOW - 2 * DAY, NOW)
        )
    assert then == [received] and now == [None]


@pytest.mark.parametrize(("told", "owed"), [
    ({}, 1), ({"owner": "probation"}, 1), ({"owner": "provider"}, 0), ({"owner": "court"}, 0),
    ({"severity": "info"}, 0),
])  # fmt: skip
def test_only_a_question_that_this_office_answers_is_owed_by_it(office, told, owed):
    """M11 and M12: a program's own lapse waits for the program, and what is good to know for nobody."""
    with office.database.system("test: a question") as session, session.begin():
        raise_flag(session, office.matter, "ATTENDANCE_NOT_REPORTED", None, **told)
    found = reading(office, "officer", office.town.office)
    assert sum(one.owes == "Open the question" for one in found.ours) == owed
    assert sum(one.owes == "Record what is done about the question" for one in found.ours) == owed


def test_of_several_open_questions_the_grave_one_says_by_when_though_an_older_one_waits(office):
    with office.database.system("test: a matrix, three questions") as session, session.begin():
        second = add_user(session, office.town.office, "officer_supervisor", "second@agency.example")
        adopt(session, office.town.office, office.supervisor, second, TODAY - 90 * DAY, NOW - 90 * DAY)
        for response_class, days in (("B", 3), ("D", 1), ("C", 2)):
            raise_flag(session, office.matter, "ABSENCE_LIMIT", response_class, first_on=TODAY - days * DAY)
    [owed] = [one for one in reading(office, "officer", office.town.office).ours if one.owes == "Open the question"]
    assert owed.many == "3 of its kind are open"
    assert owed.since.date() == TODAY - DAY
    assert owed.due_at - owed.since < 2 * DAY, "the same day"
