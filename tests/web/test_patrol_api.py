"""Dispatch's and patrol's own software: the same answer as the page, under a secret of its own, and never a list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from monitor.clock import utc_now
from monitor.models import AuditEntry, Incident, Outbox, Wall, random_id
from tests.builders import add_user
from tests.monitor.patrol_town import NAME, NUMBER, PARTY, REPORT, Place, build_place
from tests.web.machines import machine_of, software

LOOK, FILE = "/api/v1/orders/lookup", "/api/v1/incidents"
ASK = {"words": NAME, "incident": "26-1187"}
BODY = {name: value for name, value in REPORT.items() if value}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def place(database) -> Place:
    return build_place(database)


@pytest.fixture
def cad(app, database, place) -> Any:
    with software(app, machine_of(database, "room")) as client:
        yield client


@pytest.fixture
def patrol_car(app, database, place) -> Any:
    with software(app, machine_of(database, "sheriff")) as client:
        yield client


def test_cad_gets_the_same_answer_as_the_page_and_no_protected_name(place, cad, client_as):
    said = cad.post(LOOK, json=ASK)
    assert said.status_code == 200 and said.headers["content-type"].startswith("application/json")
    page = client_as("dispatch", agency_id=place.dispatch).post("/verify", data={**ASK, "format": "json"}).json()
    assert {**said.json(), "as_of": ""} == {**page, "as_of": ""}
    assert said.json()["verdict"] == "ACTIVE"
    assert "uillonwick" not in said.text
    assert cad.post(LOOK, json={**ASK, "caller": PARTY}).json()["caller"] == "YES"
    assert cad.post(LOOK, json={"words": "Nobody, Nemo"}).json()["verdict"] == "NO MATCH"


def test_what_is_not_of_the_form_described_is_refused_and_quotes_nothing(cad):
    for body, status in (({}, 400), ({**ASK, "story": "x"}, 400), ({"words": "x" * 400}, 400), ({"words": "Neal"}, 422),
                         ({**ASK, "born": "soon"}, 422), ({**ASK, "incident": "Marabel"}, 422)):  # fmt: skip
        told = cad.post(LOOK, json=body)
        assert told.status_code == status and "Marabel" not in told.text and "Neal" not in told.text


def test_the_fifteenth_callers_name_in_a_minute_stops_by_machine_too_and_the_privacy_officer_is_told(
    place: Place, cad: Any, app: Any, database: Any
) -> None:
    """When the same user tries 15 names in a minute Then matching stops and the privacy officer is told."""
    with database.system("test: a privacy officer") as session, session.begin():
        own = add_user(session, place.dispatch, "privacy_officer", "privacy@agency.example")
    for number in range(14):
        assert cad.post(LOOK, json={**ASK, "caller": f"Name{'abcdefghijklmn'[number]}, Ola"}).status_code == 200
    for _ in range(2):
        stopped = cad.post(LOOK, json={**ASK, "caller": PARTY})
        assert stopped.status_code == 429 and stopped.json()["code"] == "GUESSING"
    assert [one.recipient_id for one in place.rows(Outbox)] == [own]
    assert cad.post(LOOK, json=ASK).status_code == 200, "orders are answered for all that"
    with software(app, machine_of(database, "room")) as other:
        assert other.post(LOOK, json={**ASK, "caller": PARTY}).status_code == 200


def test_cad_files_a_call_once_and_the_trail_names_the_machine(place: Place, cad: Any) -> None:
    call = {"number": "CAD26-1187", "words": NAME, "touched": "05", "at": utc_now().isoformat()}
    assert [cad.post(FILE, json=call).status_code for _ in range(2)] == [201, 200]
    (row,) = place.rows(Incident)
    assert (row.kind, row.agency_id, row.recorded_by_id) == ("CALL", place.dispatch, None)
    entries = place.rows(AuditEntry, AuditEntry.event == "incident.received")
    assert len(entries) == 2 and all(one.detail["machine"].startswith("ehr-") for one in entries)
    assert "neal" not in str([one.detail for one in entries]).casefold()


@pytest.mark.parametrize("at", [
    "0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00",
])  # fmt: skip
def test_an_instant_at_the_edge_of_the_calendar_is_refused_with_words(
    place: Place, patrol_car: Any, at: str
) -> None:
    told = patrol_car.post(FILE, json=BODY | {"at": at})
    assert (told.status_code, told.json()["code"]) == (422, "INCIDENT-UNUSABLE")


def test_a_patrol_cars_report_is_a_report_and_is_held_to_its_codes(place: Place, patrol_car: Any) -> None:
    assert patrol_car.post(FILE, json={**BODY, "accounts": ""}).status_code == 422
    assert patrol_car.post(FILE, json={**BODY, "at": "2026-03-01T23:00:00"}).status_code == 422
    later = (utc_now() + timedelta(days=1)).isoformat()
    assert patrol_car.post(FILE, json={**BODY, "at": later}).status_code == 422
    assert patrol_car.post(FILE, json={**BODY, "words": "Nobody, Nemo"}).json()["code"] == "NOBODY"
    for told in ({"number": "503-555-0199"}, {"number": "5035550199"}, {"offence": "412MAPLE.ST"}):
        assert patrol_car.post(FILE, json={**BODY, **told}).status_code == 422, told
    assert patrol_car.post(FILE, json=BODY).status_code == 201
    assert patrol_car.post(FILE, json={**BODY, "weapon": "YES"}).json()["code"] == "NUMBER-TAKEN"
    place.evaluate()
    assert "NO_CONTACT_ALLEGED" in place.codes()


def test_a_report_of_software_by_name_alone_is_refused_as_on_the_screen_and_a_call_or_a_number_is_not(
    place: Place, cad: Any, patrol_car: Any, client_as: Any
) -> None:
    """A namesake is no respondent: the respondent's date of birth, or the exact number, says which case it is."""
    nameless = {name: value for name, value in BODY.items() if name != "born"}
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="Dep Vance")
    for words in (NAME, "Nobody, Nemo"):
        told = patrol_car.post(FILE, json={**nameless, "words": words})
        assert (told.status_code, told.json()["code"]) == (422, "BIRTH-NEEDED")
        assert told.json()["detail"] in deputy.post("/incidents/new", data={**nameless, "words": words}).text
    assert place.rows(Incident) == [] and place.rows(AuditEntry, AuditEntry.event == "order.verified") == []
    assert patrol_car.post(FILE, json={**nameless, "words": NUMBER}).status_code == 201
    assert cad.post(FILE, json={"number": "CAD26-1188", "words": NAME, "touched": "05"}).status_code == 201


def test_what_patrols_software_looked_up_and_could_not_file_is_in_the_trail(place: Place, patrol_car: Any) -> None:
    """Every answer is logged (practitioner 2), and alike is told from nobody by no word."""
    alike, nobody = (patrol_car.post(FILE, json={**BODY, **who}) for who in (
        {"born": "1991-06-18"}, {"words": "Nobody, Nemo"}))  # fmt: skip
    assert [one.status_code for one in (alike, nobody)] == [422, 422]
    assert alike.json() | {"request_id": ""} == nobody.json() | {"request_id": ""}
    assert patrol_car.post(FILE, json=BODY).status_code == 201
    assert patrol_car.post(FILE, json={**BODY, "weapon": "YES"}).status_code == 409
    looks = place.rows(AuditEntry, AuditEntry.event == "order.verified")
    assert sorted(place.order in one.subjects for one in looks) == [False, True, True]
    assert all(one.detail["machine"].startswith("ehr-") and one.detail["reason"] == "incident" for one in looks)


def test_what_software_filed_is_taken_back_by_whoever_sits_at_the_desk(place: Place, cad: Any, client_as: Any) -> None:
    call = {"number": "CAD26-1187", "words": NAME, "touched": "05"}
    assert cad.post(FILE, json=call).status_code == 201
    (row,) = place.rows(Incident)
    room = client_as("dispatch", agency_id=place.dispatch, name="V. Ortega")
    assert f"/incidents/{row.id}" in room.post("/incidents/by-number", data={"entry": "cad26-1187"}).text
    assert room.post(f"/incidents/{row.id}/take-back", data={"reason": "wrong person"}).status_code == 303
    assert place.rows(Incident, Incident.retracted.is_(True))
    assert cad.post(FILE, json=call).status_code == 201, "it may be filed anew, about the right person"


def test_a_programs_machine_and_a_signed_in_person_reach_neither(place, app, database, client_as):
    with software(app, machine_of(database, "near-p")) as program:
        assert program.post(LOOK, json=ASK).status_code == 403
        assert program.post(FILE, json=BODY).status_code == 403
    assert client_as("dispatch", agency_id=place.dispatch).post(LOOK, json=ASK).status_code == 401
    with software(app, machine_of(database, "room")) as cad:
        assert cad.get("/api/v1/changes").status_code == 403
        assert cad.post("/verify", data=ASK).status_code in (401, 403)


def test_what_does_not_exist_for_somebody_at_the_desk_does_not_exist_for_its_machine(
    place: Place, cad: Any, patrol_car: Any, client_as: Callable[..., Any], database: Any
) -> None:
    himself = client_as("dispatch", agency_id=place.dispatch, name="Dwayne O'Neal")
    with database.system("test: a wall") as session, session.begin():
        session.add(Wall(id=random_id(), agency_id=place.town.office, user_id=himself.user_id, entered_by_id=1,
                         person_id=place.matter.person, sealed_why=b"x", entered_at=utc_now()))  # fmt: skip
    hidden, absent = cad.post(LOOK, json=ASK).json(), cad.post(LOOK, json={**ASK, "words": "Nobody, Nemo"}).json()
    assert {**hidden, "as_of": ""} == {**absent, "as_of": ""}
    assert patrol_car.post(LOOK, json=ASK).json()["verdict"] == "ACTIVE", "the wall is the desk's alone"
    with database.system("test: the wall ends") as session, session.begin():
        session.scalars(select(Wall)).one().ended_at = utc_now()
    assert cad.post(LOOK, json=ASK).json()["verdict"] == "ACTIVE"
