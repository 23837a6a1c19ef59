"""An administrator gives a program's software an account and takes it away; the secret is seen once."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from monitor.models import Agency, ApprovalRequest, AuditEntry, Machine
from tests.monitor.intake.sample_record import write_county
from tests.web.machines import software

LIST = "/admin/machines"
FORM = {"name": "ehr-north", "program": "north-star", "days": "90"}


@pytest.fixture
def county(database):
    return write_county(database)


def secret_in(text: str) -> str:
    return re.search(r"monitor_[\w-]{43}", text)[0]


def test_the_secret_is_shown_once_and_works_until_revoked(client_as, app, county, database):
    administrator = client_as("administrator")
    added = administrator.post(LIST, data=FORM)
    assert added.status_code == 200
    with software(app, secret_in(added.text)) as north_star:
        assert north_star.get("/api/v1/changes").status_code == 200
        page = administrator.get(LIST).text
        assert "ehr-north" in page and "monitor_" not in page
        revoke = re.search(r"/admin/machines/\d+/revoke", page)[0]
        assert administrator.post(revoke).status_code == 303
        assert north_star.get("/api/v1/changes").status_code == 401
    assert administrator.post(revoke).status_code == 404
    assert ">Revoked</td>" in administrator.get(LIST).text
    with database.system("test: the trail", writes=False) as session:
        events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.startswith("machine.")))
        assert set(events) == {"machine.added", "machine.revoked"}


def test_a_name_is_a_code_and_given_once(client_as, county, database):
    administrator = client_as("administrator")
    for change in ({"name": "Robert Smith"}, {"name": "x"}, {"program": "nowhere"}, {"days": "9999"}, {"days": "x"}):
        assert administrator.post(LIST, data=FORM | change).status_code == 422
    assert administrator.post(LIST, data=FORM).status_code == 200
    again = administrator.post(LIST, data=FORM)
    assert again.status_code == 422 and "given before" in again.text
    with database.system("test: how many", writes=False) as session:
        assert len(session.scalars(select(Machine.id)).all()) == 1


def test_nobody_else_adds_one(client_as, county):
    for role in ("program", "officer_supervisor", "privacy_officer"):
        assert client_as(role).get(LIST).status_code == 403
        assert client_as(role).post(LIST, data=FORM).status_code == 403


@pytest.fixture
def dispatch(database):
    with database.system("test: a dispatch center") as session, session.begin():
        session.add(Agency(kind="dispatch", name="Example Dispatch", code="dispatch-9", zone="America/Los_Angeles"))
    return FORM | {"name": "cad-one", "program": "dispatch-9"}


def waits(database):
    with database.system("test: what waits", writes=False) as session:
        return session.scalars(select(ApprovalRequest.id).where(ApprovalRequest.outcome.is_(None))).one()


def made(database):
    with database.system("test: how many", writes=False) as session:
        return session.scalars(select(Machine.name)).all()


def test_an_administrator_alone_gets_no_secret_that_reads_orders(client_as, app, dispatch, database):
    """Who reads no case (access matrix) would ask about any order with it, caller's name and all (safeguard D7)."""
    one, second = client_as("administrator", name="A. One"), client_as("administrator", name="B. Two")
    asked = one.post(LIST, data=dispatch)
    assert asked.status_code == 303 and made(database) == []
    assert one.post(f"/approvals/{waits(database)}", data={"decision": "approve"}).status_code == 404
    again = one.post(LIST, data=dispatch)
    assert again.status_code == 303 and made(database) == [], "asking twice is no yes"
    decided = second.post(f"/approvals/{waits(database)}", data={"decision": "approve"})
    assert decided.status_code == 303 and made(database) == [], "whoever agrees gets no secret"
    for other in ({"name": "cad-two"}, {"days": "365"}):
        assert one.post(LIST, data=dispatch | other).status_code == 303
    assert second.post(LIST, data=dispatch).status_code == 303, "the yes is the asker's"
    assert made(database) == []
    done = one.post(LIST, data=dispatch)
    assert done.status_code == 200 and made(database) == ["cad-one"]
    with software(app, secret_in(done.text)) as cad:
        assert cad.post("/api/v1/orders/lookup", json={"words": "Nobody, Noel"}).status_code == 200


def test_a_no_and_nobody_to_say_yes_give_none(client_as, dispatch, database):
    one = client_as("administrator", name="A. One")
    alone = one.post(LIST, data=dispatch)
    assert alone.status_code == 422 and "Nobody is left" in alone.text
    second = client_as("administrator", name="B. Two")
    assert one.post(LIST, data=dispatch).status_code == 303
    assert second.post(f"/approvals/{waits(database)}", data={"decision": "decline"}).status_code == 303
    assert one.post(LIST, data=dispatch).status_code == 303 and made(database) == []


def test_software_goes_on_when_the_account_that_saw_its_secret_ends_and_whoever_ends_it_is_told(
    client_as, app, county, database
):
    """A dispatch desk at three in the morning is not cut off because an administrator left; its secret is renewed."""
    one, second = client_as("administrator", name="A. One"), client_as("administrator", name="B. Two")
    secret = secret_in(one.post(LIST, data=FORM).text)
    one.post(LIST, data=FORM | {"name": "ehr-south"})
    revoke = re.search(r"ehr-south.*?(/admin/machines/\d+/revoke)", one.get(LIST).text, re.S)[1]
    one.post(revoke)
    assert "account is disabled" not in second.get(LIST).text
    told = second.post(f"/admin/accounts/{one.user_id}/disable", follow_redirects=True)
    assert "seen the secret of 1 machine that still works: see Machines" in told.text
    assert "A. One, whose account is disabled: make a new one" in unescape(second.get(LIST).text)
    with software(app, secret) as north_star:
        assert north_star.get("/api/v1/changes").status_code == 200
    nobody = client_as("officer")
    told = second.post(f"/admin/accounts/{nobody.user_id}/disable", follow_redirects=True)
    assert "its sessions have ended." in told.text and "seen the secret" not in told.text
