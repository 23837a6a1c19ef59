"""An administrator says where an agency's software is told; the secret is seen once; what was given up is decided."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from monitor.config import Settings
from monitor.models import Agency, AuditEntry, Outbox, WebhookEndpoint
from tests.monitor.intake.sample_record import write_county
from tests.web.accounts import BASE, CONFIRMED, SECRET

LIST = "/admin/webhooks"
FORM = {"agency": "north-star", "url": "https://ehr.example/hooks", "kinds": ["sheet.saved", "item.waiting"]}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key=SECRET, base_url=BASE, demo=True, waive_passkeys=True, log_level="critical",
                    local_law_file=str(CONFIRMED), webhook_hosts="ehr.example")  # fmt: skip


@pytest.fixture
def county(database):
    return write_county(database)


@pytest.fixture
def form(database, county):
    """The form as it is filled in, with the code of the program's agency."""
    with database.system("test: a program", writes=False) as session:
        return FORM | {"agency": session.scalars(select(Agency.code).where(Agency.kind == "program")).first()}


def secret_in(text: str) -> str:
    return re.search(r"whsec_[\w+/]{43}=", text)[0]


def act(browser, name):
    path = re.search(rf"/admin/webhooks/(?:words/)?\d+/{name}", browser.get(LIST).text)[0]
    return browser.post(path)


def words(database):
    with database.system("test: words", writes=False) as session:
        rows = session.execute(select(Outbox.subject, Outbox.state).where(Outbox.channel == "webhook"))
        return [tuple(row) for row in rows]


def test_the_secret_is_shown_once_and_every_act_stands_in_the_trail(client_as, form, database):
    administrator = client_as("administrator")
    added = administrator.post(LIST, data=form)
    assert added.status_code == 200
    first = secret_in(added.text)
    page = administrator.get(LIST).text
    assert "https://ehr.example/hooks" in page and "whsec_" not in page
    second = secret_in(act(administrator, "secret").text)
    assert second != first and "Both secrets sign until" in administrator.get(LIST).text
    for name in ("test", "pause", "resume"):
        assert act(administrator, name).status_code == 303
    assert words(database) == [("ping", "DUE")]
    assert act(administrator, "end").status_code == 303
    assert words(database) == [("ping", "DROPPED")]
    with database.system("test: the trail", writes=False) as session:
        events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.startswith("webhook."))).all()
        kept = session.scalars(select(WebhookEndpoint.sealed_secret)).all()
    assert sorted(events) == sorted(
        f"webhook.{event}" for event in ("added", "secret_replaced", "tested", "paused", "resumed", "ended")
    )
    assert all(secret[6:].encode() not in sealed for secret in (first, second) for sealed in kept)


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://ehr.example/"}, "begins with https://"),
        ({"url": "https://10.0.0.1/"}, "has not named this host"),
        ({"url": "https://evil.example/"}, "has not named this host"),
        ({"agency": "nowhere"}, "Choose the agency"),
        ({"kinds": []}, "Choose what it is told"),
        ({"kinds": ["case.opened"]}, "Choose what it is told"),
    ],
)
def test_what_may_not_be_told_or_asked_is_refused_with_a_sentence(client_as, form, change, said):
    refused = client_as("administrator").post(LIST, data=form | change)
    assert refused.status_code == 422 and said in refused.text


@ON_SQLITE
def test_an_agency_that_keeps_secrets_of_its_own_has_none(client_as, form, database):
    """Whose software would tell that somebody turned to them: advocates, victim/witness and medical staff (B7, B8)."""
    administrator, _advocate = client_as("administrator"), client_as("advocate")
    with database.system("test: an agency of advocates", writes=False) as session:
        code = session.scalars(select(Agency.code).where(Agency.kind == "advocacy")).one()
    assert f'value="{code}"' not in administrator.get(LIST).text
    assert administrator.post(LIST, data=form | {"agency": code, "kinds": ["item.waiting"]}).status_code == 422


@ON_SQLITE
def test_what_was_given_up_waits_for_a_person_who_sends_it_again_or_gives_it_up(client_as, form, database):
    administrator = client_as("administrator")
    administrator.post(LIST, data=form)
    for name, state in (("again", "DUE"), ("drop", "DROPPED")):
        act(administrator, "test")
        with database.system("test: it did not arrive") as session, session.begin():
            session.execute(update(Outbox).where(Outbox.state == "DUE").values(state="FAILED", error="status 500"))
        assert re.search("Decide what becomes of [12]<", administrator.get("/admin").text)
        assert "status 500" in administrator.get(LIST).text
        assert act(administrator, name).status_code == 303
        assert state in {told for _kind, told in words(database)}
        assert administrator.post(f"{LIST}/words/12345/{name}").status_code == 404


@ON_SQLITE
def test_nobody_else_sees_or_adds_one(client_as, form):
    for role in ("program", "officer_supervisor", "privacy_officer", "coordinator"):
        browser = client_as(role)
        assert browser.get(LIST).status_code == 403
        assert browser.post(LIST, data=form).status_code == 403
