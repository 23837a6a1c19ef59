"""Nine reasons for an absence, as data: each goes through the pages, and through the rules (issue 6.4)."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor.absences import REASONS
from monitor.clock import utc_now
from monitor.models import Adjudication, Flag
from tests.builders import absent
from tests.office import open_office, take_over

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# what happened on nine Mondays, and which reason the officer chooses for it
SCENARIOS = {
    "MEDICAL": "A clinic's card for that evening was shown.",
    "EMPLOYMENT": "The employer's letter says that the shift was moved.",
    "FAMILY_CHILDCARE": "The sitter cancelled at noon; the program was told by two.",
    "WEATHER_OR_TRANSIT": "The county closed the road because of snow.",
    "COURT_LEGAL": "The hearing in another case lasted until six.",
    "IN_CUSTODY": "The jail's list has him from Sunday to Tuesday.",
    "RELIGIOUS": "A fast that was told of a week ahead.",
    "HOLIDAY": "The office and the program's building were shut.",
    "MILITARY": "Orders for a drill weekend were shown.",
}
FIRST = date(2026, 1, 19)


@pytest.fixture
def office(database):
    """Nine absences that nobody has decided on."""
    office = open_office(database)
    days = {reason: FIRST + timedelta(weeks=week) for week, reason in enumerate(SCENARIOS)}
    with database.system("test: nine absences") as session, session.begin():
        rows = [absent(session, office.matter, day) for day in days.values()]
        found = {reason: row.id for reason, row in zip(SCENARIOS, rows, strict=True)}
    return office, found


def decide(browser, attendance_id, **form):
    page = browser.get(f"/absences/{attendance_id}/decide").text
    token = re.search(r'name="token" value="([^"]+)"', page).group(1)
    return page, browser.post(f"/absences/{attendance_id}/decide", data={"token": token, **form})


def test_each_of_nine_reasons_excuses_its_absence_on_the_pages_and_before_the_rules(office, client_as, database):
    """Given nine absences that were held against somebody, When the officer excuses each for its own reason, Then the
    page offers that reason by its name, the ledger says excused, and no rule counts the absence any more."""
    office, absences = office
    officer = client_as("officer", agency_id=office.town.office)
    take_over(database, officer)
    for number in absences.values():
        _page, saved = decide(officer, number, decision="UNEXCUSED", words="Nobody called.")
        assert saved.status_code == 303
    office.evaluate(utc_now())
    assert counted(database), "before, the rules asked about them"
    for reason, number in absences.items():
        page, saved = decide(officer, number, decision="EXCUSED", why=reason, words=SCENARIOS[reason])
        assert re.search(rf'<option value="{reason}"[^>]*>{re.escape(REASONS[reason])}</option>', page), reason
        assert saved.status_code == 303, reason
        told = html.unescape(officer.get(f"/absences/{number}/decide").text)
        assert f"<b>Excused</b>, {REASONS[reason].lower()}, by" in told and SCENARIOS[reason] in told
    office.evaluate(utc_now() + timedelta(seconds=1))
    assert not counted(database), "excused, none counts"
    ledger = officer.get(f"/people/{office.matter.person}/compliance").text
    assert ledger.count("Excused") >= len(SCENARIOS)
    with database.system("test: look") as session:
        kept = session.execute(
            select(Adjudication.attendance_id, Adjudication.why).where(Adjudication.decision == "EXCUSED")
        ).all()
    assert {row.attendance_id: row.why for row in kept} == {number: why for why, number in absences.items()}


def test_a_reason_that_is_none_of_them_excuses_nothing(office, client_as, database):
    office, absences = office
    officer = client_as("officer", agency_id=office.town.office)
    take_over(database, officer)
    assert set(REASONS) == {*SCENARIOS, "PROFESSIONAL_JUDGEMENT"}, "nine, and the officer's own judgement"
    for why in ("", "PARTNER", "FEES"):
        _page, saved = decide(officer, absences["MEDICAL"], decision="EXCUSED", why=why, words="-")
        assert saved.status_code == 422
    with database.system("test: look") as session:
        assert session.scalar(select(Adjudication.id)) is None


def counted(database):
    """Open questions that hold absences without a reason against the person."""
    with database.system("test: look at flags") as session:
        codes = session.scalars(select(Flag.code).where(Flag.state.in_(("OPEN", "ACKNOWLEDGED")))).all()
    return [code for code in codes if "UNEXCUSED" in code or code.startswith("ABSENCE_LIMIT")]
