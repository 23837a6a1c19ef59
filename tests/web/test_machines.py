"""An administrator gives a program's software an account and takes it away; the secret is seen once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from monitor.models import AuditEntry, Machine
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
