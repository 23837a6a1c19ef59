"""Files and prints: saved or opened as meant, never sniffed, under our own names, and counted in the trail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

import web.exports
from monitor.clock import utc_now
from monitor.db import Database
from monitor.models import AuditEntry
from tests.monitor.court_town import build_court_town
from tests.office import open_office, take_over
from tests.web.conftest import Browser
from web.files import disposition

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def newest(database: Database, event: str) -> AuditEntry:
    with database.system("test: look", writes=False) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.number.desc()))
        entry = found.first()
        assert entry is not None, event
        return entry


def test_a_print_opens_and_the_trail_has_its_bytes(
    database: Database, client_as: Callable[..., Browser]
) -> None:
    town = build_court_town(database, utc_now())
    clerk = client_as("clerk", agency_id=town.court_agency)
    for path, event in (
        (f"/hearings/{town.hearings[0]}?format=pdf", "hearing.read"),
        (f"/dockets/{town.court_code}/{town.day}?format=pdf", "docket.read"),
    ):
        answer = clerk.get(path)
        assert answer.status_code == 200 and answer.headers["content-disposition"].startswith('inline; filename="')
        assert answer.headers["x-content-type-options"] == "nosniff"
        entry = newest(database, event)
        assert entry.detail["bytes"] == len(answer.content), path


def test_a_file_is_saved_and_the_trail_has_its_rows_bytes_and_place(
    database: Database, client_as: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(database)
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    monkeypatch.setattr(web.exports, "client_address", lambda *_told: "192.0.2.7")
    answer = officer.post("/caseload/export", data={"team": "", "why": ""})
    assert answer.headers["content-disposition"].startswith('attachment; filename="caseload-')
    assert answer.headers["x-content-type-options"] == "nosniff"
    entry = newest(database, "caseload.exported")
    assert entry.detail["bytes"] == len(answer.content) and entry.detail["rows"] == answer.content.count(b"\n")
    assert entry.asked_from == "192.0.2.7" and "Example" not in str(entry.detail)


def test_the_list_of_advocates_is_saved_and_counted(database: Database, client_as: Callable[..., Browser]) -> None:
    open_office(database)
    answer = client_as("advocate").get("/status-list.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="list.csv"'
    assert newest(database, "status_list.saved").detail["bytes"] == len(answer.content)


@pytest.mark.parametrize("name", ['a"; filename="b.html', "a\r\nset-cookie: x=1", "../../etc/passwd", "Ünï.csv", "a;b"])
def test_no_name_says_more_than_a_name(database: Database, name: str) -> None:
    said = disposition("attachment", name)["content-disposition"]
    inside = said.removeprefix('attachment; filename="').removesuffix('"')
    assert said.startswith('attachment; filename="') and not set(inside) & set('"\r\n;/\\ ')
