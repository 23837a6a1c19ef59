"""The court refers somebody to a program: it is on the program's list at once, and can be taken back untouched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.clock import utc_now
from monitor.compliance.orders import _ENROLLED
from monitor.db import Database
from monitor.models import CaseAgency, EnrollmentEvent, Group, Outbox, Program, Requirement, Wall
from monitor.models.base import random_id
from tests.builders import build_town
from tests.classes import open_class
from tests.office import hearing
from tests.web.conftest import Browser

NOBODY = "No new referral."


class Court:
    """A case that the near program has, and a far program that does not know of it."""

    def __init__(self, database: Database) -> None:
        self.database, self.town = database, open_class(database, people=1)
        with database.system("test: a hearing, another program") as session, session.begin():
            self.far = build_town(session, code="far")
            self.hearing = hearing(session, self.matter, utc_now() + timedelta(days=2))
            self.duty = session.scalars(select(Requirement.id).where(Requirement.case_id == self.matter.case)).one()

    @property
    def matter(self):  # type: ignore[no-untyped-def]
        return self.town.people["Bell"]

    @property
    def path(self) -> str:
        return f"/hearings/{self.hearing}/referrals"

    def form(self, **told: str) -> dict[str, str]:
        return {"program": str(self.far.program), "duty": str(self.duty), "first_on": "", "hour": ""} | told

    def events(self, *columns):  # type: ignore[no-untyped-def]
        with self.database.system("test: look", writes=False) as session:
            rows = session.execute(
                select(*columns).where(EnrollmentEvent.agency_id == self.far.program_agency)
                .order_by(EnrollmentEvent.recorded_at)
            )  # fmt: skip
            return rows.all()

    def notices(self) -> list[tuple[int | None, str]]:
        with self.database.system("test: look", writes=False) as session:
            return [(one.recipient_id, one.body) for one in session.scalars(select(Outbox))]


@pytest.fixture
def court(database: Database) -> Court:
    return Court(database)


@pytest.fixture
def clerk(court: Court, client_as: Callable[..., Browser]) -> Browser:
    return client_as("clerk", agency_id=court.town.town.court_agency, name="B. Adams")


@pytest.fixture
def program(court: Court, client_as: Callable[..., Browser]) -> Browser:
    return client_as("program", agency_id=court.far.program_agency, name="Jo Doe")


def place_at(program: Browser) -> str:
    return program.get("/enrollments").text.partition('href="/enrollments/')[2].partition('"')[0]


def test_what_the_clerk_enters_is_on_the_programs_list_with_its_clock_and_the_officer_is_told(
    court: Court, clerk: Browser, program: Browser
) -> None:
    assert NOBODY in program.get("/enrollments").text
    soon = utc_now().date() + timedelta(days=9)
    assert clerk.post(court.path, data=court.form(first_on=str(soon), hour="6 pm")).status_code == 303
    text = program.get("/enrollments").text
    assert "New referrals, 1" in text and "Bell, Marcus" in text and "overdue" not in text
    place = program.get(f"/enrollments/{place_at(program)}").text
    assert "Reach by" in place and f"{soon.day}, {soon.year}, 6:00 PM" in place and "probation order" in place
    assert court.notices() == [(court.town.officer, "You have 1 item due today. Sign in.")]
    shown = clerk.get(court.path).text
    assert "far program" in shown, shown
    assert "To be reached by" in shown


def test_a_referral_needs_an_order_that_asks_for_a_program_and_a_program_that_does_not_have_the_person(
    court: Court, clerk: Browser, program: Browser
) -> None:
    for wrong in ({"duty": "5"}, {"program": str(court.town.town.program)}, {"hour": "late"}, {"hour": "6 PM"},
                  {"first_on": "1/2/2020"}, {"first_on": "soon"}):  # fmt: skip
        assert clerk.post(court.path, data=court.form(**wrong)).status_code == 422, wrong
    assert NOBODY in program.get("/enrollments").text and court.notices() == []
    with court.database.system("test: the duty ends") as session, session.begin():
        duty = session.get(Requirement, court.duty)
        assert duty is not None
        duty.until_on = utc_now().date() - timedelta(days=1)
    assert "Enter the order first" in clerk.get(court.path).text
    assert clerk.post(court.path, data=court.form()).status_code == 422


def test_an_officer_who_is_walled_from_the_case_is_told_nothing(court: Court, clerk: Browser, program: Browser) -> None:
    with court.database.system("test: a wall") as session, session.begin():
        session.add(
            Wall(
                id=random_id(), user_id=court.town.officer, person_id=court.matter.person, entered_by_id=1,
                agency_id=court.town.town.office, sealed_why=b"x", entered_at=utc_now(),
            )
        )  # fmt: skip
    assert clerk.post(court.path, data=court.form()).status_code == 303
    assert "New referrals, 1" in program.get("/enrollments").text and court.notices() == []


def test_a_wrong_referral_is_taken_back_and_both_entries_stay_on_record(
    court: Court, clerk: Browser, program: Browser
) -> None:
    clerk.post(court.path, data=court.form())
    place = place_at(program)
    assert clerk.post(f"{court.path}/back", data={"place": place}).status_code == 303
    assert NOBODY in program.get("/enrollments").text and program.get(f"/enrollments/{place}").status_code == 404
    assert "far program" not in clerk.get(court.path).text.partition("Refer to a program")[0]
    assert [tuple(row) for row in court.events(EnrollmentEvent.event, EnrollmentEvent.retracted)] == [
        ("REFERRED", False), ("REFERRED", True)
    ]  # fmt: skip
    with court.database.system("test: look", writes=False) as session:
        shares = select(CaseAgency.until_on).where(CaseAgency.agency_id == court.far.program_agency)
        assert session.scalars(shares).one() is not None
        assert court.far.program not in {row.program_id for row in session.execute(_ENROLLED)}
    assert len(court.notices()) == 2, "the officer is told of that, too"
    assert clerk.post(f"{court.path}/back", data={"place": place}).status_code == 409
    assert clerk.post(court.path, data=court.form()).status_code == 303, "and the court may refer again"
    assert place_at(program) == place and "New referrals, 1" in program.get("/enrollments").text


def test_once_the_program_has_acted_the_court_does_not_take_it_back(
    court: Court, clerk: Browser, program: Browser
) -> None:
    clerk.post(court.path, data=court.form())
    place = place_at(program)
    token = program.get(f"/enrollments/{place}").text.partition('name="token" value="')[2].partition('"')[0]
    reached = {"move": "reach", "token": token, "on": str(utc_now().date() - timedelta(days=1))}
    assert program.post(f"/enrollments/{place}", data=reached).status_code == 303
    assert clerk.post(f"{court.path}/back", data={"place": place}).status_code == 409
    assert "New referrals, 1" in program.get("/enrollments").text


def test_a_release_that_the_program_entered_is_an_act_too(court: Court, clerk: Browser, program: Browser) -> None:
    clerk.post(court.path, data=court.form())
    place = place_at(program)
    signed = {"signed_on": str(utc_now().date() - timedelta(days=1)), "ends_on": "", "scope_court": "yes",
              "scope_probation": "yes"}  # fmt: skip
    assert program.post(f"/enrollments/{place}/release", data=signed).status_code == 303
    assert "Take back the referral" not in clerk.get(court.path).text
    assert clerk.post(f"{court.path}/back", data={"place": place}).status_code == 409


def test_what_the_agency_has_of_the_case_elsewhere_stays_shared(
    court: Court, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    near, second = court.town.town, random_id()
    with court.database.system("test: a second program of the agency") as session, session.begin():
        session.add(Program(id=second, agency_id=near.program_agency, name="Second", code="second"))
        assert session.get(Group, near.group) is not None
    clerk.post(court.path, data=court.form(program=str(second)))
    program = client_as("program", agency_id=near.program_agency, name="Sam Roe")
    assert "New referrals, 1" in program.get("/enrollments").text
    clerk.post(f"{court.path}/back", data={"place": place_at(program)})
    text = program.get("/enrollments").text
    assert NOBODY in text and "In a group, 1" in text


@pytest.mark.parametrize("role", ["officer", "program", "prosecutor", "administrator", "advocate"])
def test_only_the_court_refers(court: Court, client_as: Callable[..., Browser], role: str) -> None:
    browser = client_as(role)
    assert browser.get(court.path).status_code == 403
    assert browser.post(court.path, data=court.form()).status_code == 403
    assert court.events(EnrollmentEvent.id) == []


def test_another_court_finds_no_such_hearing(court: Court, client_as: Callable[..., Browser]) -> None:
    stranger = client_as("clerk", agency_id=court.far.court_agency)
    assert stranger.get(court.path).status_code == stranger.post(court.path, data=court.form()).status_code == 404


