"""A call's reference and a police report: codes alone; a question to probation at once, and nothing else to anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope, ScopeError
from monitor.clock import local_day, utc_now
from monitor.coded import is_incident, is_offence
from monitor.incidents.reading import recent_reports, reports_of
from monitor.models import (
    Agency,
    Allegation,
    AuditEntry,
    Flag,
    Incident,
    IncidentDraft,
    Letter,
    Outbox,
    Pause,
    Span,
    Wall,
    random_id,
)
from tests.builders import add_user
from tests.monitor.patrol_town import NAME, NUMBER, PARTY, REPORT, Place, build_place
from tests.office import hearing
from tests.web.conftest import Browser
from tests.web.test_allegations import act
from tests.web.test_flags import ANSWERS, send

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AS_OF = re.compile(r'Data as of [^<]*|data-now="[^"]*"')  # the moment of the page itself
CALL = {"words": NAME, "born": "", "number": "CAD26-1187", "touched": "05"}


@pytest.fixture
def place(database) -> Place:
    return build_place(database)


@pytest.fixture
def deputy(client_as: Callable[..., Browser], place: Place) -> Browser:
    return client_as("law_enforcement", agency_id=place.sheriff, name="D. Cho")


@pytest.fixture
def dispatcher(client_as: Callable[..., Browser], place: Place) -> Browser:
    return client_as("dispatch", agency_id=place.dispatch, name="V. Ortega")


def words_of(place: Place) -> str:
    """Everything that was kept of incidents and of who did what."""
    kept = [*place.rows(Incident), *place.rows(IncidentDraft), *place.rows(AuditEntry)]
    return str([{name: getattr(row, name) for name in row.__table__.columns.keys()} for row in kept]).casefold()


def test_a_breach_report_at_night_is_a_class_d_question_at_once_and_nothing_else_until_a_named_person_acts(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    """Given a no-contact breach report at 23:00 touching condition 05 When filed Then a class-D question is on the PO's
    list at once and on the prosecutor's, and no violation, warrant or letter exists until a named person acts."""
    officer = client_as("officer", agency_id=place.town.office)
    place.assign(officer.user_id)
    place.evaluate()
    before = place.codes()
    outbox = len(place.rows(Outbox))
    prosecutor = client_as("prosecutor")
    yesterday = local_day(utc_now(), place.town.zone) - timedelta(days=1)
    told = {**REPORT, "on": f"{yesterday:%m/%d/%Y}", "hour": "11 PM"}
    assert deputy.post("/incidents/new", data=told).status_code == 303
    at_once = officer.get("/today").text
    on_its_desk = prosecutor.get("/prosecution").text
    assert "26-1187" in on_its_desk and "contact in any way (05)" in on_its_desk
    assert "Safety question" in at_once and "26-1187" in at_once
    place.evaluate()
    assert place.codes() - before == {"NO_CONTACT_ALLEGED"}
    (flag,) = place.rows(Flag, Flag.code == "NO_CONTACT_ALLEGED")
    assert (flag.response_class, flag.state) == ("D", "OPEN")
    today = officer.get("/today").text
    assert f"/flags/{flag.id}" in today and today.count("26-1187") == 0, "the flag stands for the report"
    assert "Police report: 26-1187" in officer.get(f"/flags/{flag.id}").text
    assert [place.rows(Allegation), place.rows(Pause), place.rows(Letter)] == [[], [], []]
    assert len(place.rows(Outbox)) == outbox, "nobody was written to"
    for text in (at_once, today):
        assert "violation" not in text.casefold().partition("<main")[2]


@ONLY_SQLITE
def test_a_report_to_the_court_may_rest_on_what_police_reported_alone(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    """The record of a police report would exist without anybody's word to probation (B4); it is marked as told."""
    officer = client_as("officer", agency_id=place.town.office)
    place.assign(officer.user_id)
    deputy.post("/incidents/new", data=REPORT)
    place.evaluate()
    (flag,) = place.rows(Flag, Flag.code == "NO_CONTACT_ALLEGED")
    began = send(officer, flag.id, decision="ACT", words="A report of police.", **ANSWERS)
    report = officer.get(began.headers["location"]).text
    assert "Police report: 26-1187" in report and "as the police report has it" in report
    assert "said by others" not in report, "he must not conclude that somebody spoke"
    assert "nothing independent stands behind it" not in report
    path = began.headers["location"]
    assert act(officer, path, "submit", ask="REVIEW").status_code == 303
    supervisor = client_as("officer_supervisor", agency_id=place.town.office, name="K. Ito")
    # what is approved is kept in both languages
    assert act(supervisor, path, "approval", decision="approve").status_code == 303
    assert "Before the court" in officer.get(path).text
    with place.database.system("test: a hearing") as session, session.begin():
        date = hearing(session, place.matter, utc_now() + timedelta(days=1))
    clerk = client_as("clerk", agency_id=place.town.court_agency, name="B. Adams")
    assert "26-1187" in clerk.get(f"/hearings/{date}").text
    for end in ("/changes", "/findings", "?format=pdf"):
        assert clerk.get(f"/hearings/{date}{end}").status_code == 200, end


def test_what_touches_a_condition_that_rules_do_not_know_still_stands_on_the_officers_list(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    officer = client_as("officer", agency_id=place.town.office)
    place.assign(officer.user_id)
    assert deputy.post("/incidents/new", data={**REPORT, "touched": "07"}).status_code == 303
    place.evaluate()
    assert "NO_CONTACT_ALLEGED" not in place.codes()
    today = officer.get("/today").text
    assert "26-1187" in today and "have firearms (07)" in today


@ONLY_SQLITE
def test_a_report_on_an_order_without_proof_of_service_stays_on_the_officers_list_beside_the_courts_question(
    database, client_as: Callable[..., Browser]
) -> None:
    place = build_place(database, served=False)
    officer = client_as("officer", agency_id=place.town.office)
    place.assign(officer.user_id)
    chief = client_as("officer_supervisor", agency_id=place.town.office)
    deputy = client_as("law_enforcement", agency_id=place.sheriff)
    assert deputy.post("/incidents/new", data=REPORT).status_code == 303
    place.evaluate()
    (report,) = place.rows(Incident)
    named = place.rows(Span, Span.about_id == report.id, Span.known_until.is_(None))
    assert {one.owner for one in named} == {"court"}, "the rules ask the court, and the officer nothing"
    for browser in (officer, chief):
        assert "26-1187" in browser.get("/today").text


@ONLY_SQLITE
def test_a_report_that_no_order_here_is_known_to_forbid_says_read_the_order_and_bears_no_class(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    officer = client_as("officer", agency_id=place.town.office)
    place.assign(officer.user_id)
    before = utc_now() - timedelta(days=100)
    told = ({"number": "26-1", "touched": "09"}, {"number": "26-2", "on": f"{before:%m/%d/%Y}", "hour": "11 PM"})
    for more in told:
        assert deputy.post("/incidents/new", data={**REPORT, **more}).status_code == 303
    today = officer.get("/today").text
    assert "Police report 26-1<" in today and "no order here is known to forbid this on that day" in today
    assert "Police report 26-2<" not in today, "the order had not begun"
    assert "Safety question" not in today and "/hide" not in today.partition("26-1<")[2][:400]


@ONLY_SQLITE
def test_a_report_by_name_alone_is_refused_for_a_namesake_might_be_meant_and_says_in_which_case_it_stands(
    place: Place, deputy: Browser, dispatcher: Browser
) -> None:
    refused = deputy.post("/incidents/new", data={**REPORT, "born": ""})
    assert refused.status_code == 422 and "may hit a namesake" in refused.text
    assert place.rows(Incident) == []
    told = {**REPORT, "born": "", "words": NUMBER}
    assert deputy.post("/incidents/new", data=told).status_code == 303
    assert "On record, in case 23-CR-0007." in deputy.get("/incidents/new").text
    assert dispatcher.post("/incidents/new", data=CALL).status_code == 303, "a call alleges nothing"


@ONLY_SQLITE
def test_alike_and_nobody_are_one_sentence_where_an_incident_is_filed(place: Place, deputy: Browser) -> None:
    said = [AS_OF.sub("", deputy.post("/incidents/new", data={**REPORT, "born": "1951-01-01", "words": words}).text)
            for words in (NAME, "Nobody, Nemo")]  # fmt: skip
    assert all("Look the person up first" in one for one in said)
    assert said[0].replace("O&#39;Neal, Dwayne", "X") == said[1].replace("Nobody, Nemo", "X")


@pytest.mark.parametrize("number", [
    "503-555-0199", "5035550199", "1-503-555-0199", "503-5550199", "97201-1234", "555-0199", "APT-4", "12APT4B",
    "412-OAK-ST", "RAPE-12",
])  # fmt: skip
def test_no_telephone_zip_or_home_passes_for_an_incident_number(number: str) -> None:
    assert not is_incident(number)


def test_numbers_and_sections_of_law_as_agencies_write_them_are_taken() -> None:
    assert all(is_incident(one) for one in ("26-1187", "CAD26-1187", "2026-00012345", "26/1187", "26-1187A"))
    assert all(is_offence(one) for one in ("166", "273.5(A)", "273.6", "163.190(1)(B)", "9A.36.041", "13-1203", "166A"))
    for one in ("503-555-0199", "412MAPLE.ST", "14B.ELM.ST.APT4", "SHE-1CALLED.911", "97201-1234", "503.555.0199"):
        assert not is_offence(one), one


@ONLY_SQLITE
def test_the_reference_of_dispatch_starts_the_clock_and_alleges_nothing(place: Place, dispatcher: Browser) -> None:
    place.evaluate()
    before = place.codes()
    assert dispatcher.post("/incidents/new", data=CALL).status_code == 303
    place.evaluate()
    (row,) = place.rows(Incident)
    assert (row.kind, row.number, row.touched, row.weapon) == ("CALL", "CAD26-1187", "05", None)
    assert row.case_id == place.matter.case and row.order_id == place.order
    assert utc_now() - row.occurred_at < timedelta(minutes=2)
    assert place.codes() == before


@ONLY_SQLITE
def test_no_name_no_words_and_no_place_are_kept(place: Place, deputy: Browser, dispatcher: Browser) -> None:
    deputy.post("/incidents/new", data=REPORT)
    dispatcher.post("/incidents/new", data={**CALL, "then": "draft"})
    kept = words_of(place)
    for word in ("neal", "dwayne", "marabel", "quillonwick", "golden"):
        assert word not in kept
    for field in ("story", "place", "note", "words2"):
        assert deputy.post("/incidents/new", data={**REPORT, "number": "26-2", field: "x"}).status_code == 400
    for change in ({"number": "Marabel"}, {"offence": "at her house"}, {"touched": "BIP"}, {"weapon": "maybe"},
                   {"strangulation": ""}, {"accounts": ""}, {"on": "tomorrow"}, {"hour": "x"}):  # fmt: skip
        assert deputy.post("/incidents/new", data={**REPORT, "number": "26-3", **change}).status_code == 422
    assert len(place.rows(Incident)) == 1


def test_pressing_twice_records_once_and_another_content_under_the_same_number_is_refused(
    place: Place, deputy: Browser
) -> None:
    for _ in range(2):
        assert deputy.post("/incidents/new", data=REPORT).status_code == 303
    assert len(place.rows(Incident)) == 1
    assert deputy.post("/incidents/new", data={**REPORT, "weapon": "YES"}).status_code == 409


def test_a_correction_is_a_new_version_by_its_author_alone_and_the_question_goes_with_it(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    deputy.post("/incidents/new", data=REPORT)
    place.evaluate()
    (row,) = place.rows(Incident)
    with place.database.system("test: another agency") as session, session.begin():
        city = Agency(id=random_id(), kind="law_enforcement", name="City", code="city", zone=place.town.zone)
        session.add(city)
    for other in (client_as("law_enforcement", agency_id=city.id), client_as("dispatch", agency_id=place.dispatch)):
        assert other.get(f"/incidents/{row.id}").status_code == 404
        assert other.post(f"/incidents/{row.id}/take-back", data={"reason": "not so"}).status_code == 404
    shown = deputy.get(f"/incidents/{row.id}").text
    assert "273.6" in shown and "Neal" not in shown
    codes = {name: value for name, value in REPORT.items() if name not in ("words", "born")}
    assert deputy.post(f"/incidents/{row.id}/amend", data={**codes, "touched": "07"}).status_code == 422
    told = {**codes, "touched": "07", "reason": "wrong condition"}
    assert deputy.post(f"/incidents/{row.id}/amend", data=told).status_code == 303
    first, second = sorted(place.rows(Incident), key=lambda one: one.recorded_at)
    assert (first.touched, second.touched, second.supersedes_id) == ("05", "07", first.id)
    place.evaluate(utc_now() + timedelta(seconds=1))
    assert "NO_CONTACT_ALLEGED" not in place.codes()
    assert deputy.post(f"/incidents/{first.id}/amend", data=told).status_code == 404, "only what stands is amended"
    assert deputy.post(f"/incidents/{second.id}/take-back", data={"reason": "wrong person"}).status_code == 303
    assert place.rows(Incident, Incident.retracted.is_(True))[0].supersedes_id == second.id


def test_a_draft_not_filed_after_a_day_is_shown_to_its_author_and_to_nobody_else(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    assert deputy.post("/incidents/new", data={**REPORT, "weapon": "", "then": "draft"}).status_code == 303
    assert place.rows(Incident) == []
    assert "not filed for more than a day" not in deputy.get("/incidents/new").text.casefold()
    with place.database.system("test: a day goes by") as session, session.begin():
        (row,) = session.scalars(select(IncidentDraft))
        row.kept_at -= timedelta(hours=25)
        draft = row.id
    assert "Not filed for more than a day: 1" in deputy.get("/incidents/new").text
    other = client_as("law_enforcement", agency_id=place.sheriff, name="Other")
    assert "26-1187" not in other.get("/incidents/new").text
    assert other.get(f"/incidents/drafts/{draft}").status_code == 404
    opened = deputy.get(f"/incidents/drafts/{draft}").text
    assert "26-1187" in opened and "Neal" not in opened
    told = {name: value for name, value in REPORT.items() if name not in ("words", "born")}
    assert deputy.post("/incidents/new", data={**told, "draft": str(draft)}).status_code == 303
    assert [one.case_id for one in place.rows(Incident)] == [place.matter.case] and place.rows(IncidentDraft) == []


@ONLY_SQLITE
def test_a_draft_is_no_place_to_write_where_she_is(place: Place, deputy: Browser) -> None:
    """It is kept for a month, in copies too, and no lint reads a code: what is none is not kept (safeguard A1)."""
    for field in ("number", "on", "hour", "touched", "offence", "weapon", "strangulation", "accounts"):
        form = {**REPORT, field: "she is at 12 Oak Street, apt 4", "then": "draft"}
        assert (field, deputy.post("/incidents/new", data=form).status_code) == (field, 422)
    assert place.rows(IncidentDraft) == []


@ONLY_SQLITE
def test_who_may_read_a_report_and_who_may_not(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    for role in ("officer", "program", "judge", "clerk", "prosecutor", "advocate", "medical", "coordinator"):
        browser = client_as(role)
        assert browser.get("/incidents/new").status_code == 403
        assert browser.post("/incidents/new", data=REPORT).status_code == 403
    deputy.post("/incidents/new", data=REPORT)
    with place.database.scoped(Scope(place.officer, "officer", place.town.office)) as session:
        (line,) = reports_of(session, place.matter.case)
        assert (line.number, line.agency, line.touched) == ("26-1187", "Sheriff", "05")
        assert [one.id for one in recent_reports(session, utc_now() - timedelta(hours=1))] == [line.id]
    for role, agency in (("program", place.town.program_agency), ("judge", place.town.court_agency)):
        with place.database.scoped(Scope(1, role, agency)) as session, pytest.raises(ScopeError):
            reports_of(session, place.matter.case)


@ONLY_SQLITE
def test_no_byte_of_the_programs_pages_changes_with_a_report(
    place: Place, deputy: Browser, client_as: Callable[..., Browser]
) -> None:
    """Given a new police report on a participant Then no byte in the program's view changes."""
    program = client_as("program", agency_id=place.town.program_agency)
    place.evaluate()
    pages = ("/week", "/attendance", "/enrollments", f"/enrollments/{place.matter.enrollment}", "/reports")
    before = [AS_OF.sub("", program.get(one).text) for one in pages]
    deputy.post("/incidents/new", data={**REPORT, "touched": "01", "strangulation": "YES"})
    place.evaluate()
    assert "NEW_VIOLENCE_REPORTED" in place.codes()
    assert [AS_OF.sub("", program.get(one).text) for one in pages] == before


def test_a_respondent_who_works_at_the_desk_is_answered_as_if_he_were_nobody(
    place: Place, client_as: Callable[..., Browser]
) -> None:
    himself = client_as("dispatch", agency_id=place.dispatch, name="Dwayne O'Neal")
    with place.database.system("test: a wall") as session, session.begin():
        keeper = add_user(session, place.town.office, "privacy_officer", "keeper@agency.example")
        session.add(Wall(id=random_id(), agency_id=place.town.office, user_id=himself.user_id, entered_by_id=keeper,
                         person_id=place.matter.person, sealed_why=b"x", entered_at=utc_now()))  # fmt: skip
    hidden = himself.post("/incidents/new", data=CALL)
    absent = himself.post("/incidents/new", data={**CALL, "words": "Nobody, Nemo"})
    assert hidden.status_code == absent.status_code == 422
    shown, none = (AS_OF.sub("", one.text) for one in (hidden, absent))
    assert shown.replace("O&#39;Neal, Dwayne", "X") == none.replace("Nobody, Nemo", "X")
    assert place.rows(Incident) == []


@ONLY_SQLITE
def test_the_trail_says_who_filed_which_number_and_never_about_whom(place: Place, deputy: Browser) -> None:
    deputy.post("/incidents/new", data=REPORT)
    (entry,) = place.rows(AuditEntry, AuditEntry.event == "incident.filed")
    assert entry.detail["incident"] == "26-1187" and entry.detail["kind"] == "REPORT"
    assert entry.user_id == deputy.user_id
    assert PARTY.split(",")[0].casefold() not in str(entry.detail).casefold()
