"""To whom a case comes with an order: the only office of victim/witness staff, where the order protects somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from monitor.models import Agency, CaseAgency
from monitor.models.base import random_id
from tests.builders import person_with_order
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
