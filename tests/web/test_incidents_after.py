"""What becomes of an incident filed or not: taken back by a colleague, read, looked up in vain."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from monitor.clock import utc_now
from monitor.models import Agency, AuditEntry, CaseAgency, HiddenItem, Incident, Wall, random_id
from tests.monitor.patrol_town import NAME, REPORT, Place
from tests.web.conftest import Browser
from tests.web.test_incidents import CALL, deputy, dispatcher, place, words_of

__all__ = ["deputy", "dispatcher", "place"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_colleague_takes_back_a_wrong_report_by_its_number_and_amends_nothing(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    """A wrong row is struck through with its reason and what rests on it is withdrawn (F8), also when its author is
    off duty; a wall holds there, too (D1)."""
    deputy.post("/incidents/new", data=REPORT)
    place.evaluate()
    (row,) = place.rows(Incident)
    himself = client_as("law_enforcement", agency_id=place.sheriff, name="Dwayne O'Neal")
    with place.database.system("test: a wall") as session, session.begin():
        session.add(Wall(id=random_id(), agency_id=place.town.office, user_id=himself.user_id, entered_by_id=1,
                         person_id=place.matter.person, sealed_why=b"x", entered_at=utc_now()))  # fmt: skip
    chief = client_as("law_enforcement", agency_id=place.sheriff, name="Chief")
    for who, number in ((himself, "26-1187"), (chief, "26-118"), (chief, "")):
        answer = who.post("/incidents/by-number", data={"entry": number})
        assert answer.status_code == 422 and "no entry under that number" in answer.text
    assert himself.get(f"/incidents/{row.id}").status_code == 404
    found = chief.post("/incidents/by-number", data={"entry": " 26-1187 "}).text
    assert f"/incidents/{row.id}" in found and "Neal" not in found
    page = chief.get(f"/incidents/{row.id}").text
    assert "Take an incident back" in page and f"/incidents/{row.id}/amend" not in page and "273.6" in page
    codes = {name: value for name, value in REPORT.items() if name not in ("words", "born")}
    assert chief.post(f"/incidents/{row.id}/amend", data={**codes, "reason": "wrong"}).status_code == 404
    assert chief.post(f"/incidents/{row.id}/take-back", data={"reason": ""}).status_code == 422
    assert chief.post(f"/incidents/{row.id}/take-back", data={"reason": "wrong person"}).status_code == 303
    place.evaluate(utc_now() + timedelta(seconds=1))
    assert "NO_CONTACT_ALLEGED" not in place.codes()
    (back,) = place.rows(Incident, Incident.retracted.is_(True))
    assert (back.supersedes_id, back.recorded_by_id) == (row.id, chief.user_id)


def test_a_report_that_no_rule_asks_about_is_put_away_by_whoever_read_it_and_is_back_amended(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    officer = client_as("officer", agency_id=place.town.office)
    place.assign(officer.user_id)
    deputy.post("/incidents/new", data={**REPORT, "touched": "07"})
    place.evaluate()
    (row,) = place.rows(Incident)
    read = f"/today/reports/{row.id}/read"
    today = officer.get("/today").text
    assert f'href="{read}"' in today and f'action="{read}"' not in today, "read first, on its own page"
    report = officer.get(read).text
    assert "Weapon: no" in report and f'action="{read}"' in report
    assert client_as("clerk", agency_id=place.town.court_agency).post(read).status_code == 403
    for _ in range(2):
        done = officer.post(read)
        assert done.status_code == 303
    page = officer.get("/today").text
    assert read not in page and "Police report 26-1187" in page.partition('id="hidden"')[2], "with what is away"
    report = officer.get(read).text
    assert "Somebody of your office has read it" in report and f'action="{read}"' not in report
    (entry,) = place.rows(HiddenItem)
    assert f"/hidden/{entry.id}/show" in page
    assert officer.post(f"/hidden/{entry.id}/show").status_code == 303 and read in officer.get("/today").text
    officer.post(read)
    codes = {name: value for name, value in REPORT.items() if name not in ("words", "born")}
    told = {**codes, "touched": "07", "weapon": "YES", "reason": "a weapon was shown"}
    assert deputy.post(f"/incidents/{row.id}/amend", data=told).status_code == 303
    after = officer.get("/today").text
    assert "Weapon: yes" in after and "/read" in after and read not in after
    assert officer.get(read).status_code == 404, "that one stands no more"


@pytest.mark.parametrize("patrol", [True, False])
def test_a_look_up_that_ends_in_no_report_is_in_the_trail_and_tells_alike_from_nobody_by_no_word(
    place: Place, deputy: Browser, dispatcher: Browser, patrol: bool
) -> None:
    """Every answer is logged (practitioner 2): a name with a deliberately wrong date of birth, and one of nobody."""
    who, form = (deputy, REPORT) if patrol else (dispatcher, CALL)
    said = set()
    for words in (NAME, "Nobody, Nemo"):
        answer = who.post("/incidents/new", data={**form, "words": words, "born": "1991-06-18"})
        assert answer.status_code == 422
        shown = html.unescape(answer.text).partition("<main")[2].replace(words, "")
        said.add(re.sub(r'name="csrf" value="[^"]*"|data-now="[^"]*"', "", shown))
    assert len(said) == 1 and "Nobody was found for sure" in said.pop()
    looks = place.rows(AuditEntry, AuditEntry.event == "order.verified")
    told = [(one.user_id, one.detail["reason"], one.detail["by"]) for one in looks]
    assert told == [(who.user_id, "incident", "name")] * 2
    assert sorted(place.order in one.subjects for one in looks) == [False, True]
    assert not place.rows(Incident) and "neal" not in words_of(place)


def test_a_report_that_a_colleague_takes_back_is_told_to_whoever_was_shown_it_and_to_its_author(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    """Everyone who received it is told (F8): the officer on Today until somebody has read that; the
    prosecution; its author. Whoever takes it back reads whose it is, and the trail tells it from one's own."""
    officer = client_as("officer", agency_id=place.town.office)
    place.assign(officer.user_id)
    with place.database.system("test: a prosecution") as session, session.begin():
        office = Agency(id=random_id(), kind="prosecution", name="Prosecution", code="da", zone=place.town.zone)
        session.add_all([office, CaseAgency(case_id=place.matter.case, agency_id=office.id, from_on=date(2026, 1, 1))])
    attorney = client_as("prosecutor", agency_id=office.id)
    deputy.post("/incidents/new", data=REPORT)
    place.evaluate()
    assert "taken back" not in officer.get("/today").text
    (row,) = place.rows(Incident)
    friend = client_as("law_enforcement", agency_id=place.sheriff, name="Friend")
    assert "D. Cho of your desk filed it" in friend.get(f"/incidents/{row.id}").text
    assert friend.post(f"/incidents/{row.id}/take-back", data={"reason": "wrong person"}).status_code == 303
    place.evaluate(utc_now() + timedelta(seconds=1))
    (back,) = place.rows(Incident, Incident.retracted.is_(True))
    said = "Taken back by somebody else of the desk that filed it: wrong person."
    read = f"/today/reports/{back.id}/read"
    today = html.unescape(officer.get("/today").text)
    assert "Police report 26-1187, taken back" in today and read in today
    assert said in today
    assert said in html.unescape(officer.get(read).text)
    assert officer.post(read).status_code == 303 and read not in officer.get("/today").text
    assert said in html.unescape(attorney.get(f"/prosecution/cases/{place.matter.case}").text)
    mine, theirs = deputy.get("/incidents/new").text, friend.get("/incidents/new").text
    assert "taken back by a colleague, 1" in mine and "wrong person" in mine
    assert "taken back by a colleague" not in theirs and "Neal" not in mine.partition("<main")[2]
    (act,) = place.rows(AuditEntry, AuditEntry.event == "incident.taken_back")
    assert act.detail["own"] is False and {row.id, back.id, place.matter.case} <= set(act.subjects)
