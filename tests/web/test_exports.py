"""The caseload leaves as a file: what the screen shows, and beyond 25 cases only with a second person's yes (D7)."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from monitor import exports
from monitor.models import ApprovalRequest, AuditEntry, Outbox, Person, User
from tests.office import Office, open_office, take_over

WHY = "For the audit of the presiding judge."


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


@pytest.fixture
def large(monkeypatch):
    """As if one case were more than 25: laying out 26 for each test would say no more."""
    monkeypatch.setattr(exports, "LARGE_EXPORT", 0)


def request_of(database) -> ApprovalRequest:
    with database.system("test: requests", writes=False) as session:
        return session.scalars(select(ApprovalRequest)).one()


def events(database) -> list[str]:
    with database.system("test: trail", writes=False) as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.at, AuditEntry.id)))


def taken(browser, **form):
    return browser.post("/caseload/export", data={"team": "no", "why": WHY} | form)


def test_a_small_list_is_one_persons_act_and_says_whose_print_it_is(office, client_as, database):
    officer = take_over(database, client_as("officer"))
    with database.system("test: an awkward name") as session, session.begin():
        session.get_one(Person, office.matter.person).family_name = "=cmd|' /C calc'!A0"
    assert "Take out 1 case" in officer.get("/caseload/export").text
    file = taken(officer)
    assert file.headers["content-disposition"].startswith('attachment; filename="caseload-')
    stamp, head, row = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert "taken out by Probation officer Alex Reyes" in stamp[0] and head[0] == "Name"
    assert row[0].startswith("'=cmd"), "no cell of ours is a formula"
    assert "caseload.exported" in events(database)


def test_a_large_one_is_asked_for_decided_by_another_and_taken_out_once(office, large, client_as, database):
    officer, boss = take_over(database, client_as("officer")), client_as("officer_supervisor", name="Kim Ito")
    assert "somebody else of this office agrees first" in officer.get("/caseload/export").text
    assert taken(officer, why=" ").status_code == 422
    assert taken(officer).status_code == 303
    assert taken(officer).status_code == 303, "asked twice is asked once"
    waits = request_of(database)
    assert "Waits for a second person" in officer.get("/caseload/export").text
    shown = boss.get("/approvals").text
    assert "Take out more than 25 cases" in shown and WHY in shown
    assert boss.post(f"/approvals/{waits.id}", data={"decision": "approve"}).status_code == 303
    assert "Approved." in officer.get("/caseload/export").text
    assert taken(officer, team="yes").status_code == 303, "a yes to one list is no yes to another"
    assert b"Example" in taken(officer).content
    assert taken(officer).status_code == 303, "a yes is worth one file"
    assert {"caseload.export_asked", "approval.decided", "caseload.exported"} <= set(events(database))


def test_an_account_takes_out_ten_a_day_and_the_eleventh_is_told_to_the_privacy_officer(office, client_as, database):
    officer = take_over(database, client_as("officer"))
    privacy = client_as("privacy_officer", agency_id=office.town.office)
    assert [taken(officer).status_code for _ in range(10)] == [200] * 10
    for _ in range(2):
        refused = taken(officer)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "86400")
    with database.system("test: told", writes=False) as session:
        [told] = session.scalars(select(Outbox).where(Outbox.key.startswith("exports:"))).all()
        assert told.key.endswith(f":{privacy.user_id}")


def test_a_no_lets_nothing_out_and_of_another_office_nobody_decides(office, large, client_as, database):
    officer, boss = take_over(database, client_as("officer")), client_as("officer_supervisor")
    stranger = client_as("privacy_officer", agency_id=office.town.program_agency)
    taken(officer)
    waits = request_of(database)
    assert WHY not in stranger.get("/approvals").text
    assert stranger.post(f"/approvals/{waits.id}", data={"decision": "approve"}).status_code == 404
    boss.post(f"/approvals/{waits.id}", data={"decision": "decline"})
    assert "declined" in officer.get("/caseload/export").text
    assert taken(officer, why=" ").status_code == 422


def test_a_supervisor_does_not_say_yes_to_their_own(office, large, client_as, database):
    boss = client_as("officer_supervisor")
    with database.system("test: only one") as session, session.begin():
        other = session.get_one(User, office.supervisor)
        other.disabled_at = other.created_at
    refused = taken(boss, team="yes")
    assert refused.status_code == 422 and "Nobody is left" in refused.text
