"""To whom a case comes with an order: the only office of victim/witness staff, where the order protects somebody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from monitor.models import Agency, CaseAgency
from monitor.models.base import random_id
from tests.web.conftest import Browser
from tests.web.test_orders import ZONE, Desk


@pytest.fixture
def desk(database) -> Desk:
    return Desk(database)


@pytest.fixture
def clerk(desk: Desk, client_as: Callable[..., Browser]) -> Browser:
    return client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_that_protects_somebody_reaches_the_only_victim_witness_office_and_a_sentence_alone_does_not(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    """Given one victim/witness office When the clerk enters an order with a protected person Then the case is on that
    office's list, to ask whether notices are wanted; with two offices it is nobody's guess."""
    staff = client_as("victim_witness", name="R. Amaya")
    assert clerk.post(desk.path, data=desk.sentence()).status_code == 303
    assert "0 items due" in staff.get("/due-notices").text
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    page = staff.get("/due-notices").text
    assert "1 item due" in page and "Ask whether notices are wanted" in page and "Bell" in page
    with desk.database.system("test: the office let go of it, and another came") as session, session.begin():
        office = session.scalars(select(Agency.id).where(Agency.kind == "victim_witness")).one()
        share = session.scalars(select(CaseAgency).where(CaseAgency.agency_id == office)).one()
        share.until_on = share.from_on
    assert clerk.post(desk.path, data=desk.form(number="PO-778", party="new")).status_code == 303
    assert "0 items due" in staff.get("/due-notices").text, "what somebody ended stays ended"
    with desk.database.system("test: a second office") as session, session.begin():
        session.delete(session.scalars(select(CaseAgency).where(CaseAgency.agency_id == office)).one())
        session.add(Agency(id=random_id(), kind="victim_witness", name="Second", code="second", zone=ZONE))
    assert clerk.post(desk.path, data=desk.form(number="PO-779", party="new")).status_code == 303
    assert desk.rows(CaseAgency, CaseAgency.agency_id == office) == []
