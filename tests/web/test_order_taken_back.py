"""What the court's desk, or a deputy, put on record wrongly about an order, and the way back: reason, trail, flags."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.clock import utc_now
from monitor.db import Database
from monitor.handoffs.reading import registry
from monitor.models import (
    Agency,
    AuditEntry,
    FirearmReceipt,
    Flag,
    Order,
    OrderStep,
    OrderVersion,
    Requirement,
    Service,
    random_id,
)
from tests.monitor.patrol_town import build_place
from tests.web.conftest import Browser
from tests.web.order_desk import Desk
from tests.web.test_order_steps import number, packet_of, returned

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def order(desk: Desk, clerk: Browser) -> Order:
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    return desk.made()


def hidden(browser: Browser, path: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\d+)"', browser.get(path).text)
    return found[1] if found else ""


def trail(database: Database, event: str) -> list[AuditEntry]:
    with database.system("test: the trail", writes=False) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.event == event)))


def gaps(desk: Desk, at: datetime) -> list[datetime | None]:
    with desk.database.system("test: gaps", writes=False) as session:
        return [one.done_at for one in registry(session, [desk.matter.case], at)]


def test_a_wrong_number_is_taken_back_and_the_order_waits_for_the_registry_since_its_signing(
    desk: Desk, clerk: Browser, order: Order, client_as: Callable[..., Browser]
) -> None:
    page, back = f"/orders/{order.id}/steps", f"/orders/{order.id}/entered/take-back"
    assert clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H999")).status_code == 303
    assert "The number H999 was an error" in clerk.get(page).text
    form = {"step": hidden(clerk, page, "step"), "why": "NUMBER_WRONG"}
    assert clerk.post(back, data=form | {"why": "because"}).status_code == 422
    elsewhere = client_as("clerk", agency_id=desk.far.court_agency)
    assert elsewhere.post(back, data=form).status_code == 404
    colleague = client_as("clerk", agency_id=desk.town.town.court_agency, name="K. Ito")
    assert colleague.post(back, data=form).status_code == 303
    told = clerk.get(page).text
    assert "number H999" in told and "the number was taken back: typed wrongly" in told, "both stay on record"
    assert "not yet confirmed in the registry, 1" in clerk.get("/orders/waiting").text
    asked = [one for one in desk.rows(OrderStep, OrderStep.order_id == order.id) if one.kind == "TO_ENTER"]
    assert len(asked) == 2 and asked[0].occurred_at == asked[1].occurred_at, "it waits since its signing"
    assert packet_of(clerk, order)["action"] == "ENTER"
    assert gaps(desk, utc_now()) == [None], "the wrong number ended no wait (M3)"
    assert trail(desk.database, "order.entry_back")
    again = colleague.post(back, data=form)
    assert again.status_code == 409 and "not the newest entry" in again.text
    assert clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H1234567")).status_code == 303
    assert len([one for one in gaps(desk, utc_now()) if one]) == 1
    assert "The number H1234567 was an error" in clerk.get(page).text


def test_a_number_taken_back_asks_for_all_that_it_had_confirmed(desk: Desk, clerk: Browser, order: Order) -> None:
    """Entered, then served and confirmed under a wrong number: the service is what is asked for again."""
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H100"))
    clerk.post(f"/orders/{order.id}/served", data=returned())
    assert packet_of(clerk, order)["action"] == "SERVE"
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H200"))
    assert packet_of(clerk, order)["action"] == ""
    page = f"/orders/{order.id}/steps"
    form = {"step": hidden(clerk, page, "step"), "why": "NOT_ENTERED"}
    assert clerk.post(f"/orders/{order.id}/entered/take-back", data=form).status_code == 303
    assert packet_of(clerk, order)["action"] == "SERVE"
    assert "the agency has not entered it" in clerk.get(page).text


def test_the_clerk_takes_back_a_return_that_the_court_recorded_and_no_deputys(
    desk: Desk, clerk: Browser, order: Order, client_as: Callable[..., Browser]
) -> None:
    page, back = f"/orders/{order.id}/steps", f"/orders/{order.id}/served/take-back"
    assert "was an error" not in clerk.get(page).text
    assert clerk.post(f"/orders/{order.id}/served", data=returned()).status_code == 303
    assert clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H300")).status_code == 303
    room = client_as("dispatch")
    assert "NOT SERVED" not in room.post("/verify", data={"words": "PO-777", "format": "text"}).text.splitlines()[0]
    form = {"proof": hidden(clerk, page, "proof"), "reason": "another order's paper"}
    assert clerk.post(back, data=form | {"reason": ""}).status_code == 422
    assert clerk.post(back, data=form | {"reason": "she lives at 12 Elm Street"}).status_code == 422
    assert clerk.post(back, data=form).status_code == 303
    proofs = sorted(desk.rows(Service, Service.order_id == order.id), key=lambda one: one.recorded_at)
    assert [one.retracted for one in proofs] == [False, True] and proofs[1].reason == "another order's paper"
    assert "NOT SERVED" in room.post("/verify", data={"words": "PO-777", "format": "text"}).text.splitlines()[0]
    waits = clerk.get("/orders/waiting").text
    assert "To be served, 1" in waits and "Change the entry" in waits
    packet = packet_of(clerk, order)
    assert packet["action"] == "MODIFY" and packet["fields"]["SVC"] == "NOT SERVED"
    assert [one for one in packet["changed"] if one.startswith("A return of service was taken back.")]
    assert trail(desk.database, "order.service_back")
    assert clerk.post(back, data=form).status_code == 409
    deputy = client_as("law_enforcement")
    shown = deputy.get(f"/service/{order.id}").text
    seen = re.search(r'name="seen" value="(\d*)"', shown)
    told = {"how": "IN_PERSON", "on": "", "hour": "", "server": "D. Cho", "seen": seen[1] if seen else ""}
    assert deputy.post(f"/service/{order.id}", data=told).status_code == 303
    (theirs,) = desk.rows(Service, Service.order_id == order.id, Service.server == "D. Cho")
    assert "was an error" not in clerk.get(page).text.replace("The number H300 was an error", "")
    assert clerk.post(back, data={"proof": str(theirs.id), "reason": "not ours"}).status_code == 409


def test_what_was_handed_over_in_the_courtroom_by_mistake_is_taken_back_and_waits_since_the_signing(
    desk: Desk, clerk: Browser
) -> None:
    assert clerk.post(desk.path, data=desk.form(notice="SERVED")).status_code == 303
    order = desk.made()
    (proof,) = desk.rows(Service, Service.order_id == order.id)
    waits = clerk.get("/orders/waiting").text
    assert proof.method == "IN_COURT" and "Every order that was made here is served" in waits
    form = {"proof": str(proof.id), "reason": "he had left the room"}
    assert clerk.post(f"/orders/{order.id}/served/take-back", data=form).status_code == 303
    assert "To be served, 1" in clerk.get("/orders/waiting").text
    (task,) = desk.rows(OrderStep, OrderStep.order_id == order.id, OrderStep.kind == "TO_SERVE")
    assert task.occurred_at <= task.recorded_at and task.how == "TAKEN_BACK"
    assert packet_of(clerk, order)["action"] == "ENTER"


def test_a_receipt_for_firearms_is_taken_back_by_the_office_that_gave_it_and_the_duty_is_open_again(
    database: Database, client_as: Callable[..., Browser]
) -> None:
    place = build_place(database)
    with database.system("test: a duty") as session, session.begin():
        duty = session.scalars(select(Requirement).where(Requirement.order_id == place.matter.order)).first()
        assert duty is not None
        known = {"case_id": duty.case_id, "agency_id": duty.agency_id, "order_id": duty.order_id}
        session.add(
            Requirement(**known, kind="firearm_surrender", terms={}, from_on=duty.from_on, recorded_at=duty.recorded_at)
        )
        session.scalars(select(OrderVersion).where(OrderVersion.order_id == duty.order_id)).one().in_custody = False
    later = datetime.now(UTC) + timedelta(days=10)
    place.evaluate(later)
    before = {one for one in place.codes() if "FIREARM" in one}
    assert before, "without a receipt the duty is open"
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="D. Cho")
    page = f"/service/{place.order}"
    assert deputy.post(f"{page}/firearms", data={"event": "NO_FIREARMS_DECLARED"}).status_code == 303
    place.evaluate(later)
    assert {one for one in place.codes() if "FIREARM" in one} < before
    receipt = hidden(deputy, page, "receipt")
    back = f"{page}/firearms/take-back"
    with database.system("test: another office") as session, session.begin():
        police = Agency(id=random_id(), kind="law_enforcement", name="Police", code="police", zone=place.town.zone)
        session.add(police)
    other = client_as("law_enforcement", agency_id=police.id)
    assert other.post(back, data={"receipt": receipt, "reason": "not mine"}).status_code == 404
    assert deputy.post(back, data={"receipt": receipt, "reason": ""}).status_code == 422
    colleague = client_as("law_enforcement", agency_id=place.sheriff, name="Sgt Lee")
    assert colleague.post(back, data={"receipt": receipt, "reason": "said of another person"}).status_code == 303
    rows = sorted(place.rows(FirearmReceipt), key=lambda one: one.recorded_at)
    assert [one.retracted for one in rows] == [False, True] and rows[1].reason == "said of another person"
    assert "this was an error" not in deputy.get(page).text
    place.evaluate(later)
    assert {one for one in place.codes() if "FIREARM" in one} == before, "flags follow"
    assert trail(database, "service.receipt_back")
    assert deputy.post(back, data={"receipt": receipt, "reason": "again"}).status_code == 404
    assert place.rows(Flag)
