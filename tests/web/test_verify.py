"""The page of dispatch: one question, the verdict first; what is typed stands nowhere; guessing stops."""

from __future__ import annotations

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import create_engine, select, text

from monitor.access.roles import Role
from monitor.models import AuditEntry, Outbox
from tests.builders import add_user
from tests.conftest import owned
from tests.monitor.verify_town import PARTY, Room, build_room

ASK = {"words": "O'Neal, Dwayne", "born": "", "incident": "26-1187"}


@pytest.fixture
def room(database) -> Room:
    room = build_room(database)
    room.order()
    return room


@pytest.fixture
def desk(client_as, room):
    return client_as("dispatch", agency_id=room.agency)


def entries(database, event: str) -> list[AuditEntry]:
    with database.system("test: the trail") as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.event == event)))


def test_dispatch_starts_on_one_field_and_the_verdict_is_the_first_word(desk):
    assert desk.get("/").headers["location"] == "/verify"
    empty = desk.get("/verify").text
    assert "autofocus" in empty
    answer = desk.post("/verify", data=ASK)
    assert answer.status_code in (200, 201)
    main = answer.text.partition("<main")[2]
    assert main.index("ACTIVE") < main.index("Exceptions") < main.index("May not") < main.index("Say")
    assert "contact in any way (05)" in main
    assert "cache-control" in answer.headers and "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("role", ["officer", "judge", "program", "advocate", "prosecutor", "medical", "administrator"])
def test_nobody_else_has_the_page(client_as, room, role):
    browser = client_as(role)
    assert browser.get("/verify").status_code in (403, 404)
    assert browser.post("/verify", data=ASK).status_code in (403, 404)


def test_the_text_form_and_json_come_from_the_same_answer(desk):
    text_answer = desk.post("/verify", data={**ASK, "format": "text"})
    assert text_answer.headers["content-type"].startswith("text/plain")
    assert text_answer.text.startswith("ACTIVE ")
    said = desk.post("/verify", data=ASK, headers={"accept": "application/json"}).json()
    assert said["verdict"] == "ACTIVE"
    assert said["cards"][0]["case_number"] == "24-PO-0201"
    assert PARTY.split(",")[0] not in json.dumps(said)


def test_the_trail_keeps_the_incident_and_the_order_and_not_what_was_typed(desk, database):
    desk.post("/verify", data=ASK)
    desk.post("/verify/caller", data={**ASK, "caller": "Quillonwick, Marabel"})
    for event in ("order.verified", "caller.matched"):
        (entry,) = entries(database, event)
        assert entry.detail["incident"] == "26-1187"
        assert len(entry.subjects) == 1
        kept = str([getattr(entry, column) for column in AuditEntry.__table__.columns.keys()]).casefold()
        for word in ("neal", "dwayne", "marabel", "quillonwick", "yes"):
            assert word not in kept


def test_a_day_typed_behind_the_name_stands_in_its_own_field_of_all_that_goes_on_from_there(desk, room):
    room.order("García Ortiz, Luis", "24-PO-0202", born=date(1984, 3, 2))
    for day in ("1984-03-02", "03/02/1984", "3/2/1984"):
        listed = desk.post("/verify", data={"words": f"ortiz luis {day}", "born": "", "incident": ""}).text
        assert "Check García Ortiz, Luis, born 03/02/1984" in listed
        card = desk.post("/verify", data={"words": f"garcia ortiz luis {day}", "born": "", "incident": ""}).text
        assert "24-PO-0202" in card
        for form in ("/incidents/start", "/verify/caller"):
            sent = re.search(rf'action="{form}".*?</form>', card, re.DOTALL)
            told = re.findall(r'name="(?:words|born)" value="(.*?)"', sent[0] if sent else "")
            assert told == ["garcia ortiz luis", "03/02/1984"], form


def test_a_question_without_a_name_or_number_is_asked_again_and_leaves_no_entry(desk, database):
    assert desk.post("/verify", data={**ASK, "words": "Neal"}).status_code == 422
    assert desk.post("/verify", data={**ASK, "incident": "Marabel"}).status_code == 422
    assert entries(database, "order.verified") == []


def test_a_callers_name_is_answered_by_yes_or_no_and_shows_no_name(desk):
    yes = desk.post("/verify/caller", data={**ASK, "caller": "quillonwick, MARABEL"}).text
    assert "matches an order above" in yes
    assert "uillonwick" not in yes
    assert "matches no order above" in desk.post("/verify/caller", data={**ASK, "caller": "Other, Ola"}).text


def test_the_fifteenth_name_in_a_minute_stops_and_the_privacy_officer_is_told_once(desk, client_as, database, room):
    with database.system("test: privacy officers") as session, session.begin():
        own = add_user(session, room.agency, Role.PRIVACY_OFFICER.value, "privacy@agency.example")
        add_user(session, room.town.office, Role.PRIVACY_OFFICER.value, "other@agency.example")
    for number in range(14):
        assert desk.post("/verify/caller", data={**ASK, "caller": f"Name{'abcdefghijklmn'[number]}, Ola"}).is_success
    for _ in range(2):
        stopped = desk.post("/verify/caller", data={**ASK, "caller": PARTY})
        assert stopped.status_code == 429
        assert "privacy officer is told" in stopped.text
        assert "matches an order" not in stopped.text
    with database.system("test: who was told") as session:
        assert session.scalars(select(Outbox.recipient_id)).all() == [own]
    assert [one.outcome for one in entries(database, "caller.matched")].count("denied") == 2
    assert desk.post("/verify", data=ASK).is_success  # orders are answered for all that
    other = client_as("dispatch", agency_id=room.agency, name="V. Ortega")
    assert other.post("/verify/caller", data={**ASK, "caller": PARTY}).is_success


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_when_the_database_is_held_up_nothing_is_said_to_be_absent(desk, database):
    engine = create_engine(owned(database.url))
    with engine.connect() as other:
        other.execute(text("lock table order_version in access exclusive mode"))
        answer = desk.post("/verify", data=ASK)
        other.rollback()
    engine.dispose()
    assert answer.status_code == 503
    assert "CANNOT CONFIRM" in answer.text
    assert "takes too long" in answer.text
    assert "NO MATCH" not in answer.text
    assert desk.post("/verify", data=ASK).is_success


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("code", [sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL])
def test_whatever_ails_the_database_every_form_of_the_answer_says_cannot_confirm(desk, monkeypatch, code):
    """Gone, held up or full: on the page, in the text form and for CAD the first word is the same, never NO MATCH."""
    fault = sqlite3.OperationalError("trouble")
    fault.sqlite_errorcode = code

    def ails(*_):
        raise fault

    monkeypatch.setattr("web.verify.verify", ails)
    page, said, told = (desk.post("/verify", data={**ASK, "format": form}) for form in ("", "text", "json"))
    assert [one.status_code for one in (page, said, told)] == [503] * 3
    assert "CANNOT CONFIRM" in page.text and said.text.startswith("CANNOT CONFIRM ")
    assert told.json()["verdict"] == "CANNOT CONFIRM" and not told.json()["cards"]
    assert "NO MATCH" not in page.text + said.text + told.text and "Ask the court" in said.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_caller_s_question_is_told_so_too_where_even_the_look_at_the_limit_fails(desk, monkeypatch):
    fault = sqlite3.OperationalError("trouble")
    fault.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def ails(*_):
        raise fault

    monkeypatch.setattr("web.verify.guessing", ails)
    ask = {**ASK, "caller": PARTY}
    page, said, told = (desk.post("/verify/caller", data={**ask, "format": form}) for form in ("", "text", "json"))
    assert [one.status_code for one in (page, said, told)] == [503] * 3
    assert "CANNOT CONFIRM" in page.text and said.text.startswith("CANNOT CONFIRM ")
    assert told.json()["verdict"] == "CANNOT CONFIRM"

    def ours(*_):
        raise ValueError("a mistake of ours is none of the database")

    monkeypatch.setattr("web.verify.guessing", ours)
    assert desk.post("/verify/caller", data=ask).status_code == 500


def test_names_sent_all_at_once_are_stopped_at_the_fifteenth_too(desk, database):
    """Given a script that sends forty names in one instant Then no more than fourteen are answered: each try waits
    until the one before it is on record."""
    with ThreadPoolExecutor(10) as hands:
        tried = [hands.submit(desk.post, "/verify/caller", data={**ASK, "caller": PARTY}) for _ in range(40)]
    answers = [one.result(timeout=60) for one in tried]
    told = [one for one in answers if "matches an order above" in one.text]
    assert 0 < len(told) <= 14, sorted(one.status_code for one in answers)
    assert {one.status_code for one in answers if one not in told} <= {429, 503}
