"""Law enforcement: what waits for service, a return in three fields, warrants, a receipt, a name for a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import event, select, update

from monitor.access.scope import Scope
from monitor.clock import local_day, utc_now
from monitor.models import AuditEntry, FirearmReceipt, OrderStep, OrderVersion, Pause, Service, Wall, random_id
from tests.builders import ZONE
from tests.monitor.patrol_town import NAME, NUMBER, PARTY, Place, another, build_place
from tests.office import hearing
from tests.web.conftest import Browser
from web.site import open_site


@pytest.fixture
def place(database) -> Place:
    return build_place(database, served=False)


@pytest.fixture
def deputy(client_as: Callable[..., Browser], place: Place) -> Browser:
    return client_as("law_enforcement", agency_id=place.sheriff, name="D. Cho")


ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def returned(deputy: Browser, place: Place, how: str = "IN_PERSON", **told: str) -> Any:
    """The form as the page gives it, with what a deputy chooses."""
    shown = deputy.get(f"/service/{place.order}").text
    seen = re.search(r'name="seen" value="(\d*)"', shown)
    form = {"how": how, "on": "", "hour": "", "server": "D. Cho", "seen": seen[1] if seen else ""} | told
    return deputy.post(f"/service/{place.order}", data=form)


def verdict(client_as: Callable[..., Browser], place: Place) -> str:
    room = client_as("dispatch", agency_id=place.dispatch)
    return str(room.post("/verify", data={"words": NAME, "format": "json"}).json()["verdict"])


def test_the_deputy_records_service_and_everybody_reads_served_within_a_minute(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    """Given an order 3 days unserved When the deputy records service Then dispatch, court, probation, prosecution and
    the advocate list show "served" within a minute and M4 stops counting."""
    assert deputy.get("/").headers["location"] == "/service"
    waits = deputy.get("/service").text
    assert "Orders to serve, 1" in waits and NUMBER in waits and "3 days ago" in waits
    assert PARTY.split(",")[0] not in waits
    owed = deputy.get(f"/service/{place.order}").text.partition('id="handoffs"')[2].partition("<h2")[0]
    assert "We owe" in owed and "Serve the order and return proof" in owed and "Law enforcement" in owed
    assert verdict(client_as, place) == "ACTIVE, NOT SERVED"
    assert returned(deputy, place).status_code == 303
    assert verdict(client_as, place) == "ACTIVE"
    assert "No papers to serve." in deputy.get("/service").text
    (proof,) = place.rows(Service, Service.order_id == place.order)
    assert (proof.method, proof.server, proof.agency_id) == ("PERSONAL", "D. Cho", place.sheriff)
    clerk = client_as("clerk", agency_id=place.town.court_agency)
    assert "Every order that was made here is served" in clerk.get("/orders/waiting").text
    for role, agency in (("officer", place.town.office), ("clerk", place.town.court_agency)):
        with place.database.scoped(Scope(1, role, agency)) as session:
            assert [one.id for one in session.scalars(select(Service).where(Service.order_id == place.order))] == [
                proof.id
            ]


@ONLY_SQLITE
def test_each_end_of_a_try_is_kept_and_only_service_is_service(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    for how, kind in (("NOT_FOUND", "ATTEMPTED"), ("NOTICE", "TOLD"), ("REFUSED", "ATTEMPTED")):
        assert returned(deputy, place, how).status_code == 303
        assert place.rows(OrderStep, OrderStep.how == how)[0].kind == kind
        assert verdict(client_as, place) == "ACTIVE, NOT SERVED"
    assert "Told, not served, 3 tries" in deputy.get("/service").text
    assert returned(deputy, place, "LEFT_ADULT").status_code == 303
    assert place.rows(Service, Service.order_id == place.order)[0].method == "SUBSTITUTE"


@ONLY_SQLITE
def test_where_the_sites_law_takes_a_refusal_for_service_it_is_service(
    place: Place, deputy: Browser, app: Any, settings: Any, database: Any, client_as: Callable[..., Browser]
) -> None:
    app.state.site = open_site(msgspec.structs.replace(settings, left_in_view_is_service=True), database)
    assert returned(deputy, place, "REFUSED").status_code == 303
    assert verdict(client_as, place) == "ACTIVE"


def test_a_return_sent_twice_for_want_of_an_answer_is_on_record_once(place: Place, deputy: Browser) -> None:
    seen = re.search(r'name="seen" value="(\d*)"', deputy.get(f"/service/{place.order}").text)
    for how in ("NOT_FOUND", "NOT_FOUND"):
        form = {"how": how, "on": "", "hour": "", "server": "D. Cho", "seen": seen[1] if seen else ""}
        assert deputy.post(f"/service/{place.order}", data=form).status_code == 303
    assert len(place.rows(OrderStep, OrderStep.kind == "ATTEMPTED")) == 1
    for _ in range(2):
        form |= {"how": "IN_PERSON"}
        assert deputy.post(f"/service/{place.order}", data=form).status_code == 303
    assert len(place.rows(Service, Service.order_id == place.order)) == 1


@ONLY_SQLITE
def test_an_order_that_another_deputy_has_served_meanwhile_says_by_whom_and_when(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    seen = re.search(r'name="seen" value="(\d*)"', deputy.get(f"/service/{place.order}").text)
    other = client_as("law_enforcement", agency_id=place.sheriff, name="Sgt Lee")
    assert returned(other, place, server="Sgt Lee").status_code == 303
    late = {"how": "IN_PERSON", "on": "", "hour": "", "server": "D. Cho", "seen": seen[1] if seen else ""}
    told = deputy.post(f"/service/{place.order}", data=late)
    assert told.status_code == 409 and "Already served by Sgt Lee" in told.text
    assert len(place.rows(Service, Service.order_id == place.order)) == 1


@ONLY_SQLITE
def test_a_return_needs_how_by_whom_and_a_time_that_can_be(place: Place, deputy: Browser) -> None:
    tomorrow = f"{utc_now() + timedelta(days=2):%m/%d/%Y}"
    for change in ({"how": "BY_MAIL"}, {"server": "x"}, {"on": tomorrow}, {"on": "soon"}, {"hour": "late"},
                   {"on": "1/5/2020"}):  # fmt: skip
        assert returned(deputy, place, **change).status_code == 422
    assert returned(deputy, place, server="at 12 Elm Street").status_code == 422, "a place is stopped by the lint"
    assert place.rows(Service, Service.order_id == place.order) == []


def test_its_author_takes_a_return_back_and_the_order_waits_since_its_signing(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    returned(deputy, place)
    other = client_as("law_enforcement", agency_id=place.sheriff, name="Sgt Lee")
    back = f"/service/{place.order}/take-back"
    assert "This return was an error" not in other.get(f"/service/{place.order}").text
    assert other.post(back, data={"reason": "wrong person"}).status_code == 404
    assert "This return was an error" in deputy.get(f"/service/{place.order}").text
    assert deputy.post(back, data={"reason": ""}).status_code == 422
    assert deputy.post(back, data={"reason": "wrong person"}).status_code == 303
    assert verdict(client_as, place) == "ACTIVE, NOT SERVED"
    proofs = sorted(place.rows(Service, Service.order_id == place.order), key=lambda one: one.recorded_at)
    assert [one.retracted for one in proofs] == [False, True] and proofs[1].reason == "wrong person"
    waits = deputy.get("/service").text
    assert "Orders to serve, 1" in waits and "3 days ago" in waits
    assert "a return of service was taken back" in deputy.get(f"/service/{place.order}").text
    assert deputy.post(back, data={"reason": "again"}).status_code == 404
    assert returned(deputy, place).status_code == 303
    assert verdict(client_as, place) == "ACTIVE"


@ONLY_SQLITE
def test_a_receipt_for_firearms_is_kept_without_a_list_of_items(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    path = f"/service/{place.order}/firearms"
    room = client_as("dispatch", agency_id=place.dispatch)
    card = lambda: room.post("/verify", data={"words": NAME, "format": "json"}).json()["cards"][0]  # noqa: E731
    assert "FIREARM ACCESS" in card()["cautions"]
    for _ in range(2):
        assert deputy.post(path, data={"event": "RELINQUISHED"}).status_code == 303
    (row,) = place.rows(FirearmReceipt)
    assert (row.event, row.case_id, row.agency_id) == ("RELINQUISHED", place.matter.case, place.sheriff)
    assert deputy.post(path, data={"event": "PROOF_FILED"}).status_code == 422
    assert deputy.post(path, data={"event": "RELINQUISHED", "items": "a rifle of his brother"}).status_code == 400
    assert card()["surrender_proof"] and "FIREARM ACCESS" not in card()["cautions"], "what was handed in is no caution"


@ONLY_SQLITE
def test_a_receipt_may_be_of_an_earlier_hour_and_what_cannot_be_read_is_said_at_its_field(
    place: Place, deputy: Browser
) -> None:
    path, then = f"/service/{place.order}/firearms", datetime.now(ZoneInfo(ZONE)) - timedelta(days=1)
    wrong = deputy.post(path, data={"event": "RELINQUISHED", "on": "yesterday", "hour": "9:40 AM"})
    assert wrong.status_code == 422 and 'id="receipt-on-error"' in wrong.text and "yesterday" in wrong.text
    assert deputy.post(path, data={"event": "RELINQUISHED", "on": "1/1/2099"}).status_code == 422
    told = {"event": "RELINQUISHED", "on": f"{then.month}/{then.day}/{then.year}", "hour": "9:40 AM"}
    assert deputy.post(path, data=told).status_code == 303
    (row,) = place.rows(FirearmReceipt)
    assert row.occurred_at == then.replace(hour=9, minute=40, second=0, microsecond=0)


@ONLY_SQLITE
def test_exceptions_come_before_terms_at_the_door_too(place: Place, deputy: Browser) -> None:
    text = deputy.get(f"/service/{place.order}").text
    assert text.index("<b>Exceptions</b>") < text.index("<b>May not</b>") < text.index("<b>Firearms</b>")


def test_the_protected_name_is_shown_for_a_reason_that_stands_in_the_trail(place: Place, deputy: Browser) -> None:
    family = PARTY.split(",")[0]
    path = f"/service/{place.order}/name"
    assert family not in deputy.get(f"/service/{place.order}").text
    for form in ({"why": ""}, {"why": "CURIOUS"}, {"why": "SCENE"}, {"why": "SCENE", "incident": "Marabel"}):
        refused = deputy.post(path, data=form)
        assert refused.status_code == 422 and family not in refused.text
    shown = deputy.post(path, data={"why": "SCENE", "incident": "26-1187"})
    assert family in shown.text and "no-store" in shown.headers["cache-control"]
    (entry,) = place.rows(AuditEntry, AuditEntry.event == "order.party_shown")
    assert (entry.detail["reason"], entry.detail["incident"], entry.user_id) == ("SCENE", "26-1187", deputy.user_id)
    assert set(entry.subjects) == {place.order, place.matter.case}


@ONLY_SQLITE
def test_a_deputy_who_reads_name_after_name_is_stopped(place: Place, deputy: Browser) -> None:
    path = f"/service/{place.order}/name"
    for _ in range(20):
        assert deputy.post(path, data={"why": "SERVE"}).status_code == 200
    stopped = deputy.post(path, data={"why": "SERVE"})
    assert stopped.status_code == 429 and PARTY.split(",")[0] not in stopped.text


def test_names_asked_for_all_at_once_are_no_more_than_one_after_the_other(place: Place, deputy: Browser) -> None:
    """Given a script that asks for the name forty times in one instant Then no more than twenty are told, and each is
    answered, with the name or that it is too much."""
    with ThreadPoolExecutor(40) as hands:
        path = f"/service/{place.order}/name"
        asked = [hands.submit(deputy.post, path, data={"why": "SERVE"}) for _ in range(40)]
    answers = [one.result(timeout=120) for one in asked]
    told = [one for one in answers if PARTY.split(",")[0] in one.text]
    assert 0 < len(told) <= 20 and {one.status_code for one in answers} <= {200, 429}, Counter(
        one.status_code for one in answers
    )


def test_whoever_waits_to_be_told_a_name_takes_no_second_connection(place: Place, deputy: Browser) -> None:
    """Those who wait hold one each: whoever has the turn and needed one more would wait for them."""
    at_once: list[int] = []

    def see(*_: object) -> None:
        at_once.append(sum(pool.checkedout() for pool in place.database.pools))

    for pool in place.database.pools:
        event.listen(pool, "checkout", see)
    answer = deputy.post(f"/service/{place.order}/name", data={"why": "SERVE"})
    for pool in place.database.pools:
        event.remove(pool, "checkout", see)
    assert PARTY.split(",")[0] in answer.text and at_once and max(at_once) == 1, at_once


@ONLY_SQLITE
def test_nobody_but_law_enforcement_has_these_pages(place: Place, client_as: Callable[..., Browser]) -> None:
    for role in ("dispatch", "officer", "clerk", "program", "advocate", "prosecutor", "medical"):
        browser = client_as(role)
        assert browser.get("/service").status_code == 403
        assert browser.get(f"/service/{place.order}").status_code == 403
        assert browser.post(f"/service/{place.order}/name", data={"why": "SERVE"}).status_code == 403


def test_hidden_ended_and_absent_orders_answer_alike(place: Place, client_as: Callable[..., Browser]) -> None:
    himself = client_as("law_enforcement", agency_id=place.sheriff, name="Dwayne O'Neal")
    with place.database.system("test: a wall, and an order that is over") as session, session.begin():
        over = another(session, place.town, "Park, Sam", "24-PO-0300")
        session.add(Wall(id=random_id(), agency_id=place.town.office, user_id=himself.user_id, entered_by_id=1,
                         person_id=place.matter.person, sealed_why=b"x", entered_at=utc_now()))  # fmt: skip
        session.add(Pause(id=random_id(), case_id=place.matter.case, agency_id=place.town.court_agency, kind="WARRANT",
                          starts_on=datetime.now(UTC).date() - timedelta(days=2), recorded_at=utc_now()))  # fmt: skip
        for one in session.scalars(select(OrderVersion).where(OrderVersion.case_id == over.case)):
            one.expires_at = utc_now() - timedelta(minutes=1)
        gone = session.scalars(select(OrderVersion.order_id).where(OrderVersion.case_id == over.case)).first()
    answers = [himself.get(f"/service/{one}") for one in (place.order, gone, random_id())]
    assert {one.status_code for one in answers} == {404}
    assert len({re.sub(r"this request: \w+", "", one.text) for one in answers}) == 1
    waits = himself.get("/service").text
    assert "No papers to serve." in waits and "No warrant is out." in waits
    sees = client_as("law_enforcement", agency_id=place.sheriff, name="D. Cho").get("/service").text
    assert "Orders to serve, 1" in sees and "Warrants, 1" in sees


@ONLY_SQLITE
def test_orders_to_serve_and_warrants_without_a_date_stand_by_age_the_longest_wait_on_top(
    place: Place, deputy: Browser
) -> None:
    today, days = local_day(utc_now(), ZONE), (1, 9, 4)
    with place.database.system("test: orders and warrants of several ages") as session, session.begin():
        for number, ago in enumerate(days):
            other = another(session, place.town, f"{'PQR'[number]}ark, Sam", f"24-PO-030{number}")
            session.execute(update(OrderStep).where(OrderStep.case_id == other.case)
                            .values(occurred_at=utc_now() - timedelta(days=ago)))  # fmt: skip
            session.add(Pause(id=random_id(), case_id=other.case, agency_id=place.town.court_agency, kind="WARRANT",
                              starts_on=today - timedelta(days=ago), recorded_at=utc_now()))  # fmt: skip
    waits = deputy.get("/service").text
    orders, warrants = waits[waits.index("Orders to serve, 4"):].split("<h2>Warrants, 3</h2>")
    assert re.findall(r"24-PO-0\d{3}(?=</a>)", orders) == ["24-PO-0301", "24-PO-0302", NUMBER, "24-PO-0300"]
    assert re.findall(r"\wark, Sam", warrants) == ["Qark, Sam", "Rark, Sam", "Park, Sam"]


def test_a_warrant_that_ends_today_is_not_out(place: Place, deputy: Browser) -> None:
    today = local_day(utc_now(), ZONE)
    with place.database.system("test: a warrant") as session, session.begin():
        session.add(Pause(id=random_id(), case_id=place.matter.case, agency_id=place.town.court_agency, kind="WARRANT",
                          starts_on=today - timedelta(days=5), ends_on=today, recorded_at=utc_now()))  # fmt: skip
    assert "Warrants, 0" in deputy.get("/service").text


def test_warrants_stand_with_the_next_date_and_a_hearing_tomorrow_stands_on_top(place: Place, deputy: Browser) -> None:
    today = local_day(utc_now(), ZONE)
    with place.database.system("test: warrants") as session, session.begin():
        other = another(session, place.town, "Park, Sam", "24-PO-0300")
        for matter, days in ((place.matter, 5), (other, 40)):
            session.add(Pause(id=random_id(), case_id=matter.case, agency_id=place.town.court_agency, kind="WARRANT",
                              starts_on=today - timedelta(days=days), recorded_at=utc_now()))  # fmt: skip
        hearing(session, place.matter, utc_now() + timedelta(hours=20))
    waits = deputy.get("/service").text
    assert "Warrant out, in court by tomorrow, 1" in waits
    assert waits.index("O&#39;Neal, Dwayne") < waits.index("Warrants, 2") < waits.index("Park, Sam<br>")
    assert "No date set" in waits
    with place.database.system("test: recalled") as session, session.begin():
        old = session.scalars(select(Pause).where(Pause.case_id == place.matter.case)).one()
        session.add(Pause(id=random_id(), case_id=old.case_id, agency_id=old.agency_id, kind="WARRANT",
                          starts_on=old.starts_on, ends_on=today, recorded_at=utc_now(),
                          supersedes_id=old.id))  # fmt: skip
    again = deputy.get("/service").text
    assert "Warrants, 1" in again and "in court by tomorrow" not in again
