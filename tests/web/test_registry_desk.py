"""The agency that enters orders: its list, the packet, the number and its instant, a wrong number, and the way back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from monitor.clock import local_day, utc_now
from monitor.config import Settings
from monitor.handoffs.reading import registry
from monitor.models import Agency, AuditEntry, Order, OrderStep, OrderVersion, Wall, random_id
from monitor.one_at_a_time import one_at_a_time
from tests.web.conftest import Browser
from tests.web.machines import machine_of, software
from tests.web.order_desk import FAMILY, ZONE, Desk, words_of
from tests.web.test_order_steps import number
from tests.web.test_order_versions import changed, ended

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, entering_agencies="sheriff, other-records")


@pytest.fixture
def sheriff(desk: Desk) -> int:
    with desk.database.system("test: who enters orders") as session, session.begin():
        made = [Agency(id=random_id(), kind="law_enforcement", name=name, code=code, zone=ZONE)
                for name, code in (("Sheriff's records", "sheriff"), ("Town police", "town-police"))]  # fmt: skip
        session.add_all(made)
        session.flush()
        return made[0].id


@pytest.fixture
def records(client_as: Callable[..., Browser], sheriff: int) -> Browser:
    return client_as("law_enforcement", agency_id=sheriff, name="R. Vance")


@pytest.fixture
def order(desk: Desk, clerk: Browser) -> Order:
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    return desk.made()


def hidden(browser: Browser, order: Order, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\d+)"', browser.get(f"/registry/{order.id}").text)
    return found[1] if found else ""


def give(records: Browser, order: Order, registry_number: str = "H123456789", **told: str) -> Any:
    form = {"registry_number": registry_number, "seen": hidden(records, order, "seen")} | told
    return records.post(f"/registry/{order.id}/entered", data=form)


def send_back(records: Browser, order: Order, why: str = "DATES") -> Any:
    form = {"seen": hidden(records, order, "seen"), "back": why}
    return records.post(f"/registry/{order.id}/send-back", data=form)


def steps_of(desk: Desk, order: Order) -> list[OrderStep]:
    return sorted(desk.rows(OrderStep, OrderStep.order_id == order.id), key=lambda one: (one.recorded_at, one.id))


def change(clerk: Browser, desk: Desk, order: Order) -> Any:
    return clerk.post(f"/orders/{order.id}/change", data=changed(desk, terms=["01", "04"], allowed=[]))


def waits(desk: Desk) -> list[Any]:
    with desk.database.system("test: M3", writes=False) as session:
        return [one.done_at for one in registry(session, frozenset({desk.matter.case}), utc_now())]


def test_the_agency_reads_what_waits_makes_the_packet_and_its_number_ends_the_courts_wait(
    desk: Desk, clerk: Browser, order: Order, records: Browser
) -> None:
    listed = records.get("/registry").text
    assert "1 to do, the oldest signed 0 h 0 min ago" in listed and "PO-777" in listed and FAMILY not in listed
    shown = records.get(f"/registry/{order.id}").text
    assert "NCIC" not in shown and "Date of birth" in shown and "from your own records" in shown
    assert FAMILY.upper() not in shown.upper(), "the page bears no protected name"
    packet = json.loads(records.get(f"/registry/{order.id}/packet?format=json").content)
    assert packet["action"] == "ENTER" and packet["fields"]["PPN"].endswith(FAMILY.upper())
    assert packet["fields"]["BRD"] == "Y", "what the court's own packet says, this one says"
    assert packet == json.loads(clerk.get(f"/orders/{order.id}/packet?format=json").content)
    assert FAMILY.upper() in words_of(records.get(f"/registry/{order.id}/packet").content)
    answer = give(records, order, "h123456789")
    assert answer.status_code == 303, answer.text
    assert "All signed orders are confirmed" in clerk.get("/orders/waiting").text
    assert "number H123456789, Sheriff&#39;s records" in clerk.get(f"/orders/{order.id}/steps").text
    assert "Every signed order is in the registry" in records.get("/registry").text
    assert records.get(f"/registry/{order.id}/packet").status_code == 404, "no name without a reason"
    assert len([one for one in waits(desk) if one]) == 1
    events = {one.event for one in desk.rows(AuditEntry, AuditEntry.event.like("registry.%"))}
    assert events == {"registry.listed", "registry.read", "registry.packet", "registry.entered"}


@ONLY_SQLITE
def test_the_instant_of_the_entry_is_what_was_typed_and_neither_ahead_nor_before_the_signing(
    desk: Desk, order: Order, records: Browser
) -> None:
    today = local_day(utc_now(), ZONE)
    for day, hour in ((today + timedelta(days=1), "9:40 AM"), (today - timedelta(days=1), "9:40 AM"), (today, ""),
                      ("soon", "9:40 AM"), (today, "later")):  # fmt: skip
        refused = give(records, order, entered_on=str(day), entered_hour=hour)
        assert refused.status_code == 422 and "Give day and hour" in refused.text, (day, hour)
        assert f'value="{day}"' in refused.text and 'value="H123456789"' in refused.text, "nothing is typed twice"
    assert give(records, order, "12").status_code == 422
    assert give(records, order, entered_hour="12:00 AM").status_code == 303
    done = steps_of(desk, order)[-1]
    assert local_day(done.occurred_at, ZONE) == today and done.occurred_at < done.recorded_at


@ONLY_SQLITE
def test_sent_twice_for_want_of_an_answer_it_is_on_record_once_and_a_change_meanwhile_stays_open(
    desk: Desk, clerk: Browser, order: Order, records: Browser
) -> None:
    form = {"registry_number": "H123456789", "seen": hidden(records, order, "seen")}
    for _ in range(2):
        assert records.post(f"/registry/{order.id}/entered", data=form).status_code == 303
    assert len([one for one in steps_of(desk, order) if one.kind == "ENTERED"]) == 1
    seen = hidden(records, order, "seen")
    assert change(clerk, desk, order).status_code == 303
    assert "Change the entry" in records.get("/registry").text
    late = records.post(f"/registry/{order.id}/entered", data={"registry_number": "H123456789", "seen": seen})
    assert late.status_code == 409 and "The order was changed since this page was opened" in late.text
    page = records.get(f"/registry/{order.id}").text
    assert "What changed since you last confirmed" in page and 'value="H123456789"' in page, "its own number again"
    assert give(records, order).status_code == 303


def test_a_number_typed_wrongly_is_mended_without_a_new_wait_and_one_that_names_nothing_waits_again(
    desk: Desk, clerk: Browser, order: Order, records: Browser
) -> None:
    assert give(records, order, "H111").status_code == 303
    step, page = hidden(records, order, "step"), f"/registry/{order.id}"
    for wrong in ("H111", "h111", "1", "H 22 33", "H22222222222222222222222"):
        assert records.post(f"{page}/correct", data={"step": step, "right_number": wrong}).status_code == 422
    assert records.post(f"{page}/correct", data={"step": step, "right_number": "H222"}).status_code == 303
    again = records.post(f"{page}/correct", data={"step": step, "right_number": "H333"})
    assert again.status_code == 409, "somebody mended it since the page was opened"
    told = clerk.get(f"/orders/{order.id}/steps").text
    assert "number H111" in told and "number H222" in told and "typed wrongly" in told, "both stay on record"
    assert "All signed orders are confirmed" in clerk.get("/orders/waiting").text
    assert [one is not None for one in waits(desk)] == [True]
    first = steps_of(desk, order)
    assert first[-1].occurred_at == next(one.occurred_at for one in first if one.kind == "ENTERED")
    back = {"step": hidden(records, order, "step"), "why": "OTHER_ORDER"}
    assert records.post(f"{page}/take-back", data=back | {"why": "x"}).status_code == 422
    assert records.post(f"{page}/take-back", data=back).status_code == 303
    assert waits(desk) == [None], "what the mended number had ended waits since its signing"
    assert "not yet confirmed in the registry, 1" in clerk.get("/orders/waiting").text
    assert "1 to do" in records.get("/registry").text


def test_a_packet_that_cannot_be_entered_goes_back_with_a_code_and_waits_on_until_the_court_answers(
    desk: Desk, clerk: Browser, order: Order, records: Browser
) -> None:
    assert send_back(records, order, "because she said").status_code == 422
    assert send_back(records, order).status_code == 303
    assert send_back(records, order).status_code == 409, "once is enough"
    assert "Nothing to do. 1 back with the court" in " ".join(records.get("/registry").text.split())
    waiting = clerk.get("/orders/waiting").text
    assert "Sent back: a day cannot be right" in waiting and "not yet confirmed in the registry, 1" in waiting
    page = clerk.get(f"/orders/{order.id}/steps").text
    assert "records sent the packet back: A day cannot be right" in page
    assert waits(desk) == [None], "a refusal ends no wait"
    seen = re.search(r'asked-again">.*?name="seen" value="(\d+)"', page, re.DOTALL)
    for _ in range(2):  # pressed twice
        answer = clerk.post(f"/orders/{order.id}/asked-again", data={"seen": seen[1] if seen else ""})
        assert answer.status_code == 303
    asked = [one for one in steps_of(desk, order) if one.kind == "TO_ENTER"]
    assert len(asked) == 2 and asked[0].occurred_at == asked[1].occurred_at, "it waits since its signing"
    assert "1 to do, the oldest" in records.get("/registry").text
    assert give(records, order).status_code == 303 and [one is not None for one in waits(desk)] == [True]


@ONLY_SQLITE
def test_a_change_answers_a_packet_that_went_back_and_is_told_once(
    desk: Desk, clerk: Browser, order: Order, records: Browser
) -> None:
    assert give(records, order).status_code == 303
    assert change(clerk, desk, order).status_code == 303
    assert send_back(records, order, "TERMS").status_code == 303
    seen = steps_of(desk, order)[-1].id
    assert clerk.post(f"/orders/{order.id}/asked-again", data={"seen": str(seen)}).status_code == 303
    once = json.loads(records.get(f"/registry/{order.id}/packet?format=json").content)
    assert once["action"] == "MODIFY" and len(once["changed"]) == len(set(once["changed"]))
    versions = desk.rows(OrderVersion, OrderVersion.order_id == order.id)
    assert len(versions) == 2 and not any("PO-777" in said for said in once["changed"])
    assert send_back(records, order, "TERMS").status_code == 303
    assert clerk.post(f"/orders/{order.id}/end", data=ended(seen="2")).status_code == 303
    assert "Clear: it has ended" in records.get("/registry").text or "Cancel" in records.get("/registry").text
    assert "Sent back" not in records.get("/registry").text, "the court has answered"


@ONLY_SQLITE
def test_for_whoever_does_not_enter_orders_or_is_walled_off_there_is_no_such_page(
    desk: Desk, order: Order, records: Browser, client_as: Callable[..., Browser]
) -> None:
    (police,) = desk.rows(Agency, Agency.code == "town-police")
    patrol = client_as("law_enforcement", agency_id=police.id)
    assert "/registry" not in patrol.get("/service").text and 'href="/registry"' in records.get("/service").text
    absent = patrol.get("/registry/77")
    for path in ("/registry", f"/registry/{order.id}", f"/registry/{order.id}/packet"):
        assert patrol.get(path).status_code == 404
    assert patrol.get(f"/registry/{order.id}").text.count("<h1") == absent.text.count("<h1")
    form = {"registry_number": "H123456789", "seen": hidden(records, order, "seen")}
    assert patrol.post(f"/registry/{order.id}/entered", data=form).status_code == 404
    with desk.database.system("test: a wall") as session, session.begin():
        walled: int = records.user_id  # type: ignore[attr-defined]
        session.add(Wall(id=random_id(), user_id=walled, person_id=desk.matter.person, agency_id=police.id,
                         sealed_why=b"", entered_by_id=1, entered_at=utc_now(), ended_at=None))  # fmt: skip
    assert "Every signed order is in the registry" in records.get("/registry").text
    assert records.get(f"/registry/{order.id}").status_code == 404
    assert give(records, order).status_code == 404


@ONLY_SQLITE
def test_what_the_court_put_on_record_itself_is_the_courts_to_mend(
    desk: Desk, clerk: Browser, order: Order, records: Browser
) -> None:
    assert clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H999")).status_code == 303
    assert records.get(f"/registry/{order.id}").status_code == 404, "nothing waits, and the number is not theirs"
    assert "Entered by us, thirty days, 0" in records.get("/registry").text
    assert give(records, order).status_code == 404


@ONLY_SQLITE
def test_the_agencys_software_reads_what_waits_without_a_name_and_gives_the_number_once(
    desk: Desk, clerk: Browser, order: Order, sheriff: int, app: Any
) -> None:
    path = f"/api/v1/orders/{order.id}/entry-confirmation"
    with software(app, machine_of(desk.database, "sheriff")) as records:
        listed = records.get("/api/v1/entry-packets")
        (one,) = listed.json()["waits"]
        assert (one["order"], one["to_do"], one["sent_back"]) == (str(order.id), "Enter", "")
        assert FAMILY.lower() not in listed.text.lower() and "Bell" not in listed.text
        told = {"registry_number": "h123456789", "seen": one["seen"]}
        tomorrow = (utc_now() + timedelta(days=1)).isoformat()
        for wrong, status in (({"registry_number": "!"}, 422), ({"seen": "1"}, 409),
                              ({"at": "2026-03-01T09:00:00"}, 422), ({"at": tomorrow}, 422),
                              ({"at": "0001-01-01T00:00:00+00:00"}, 422), ({"at": "9999-12-31T23:59:59-12:00"}, 422),
                              ({"at": "0001-01-01T00:00:00+14:00"}, 422)):  # fmt: skip
            assert records.post(path, json=told | wrong).status_code == status, wrong
        assert [records.post(path, json=told).status_code for _ in range(2)] == [201, 200]
        assert records.post(path, json=told | {"registry_number": "H9999"}).status_code == 409
        assert records.post("/api/v1/orders/77/entry-confirmation", json=told).status_code == 404
    done = steps_of(desk, order)[-1]
    assert (done.registry_number, done.by_agency, done.recorded_by_id) == ("H123456789", "Sheriff's records", None)
    assert "All signed orders are confirmed" in clerk.get("/orders/waiting").text
    with software(app, machine_of(desk.database, "town-police")) as others:
        assert others.get("/api/v1/entry-packets").status_code == 404
        assert others.post(path, json=told).status_code == 404


@ONLY_SQLITE
def test_what_is_in_the_registry_is_sent_back_by_nobody(records: Browser, order: Order, desk: Desk) -> None:
    """Its own number brings the order to this agency still, so the form could be sent from an old page."""
    assert give(records, order).status_code == 303
    before = [one.id for one in steps_of(desk, order)]
    assert send_back(records, order).status_code == 409
    assert [one.id for one in steps_of(desk, order)] == before


def test_an_order_that_expired_before_it_was_entered_asks_nobody_and_its_name_is_given_to_nobody(
    desk: Desk, clerk: Browser, order: Order, records: Browser, sheriff: int, app: Any
) -> None:
    """Safeguard H5: from its end on nothing is to enter, so that there is no reason for the protected name."""
    assert records.get(f"/registry/{order.id}/packet?format=json").status_code == 200
    seen, now = hidden(records, order, "seen"), utc_now()
    with desk.database.system("test: it ended") as session, session.begin():
        for version in session.scalars(select(OrderVersion).where(OrderVersion.order_id == order.id)):
            version.expires_at = now - timedelta(seconds=1)
    for path in ("", "/packet", "/packet?format=csv", "/packet?format=json"):
        assert records.get(f"/registry/{order.id}{path}").status_code == 404, path
    assert records.post(f"/registry/{order.id}/send-back", data={"seen": seen, "back": "DATES"}).status_code == 404
    assert "Every signed order is in the registry" in records.get("/registry").text
    assert "All signed orders are confirmed" in clerk.get("/orders/waiting").text
    with software(app, machine_of(desk.database, "sheriff")) as machine:
        assert machine.get("/api/v1/entry-packets").json()["waits"] == []
    late = clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H999"))
    assert late.status_code == 303, "the court may still say what was entered before"


@ONLY_SQLITE
def test_what_the_registry_holds_of_an_order_that_expired_is_still_to_be_changed(
    desk: Desk, clerk: Browser, order: Order, records: Browser
) -> None:
    """A last day that was moved forward and not entered stands wrong in the registry, past the order's end."""
    assert give(records, order).status_code == 303
    assert change(clerk, desk, order).status_code == 303
    with desk.database.system("test: it ended") as session, session.begin():
        for version in session.scalars(select(OrderVersion).where(OrderVersion.order_id == order.id)):
            version.expires_at = utc_now() - timedelta(seconds=1)
    assert "Change the entry" in records.get("/registry").text
    assert give(records, order).status_code == 303


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_for_what_is_not_before_the_agency_nobody_waits(desk: Desk, order: Order, records: Browser) -> None:
    """Safeguard B7: a wait would tell that somebody is at work on an order that is hidden."""
    seen = hidden(records, order, "seen")
    acts = {"entered": {"registry_number": "H123456789", "seen": seen}, "send-back": {"seen": seen, "back": "DATES"},
            "correct": {"step": "1", "right_number": "H1234"}}  # fmt: skip
    with desk.database.system("test: a wall") as session, session.begin():
        walled: int = records.user_id  # type: ignore[attr-defined]
        court = desk.town.town.court_agency
        session.add(Wall(id=random_id(), user_id=walled, person_id=desk.matter.person, agency_id=court, sealed_why=b"",
                         entered_by_id=1, entered_at=utc_now(), ended_at=None))  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        with desk.database.system("test: the court is at work on it") as session, session.begin():
            one_at_a_time(session, order.id)
            for act, form in acts.items():
                asked = pool.submit(records.post, f"/registry/{order.id}/{act}", data=form)
                assert asked.result(timeout=20).status_code == 404, act
