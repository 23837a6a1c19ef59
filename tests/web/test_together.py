"""Acts for those ticked on the caseload: seen line by line first, taken back as they were done, safety never hidden."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.letters import keep, letters
from monitor.models import Assignment, AuditEntry, Contact, HiddenItem, Person, User
from tests.builders import build_town
from tests.office import hearing, open_office, raise_flag, supervised, take_over

NOW = datetime.now(UTC)
BACK = f"{NOW.date() + timedelta(days=5):%m/%d/%Y}"
REASON = {"until_on": BACK, "reason": "The program was closed this week."}


@pytest.fixture
def office(database):
    """Ann has a question, Bo one about safety beside another, Sam a date before the court and no question."""
    office = open_office(database)
    with database.system("test: three people") as session, session.begin():
        raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
        bell = supervised(session, office.town, office.officer, "Bell", "Bo")
        raise_flag(session, bell, "CONTACT_OVERDUE", "B")
        office.flags["safety"] = raise_flag(session, bell, "NO_CONTACT_ALLEGED", "D")
        smith = supervised(session, office.town, office.officer, "Smith", "Sam")
        hearing(session, smith, NOW + timedelta(days=4))
        session.get(Person, smith.person).language = "es"
        session.get(Person, bell.person).language = "vi"
    office.flags |= {"ann": office.matter.case, "bo": bell.case, "sam": smith.case}
    return office


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


def ticked(office, *names):
    return {f"case.{office.flags[name]}": "yes" for name in names}


def rows(database, entity):
    with database.system("test: look") as session:
        return session.scalars(select(entity)).all()


def shown(page):
    """What the form would send with its press."""
    return dict(re.findall(r'name="((?:flag|case)\.\d+|until_on|reason|sure)" value="([^"]*)"', page))


def test_questions_about_two_are_seen_line_by_line_hidden_with_a_reason_and_back_in_one_press(
    office, officer, database
):
    asked = officer.post("/caseload/hide", data=ticked(office, "ann", "bo"))
    assert (asked.status_code, "Show what will be hidden" in asked.text) == (200, True)
    preview = officer.post("/caseload/hide", data=ticked(office, "ann", "bo") | REASON).text
    assert "Hide 2 questions" in preview and "Class D is about somebody" in preview
    assert "It changed since you looked" not in preview, "it is shown, and not tried yet"
    assert not rows(database, HiddenItem)
    page = officer.post("/caseload/hide", data=shown(preview), follow_redirects=True).text
    assert "2 questions hidden until" in page and "Hidden, 2" in page
    assert f"/flags/{office.flags['safety']}" in page.split('id="overdue"')[1].split('id="decide"')[0]
    assert {(row.reason, row.ended_at) for row in rows(database, HiddenItem)} == {(REASON["reason"], None)}
    [undo] = set(re.findall(r'action="(/caseload/hide/\d+/undo)"', page))
    assert "Hidden, 0" in officer.post(undo, data={}, follow_redirects=True).text
    assert officer.post(undo, data={}).status_code == 404


def test_without_a_reason_or_a_day_nothing_is_hidden(office, officer, database):
    for told in ({"until_on": BACK, "reason": ""}, {"until_on": "", "reason": "x"}, {"until_on": "1/1/2020"}):
        assert officer.post("/caseload/hide", data=ticked(office, "ann") | told).status_code == 422
    assert not rows(database, HiddenItem)


def test_what_is_new_since_the_preview_is_not_hidden_unseen(office, officer, database):
    sure = shown(officer.post("/caseload/hide", data=ticked(office, "ann") | REASON).text)
    with database.system("test: something new") as session, session.begin():
        raise_flag(session, office.matter, "FIREARM_PROOF_OVERDUE", "B")
    answer = officer.post("/caseload/hide", data=sure)
    assert (answer.status_code, "It changed since you looked" in answer.text) == (409, True)
    assert not rows(database, HiddenItem)


def test_a_colleague_of_another_office_hides_and_writes_nothing_here(office, officer, client_as, database):
    with database.system("test: another town") as session, session.begin():
        far = build_town(session, code="far").office
    stranger = client_as("officer", agency_id=far)
    answer = stranger.post("/caseload/hide", data=ticked(office, "ann") | REASON)
    assert "There is nothing to hide" in answer.text
    told = {"letter": "CALL", "on": BACK, "sure": "yes"}
    assert stranger.post("/letters", data=ticked(office, "ann") | told).status_code == 422
    assert not rows(database, HiddenItem) and not rows(database, Contact)


def subjects(database, *events):
    return [set(one.subjects) for one in rows(database, AuditEntry) if one.event in events]


def test_who_is_not_assigned_gives_a_reason_before_several_are_shown_as_before_one(
    office, officer, client_as, database
):
    """Safeguard D3: the list is the office's, the cases are whoever's has a reason."""
    other = client_as("officer", agency_id=office.town.office, name="Not assigned")
    letter = ticked(office, "ann", "sam") | {"letter": "CALL", "on": BACK}
    for path, told in (
        ("/caseload/hide", ticked(office, "ann", "bo") | REASON), ("/letters", letter),
        ("/letters", letter | {"sure": "yes"}),
    ):
        answer = other.post(path, data=told)
        asked = re.fullmatch(r"/cases/(\d+)/opening", answer.headers.get("location", ""))
        assert answer.status_code == 303 and asked, answer.text[:300]
        assert int(asked[1]) in office.flags.values() and "Example" not in answer.text
    assert not rows(database, HiddenItem) and not rows(database, Contact)
    case = office.flags["ann"]
    other.post(f"/cases/{case}/opening", data={"ground": "OTHER", "words": "A colleague asked me to look"})
    assert "Hide 1 question" in other.post("/caseload/hide", data=ticked(office, "ann") | REASON).text
    assert other.post("/caseload/hide", data=ticked(office, "ann", "bo") | REASON).status_code == 303


def test_the_trail_names_each_case_that_several_were_hidden_or_written_to_and_the_preview_too(
    office, officer, database
):
    """Safeguard D4: a look-back counts them."""
    both, three = {office.flags["ann"], office.flags["bo"]}, {office.flags[one] for one in ("ann", "bo", "sam")}
    preview = officer.post("/caseload/hide", data=ticked(office, "ann", "bo") | REASON).text
    page = officer.post("/caseload/hide", data=shown(preview), follow_redirects=True).text
    officer.post(re.search(r'action="(/caseload/hide/\d+/undo)"', page)[1], data={})
    kept = subjects(database, "hidden.several", "hidden.several_ended")
    assert len(kept) == 3 and all(both <= one for one in kept)
    typed = ticked(office, "ann", "bo", "sam") | {"letter": "COME", "on": BACK}
    officer.post("/letters", data=typed)
    made = officer.post("/letters", data=typed | {"sure": "yes"}).text
    officer.post(re.search(r'action="(/letters/\d+/undo)"', made)[1], data={})
    kept = subjects(database, "letter.made", "letter.taken_back")
    assert len(kept) == 3 and all(three <= one for one in kept)


def test_letters_are_read_before_they_are_made_a_page_a_person_and_stand_in_the_contacts(office, officer, database):
    typed = ticked(office, "ann", "bo", "sam") | {"letter": "COME", "on": BACK}
    preview = officer.post("/letters", data=typed).text
    assert preview.count('class="sheet-of-paper"') == 3 and not rows(database, Contact)
    made = officer.post("/letters", data=typed | {"sure": "yes"}).text
    pages = made.split('class="sheet-of-paper"')[1:]
    assert "Please come to this office by" in pages[0] and "venga a esta oficina" in pages[2]
    assert "venga" not in pages[0] and "Vietnamese: interpreter required" in pages[0] + pages[1]
    kept = rows(database, Contact)
    assert {(row.method, row.state) for row in kept} == {("LETTER", "ATTEMPTED")} and len(kept) == 3
    assert officer.post("/letters", data=typed | {"sure": "yes"}).text.count('class="sheet-of-paper"') == 3
    assert len(rows(database, Contact)) == 3  # opened again it notes nothing again
    [undo] = set(re.findall(r'action="(/letters/\d+/undo)"', made))
    assert "Do not post them" in officer.post(undo, data={}, follow_redirects=True).text
    assert officer.post(undo, data={}).status_code == 404
    contacts = officer.get(f"/people/{office.matter.person}/contacts").text
    assert "(taken back)" in contacts


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_of_two_presses_in_one_instant_the_second_waits_and_notes_no_letter_again(office, database):
    def press(session):
        found = letters(session, [office.matter.case], "CALL", NOW.date(), NOW, alone=True)
        return keep(session, found, "CALL", NOW.date(), NOW)

    def again():
        with database.scoped(scope, writes=True) as other, other.begin():
            press(other)

    scope = Scope(office.officer, "officer", office.town.office)
    second = Thread(target=again)
    with database.scoped(scope, writes=True) as session, session.begin():
        press(session)
        second.start()
        second.join(0.5)
        assert second.is_alive()
    second.join(60)
    assert len(rows(database, Contact)) == 1


def test_a_reminder_of_a_court_date_goes_to_whoever_has_one(office, officer, database):
    page = officer.post("/letters", data=ticked(office, "ann", "sam") | {"letter": "COURT", "sure": "yes"}).text
    assert page.count('class="sheet-of-paper"') == 1 and "Dept 4" in page
    assert [row.case_id for row in rows(database, Contact)] == [office.flags["sam"]]
    nobody = officer.post("/letters", data=ticked(office, "ann") | {"letter": "COURT", "sure": "yes"})
    assert nobody.status_code == 422


def test_whoever_was_handed_on_is_told_who_the_officer_is_now_by_a_letter(office, officer, database):
    with database.system("test: who holds it") as session, session.begin():
        holds = Assignment.case_id == office.matter.case, Assignment.until_on.is_(None)
        session.get(User, session.scalars(select(Assignment.user_id).where(*holds)).one()).name = "L. Cho"
    typed = ticked(office, "ann", "sam") | {"letter": "OFFICER"}
    preview = officer.post("/letters", data=typed).text
    assert "Your officer at this office is now <b>L. Cho</b>" in preview and not rows(database, Contact)
    assert "Su oficial en esta oficina ahora es" in preview
    officer.post("/letters", data=typed | {"sure": "yes"})
    assert {row.note for row in rows(database, Contact)} == {"Letter: Who your officer is now."}


@pytest.mark.parametrize("told", [
    {"letter": "COME"}, {"letter": "COME", "on": "1/1/2020"}, {"letter": "FREE_WORDS", "on": BACK}, {"letter": ""},
])  # fmt: skip
def test_a_letter_without_its_day_or_of_another_kind_is_not_made(office, officer, database, told):
    assert officer.post("/letters", data=ticked(office, "ann") | told | {"sure": "yes"}).status_code == 422
    assert not rows(database, Contact)


def test_a_letter_has_no_place_for_words_of_ones_own(office, officer):
    typed = ticked(office, "ann") | {"letter": "CALL", "on": BACK, "note": "She says that you called."}
    assert officer.post("/letters", data=typed).status_code == 400


def test_a_letter_answers_no_duty(office, officer):
    officer.post("/letters", data=ticked(office, "ann") | {"letter": "CALL", "on": BACK, "sure": "yes"})
    page = officer.get(f"/people/{office.matter.person}/contacts").text
    assert "Not counted: an attempt is not a contact." in page


def test_columns_are_left_out_by_a_press_and_a_kept_list_remembers_them(office, officer):
    whole = officer.get("/caseload").text
    assert re.findall(r'<th scope="col">([^<]+)</th>', whole) == [
        "Tick", "Name", "Compliance now", "Waits for you", "Next due", "Court", "Level", "Classes",
    ]  # fmt: skip
    fewer = officer.get("/caseload?team=false&without=classes&without=due&without=nonsense").text
    assert re.findall(r'<th scope="col">([^<]+)</th>', fewer) == [
        "Tick", "Name", "Compliance now", "Waits for you", "Court", "Level",
    ]  # fmt: skip
    codes = re.search(r'name="filters" value="([^"]*)"', fewer)[1]
    kept = officer.post("/caseload/views", data={"name": "Short", "filters": codes, "sort": "name", "team": "no"})
    assert kept.headers["location"] == "/caseload?team=false&without=due&without=classes&sort=name"
    [again] = re.findall(r'href="([^"]+)">★ Short', officer.get("/caseload").text)
    assert "Next due</th>" not in officer.get(again.replace("&amp;", "&")).text
