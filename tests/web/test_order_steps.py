"""A signed order waits for the registry and for service until the number and the return are on record."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.clock import local_day, utc_now
from monitor.models import Case, Order, OrderStep, OrderVersion, Service
from tests.web.conftest import Browser
from tests.web.order_desk import FAMILY, GIVEN, ZONE, Desk, words_of
from tests.web.test_order_versions import changed, ended


@pytest.fixture
def order(desk: Desk, clerk: Browser) -> Order:
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    return desk.made()


def returned(**told: str) -> dict[str, str]:
    now = utc_now().astimezone(ZoneInfo(ZONE))
    form = {"result": "SERVED", "method": "PERSONAL", "on": str(now.date()), "hour": f"{now:%H:%M}",
            "server": "Deputy Cho, Sheriff"}  # fmt: skip
    return form | told


def number(clerk: Browser, order: Order, registry_number: str = "H12345") -> dict[str, str]:
    """What the clerk sends from the page as it is now."""
    seen = re.search(r'name="seen" value="(\d+)"', clerk.get(f"/orders/{order.id}/steps").text)
    return {"registry_number": registry_number, "by_agency": "Sheriff", "seen": seen[1] if seen else ""}


def packet_of(clerk: Browser, order: Order) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(clerk.get(f"/orders/{order.id}/packet?format=json").content)
    return found


def days_ago(days: int) -> str:
    return str(local_day(utc_now(), ZONE) - timedelta(days=days))


def kinds(desk: Desk, order: Order) -> list[tuple[str, str | None]]:
    found = desk.rows(OrderStep, OrderStep.order_id == order.id)
    return sorted((one.kind, one.action) for one in found)


def test_a_signed_order_waits_for_entry_and_service_until_both_are_on_record(
    desk: Desk, clerk: Browser, order: Order, client_as: Callable[..., Browser]
) -> None:
    waits = clerk.get("/orders/waiting").text
    assert "not yet confirmed in the registry, 1" in waits and "To be served, 1" in waits and "0 h 0 min ago" in waits
    assert FAMILY not in waits
    told = number(clerk, order, "H123456789")
    assert clerk.post(f"/orders/{order.id}/entered", data=told).status_code == 303
    assert "All signed orders are confirmed" in clerk.get("/orders/waiting").text
    assert clerk.post(f"/orders/{order.id}/served", data=returned()).status_code == 303
    (service,) = desk.rows(Service, Service.order_id == order.id)
    assert (service.method, service.server) == ("PERSONAL", "Deputy Cho, Sheriff")
    waits = clerk.get("/orders/waiting").text
    assert "Every order that was made here is served" in waits and "Add the service" in waits
    said = client_as("dispatch").post("/verify", data={"words": "PO-777", "format": "text"}).text
    assert said.startswith("ACTIVE ") or said.startswith("ACTIVE\n") or "NOT SERVED" not in said.splitlines()[0]


def test_telling_the_person_at_the_scene_is_notice_and_the_order_still_waits_for_service(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    assert clerk.post(f"/orders/{order.id}/served", data=returned(result="ATTEMPTED", method="")).status_code == 303
    assert clerk.post(f"/orders/{order.id}/served", data=returned(result="TOLD", method="")).status_code == 303
    assert desk.rows(Service, Service.order_id == order.id) == []
    waits = clerk.get("/orders/waiting").text
    assert "To be served, 1" in waits and "Told, not served, 2 tries" in waits
    assert kinds(desk, order) == [("ATTEMPTED", None), ("TOLD", None), ("TO_ENTER", "ENTER"), ("TO_SERVE", None)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_that_expired_before_it_was_served_is_nobodys_task_and_its_page_says_so(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    assert "Expired before it was served" not in clerk.get(f"/orders/{order.id}/steps").text
    signed, ended_at = utc_now() - timedelta(hours=6), utc_now() - timedelta(hours=2)
    with desk.database.system("test: hours go by") as session, session.begin():
        (version,) = session.scalars(select(OrderVersion).where(OrderVersion.order_id == order.id))
        version.effective_from, version.expires_at = signed, ended_at
        version.ordered_on = local_day(signed, ZONE)
    assert "To be served, 0" in clerk.get("/orders/waiting").text
    assert "Expired before it was served" in clerk.get(f"/orders/{order.id}/steps").text
    assert "had ended by then" in clerk.post(f"/orders/{order.id}/served", data=returned()).text
    before = (ended_at - timedelta(hours=1)).astimezone(ZoneInfo(ZONE))
    late = returned(on=str(before.date()), hour=f"{before:%H:%M}")
    assert clerk.post(f"/orders/{order.id}/served", data=late).status_code == 303
    assert "Expired before it was served" not in clerk.get(f"/orders/{order.id}/steps").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_packet_asks_for_follows_what_the_court_did(desk: Desk, clerk: Browser, order: Order) -> None:
    packet = json.loads(clerk.get(f"/orders/{order.id}/packet?format=json").content)
    assert (packet["action"], packet["changed"], packet["missing"]) == ("ENTER", [], [])
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order))
    clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="NONE"))
    packet = json.loads(clerk.get(f"/orders/{order.id}/packet?format=json").content)
    assert packet["action"] == "MODIFY" and "300 yards" in packet["changed"][0] and len(packet["changed"]) == 1
    clerk.post(f"/orders/{order.id}/end", data=ended(seen="2"))
    packet = json.loads(clerk.get(f"/orders/{order.id}/packet?format=json").content)
    assert packet["action"] == "CANCEL" and packet["changed"][-1] == "The order holds no more."
    assert "To be served, 0" in clerk.get("/orders/waiting").text, "nobody serves an order that is over"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_packet_says_on_top_what_the_agency_adds_and_holds_nothing_of_the_protected_person_but_the_name(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    (head, row) = csv.reader(io.StringIO(clerk.get(f"/orders/{order.id}/packet?format=csv").text))
    told = dict(zip(head, row, strict=True))
    assert told["PPN"] == f"{GIVEN} {FAMILY}".upper() and told["PCO"] == "01 04 05 07" and told["BRD"] == "Y"
    assert told["NAM"] == "BELL, MARCUS" and told["PNO"] == "PO-777" and told["SVC"] == "NOT SERVED"
    assert not {"PSX", "PPR", "PPB", "PSN", "SOC"} & set(told), "no sex, race, birth or number of a protected person"
    sheet = words_of(clerk.get(f"/orders/{order.id}/packet").content)
    assert "From your own records" in sheet and "HGT Height" in sheet and "ENTER: Enter" in sheet
    assert sheet.index("From your own records") < sheet.index("Fields")
    assert FAMILY not in clerk.get(f"/orders/{order.id}/steps").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_handed_over_in_court_waits_for_no_service_and_a_sentence_for_nothing(
    desk: Desk, clerk: Browser
) -> None:
    clerk.post(desk.path, data=desk.form(notice="SERVED"))
    clerk.post(desk.path, data=desk.sentence())
    assert kinds(desk, desk.made()) == [("TO_ENTER", "ENTER")] and kinds(desk, desk.made("PR-1")) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_is_said_at_its_field_and_a_second_answer_finds_nothing_to_do(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    later = local_day(utc_now(), ZONE) + timedelta(days=2)
    for told, words in (({"method": ""}, "how it was served"), ({"result": "LOST"}, "what came of it"),
                        ({"on": str(later)}, "not ahead"), ({"hour": "?"}, "day and hour"),
                        ({"server": ""}, "who served it")):  # fmt: skip
        answer = clerk.post(f"/orders/{order.id}/served", data=returned(**told))
        assert answer.status_code == 422 and words in answer.text, told
    wrong: list[dict[str, Any]] = [{"registry_number": "H 12;", "by_agency": "Sheriff"},
                                   {"registry_number": "H12345", "by_agency": ""}]  # fmt: skip
    for entry in wrong:
        assert clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order) | entry).status_code == 422
    assert len(kinds(desk, order)) == 2
    right = number(clerk, order)
    assert clerk.post(f"/orders/{order.id}/entered", data=right).status_code == 303
    assert "confirmed already" in clerk.post(f"/orders/{order.id}/entered", data=right).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["judge", "officer", "program", "dispatch", "law_enforcement"])
def test_the_packet_is_the_court_staffs_alone(
    desk: Desk, order: Order, client_as: Callable[..., Browser], role: str
) -> None:
    other = client_as(role, agency_id=desk.town.town.court_agency if role == "judge" else None)
    for path in ("/orders/waiting", f"/orders/{order.id}/packet", f"/orders/{order.id}/steps"):
        assert other.get(path).status_code == 403, path
    assert other.post(f"/orders/{order.id}/served", data=returned()).status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_that_is_not_entered_yet_is_entered_as_it_stands_now(desk: Desk, clerk: Browser, order: Order) -> None:
    clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="TOLD"))
    clerk.post(f"/orders/{order.id}/served", data=returned())
    packet = packet_of(clerk, order)
    assert (packet["action"], packet["changed"]) == ("ENTER", []), "the agency has no entry that it could change"
    assert packet["fields"]["SVC"] == "SERVED" and "300 yards" in packet["fields"]["MIS"]
    waits = clerk.get("/orders/waiting").text
    assert ">Enter</td>" in waits and "Add the service" not in waits


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_vacated_before_it_was_entered_is_not_to_be_entered(desk: Desk, clerk: Browser, order: Order) -> None:
    page = number(clerk, order)
    clerk.post(f"/orders/{order.id}/end", data=ended())
    packet = packet_of(clerk, order)
    assert (packet["action"], packet["changed"]) == ("", [])
    assert "All signed orders are confirmed" in clerk.get("/orders/waiting").text
    steps = clerk.get(f"/orders/{order.id}/steps").text
    assert "Nothing is to be entered" in steps and "take the entry back" in steps and "It is entered" not in steps
    assert clerk.post(f"/orders/{order.id}/entered", data=page).status_code in (409, 422)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_entry_that_was_changed_and_then_served_is_changed_and_says_both(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order))
    clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="TOLD"))
    clerk.post(f"/orders/{order.id}/served", data=returned())
    packet = packet_of(clerk, order)
    assert packet["action"] == "MODIFY" and "300 yards" in packet["changed"][0]
    assert packet["changed"][-1].startswith("Served ")


def test_a_confirmation_closes_nothing_that_the_court_changed_since_its_page_was_opened(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    page = number(clerk, order)
    clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="500", notice="TOLD"))
    late = clerk.post(f"/orders/{order.id}/entered", data=page)
    assert late.status_code == 409 and "changed since this page was opened" in late.text and "H12345" in late.text
    assert "not yet confirmed in the registry, 1" in clerk.get("/orders/waiting").text
    assert clerk.post(f"/orders/{order.id}/entered", data=page | {"seen": ""}).status_code == 409
    assert clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order)).status_code == 303
    assert "All signed orders are confirmed" in clerk.get("/orders/waiting").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_officer_may_serve_a_signed_order_before_the_clerk_enters_it_and_it_waits_since_its_signing(
    desk: Desk, clerk: Browser
) -> None:
    assert clerk.post(desk.path, data=desk.form(issued_on=days_ago(3))).status_code == 303
    order = desk.made()
    assert clerk.get("/orders/waiting").text.count(">3 days ago<br>") == 2, "no hour of signing is known"
    early = clerk.post(f"/orders/{order.id}/served", data=returned(on=days_ago(4)))
    assert early.status_code == 422 and "after the order was signed" in early.text
    assert clerk.post(f"/orders/{order.id}/served", data=returned(on=days_ago(3), hour="11:59 PM")).status_code == 303
    (service,) = desk.rows(Service, Service.order_id == order.id)
    assert local_day(service.occurred_at, ZONE) == local_day(utc_now(), ZONE) - timedelta(days=3)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_signed_today_waits_by_hours_and_is_not_served_before_today(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    assert clerk.get("/orders/waiting").text.count("0 h 0 min ago") == 2
    assert clerk.post(f"/orders/{order.id}/served", data=returned(on=days_ago(1))).status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_change_that_is_handed_over_in_court_ends_the_wait_for_service(desk: Desk, clerk: Browser) -> None:
    clerk.post(desk.path, data=desk.form(notice="NONE"))
    order = desk.made()
    assert clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="SERVED")).status_code == 303
    assert "Every order that was made here is served" in clerk.get("/orders/waiting").text
    assert ("SERVED", None) in kinds(desk, order)
    assert "Served, Courtroom clerk" in clerk.get(f"/orders/{order.id}/steps").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_an_officer_told_at_the_scene_stands_on_the_order_as_notice(desk: Desk, clerk: Browser) -> None:
    clerk.post(desk.path, data=desk.form(notice="NONE"))
    order = desk.made()
    assert "No notice on record" in clerk.get(f"/orders/{order.id}").text
    clerk.post(f"/orders/{order.id}/served", data=returned(result="TOLD", method=""))
    shown = clerk.get(f"/orders/{order.id}").text
    assert "Told at the scene: notice, not service" in shown and "No notice on record" not in shown
    clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="NONE"))
    assert "No notice on record" in clerk.get(f"/orders/{order.id}").text, "of the change nobody told the person"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("template", "kind"), [
    ("civil_protection_temporary", "ORDER OF PROTECTION, TEMPORARY"), ("civil_protection", "ORDER OF PROTECTION"),
    ("emergency_protective", "ORDER OF PROTECTION, TEMPORARY"),
])  # fmt: skip
def test_the_worksheet_calls_an_order_temporary_that_was_made_without_the_other_side(
    desk: Desk, clerk: Browser, template: str, kind: str
) -> None:
    told = desk.form(template, terms=["01", "04", "05"], allowed=[], firearm_heard="N", flag="N")
    if "without" in clerk.get(f"{desk.path}/new?template={template}").text:
        told = told | {"firearm_related": "U", "firearm_forbids": "U"}
    saved = clerk.post(desk.path, data=told)
    assert saved.status_code == 303, saved.text
    assert packet_of(clerk, desk.made())["fields"]["MKE"] == kind


def test_a_number_that_two_orders_have_is_said_on_both_until_one_is_taken_back_and_is_not_refused(
    desk: Desk, clerk: Browser, order: Order
) -> None:
    assert clerk.post(desk.path, data=desk.form(number="PO-778")).status_code == 303
    second = desk.made("PO-778")
    said = "also that of another order"
    for one, registry_number in ((order, "H12345"), (second, "h12345")):
        told = number(clerk, one, registry_number)
        assert clerk.post(f"/orders/{one.id}/entered", data=told).status_code == 303, "warned of, not refused"
        assert (said in clerk.get(f"/orders/{one.id}/steps").text) is (one is second)
    page = clerk.get(f"/orders/{order.id}/steps").text
    assert said in page and all(f"({one.number})" in page for one in desk.rows(Case, Case.id == order.case_id))
    taken = next(one for one in desk.rows(OrderStep, OrderStep.order_id == second.id) if one.kind == "ENTERED")
    back = {"step": str(taken.id), "why": "NUMBER_WRONG"}
    assert clerk.post(f"/orders/{second.id}/entered/take-back", data=back).status_code == 303
    assert not any(said in clerk.get(f"/orders/{one.id}/steps").text for one in (order, second))
