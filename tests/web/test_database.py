"""The database dependency: one transaction, committed before the answer, recorded, or nothing at all."""

from __future__ import annotations

from datetime import date

import pytest
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlalchemy import func, select

import web.app
from monitor import audit
from monitor.access.fields import Field
from monitor.access.policy import POLICY, allow
from monitor.access.roles import Role
from monitor.models import AuditEntry, Membership
from web.database import DB, note
from web.forms import Form
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

WRITE, THEN = {"write": Field.CHOICE}, {"then": Field.CHOICE}

class ProbeForm(Form):
    """What the probe shall do."""

    then: str = ""


@post("/probe/{probe_id:int}", sync_to_thread=True)
def change(request: Visit, db: DB, probe_id: FromPath[int], data: URLEncodedBody[ProbeForm]) -> Answer:
    """Write a row, and then go well or wrong as told."""
    agency = request.user.agency_id + 1 if data.then == "elsewhere" else request.user.agency_id
    db.add(Membership(user_id=request.user.user_id, agency_id=agency, role="probe", from_on=date(2026, 1, 1)))
    db.flush()
    note(db, 77, decision="DISMISS")
    if data.then == "raise":
        raise RuntimeError
    if data.then == "form":
        return page(request, "home/help.html", status=422)
    return see_other(request, "/help", Flash("Probe saved.", undo="/probe/9"))


@get("/probe/{probe_id:int}", sync_to_thread=True)
def look(request: Visit, db: DB, probe_id: FromPath[int], write: FromQuery[bool] = False) -> Answer:
    """Read; or try to write, which a GET cannot."""
    if write:
        db.add(Membership(user_id=request.user.user_id, agency_id=request.user.agency_id, role="p", from_on=date.min))
        db.flush()
    return page(request, "home/help.html")


class Probe:
    """A screen of the test's own."""

    HANDLERS = [change, look]


@pytest.fixture
def app(settings, database, monkeypatch):
    monkeypatch.setattr(web.app, "SCREENS", (*web.app.SCREENS, Probe))
    monkeypatch.setitem(
        POLICY, ("GET", "/probe/{probe_id}"), allow("probe:read", Role.ADMINISTRATOR, event="probe.read", takes=WRITE)
    )
    monkeypatch.setitem(
        POLICY, ("POST", "/probe/{probe_id}"),
        allow("probe:change", Role.ADMINISTRATOR, event="probe.changed", takes=THEN),
    )
    return web.app.create_app(settings, database)


@pytest.fixture
def administrator(client_as):
    return client_as("administrator")


def kept(database) -> int:
    with database.system("test: count", writes=False) as session:
        return session.scalar(select(func.count()).where(Membership.role == "probe"))


def entries(database, event):
    with database.system("test: trail", writes=False) as session:
        return session.scalars(select(AuditEntry).where(AuditEntry.event == event)).all()


def test_a_change_is_kept_and_recorded_in_one_transaction(administrator, database):
    answer = administrator.post("/probe/5", data={})
    entry = entries(database, "probe.changed")[0]
    assert (answer.status_code, kept(database)) == (303, 1)
    assert (entry.subjects, entry.detail, entry.user_id) == ([5, 77], {"decision": "DISMISS"}, administrator.user_id)
    assert entry.request_id == answer.headers["x-request-id"]


@pytest.mark.parametrize(("then", "status"), [("raise", 500), ("form", 422)])
def test_what_went_wrong_or_shows_the_form_again_keeps_nothing(administrator, database, then, status):
    assert administrator.post("/probe/5", data={"then": then}).status_code == status
    assert kept(database) == 0
    told = [entry.outcome for entry in entries(database, "probe.changed")]
    assert told == (["failed"] if status == 500 else [])


def test_a_row_of_another_agency_reads_like_an_absent_page(administrator, database):
    assert administrator.post("/probe/5", data={"then": "elsewhere"}).status_code == 404
    assert kept(database) == 0


def test_a_change_that_cannot_be_recorded_is_not_made(administrator, database, monkeypatch):
    monkeypatch.setattr(audit, "append", lambda *_: 1 / 0)
    assert administrator.post("/probe/5", data={}).status_code == 500
    assert kept(database) == 0


def test_a_page_about_somebody_that_cannot_be_recorded_is_not_shown(administrator, database, monkeypatch):
    assert administrator.get("/probe/5").status_code == 200
    assert [entry.subjects for entry in entries(database, "probe.read")] == [[5]]
    monkeypatch.setattr(audit, "write", lambda *_: 1 / 0)
    assert administrator.get("/probe/5").status_code == 500


def test_a_get_cannot_write(administrator, database):
    assert administrator.get("/probe/5?write=true").status_code == 500
    with database.system("test: count", writes=False) as session:
        assert session.scalar(select(func.count()).where(Membership.role == "p")) == 0


def test_a_refused_role_opens_no_session_at_all(client_as, database, monkeypatch):
    browser = client_as("officer")
    monkeypatch.setattr(database, "scoped", lambda *_, **__: pytest.fail("the guard comes first"))
    assert browser.post("/probe/5", data={}).status_code == 403


def test_a_message_is_told_once_with_its_undo(administrator):
    administrator.post("/probe/5", data={})
    told = administrator.get("/help").text
    assert "Probe saved." in told
    assert 'action="/probe/9"' in told
    assert "Probe saved." not in administrator.get("/help").text


def test_a_message_of_another_session_is_not_told(client_as):
    mine, theirs = client_as("administrator"), client_as("administrator")
    mine.post("/probe/5", data={})
    theirs.cookies.set("monitor-told", mine.cookies["monitor-told"])
    assert "Probe saved." not in theirs.get("/help").text
