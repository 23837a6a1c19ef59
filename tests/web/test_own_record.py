"""A person's own record (D-13): what they may have, and not a byte that tells of anybody else or comes too early."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.access.roles import Role
from monitor.access.scope import Scope, ScopeError
from monitor.access.scoped_session import SHOWS as SHOWN
from monitor.clock import utc_now
from monitor.models import Assessment, AuditEntry, CheckIn, Contact, Hearing, Incident, ProtectedParty, Wall
from monitor.models.base import Base
from monitor.own_record import SHOWS, own_record
from tests.builders import add_user
from tests.office import hearing
from tests.sweep.county import HIDDEN, _more_rows, _try, build, hide
from tests.web.test_closing import Court
from tests.web.test_order_versions import Desk, changed, ended

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# what the record is made of; of every other table about the case something is hidden
READ = {
    "attendance", "adjudication", "condition", "court_order", "order_version", "order_sheet", "order_step", "service",
    "requirement", "enrollment", "enrollment_event", "drug_test", "hearing", "dirty", "case_agency",
}  # fmt: skip


@ONLY_SQLITE
def test_nothing_hidden_changes_a_byte_of_it(database):
    """The same with and without a row in every table that it is not made of, other offices' cases, walls and names."""
    county = build(database)
    with database.system("test: who gives it") as session, session.begin():
        clerk = add_user(session, county.near.court_agency, "clerk", "clerk@court.example")
        held = hearing(session, county.matter, county.now - timedelta(days=30))
    scope = Scope(clerk, "clerk", county.near.court_agency)
    before = own_record(database, scope, held, county.now)
    grown = hide(database, county, Role.CLERK)
    with database.system("test: hidden things") as session, session.begin():
        for table in Base.metadata.sorted_tables:
            if "case_id" in table.c and table.name not in READ and any(
                [_try(session, table, row) for row in _more_rows(session, table, county, None)]
            ):
                grown.add(table.name)
        session.execute(sa.update(ProtectedParty).values(sealed_name=b"\x01other"))
    assert {"flag", "incident", "assessment", "contact", "concern", "safety_step", "notice_answer"} <= grown
    assert before and own_record(database, scope, held, county.now) == before and HIDDEN not in before.text


@ONLY_SQLITE
def test_an_order_to_be_served_and_a_warrant_change_no_byte_of_it(database, client_as):
    """He is told of an order by whoever serves it, and of a warrant by nobody's paper (E5)."""
    desk = Desk(database)
    clerk = client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")
    with database.system("test: a hearing that was") as session, session.begin():
        hearing(session, desk.matter, utc_now() - timedelta(days=7))
    path = f"/hearings/{desk.hearing}/own-record"
    before = clerk.post(path)
    assert clerk.post(desk.path, data=desk.form(notice="NONE")).status_code == 303
    with database.system("test: he did not come") as session, session.begin():
        session.execute(sa.update(Hearing).where(Hearing.starts_at < utc_now()).values(outcome="WARRANT"))
        hearing(session, desk.matter, utc_now() + timedelta(days=9))
    after = clerk.post(path)
    assert before.status_code == after.status_code == 200
    assert after.text.replace(_as_of(after.text), "") == before.text.replace(_as_of(before.text), "")


def _as_of(text):
    return next(line for line in text.splitlines() if line.startswith("As of"))


@ONLY_SQLITE
def test_of_a_paper_that_was_handed_over_it_says_that_and_not_what_it_demands(database, client_as):
    desk = Desk(database)
    clerk = client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")
    assert clerk.post(desk.path, data=desk.form(notice="SERVED")).status_code == 303
    text = clerk.post(f"/hearings/{desk.hearing}/own-record").text
    assert "Served " in text and "What it demands, and until when, is what that paper says." in text
    assert "firearm" not in text.lower() and "no contact" not in text.lower()


@ONLY_SQLITE
@pytest.mark.parametrize("act", ["change", "end"])
@pytest.mark.parametrize(("notice", "says"), [("TOLD", "Told in the room"), ("SERVED", "Served ")])
def test_a_change_that_is_still_to_be_served_changes_no_byte_of_it(database, client_as, notice, says, act):
    """E5: by a line that is gone, moved or reads otherwise he would learn first from us what the court did since."""
    desk = Desk(database)
    clerk = client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")
    assert clerk.post(desk.path, data=desk.form(notice=notice)).status_code == 303
    path, order = f"/hearings/{desk.hearing}/own-record", desk.made()
    before = clerk.post(path).text
    assert says in before
    less = changed(desk, terms=["01", "02", "04", "05"], yards="300", allowed=[], notice="NONE")
    told = less if act == "change" else ended()
    assert clerk.post(f"/orders/{order.id}/{act}", data=told).status_code == 303
    after = clerk.post(path).text
    assert after.replace(_as_of(after), "") == before.replace(_as_of(before), "")


def test_it_holds_what_the_person_may_have_and_its_session_opens_nothing_else(database, client_as):
    court = Court(database)
    clerk = client_as("clerk", agency_id=court.town.court_agency, name="B. Adams")
    page = clerk.get(court.path).text
    assert "Their own record" in page
    given = clerk.post(f"/hearings/{court.hearing}/own-record")
    for part in ("Record of", "Orders", "Programs", "Placed in a group", "Classes", "Court dates that were"):
        assert part in given.text, given.text
    assert given.headers["content-disposition"] == 'attachment; filename="own-record.txt"'
    with database.scoped(Scope(clerk.user_id, "clerk", court.town.court_agency)) as session:
        session.info[SHOWN] = SHOWS
        for entity in (Incident, Assessment, Contact, CheckIn, ProtectedParty):
            with pytest.raises(ScopeError):
                session.scalars(sa.select(entity)).all()
    with database.system("test: look", writes=False) as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "case.own_record")).one()
    assert entry.user_id == clerk.user_id and court.bell.case in entry.subjects
    assert entry.detail["bytes"] == len(given.content)


@ONLY_SQLITE
def test_only_a_clerk_of_that_court_gives_it(database, client_as):
    court = Court(database)
    path = f"/hearings/{court.hearing}/own-record"
    for role, agency in (("judge", court.town.court_agency), ("officer", court.town.office), ("privacy_officer", None)):
        assert client_as(role, agency_id=agency).post(path).status_code == 403
    clerk = client_as("clerk", agency_id=court.town.court_agency, name="B. Adams")
    absent = clerk.post("/hearings/12345678901/own-record")
    with database.system("test: a wall") as session, session.begin():
        wall = Wall(agency_id=court.town.court_agency, user_id=clerk.user_id, person_id=court.bell.person,
                    sealed_why=b"x", entered_by_id=1, entered_at=utc_now())  # fmt: skip
        session.add(wall)
    walled = clerk.post(path)
    assert absent.status_code == walled.status_code == 404
