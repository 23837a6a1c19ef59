"""The coordinator's quarter: aggregates alone, drawn up once, nothing of a case, a person, an officer or a judge."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from monitor.handoffs.targets import Targets
from monitor.measures.quarters import Quarter, newest, quarter_of
from monitor.measures.release import counted
from monitor.models import Base, Hearing, Incident, MeasureRelease, Wall
from monitor.models.base import random_id
from tests.builders import absent, add_user, at, attended, build_town, person_with_order

SPRING = Quarter(2026, 2)
ORDERED = date(2026, 4, 6)  # a Monday
DAY = timedelta(days=1)
ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# ordered, intake after a week; a review by day 20 for the first thirty, on day 45 for the others
IN_TIME, LATE = 30, 14


def held(session, matter, day):
    session.add(
        Hearing(
            id=random_id(), case_id=matter.case, agency_id=matter.town.court_agency, court_id=matter.town.court,
            judge_id=matter.town.judge, kind="COMPLIANCE_REVIEW", starts_at=at(day, 9), room="Dept 4", review_no=1,
            outcome="WARNED", resulted_at=at(day, 10), recorded_at=at(ORDERED),
        )
    )  # fmt: skip


@pytest.fixture
def county(database):
    """Forty-four people ordered on one day; each absent once, of which the program told on the day after."""
    with database.system("test: a county") as session, session.begin():
        town = build_town(session)
        for number in range(3):
            add_user(session, town.court_agency, "clerk", f"clerk{number}@court.example")
        matters = [person_with_order(session, town, ORDERED) for _ in range(IN_TIME + LATE)]
        for place, matter in enumerate(matters):
            held(session, matter, ORDERED + (20 if place < IN_TIME else 45) * DAY)
            attended(session, matter, ORDERED + 14 * DAY)
            absent(session, matter, ORDERED + 21 * DAY, recorded_on=ORDERED + 22 * DAY)
    return database, town, matters


def count(database, quarter=SPRING):
    with database.system("test: counted", writes=False) as session:
        return counted(session, quarter, Targets())


def line(content, measure):
    return next(one for one in content.gaps if one.measure == measure)


@ONE
def test_known_gaps_give_known_numbers(county):
    database, _town, _matters = county
    content = count(database)
    review = line(content, "M9")
    assert (review.many, review.in_time, review.missed, review.percent, review.loss) == (44, 30, 14, 68, 32)
    assert (review.median, review.p90) == ("20 days", "45 days")
    assert (review.late, review.past) == (None, None)  # 14 and 0: a zero is hidden as well
    [court] = review.agencies
    assert (court.name, court.in_time, court.missed) == ("near court", 30, 14)
    assert (line(content, "M7").many, line(content, "M7").in_time, line(content, "M7").median) == (44, None, "7 days")
    assert line(content, "M10").median == "12 hours"
    assert line(content, "M12").many is None and line(content, "M12").target == "clock of the adopted matrix"


@ONE
def test_a_call_is_open_until_a_police_report_about_that_day_is_filed(county):
    database, town, matters = county
    called = at(ORDERED + 20 * DAY, 20)
    codes = {"weapon": False, "strangulation": "NO", "accounts": True}
    with database.system("test: calls and reports") as session, session.begin():
        for place, matter in enumerate(matters):
            known = {"case_id": matter.case, "agency_id": town.office}
            session.add(Incident(id=random_id(), kind="CALL", number=f"26-{place}", occurred_at=called,
                                 recorded_at=called, **known))  # fmt: skip
            later = timedelta(hours=6 if place < IN_TIME else 40)
            session.add(Incident(id=random_id(), kind="REPORT", number=f"R-{place}", occurred_at=called,
                                 recorded_at=called + later, **codes, **known))  # fmt: skip
        session.add(Incident(id=random_id(), kind="CALL", number="26-X", occurred_at=called + 9 * DAY,
                             recorded_at=called, case_id=matters[0].case, agency_id=town.office))  # fmt: skip
    told = line(count(database), "M1")
    assert (told.many, told.in_time, told.missed, told.median) == (45, IN_TIME, LATE + 1, "6 hours")


@ONE
def test_a_court_with_fewer_than_three_people_is_no_line_of_its_own(county):
    database, town, _matters = county
    with database.system("test: two clerks leave") as session, session.begin():
        session.execute(sa.text("update membership set until_on = '2026-01-06' where agency_id = :court and user_id in"
                                " (select user_id from membership where agency_id = :court limit 2)"),
                        {"court": town.court_agency})  # fmt: skip
    assert line(count(database), "M9").agencies == ()


@ONE
def test_what_is_not_held_is_said_and_no_number_is_put_in_its_place(county):
    told = {one.measure: one.why for one in count(county[0]).not_held}
    assert "no equity attribute is stored" in told["Disparity"] and {"M17", "M24", "M50"} <= set(told)


@ONE
def test_a_quarter_counts_what_began_in_it_and_no_other_does(county):
    database, _town, _matters = county
    for other in (SPRING.later(-1), SPRING.later(1)):
        assert {one.many for one in count(database, other).gaps} == {None}


def test_quarters_never_overlap_and_are_over_for_31_days_when_they_are_drawn_up():
    days = [date(2026, 1, 1) + number * DAY for number in range(730)]
    for day in days:
        assert sum(Quarter(2026, 1).later(back).holds(day) for back in range(8)) == 1
    assert quarter_of("2026-Q2") == SPRING and quarter_of("2026-Q5") is None and quarter_of("x") is None
    assert newest(datetime(2026, 8, 1, 11, tzinfo=UTC)) == SPRING.later(-1)
    assert newest(datetime(2026, 8, 1, 12, tzinfo=UTC)) == SPRING


def drawn(coordinator, quarter="2026-Q2"):
    return coordinator.post("/measures", data={"quarter": quarter})


@ONE
def test_a_quarter_is_drawn_up_once_and_stays_whatever_becomes_known_later(county, client_as):
    database, _town, matters = county
    coordinator = client_as("coordinator")
    assert "No quarter was drawn up yet" in coordinator.get("/measures").text
    assert drawn(coordinator).status_code == 303
    before = coordinator.get("/measures?quarter=2026-Q2&format=csv").text
    assert "2026-Q2,M9,Order to first review,in_time,30" in before
    with database.system("test: a case leaves") as session, session.begin():
        session.execute(sa.delete(Hearing).where(Hearing.case_id == matters[0].case))
    assert drawn(coordinator).status_code == 404
    assert coordinator.get("/measures?quarter=2026-Q2&format=csv").text == before
    assert drawn(coordinator, "2031-Q1").status_code == 404 and drawn(coordinator, "x").status_code == 404


@ONE
def test_no_case_number_no_name_no_id_is_in_anything_that_a_coordinator_is_given(county, client_as):
    database, _town, matters = county
    coordinator = client_as("coordinator", name="Pat Coordinator")
    drawn(coordinator)
    given = "".join(coordinator.get(path).text for path in (
        "/measures", "/measures?quarter=2026-Q2", "/measures?quarter=2026-Q2&format=csv", "/matrix", "/",
    ))  # fmt: skip
    with database.system("test: everything that names somebody", writes=False) as session:
        given += str(session.scalars(sa.select(MeasureRelease.content)).all())
        numbers = set(session.scalars(sa.text("select number from court_case")))
        mine = {coordinator.user_id}
        ids = {
            str(one) for table in Base.metadata.sorted_tables
            if "id" in table.c and table.name not in ("measure_release", "agency")
            for one in session.scalars(sa.select(table.c.id)) if one not in mine
        }  # fmt: skip
    assert len(numbers) == 44 and len(ids) > 500
    assert not [one for one in numbers if one in given]
    assert not set(re.findall(r"\d{12,}", given)) & ids
    for word in ("Example, Ann", "Ann Example", "J. Example", "clerk0@court.example"):
        assert word not in given


@ONE
def test_two_reports_subtracted_tell_of_no_single_case_that_left(county):
    """A later report tells again of the cohort and of what is open; one case less changes no byte of that."""
    database, town, matters = county
    later = SPRING.later(2)
    with database.system("test: nobody is heard yet") as session, session.begin():
        session.execute(sa.delete(Hearing))
    before = count(database, later)
    [review] = [one for one in before.waiting if one.measure == "M9"]
    assert review.total == "about 40" and before.standing[0].total == "about 40"
    with database.system("test: one order ends") as session, session.begin():
        session.execute(sa.text("update order_version set expires_at = '2026-05-01 00:00:00' where order_id = :one"),
                        {"one": matters[0].order})  # fmt: skip
    after = count(database, later)
    assert (after.waiting, after.standing) == (before.waiting, before.standing)


@ONE
def test_a_wall_shows_in_no_number(county, client_as):
    database, town, matters = county
    coordinator = client_as("coordinator")
    with database.system("test: a wall") as session, session.begin():
        session.add(Wall(agency_id=town.office, user_id=coordinator.user_id, person_id=matters[0].person,
                         sealed_why=b"x", entered_by_id=1, entered_at=at(ORDERED)))  # fmt: skip
    drawn(coordinator)
    own = coordinator.get("/measures?quarter=2026-Q2&format=csv").text
    assert client_as("coordinator", name="A colleague").get("/measures?quarter=2026-Q2&format=csv").text == own
    assert ",30" in own


def test_the_database_itself_keeps_what_was_published(county, client_as):
    database, _town, _matters = county
    assert drawn(client_as("coordinator")).status_code == 303  # on PostgreSQL the count crosses every agency's cases
    with database.system("test: what was published", writes=False) as session:
        [kept] = session.scalars(sa.select(MeasureRelease.content))
    assert next(gap for gap in kept["gaps"] if gap["measure"] == "M9")["in_time"] == IN_TIME
    for statement in ("update measure_release set quarter = '2026-Q1'", "delete from measure_release"):
        with pytest.raises(DatabaseError), database.system("test: changed") as session, session.begin():
            session.execute(sa.text(statement))


@ONE
@pytest.mark.parametrize("role", ["officer", "judge", "program", "privacy_officer", "administrator"])
def test_nobody_else_opens_the_measures(database, client_as, role):
    assert client_as(role).get("/measures").status_code == 403
