"""The response matrix on screen: drafted, signed, put in force by a colleague, and asked for on a flag's page."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.models import Agency, Response, ResponseMatrix
from tests.matrix import adopt
from tests.office import open_office, raise_flag, take_over

COURT = ZoneInfo("America/Los_Angeles")  # the day of the court is not that of UTC
QUESTIONS = {f"barrier_{name}": "no" for name in (
    "language", "disability", "work_shift", "transport", "child_care", "program_seats"
)}  # fmt: skip


def court_day(ahead=0):
    """A day of the court as it is typed. Asked when it is used: a long run goes on over the court's midnight."""
    return f"{datetime.now(COURT).date() + timedelta(days=ahead):%m/%d/%Y}"


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed check-in") as session, session.begin():
        office.missed = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
    return office


def adopted(office):
    with office.database.system("test: adopted") as session, session.begin():
        now = datetime(2026, 1, 5, 12, tzinfo=UTC)
        adopt(session, office.town.office, office.supervisor, office.colleague, now.date(), now)


def as_typed(page):
    """The fields of a form as the page shows them."""
    import re

    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page)
    lines = re.findall(r'<input class="usa-input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page)
    return {name: html.unescape(text) for name, text in (*areas, *lines)}


def test_a_supervisor_drafts_and_edits_two_sign_and_a_colleague_puts_it_in_force(office, client_as, database):
    drafter = client_as("officer_supervisor", agency_id=office.town.office)
    assert "No version is adopted here" in drafter.get("/matrix").text
    drafter.post("/matrix", data={})
    with database.system("test: look") as session:
        number = session.scalars(select(ResponseMatrix.id)).one()
    one = f"/matrix/{number}"
    typed = as_typed(drafter.get(f"{one}/parts/B").text)
    wrong = drafter.post(f"{one}/parts/B", data=typed | {"clock.respond": "soon", "court.HIGH.1": "See her at home"})
    assert wrong.status_code == 422
    assert "Write the time like one of these." in wrong.text
    typed |= {"clock.respond": "4 court days", "here.STANDARD.1": "A call the same day"}
    assert "Saved in the draft." in drafter.post(f"{one}/parts/B", data=typed, follow_redirects=True).text
    shown = drafter.get(one).text
    assert "Class B, response recorded: 4 court days, before 5 court days" in shown
    assert "added “A call the same day”" in shown
    for name, agency in (("Hon. R. Example", "Court"), ("P. Example", "Defender")):
        sent = {"name": name, "agency": agency, "on": court_day()}
        assert drafter.post(f"{one}/signatures", data=sent).status_code == 303
    assert drafter.get(f"{one}/parts/B").status_code == 409
    put = {"from_on": court_day(), "what_changed": "First version, adopted by the team.", "review_on": court_day(365)}
    assert "A colleague puts it in force" in drafter.post(f"{one}/force", data=put).text
    colleague = client_as("officer_supervisor", agency_id=office.town.office)
    assert "Version 1." in colleague.post(f"{one}/force", data=put, follow_redirects=True).text
    assert colleague.post(f"{one}/unsign", data={}).status_code == 409
    assert "Local matrix version 1" in client_as("officer", agency_id=office.town.office).get("/matrix").text


def test_a_blank_is_no_signature_and_a_version_begins_today_or_within_two_years(office, client_as, database):
    drafter = client_as("officer_supervisor", agency_id=office.town.office)
    drafter.post("/matrix", data={})
    with database.system("test: look") as session:
        one = f"/matrix/{session.scalars(select(ResponseMatrix.id)).one()}"
    for name, agency in ((" ", "Court"), ("A. Example", "  "), (" ", " ")):
        sent = {"name": name, "agency": agency, "on": court_day()}
        assert drafter.post(f"{one}/signatures", data=sent).status_code == 422
    for agency in ("Court", "Defender"):
        drafter.post(f"{one}/signatures", data={"name": "A. Example", "agency": agency, "on": court_day()})
    colleague = client_as("officer_supervisor", agency_id=office.town.office)
    far = court_day(732)
    said = {"what_changed": "First.", "review_on": court_day(800)}
    for day in ("12/31/9999", far, "1/5/2026"):
        assert colleague.post(f"{one}/force", data={"from_on": day, **said}).status_code == 422, day
    near = court_day(700)
    assert colleague.post(f"{one}/force", data={"from_on": near, **said}).status_code == 303


def test_the_sign_off_says_when_it_was_and_is_reviewed_and_its_keepers_are_told_of_a_review_past_due(
    office, client_as, database
):
    drafter = client_as("officer_supervisor", agency_id=office.town.office)
    drafter.post("/matrix", data={})
    with database.system("test: look") as session:
        one = f"/matrix/{session.scalars(select(ResponseMatrix.id)).one()}"
    for name, agency in (("Hon. R. Example", "Court"), ("P. Example", "Defender")):
        drafter.post(f"{one}/signatures", data={"name": name, "agency": agency, "on": court_day()})
    colleague = client_as("officer_supervisor", agency_id=office.town.office)
    put = {"from_on": court_day(), "what_changed": "First."}
    for more, says in (
        ({}, "Type the day of the next review"), ({"review_on": court_day()}, "Choose a day after its first one"),
        ({"review_on": court_day(365), "disparity_on": court_day(365)}, "That day has yet to come."),
        ({"review_on": court_day(365), "disparity_on": "soon"}, "or leave it empty"),
    ):  # fmt: skip
        wrong = colleague.post(f"{one}/force", data=put | more)
        assert (wrong.status_code, says in html.unescape(wrong.text)) == (422, True), more
    soon = court_day(1)
    sent = put | {"review_on": soon, "disparity_on": court_day()}
    shown = colleague.post(f"{one}/force", data=sent, follow_redirects=True).text
    assert "Reviewed for disparity on" in shown
    due = "The response matrix is due for review"
    assert due not in colleague.get("/team").text, "not before its day"
    with database.system("test: earlier, as of a year ago") as session, session.begin():
        before = datetime(2026, 1, 5, 12, tzinfo=UTC)
        adopt(session, office.town.office, office.supervisor, office.colleague, before.date(), before, number=2,
              review_on=datetime.now(COURT).date())  # fmt: skip
    for path in ("/team", "/matrix"):
        assert due in colleague.get(path).text, path
    own = client_as("coordinator")
    assert due not in own.get("/measures").text, "not theirs"
    with database.system("test: the coordinators' own") as session, session.begin():
        keepers = session.scalars(select(Agency.id).where(Agency.kind == "coordination")).one()
        adopt(session, keepers, office.supervisor, office.colleague, before.date(), before, number=3,
              review_on=datetime.now(COURT).date())  # fmt: skip
    assert due in own.get("/measures").text
    assert due not in colleague.get("/team").text, "the coordinators' now"


def test_an_officer_reads_it_and_finds_no_way_to_change_it(office, client_as):
    officer = client_as("officer", agency_id=office.town.office)
    assert "Begin a draft" not in officer.get("/matrix").text
    assert officer.post("/matrix", data={}).status_code == 404 or officer.post("/matrix", data={}).status_code == 403


def test_a_flag_asks_for_a_response_of_the_range_and_why_outside_it(office, client_as, database):
    adopted(office)
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    where = f"/flags/{office.missed}"
    page = officer.get(where).text
    assert "Class B, 1st, standard" in page
    assert "Respond by" in page
    sent = {"token": "v1.0", "decision": "HANDLE", "words": "A call on Friday.", **QUESTIONS}
    bare = officer.post(f"{where}/reviews", data=sent)
    assert (bare.status_code, "Choose from the range" in bare.text) == (422, True)
    above = officer.post(f"{where}/reviews", data=sent | {"measure": "STRONGER"})
    assert (above.status_code, "Choose why you go outside the range." in above.text) == (422, True)
    said = {"measure": "STRONGER", "outside_why": "TRIED", "outside_words": "The call was tried twice."}
    assert officer.post(f"{where}/reviews", data=sent | said).status_code == 303
    with database.system("test: look") as session:
        kept = session.scalars(select(Response)).one()
    assert (kept.outside, kept.why, kept.cell) == ("UP", "TRIED", "B.STANDARD.1")


def test_a_step_met_is_recorded_and_taken_back_on_the_persons_page(office, client_as, database):
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    person = f"/people/{office.matter.person}"
    bare = officer.get(person).text
    assert ("No local matrix adopted" in bare, "Record a step met" in bare) == (True, False)
    assert "No local matrix adopted: no clock." in officer.get(f"/flags/{office.missed}").text
    adopted(office)
    sent = {"step": "Enrolled by the due date", "answer": "Told so, in plain words"}
    assert "Not saved." in officer.post(f"{person}/steps", data=sent | {"step": "x"}, follow_redirects=True).text
    page = officer.post(f"{person}/steps", data=sent, follow_redirects=True).text
    assert "Steps met, 1" in page
    [undo] = {part.split('"')[0] for part in page.split('action="')[1:] if part.startswith("/steps/")}
    assert "Steps met, 0" in officer.post(undo, data={}, follow_redirects=True).text


def test_the_reviewer_sets_another_class_and_reads_its_range_first(office, client_as, database):
    adopted(office)
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    where = f"/flags/{office.missed}"
    assert "The rule proposes class B. You set it." in officer.get(where).text
    page = officer.get(f"{where}?set_class=C").text
    assert ("Class C, 1st, standard" in page, "Class C, and not B" in page) == (True, True)
    assert ("Class proposed" in page, "Class as set by the reviewer" in page) == (True, False)  # nothing is set yet
    sent = {"token": "v1.0", "decision": "HANDLE", "words": "A plan.", "measure": "here.0", **QUESTIONS}
    sent["set_class"] = "C"
    bare = officer.post(f"{where}/reviews", data=sent)
    assert (bare.status_code, "Choose why you set another class." in html.unescape(bare.text)) == (422, True)
    told = {"class_why": "OTHER", "class_words": "The third excuse of its kind."}
    assert officer.post(f"{where}/reviews", data=sent | told).status_code == 303
    after = officer.get(where).text
    assert "Class C set, B proposed. Something else" in after
    assert "Class as set by the reviewer" in after


@pytest.mark.parametrize("proposed", ["A", "D"])
def test_a_class_set_that_asks_the_six_questions_draws_them(office, client_as, database, proposed):
    adopted(office)
    with database.system("test: a question of another class") as session, session.begin():
        flag = raise_flag(session, office.matter, "CHECKIN_MISSED", proposed)
    where = f"/flags/{flag}"
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    assert 'name="barrier_transport"' not in officer.get(where).text
    page = officer.get(f"{where}?set_class=B").text
    assert 'name="barrier_transport"' in page and 'data-only-for="ACT HANDLE"' in page
    sent = {"token": "v1.0", "decision": "HANDLE", "words": "A call.", "measure": "here.0", "set_class": "B"}
    sent |= {"class_why": "OTHER", "class_words": "It was the first."}
    bare = officer.post(f"{where}/reviews", data=sent)
    assert bare.status_code == 422 and 'id="barrier_transport-error"' in bare.text
    assert officer.post(f"{where}/reviews", data=sent | QUESTIONS).status_code == 303
