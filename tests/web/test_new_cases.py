"""A clerk puts a case on record: from then on court and office work with it; identity is never guessed."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.assigning import nobodys
from monitor.clock import local_day, utc_now
from monitor.models import AuditEntry, Case, CaseAgency, CourtHoliday, Hearing, Judge, Outbox, Person
from monitor.names import column_key
from monitor.new_cases.entering import NOT_FREE
from rules.calendar import roll_forward
from tests.builders import add_user
from tests.monitor.access.walls import put_up
from tests.web.order_desk import ZONE, Desk

PATH = "/cases/new"


def form(desk: Desk, **told: str) -> dict[str, str]:
    """What a clerk types; ``told`` differs."""
    on = roll_forward(local_day(utc_now(), ZONE) + timedelta(days=3), frozenset())
    return {
        "number": "26-CR-0907", "family": "Okafor", "given": "Dele", "middle": "", "suffix": "", "language": "",
        "born_on": "1990-05-17", "office": str(desk.town.town.office), "judge": "", "court": "",
        "kind": "SENTENCING", "on": on.isoformat(), "at": "8:30 AM", "room": "Dept 4", "person": "",
    } | told  # fmt: skip


def rows(desk: Desk, entity, *conditions):
    with desk.database.system("test: rows", writes=False) as session:
        return session.scalars(select(entity).where(*conditions)).all()


def entered(desk: Desk) -> Case:
    [case] = rows(desk, Case, Case.number == "26-CR-0907")
    return case


def test_a_case_is_put_on_record_and_its_orders_come_next(desk, clerk):
    page = clerk.get(PATH).text
    assert "New case" in page and "protected" in page
    answer = clerk.post(PATH, data=form(desk, language="es"))
    assert answer.status_code == 303, answer.text
    case = entered(desk)
    [hearing] = rows(desk, Hearing, Hearing.case_id == case.id)
    assert answer.headers["location"] == f"/hearings/{hearing.id}/orders"
    assert (hearing.kind, hearing.room, hearing.court_id) == ("SENTENCING", "Dept 4", case.court_id)
    assert hearing.starts_at.astimezone(ZoneInfo(ZONE)).strftime("%H:%M") == "08:30"
    [person] = rows(desk, Person, Person.id == case.person_id)
    assert (person.listed_name, person.born_on, person.language) == ("Okafor, Dele", date(1990, 5, 17), "es")
    assert person.name_key
    shared = {one.agency_id for one in rows(desk, CaseAgency, CaseAgency.case_id == case.id)}
    assert shared == {desk.town.town.court_agency, desk.town.town.office}
    assert "On record. Enter its orders here." in clerk.get(answer.headers["location"]).text
    [entry] = rows(desk, AuditEntry, AuditEntry.event == "case.entered")
    assert case.id in entry.subjects


def test_an_order_is_made_in_it_at_once(desk, clerk):
    path = clerk.post(PATH, data=form(desk)).headers["location"]
    assert clerk.post(path, data=desk.form()).status_code == 303


def test_the_office_finds_it_among_the_cases_that_are_nobodys_yet(desk, clerk, client_as):
    clerk.post(PATH, data=form(desk))
    boss = client_as("officer_supervisor", agency_id=desk.town.town.office)
    with desk.database.scoped(Scope(boss.user_id, "officer_supervisor", desk.town.town.office)) as session:
        assert "26-CR-0907" in [one.number for one in nobodys(session)]
    assert "Okafor" in boss.get("/team/reassign").text


def test_a_case_that_nobody_supervises_is_the_courts_alone(desk, clerk):
    clerk.post(PATH, data=form(desk, office="none"))
    shared = {one.agency_id for one in rows(desk, CaseAgency, CaseAgency.case_id == entered(desk).id)}
    assert shared == {desk.town.town.court_agency}


@pytest.mark.parametrize("who", ["officer", "officer_supervisor", "program", "judge", "administrator", "dispatch"])
def test_nobody_but_a_clerk_puts_a_case_on_record(desk, client_as, who):
    browser = client_as(who)
    assert browser.get(PATH).status_code in (403, 404)
    assert browser.post(PATH, data=form(desk)).status_code in (403, 404)
    assert rows(desk, Case, Case.number == "26-CR-0907") == []


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"number": " "}, "number"), ({"family": ""}, "family"), ({"given": ""}, "given"),
        ({"born_on": ""}, "born_on"), ({"born_on": "2999-01-01"}, "born_on"), ({"office": ""}, "office"),
        ({"office": "17"}, "office"), ({"kind": "VIOLATION"}, "kind"), ({"at": "half past"}, "at"),
        ({"on": "soon"}, "on"), ({"room": ""}, "room"), ({"judge": "17"}, "judge"), ({"language": "xx"}, "language"),
        ({"family": "O" * 81}, "family"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_and_what_was_typed_stays(desk, clerk, told, field):
    answer = clerk.post(PATH, data=form(desk, **told))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="Dele"' in answer.text or field == "given"
    assert rows(desk, Case, Case.number == "26-CR-0907") == []


def test_a_day_on_which_this_court_is_closed_is_told_with_the_next_open_one(desk, clerk):
    day = date.fromisoformat(form(desk)["on"])
    with desk.database.system("test: closed") as session, session.begin():
        session.add(CourtHoliday(court_id=desk.town.town.court, closed_on=day, title="Closed", recorded_at=utc_now()))
    answer = clerk.post(PATH, data=form(desk))
    assert answer.status_code == 422 and "The next open day is" in answer.text


def test_a_hearing_that_was_held_already_may_be_given(desk, clerk):
    assert clerk.post(PATH, data=form(desk, on="2026-01-14")).status_code == 303
    assert entered(desk).opened_on == date(2026, 1, 14)


@pytest.mark.parametrize(("family", "given"), [
    ("García", "Marcus"), ("garcia", "Marcus"), ("Ortiz", "Marcus"), ("García Ortiz", "Marcus"),
    ("Ortiz Ruiz", "Marc"), ("Garcia", "Marc"),
])  # fmt: skip
def test_somebody_with_two_last_names_is_offered_by_either_and_the_other_way_round(desk, clerk, family, given):
    """Without it one person stands in the register twice, and neither row knows of the other's orders."""
    named(desk, "García Ortiz", "Marcus")
    asked = clerk.post(PATH, data=form(desk, family=family, given=given))
    assert asked.status_code == 422 and "García Ortiz, Marcus" in html.unescape(asked.text)
    named(desk, "García", "Marcus")
    asked = clerk.post(PATH, data=form(desk, family="Garcia Ortiz", given=given))
    assert asked.status_code == 422 and "García, Marcus" in html.unescape(asked.text)
    assert clerk.post(PATH, data=form(desk, family="Garcés", given="Dele")).status_code == 303


def named(desk: Desk, family: str, given: str) -> None:
    with desk.database.system("test: a name") as session, session.begin():
        person = session.get_one(Person, desk.matter.person)
        person.family_name, person.given_name, person.born_on = family, given, date(1990, 5, 17)


def test_people_of_that_name_are_offered_and_the_clerk_says_which(desk, clerk):
    [bell] = rows(desk, Person, Person.family_name == "Bell")
    told = {"family": "bell", "given": bell.given_name.upper()}
    asked = clerk.post(PATH, data=form(desk, **told))
    assert asked.status_code == 422 and "Is it one of these?" in asked.text and bell.listed_name in asked.text
    assert rows(desk, Case, Case.number == "26-CR-0907") == [], "nothing is guessed"
    [look] = rows(desk, AuditEntry, AuditEntry.event == "page.shown_again")
    assert desk.matter.case in look.subjects, "who asked by that name is on record as having looked"
    assert clerk.post(PATH, data=form(desk, **told, person=str(bell.id))).status_code == 303
    assert entered(desk).person_id == bell.id
    assert [one.given_name for one in rows(desk, Person, Person.family_name == "Bell")] == [bell.given_name]


def test_somebody_else_of_the_same_name_is_a_person_of_their_own(desk, clerk):
    [bell] = rows(desk, Person, Person.family_name == "Bell")
    told = {"family": "Bell", "given": bell.given_name, "person": "none"}
    assert clerk.post(PATH, data=form(desk, **told)).status_code == 303
    assert entered(desk).person_id != bell.id


def test_the_same_birth_date_and_family_name_are_asked_about_too(desk, clerk):
    [bell] = rows(desk, Person, Person.family_name == "Bell")
    asked = clerk.post(PATH, data=form(desk, family="BELL", given="Somebody", born_on=bell.born_on.isoformat()))
    assert asked.status_code == 422 and bell.listed_name in asked.text


def test_a_name_is_no_pattern(desk, clerk):
    [bell] = rows(desk, Person, Person.family_name == "Bell")
    told = {"family": "B%", "given": "Somebody", "born_on": bell.born_on.isoformat()}
    assert clerk.post(PATH, data=form(desk, **told)).status_code == 303


def test_people_of_a_court_that_this_clerk_does_not_reach_are_not_offered(desk, client_as):
    [bell] = rows(desk, Person, Person.family_name == "Bell")
    far = client_as("clerk", agency_id=desk.far.court_agency, name="C. Far")
    answer = far.post(PATH, data=form(desk, family="Bell", given=bell.given_name, office=str(desk.far.office)))
    assert answer.status_code == 303
    assert entered(desk).person_id != bell.id
    sent = far.post(PATH, data=form(desk, number="26-CR-0908", family="New", person=str(bell.id)))
    assert sent.status_code == 303
    [case] = rows(desk, Case, Case.number == "26-CR-0908")
    assert case.person_id != bell.id, "an id that was not offered is nobody"


def test_a_number_is_given_once_in_a_court_and_again_in_another(desk, clerk, client_as):
    assert clerk.post(PATH, data=form(desk)).status_code == 303
    again = clerk.post(PATH, data=form(desk, family="Another"))
    assert again.status_code == 422 and "cannot be given to a new case of this court" in again.text
    assert rows(desk, Person, Person.family_name == "Another") == [], "nothing of it is kept"
    far = client_as("clerk", agency_id=desk.far.court_agency, name="C. Far")
    assert far.post(PATH, data=form(desk, family="Another", office=str(desk.far.office))).status_code == 303


def privacy_officer(desk: Desk) -> int:
    with desk.database.system("test: a privacy officer") as session, session.begin():
        return add_user(session, desk.town.town.court_agency, "privacy_officer", "privacy@court.example")


@pytest.mark.parametrize("walled", [False, True])
def test_a_number_that_is_taken_reads_alike_hidden_or_not_and_of_a_hidden_one_the_privacy_officer_is_told(
    desk, clerk, client_as, walled
):
    officer, other = privacy_officer(desk), client_as("clerk", agency_id=desk.town.town.court_agency, name="W. Ho")
    clerk.post(PATH, data=form(desk))
    case = entered(desk)
    if walled:
        put_up(desk.database, other.user_id, case.person_id, desk.town.town.court_agency)
    answer = other.post(PATH, data=form(desk, family="Another"))
    assert answer.status_code == 422 and NOT_FREE in html.unescape(answer.text)
    assert "Okafor" not in answer.text and case.number in answer.text, "it names nobody, and keeps what was typed"
    told = [row.recipient_id for row in rows(desk, Outbox, Outbox.key.like("number:%"))]
    assert told == ([officer] if walled else [])
    looks = [row for row in rows(desk, AuditEntry, AuditEntry.user_id == other.user_id) if case.id in row.subjects]
    assert looks, "who tried it stands in the trail, with the case that has it"
    other.post(PATH, data=form(desk, family="Another"))
    assert len(rows(desk, Outbox, Outbox.key.like("number:%"))) == len(told), "once, however often it is tried"


def test_of_a_hidden_number_that_was_tried_no_privacy_officer_is_told_who_is_walled_off_too(desk, clerk, client_as):
    here = desk.town.town.court_agency
    officer, other = privacy_officer(desk), client_as("clerk", agency_id=here, name="W. Ho")
    with desk.database.system("test: their kin") as session, session.begin():
        kin = add_user(session, here, "privacy_officer", "kin@court.example")
    clerk.post(PATH, data=form(desk))
    case = entered(desk)
    for user in (other.user_id, kin):
        put_up(desk.database, user, case.person_id, here)
    other.post(PATH, data=form(desk, family="Another"))
    assert [row.recipient_id for row in rows(desk, Outbox, Outbox.key.like("number:%"))] == [officer]


def test_a_number_cannot_be_tried_by_correcting_an_entry_either_without_being_told_of(desk, clerk, client_as, entry):
    officer, other = privacy_officer(desk), client_as("clerk", agency_id=desk.town.town.court_agency, name="W. Ho")
    clerk.post(PATH, data=form(desk, number="26-CR-0908", family="Hidden", person="nobody"))
    [hidden] = rows(desk, Case, Case.number == "26-CR-0908")
    put_up(desk.database, other.user_id, hidden.person_id, desk.town.town.court_agency)
    answer = other.post(entry, data=entry_form(desk, other, entry, number="26-CR-0908"))
    assert answer.status_code == 422 and NOT_FREE in html.unescape(answer.text)
    assert [row.recipient_id for row in rows(desk, Outbox, Outbox.key.like("number:%"))] == [officer]


def test_the_judge_of_the_court_may_be_named(desk, clerk):
    with desk.database.system("test: a judge") as session, session.begin():
        town = desk.town.town
        judge = Judge(agency_id=town.court_agency, court_id=town.court, name="P. Lee")
        session.add(judge)
        session.flush()
        number = judge.id
    clerk.post(PATH, data=form(desk, judge=str(number)))
    assert entered(desk).judge_id == number


def test_the_docket_of_that_day_has_it(desk, clerk):
    clerk.post(PATH, data=form(desk))
    [hearing] = rows(desk, Hearing, Hearing.case_id == entered(desk).id)
    day = hearing.starts_at.astimezone(ZoneInfo(ZONE)).date()
    assert isinstance(hearing.starts_at, datetime)
    assert "26-CR-0907" in clerk.get(f"/dockets/near/{day}").text


def entry_form(desk: Desk, clerk, path: str, **told: str) -> dict[str, str]:
    page = clerk.get(path).text
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    kept = {name: form(desk)[name] for name in ("number", "family", "given", "middle", "suffix", "born_on", "language")}
    return kept | {"judge": "", "seen": seen} | told


@pytest.fixture
def entry(desk, clerk) -> str:
    """The page of what a clerk entered, with a slip in the birth date."""
    clerk.post(PATH, data=form(desk, born_on="1990-05-07"))
    [hearing] = rows(desk, Hearing, Hearing.case_id == entered(desk).id)
    return f"/hearings/{hearing.id}/entry"


def test_a_slip_is_corrected_and_the_trail_says_which_field_and_not_what_it_said(desk, clerk, entry):
    told = entry_form(desk, clerk, entry, family="Okafor-Reid")
    assert clerk.post(entry, data=told).status_code == 303
    [person] = rows(desk, Person, Person.id == entered(desk).person_id)
    assert (person.listed_name, person.born_on) == ("Okafor-Reid, Dele", date(1990, 5, 17))
    assert person.name_key == column_key("Dele", "Okafor-Reid")
    [line] = rows(desk, AuditEntry, AuditEntry.event == "case.corrected")
    assert "family born_on" in str(line.detail) and "Okafor" not in str(line.detail)
    assert "Okafor-Reid" in clerk.get(entry).text


def test_a_correction_is_refused_where_somebody_was_faster(desk, clerk, entry):
    first, second = entry_form(desk, clerk, entry), entry_form(desk, clerk, entry, given="Ayodele")
    assert clerk.post(entry, data=first).status_code == 303
    late = clerk.post(entry, data=second)
    assert late.status_code == 409 and "since this page was opened" in late.text
    [person] = rows(desk, Person, Person.id == entered(desk).person_id)
    assert person.given_name == "Dele"


@pytest.mark.parametrize(("told", "field"), [({"family": " "}, "family"), ({"born_on": "soon"}, "born_on"),
                                             ({"number": ""}, "number"), ({"judge": "17"}, "judge")])  # fmt: skip
def test_a_correction_that_cannot_be_is_told_by_field(desk, clerk, entry, told, field):
    answer = clerk.post(entry, data=entry_form(desk, clerk, entry, **told))
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text


def test_a_number_is_not_corrected_into_another_case_s(desk, clerk, entry):
    clerk.post(PATH, data=form(desk, number="26-CR-0908", family="Another"))
    answer = clerk.post(entry, data=entry_form(desk, clerk, entry, number="26-CR-0908"))
    assert answer.status_code == 422 and "cannot be given" in answer.text
    assert entered(desk).number == "26-CR-0907"


def test_a_case_of_another_court_reads_as_one_that_is_not_there(desk, clerk, client_as, entry):
    far = client_as("clerk", agency_id=desk.far.court_agency, name="C. Far")
    told = entry_form(desk, clerk, entry)
    for path in (entry, "/hearings/12345/entry"):
        assert far.get(path).status_code == far.post(path, data=told).status_code == 404


def test_nobody_but_a_clerk_corrects_it(desk, client_as, entry):
    for who in ("officer", "judge", "program"):
        assert client_as(who).get(entry).status_code in (403, 404)
