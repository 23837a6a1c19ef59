"""Then and now: the officer's page and the bench's, and who sees neither."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor.models import Attendance, AuditEntry
from tests.builders import at, build_town, correct, unexcused
from tests.office import hearing, open_office, take_over

HEARD = at(date(2026, 3, 3), 9)
MISSED = date(2026, 2, 9)
SENTENCE = (
    "On March 3 the court knew of 1 unexcused absence; since then the program corrected February 9 to attended, so it "
    "is 0."
)


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed class, corrected after the hearing") as session, session.begin():
        [row] = unexcused(session, office.matter, MISSED)
        office.missed = hearing(session, office.matter, HEARD)
        office.flags["next"] = hearing(session, office.matter, HEARD + timedelta(days=30))
        session.flush()
        correct(session, session.get_one(Attendance, row.id), HEARD + timedelta(hours=9), outcome="PRESENT")
    return office


def test_the_office_reads_three_views_and_the_list_of_differences(office, client_as, database):
    browser = take_over(database, client_as("officer", agency_id=office.town.office))
    path = f"/people/{office.matter.person}/compliance"
    page = browser.get(f"{path}?known_at=2026-03-03T17:00:00Z")
    assert page.status_code == 200
    for told in (SENTENCE, "Corrected, by the program", "Entered wrongly.", "Questions of the rules", "as known then"):
        assert told in page.text
    assert "known_at=last" in browser.get(path).text
    day = browser.get(f"{path}?known_at=2026-03-01&as_of=2026-02-01")
    assert "Nothing has changed since." in day.text
    assert "iolation" not in page.text
    with database.system("test: look") as session:
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.event == "ledger.read"))


def test_the_bench_begins_with_what_it_knew_when_it_last_heard_the_case(office, client_as):
    judge = client_as("judge", agency_id=office.town.court_agency)
    page = judge.get(f"/hearings/{office.flags['next']}/changes")
    assert page.status_code == 200
    assert SENTENCE in page.text
    for hidden in ("Entered wrongly.", "Questions of the rules", "/people/"):
        assert hidden not in page.text
    assert f"/hearings/{office.missed}/changes" in judge.get(f"/hearings/{office.missed}").text


@pytest.mark.parametrize("known_at", ["yesterday", "2026-13-01", "2026-03-03T17:00:00"])
def test_a_moment_that_cannot_be_read_is_told_of(office, client_as, known_at):
    browser = client_as("officer", agency_id=office.town.office)
    assert browser.get(f"/people/{office.matter.person}/compliance?known_at={known_at}").status_code == 400


def test_hidden_and_absent_read_the_same_and_other_roles_see_neither(office, client_as, database):
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    judge = client_as("judge", agency_id=far.court_agency)
    assert {judge.get(f"/hearings/{one}/changes").status_code for one in (office.missed, 4711, 10**30)} == {404}
    program = client_as("program", agency_id=office.town.program_agency)
    assert program.get(f"/hearings/{office.missed}/changes").status_code == 403
