"""Standing in for a colleague: lists and the reason to read a case follow, from the first day to the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from monitor import assigning, covers
from monitor.case_openings import NeedsReason, Reason, reason_for
from monitor.caseload import caseload
from monitor.clock import local_day
from monitor.colleagues import colleagues
from monitor.concerns import whom_to_tell
from monitor.covers import Typed
from monitor.models import Agency, Assignment, Case, CaseAgency, Cover, Wall, random_id
from monitor.today.reading import today_page
from tests.builders import ZONE
from tests.office import NOW, TODAY, open_office, raise_flag, supervised

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# what the database itself has no part in
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(database):
    """Reyes has two people, one of them with a question; Cho has nobody."""
    office = open_office(database)
    with database.system("test: two people") as session, session.begin():
        raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
        office.missed = supervised(session, office.town, office.officer, "Second", "B.").case
    return office


def of_supervisor(office, **more):
    return office.scoped(who=office.supervisor, role="officer_supervisor", **more)


def covered(office, first=TODAY, last=TODAY + WEEK, now=NOW):
    with of_supervisor(office, writes=True) as session, session.begin():
        typed = Typed(officer_id=office.officer, by_id=office.colleague, from_on=first, last_on=last)
        assert not covers.faults_of(session, typed, colleagues(session, NOW, session.scope.agency_id), TODAY)
        return covers.make(session, typed, now)


def reason(office, now, who=0, case=0):
    with office.scoped(who=who or office.colleague) as session:
        return reason_for(session, case or office.matter.case, now)


def lists(office, now, who=0):
    """How many people Today and the caseload hold for somebody, and how many lines are overdue."""
    with office.scoped(who=who or office.colleague) as session:
        today = today_page(session, ZONE, now)
        return today.people, len(today.overdue), caseload(session, now).people


def test_from_the_first_day_to_the_last_a_colleague_reads_and_has_the_other_caseload_on_every_list(office):
    with pytest.raises(NeedsReason):
        reason(office, NOW)
    covered(office, first=TODAY + DAY)
    for day, holds in ((0, False), (1, True), (7, True), (8, False)):
        now = NOW + day * DAY
        assert lists(office, now) == ((2, 1, 2) if holds else (0, 0, 0)), day
        with of_supervisor(office) as session:
            [line] = covers.covers(session, local_day(now, ZONE))
        assert line.state == {0: "ahead", 1: "holds", 7: "holds", 8: "over"}[day]
        if holds:
            assert reason(office, now) is Reason.COVER
        else:
            with pytest.raises(NeedsReason):
                reason(office, now)


@ON_SQLITE
def test_the_officer_who_is_away_keeps_the_own_list_and_nobody_else_gains_one(office):
    covered(office)
    assert reason(office, NOW, who=office.officer) is Reason.ASSIGNED
    assert lists(office, NOW, who=office.officer) == (2, 1, 2)


def test_a_day_ends_at_midnight_of_the_office_and_not_of_the_machine(office):
    covered(office, last=TODAY)
    late = NOW.replace(hour=7, minute=59) + DAY  # 11:59 PM of that day in Los Angeles
    assert reason(office, late) is Reason.COVER
    with pytest.raises(NeedsReason):
        reason(office, late + timedelta(minutes=2))


@ON_SQLITE
def test_ended_before_its_day_it_is_over_at_once(office):
    number = covered(office)
    with of_supervisor(office, writes=True) as session, session.begin():
        assert covers.end(session, number, NOW)
        assert not covers.end(session, number, NOW)
    assert lists(office, NOW) == (0, 0, 0)
    with of_supervisor(office) as session:
        assert [one.state for one in covers.covers(session, TODAY)] == ["ended"]


@ON_SQLITE
def test_who_stands_in_says_so_on_today(office):
    covered(office)
    with office.scoped(who=office.colleague) as session:
        assert today_page(session, ZONE, NOW).stands_in == ("reyes@agency.example until Mar 11",)
        assert today_page(session, ZONE, NOW, team=True).stands_in == ()


@ON_SQLITE
def test_a_cover_passes_nothing_on_that_is_covered_itself(office, database):
    covered(office)
    with database.system("test: somebody stands in for Cho") as session, session.begin():
        session.add(
            Cover(agency_id=office.town.office, officer_id=office.colleague, by_id=office.supervisor, from_on=TODAY,
                  until_on=TODAY + WEEK, made_at=NOW, made_by_id=office.supervisor, ended_at=None, ended_by_id=None)
        )  # fmt: skip
    assert lists(office, NOW, who=office.supervisor) == (0, 0, 0)


def test_a_programs_urgent_concern_goes_to_both(office, database):
    covered(office)
    with database.system("test: who is told") as session:
        assert set(whom_to_tell(session, office.matter.case, NOW)) == {office.officer, office.colleague}
        assert whom_to_tell(session, office.matter.case, NOW + 8 * DAY) == [office.officer]


def test_a_case_that_does_not_exist_for_somebody_does_not_exist_while_they_stand_in(office, database):
    covered(office)
    with database.system("test: a wall") as session, session.begin():
        session.add(
            Wall(agency_id=office.town.court_agency, user_id=office.colleague, person_id=office.matter.person,
                 sealed_why=b"x", entered_by_id=office.supervisor, entered_at=NOW)
        )  # fmt: skip
    assert lists(office, NOW) == (1, 0, 1)
    with database.system("test: who is told") as session:
        assert whom_to_tell(session, office.matter.case, NOW) == [office.officer]


def test_another_office_reads_no_cover_and_gains_nothing(office, database):
    covered(office)
    with database.system("test: an office elsewhere") as session, session.begin():
        far = Agency(id=random_id(), kind="probation", name="far", code="far", zone=ZONE)
        session.add(far)
        number = far.id
    office.town.office = number
    with of_supervisor(office) as session:
        assert covers.covers(session, TODAY) == ()
    with office.scoped(who=office.colleague) as session:
        assert session.scalar(select(func.count(Case.id))) == 0


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"officer_id": 7}, "officer"),
        ({"by_id": 7}, "by"),
        ({"from_on": None}, "from_on"),
        ({"from_on": TODAY - DAY}, "from_on"),
        ({"last_on": None}, "last_on"),
        ({"last_on": TODAY - DAY}, "last_on"),
        ({"last_on": TODAY + 90 * DAY}, "last_on"),
    ],
)
def test_what_is_missing_is_named_by_its_field(office, changes, field):
    whole = {"officer_id": office.officer, "by_id": office.colleague, "from_on": TODAY, "last_on": TODAY + WEEK}
    with of_supervisor(office) as session:
        who = colleagues(session, NOW, session.scope.agency_id)
        assert list(covers.faults_of(session, Typed(**(whole | changes)), who, TODAY)) == [field]
        assert list(covers.faults_of(session, Typed(**(whole | {"by_id": office.officer})), who, TODAY)) == ["by"]


@ON_SQLITE
def test_the_same_two_do_not_overlap(office):
    covered(office)
    with of_supervisor(office) as session:
        again = Typed(officer_id=office.officer, by_id=office.colleague, from_on=TODAY + WEEK, last_on=TODAY + 2 * WEEK)
        who = colleagues(session, NOW, session.scope.agency_id)
        assert list(covers.faults_of(session, again, who, TODAY)) == ["by"]


# ── handing cases on ────────────────────────────────────────────────────────────────────────────────────────────────


def handed_on(office, officer=None, to=0, now=NOW):
    with of_supervisor(office, writes=True) as session, session.begin():
        found = assigning.handing(session, office.officer if officer is None else officer, NOW)
        return assigning.hand_on(session, found.cases, to or office.colleague, ZONE, now)


def holders(office, database):
    with database.system("test: who holds what") as session:
        open_ones = session.scalars(select(Assignment).where(Assignment.until_on.is_(None)))
        return {row.case_id: row.user_id for row in open_ones}


def test_a_caseload_handed_on_is_the_others_from_today_and_the_past_stays_as_it_was(office, database):
    handed_on(office)
    assert set(holders(office, database).values()) == {office.colleague}
    assert lists(office, NOW) == (2, 1, 2)
    assert lists(office, NOW, who=office.officer) == (0, 0, 0)
    with database.system("test: the past") as session:
        before = session.scalars(select(Assignment).where(Assignment.user_id == office.officer)).all()
        assert {row.until_on for row in before} == {TODAY}


@ON_SQLITE
def test_undone_by_whoever_did_it_everybody_has_their_people_back(office, database):
    before = holders(office, database)
    act = handed_on(office)
    with of_supervisor(office, writes=True) as session, session.begin():
        assert assigning.undo(session, act, ZONE, NOW + timedelta(minutes=1)) == 2
    assert holders(office, database) == before
    with of_supervisor(office, writes=True) as session, pytest.raises(assigning.Changed):
        assigning.undo(session, act, ZONE, NOW + timedelta(minutes=2))


@ON_SQLITE
def test_nothing_is_undone_once_a_case_was_handed_on_again_nor_by_somebody_else(office, database):
    act = handed_on(office)
    with office.scoped(who=office.officer, role="officer_supervisor", writes=True) as session:
        with pytest.raises(LookupError):
            assigning.undo(session, act, ZONE, NOW)
    handed_on(office, officer=office.colleague, to=office.supervisor, now=NOW + DAY)
    with of_supervisor(office, writes=True) as session, pytest.raises(assigning.Changed):
        assigning.undo(session, act, ZONE, NOW + DAY)
    assert set(holders(office, database).values()) == {office.supervisor}


def test_two_supervisors_at_once_only_the_first_hands_on(office):
    with of_supervisor(office) as session:
        stale = assigning.handing(session, office.officer, NOW).cases
    handed_on(office)
    with of_supervisor(office, writes=True) as session, pytest.raises(assigning.Changed):
        assigning.hand_on(session, stale, office.supervisor, ZONE, NOW)


def test_a_case_that_comes_from_another_office_waits_until_somebody_accepts_it(office, database):
    with database.system("test: a transfer") as session, session.begin():
        came = supervised(session, office.town, office.officer, "Third", "C.")
        session.query(Assignment).filter_by(case_id=came.case).delete()
    with of_supervisor(office) as session:
        assert [one.name for one in assigning.nobodys(session)] == ["Third, C."]
    handed_on(office, officer=0)
    assert holders(office, database)[came.case] == office.colleague
    with of_supervisor(office) as session:
        assert assigning.nobodys(session) == ()


@ON_SQLITE
def test_a_case_that_went_to_another_office_is_not_this_offices_to_accept(office, database):
    with database.system("test: gone") as session, session.begin():
        gone = supervised(session, office.town, office.officer, "Fourth", "D.")
        session.query(Assignment).filter_by(case_id=gone.case).delete()
        session.query(CaseAgency).filter_by(case_id=gone.case, agency_id=office.town.office).one().until_on = TODAY
    with of_supervisor(office) as session:
        assert assigning.nobodys(session) == ()
