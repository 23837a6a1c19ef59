"""To whom a case comes with an order: the only office of victim/witness staff, where the order protects somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from litestar import Litestar
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.case_sharing import share, unknown
from monitor.db import Database
from monitor.local_law import LocalLaw, Offices
from monitor.models import Agency, CaseAgency, Court
from monitor.models.base import random_id
from tests.builders import person_with_order
from tests.monitor.patrol_town import REPORT, build_place
from tests.office import TODAY
from tests.web.conftest import Browser
from tests.web.test_orders import ZONE, Desk


@pytest.fixture
def desk(database) -> Desk:
    return Desk(database)


@pytest.fixture
def clerk(desk: Desk, client_as: Callable[..., Browser]) -> Browser:
    return client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")


def works_with_this_court(desk: Desk) -> None:
    """The only victim/witness office shares some other case of this court."""
    with desk.database.system("test: another case of this court") as session, session.begin():
        other = person_with_order(session, desk.town.town, number="26-DV-OTHER")
        office = session.scalars(select(Agency.id).where(Agency.kind == "victim_witness")).one()
        session.add(CaseAgency(case_id=other.case, agency_id=office, from_on=date(2026, 1, 1)))


def is_shared(desk: Desk) -> bool:
    with desk.database.system("test: look", writes=False) as session:
        kinds = select(Agency.kind).join(CaseAgency, CaseAgency.agency_id == Agency.id)
        return "victim_witness" in session.scalars(kinds.where(CaseAgency.case_id == desk.matter.case)).all()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_that_protects_somebody_reaches_the_only_victim_witness_office_and_a_sentence_alone_does_not(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    """Given one victim/witness office When the clerk enters an order with a protected person Then the case is on that
    office's list, to ask whether notices are wanted; with two offices it is nobody's guess."""
    staff = client_as("victim_witness", name="R. Amaya")
    works_with_this_court(desk)
    assert clerk.post(desk.path, data=desk.sentence()).status_code == 303
    assert not is_shared(desk)
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    assert is_shared(desk)
    page = staff.get("/due-notices").text
    assert "Ask whether notices are wanted" in page and "Bell" in page
    with desk.database.system("test: the office let go of it, and another came") as session, session.begin():
        office = session.scalars(select(Agency.id).where(Agency.kind == "victim_witness")).one()
        ours = select(CaseAgency).where(CaseAgency.agency_id == office, CaseAgency.case_id == desk.matter.case)
        share = session.scalars(ours).one()
        share.until_on = share.from_on
    assert clerk.post(desk.path, data=desk.form(number="PO-778", party="new")).status_code == 303
    ended = desk.rows(CaseAgency, CaseAgency.agency_id == office, CaseAgency.case_id == desk.matter.case)
    assert [one.until_on for one in ended] == [ended[0].from_on], "what somebody ended stays ended"
    with desk.database.system("test: a second office") as session, session.begin():
        session.delete(session.scalars(ours).one())
        session.add(Agency(id=random_id(), kind="victim_witness", name="Second", code="second", zone=ZONE))
    assert clerk.post(desk.path, data=desk.form(number="PO-779", party="new")).status_code == 303
    assert not is_shared(desk)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_only_office_of_a_system_may_be_another_countys_and_then_nobody_guesses(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    """Given two courts' agencies on one system and one victim/witness office that works with the other When an order
    protects somebody here Then that office reads nothing of it, until it shares a case of this court."""
    staff = client_as("victim_witness", name="R. Amaya")
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    assert "0 items due" in staff.get("/due-notices").text
    works_with_this_court(desk)
    assert clerk.post(desk.path, data=desk.form(number="24-PO-0999")).status_code == 303
    assert "Bell" in staff.get("/due-notices").text


# ── which of several ────────────────────────────────────────────────────────────────────────────────────────────────


def two_counties(session: Session) -> dict[str, int]:
    """A second court's agency, and of each kind an office here and one there; ids by code."""
    kinds = {"court": ("far",), "prosecution": ("near", "far"), "victim_witness": ("near", "far")}
    made = {f"{code}-{kind}": random_id() for kind, codes in kinds.items() for code in codes}
    for code, number in made.items():
        session.add(Agency(id=number, kind=code.partition("-")[2], name=code, code=f"{code}-office", zone=ZONE))
    session.flush()
    return made


def named(app: Litestar, court: str, **offices: str) -> None:
    """The site names the offices of a court."""
    law = replace(app.state.site.law, offices={court: Offices(**offices)})
    app.state.site = replace(app.state.site, law=law)


def with_whom(database: Database, case: int) -> set[int]:
    with database.system("test: look", writes=False) as session:
        return set(session.scalars(select(CaseAgency.agency_id).where(CaseAgency.case_id == case)))


def test_with_several_courts_the_first_order_reaches_the_office_that_the_site_named(
    desk: Desk, clerk: Browser, app: Litestar
) -> None:
    """Given several courts and offices on one system When the site names the office of each court Then its very first
    case reaches it, and no other office; without a name it reaches none."""
    with desk.database.system("test: two counties") as session, session.begin():
        offices = two_counties(session)
        court = session.scalars(select(Court.code).where(Court.id == desk.town.town.court)).one()
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    assert not with_whom(desk.database, desk.matter.case) & set(offices.values())
    named(app, court, victim_witness="near-victim_witness-office")
    assert clerk.post(desk.path, data=desk.form(number="PO-778", party="new")).status_code == 303
    assert with_whom(desk.database, desk.matter.case) & set(offices.values()) == {offices["near-victim_witness"]}
    named(app, court, victim_witness="far-victim_witness-office")
    assert clerk.post(desk.path, data=desk.form(number="PO-779", party="new")).status_code == 303
    both = {offices["near-victim_witness"], offices["far-victim_witness"]}
    assert with_whom(desk.database, desk.matter.case) & set(offices.values()) == both, "named later: it gets it, too"


def test_with_several_courts_what_police_report_reaches_the_prosecution_that_the_site_named(
    database: Database, client_as: Callable[..., Browser], app: Litestar
) -> None:
    place = build_place(database)
    with database.system("test: two counties") as session, session.begin():
        offices = two_counties(session)
        court = session.scalars(select(Court.code).where(Court.id == place.town.court)).one()
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="D. Cho")
    deputy.post("/incidents/new", data=REPORT)
    assert not with_whom(database, place.matter.case) & set(offices.values())
    named(app, court, prosecution="near-prosecution-office")
    deputy.post("/incidents/new", data=REPORT | {"number": "26-1188"})
    assert with_whom(database, place.matter.case) & set(offices.values()) == {offices["near-prosecution"]}


def test_a_name_that_fits_no_office_reaches_nobody_and_health_says_so(database: Database) -> None:
    """Given the site mistyped an office's code When a case should reach it Then nobody else gets it, and whoever runs
    the site is told."""
    place = build_place(database)
    with database.system("test: the only prosecution") as session, session.begin():
        session.add(Agency(id=random_id(), kind="prosecution", name="Near", code="near-da", zone=ZONE))
        court = session.scalars(select(Court.code).where(Court.id == place.town.court)).one()
    wrong = LocalLaw(offices={court: Offices(prosecution="near-ad"), "nowhere": Offices(victim_witness="near-da")})
    right = LocalLaw(offices={court: Offices(prosecution="near-da")})
    with database.scoped(Scope(place.officer, "officer", place.town.office), writes=True) as session, session.begin():
        assert not share(session, place.matter.case, "prosecution", TODAY, wrong)
        assert share(session, place.matter.case, "prosecution", TODAY, right)
    with database.system("test: what health says", writes=False) as session:
        told = list(unknown(session, wrong))
        assert list(unknown(session, right)) == []
    assert told == [
        f"Local law names near-ad for the court {court}; no prosecution has that code: its cases reach nobody.",
        "Local law names offices of the court nowhere, and no court has that code.",
        "Local law names near-da for the court nowhere; no victim_witness has that code: its cases reach nobody.",
    ]
