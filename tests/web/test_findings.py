"""The court's word on screen: recorded by the court's people, read by probation, closed to everybody else."""

from __future__ import annotations

import re

import pytest

from monitor.allegations import approving
from monitor.clock import utc_now
from tests.monitor.filing import DAY, boss, done, office_with_a_miss, reported, sent
from tests.office import hearing, take_over


@pytest.fixture
def office(database):
    office = office_with_a_miss(database)
    with database.system("test: a hearing ahead") as session, session.begin():
        office.flags["hearing"] = hearing(session, office.matter, utc_now() + DAY)
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    office.flags["report"] = report
    return office


@pytest.fixture
def clerk(office, client_as):
    return client_as("clerk", agency_id=office.town.court_agency, name="B. Adams")


def path_of(office):
    return f"/hearings/{office.flags['hearing']}/findings"


def send(browser, office, **form):
    text = browser.get(path_of(office)).text
    form = {"report": str(office.flags["report"]), "token": re.search(r'name="token" value="(\d+)"', text)[1]} | form
    return browser.post(path_of(office), data=form)


def test_the_clerk_records_the_courts_words_and_probation_reads_them(office, clerk, client_as, database):
    text = clerk.get(path_of(office)).text
    assert "Unexcused absence" in text and "iolation" not in text
    assert send(clerk, office, finding="FOUND", words="").status_code == 422
    page = send(clerk, office, finding="ADMITTED", words="He admits it.")
    assert page.status_code == 422 and "An admission counts with counsel" in page.text and "He admits it." in page.text
    assert send(clerk, office, finding="ADMITTED", words="He admits it.", counsel="yes").status_code == 303
    assert "He admits it." in clerk.get(path_of(office)).text
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    text = officer.get(f"/allegations/{office.flags['report']}").text
    assert "Admitted before the court" in text and "He admits it." in text


def test_a_report_whose_end_was_entered_wrongly_waits_for_the_courts_word_again(office, clerk):
    offered, result = "What the court said of 1 report", path_of(office).replace("findings", "result")
    assert offered in clerk.get(result).text
    assert send(clerk, office, finding="NOT_FOUND", words="Not found.").status_code == 303
    assert "What the court said of" not in clerk.get(result).text
    assert send(clerk, office, finding="REOPENED", words="The wrong line.").status_code == 303
    assert offered in clerk.get(result).text


def test_somebody_was_faster(office, clerk):
    stale = re.search(r'name="token" value="(\d+)"', clerk.get(path_of(office)).text)[1]
    contest = {"report": str(office.flags["report"]), "contested": "yes"}
    assert clerk.post(path_of(office).replace("findings", "contest"), data=contest).status_code == 303
    assert "CONTESTED" in clerk.get(path_of(office)).text
    page = send(clerk, office, token=stale, finding="FOUND", words="Found.")
    assert page.status_code == 409 and "Found." in page.text


@pytest.mark.parametrize("role", ["officer", "officer_supervisor", "program", "prosecutor", "administrator"])
def test_nobody_outside_the_court_records_or_reads_here(office, client_as, role):
    browser = client_as(role)
    assert browser.get(path_of(office)).status_code == 403
    assert browser.post(path_of(office), data={"finding": "FOUND"}).status_code == 403


def test_another_court_reads_the_same_as_for_no_hearing(office, client_as, database):
    from tests.builders import build_town

    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("clerk", agency_id=far.court_agency)
    assert stranger.get(path_of(office)).status_code == stranger.get("/hearings/12345/findings").status_code == 404
