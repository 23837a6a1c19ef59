"""Somebody with one name, as a respondent and as the one who is protected: entered, found, printed plainly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from monitor.clock import local_day, utc_now
from monitor.intake.roster import Finder, Member, Roster, Who
from monitor.models import Agency, Case, ContextReview, Court, Hearing, Person
from monitor.models.base import random_id
from monitor.name_keys import fold_again
from monitor.names import column_key, key_of, last_first
from monitor.party_names import all_parties
from monitor.verify.saying import caller_said
from tests.web.accounts import SECRET
from tests.web.conftest import Browser
from tests.web.order_desk import ZONE, Desk, words_of
from tests.web.test_new_cases import PATH, form

ONE = "Suryati"


@pytest.fixture
def entered(desk: Desk, clerk: Browser) -> Case:
    """Her case is on record with a no-contact order for somebody who has one name, too."""
    answer = clerk.post(PATH, data=form(desk, family=ONE, given="-"))
    assert answer.status_code == 303, answer.text
    told = desk.form(given="-", family="Marabel", notice="SERVED")
    assert clerk.post(answer.headers["location"], data=told).status_code == 303
    case: Case = desk.rows(Case, Case.number == "26-CR-0907")[0]
    return case


def dispatch_of(desk: Desk, client_as: Callable[..., Browser]) -> Browser:
    with desk.database.system("test: a room") as session, session.begin():
        room = Agency(id=random_id(), kind="dispatch", name="Riverbend 911", code="room", zone="America/Los_Angeles")
        session.add(room)
        session.flush()
        number = room.id
    return client_as("dispatch", agency_id=number)


def asked(browser: Browser, words: str, **told: str) -> Any:
    path = "/verify/caller" if "caller" in told else "/verify"
    return browser.post(path, data={"words": words, "born": "", "incident": "26-1187", "format": "text", **told})


def test_the_clerk_enters_one_name_and_nobody_reads_a_stray_comma(desk: Desk, clerk: Browser, entered: Case) -> None:
    (person,) = desk.rows(Person, Person.id == entered.person_id)
    assert (person.family_name, person.given_name, person.name_key) == (ONE, "", "suryati")
    (hearing,) = desk.rows(Hearing, Hearing.case_id == entered.id, Hearing.kind == "SENTENCING")
    (order,) = [one for one in desk.rows(type(desk.made())) if one.case_id == entered.id]
    (court,) = desk.rows(Court.code, Court.id == entered.court_id)
    day = local_day(hearing.starts_at, ZONE)
    bench = f"/hearings/{hearing.id}"
    for path in (bench, f"/dockets/{court}/{day}", f"/dockets/{court}/{day}/results",
                 f"{bench}/orders", f"{bench}/result", f"{bench}/findings",
                 f"{bench}/closing", f"{bench}/entry", f"/orders/{order.id}", f"/orders/{order.id}/steps"):  # fmt: skip
        answer = clerk.get(path)
        page = answer.text
        assert answer.status_code == 200 and ONE in page, path
        assert f"{ONE}," not in page and f"{ONE} ," not in page, path
    for path in (f"{bench}?format=pdf", f"/orders/{order.id}/paper", f"/orders/{order.id}/packet?format=pdf"):
        said = words_of(clerk.get(path).content).casefold()
        assert ONE.casefold() in said and f"{ONE},".casefold() not in said, path
    assert "Marabel" in words_of(clerk.get(f"/orders/{order.id}/paper").content)
    assert f"{ONE} may not" in clerk.get(f"/orders/{order.id}").text


def test_probation_reads_it_as_plainly(desk: Desk, client_as: Callable[..., Browser], entered: Case) -> None:
    page = client_as("officer_supervisor", agency_id=desk.town.town.office).get("/team/reassign").text
    assert ONE in page and f"{ONE}," not in page and f", {ONE}" not in page


def test_the_entry_is_opened_and_corrected_with_the_dash(desk: Desk, clerk: Browser, entered: Case) -> None:
    (hearing,) = desk.rows(Hearing, Hearing.case_id == entered.id, Hearing.kind == "SENTENCING")
    page = clerk.get(f"/hearings/{hearing.id}/entry").text
    assert 'value="-"' in page and f'value="{ONE}"' in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    told = form(desk, family=ONE, given="-") | {"seen": seen}
    told = {name: told[name] for name in ("number", "judge", "family", "given", "middle", "suffix", "born_on",
                                          "language", "seen")}  # fmt: skip
    assert clerk.post(f"/hearings/{hearing.id}/entry", data=told).status_code == 303
    (person,) = desk.rows(Person, Person.id == entered.person_id)
    assert (person.family_name, person.given_name) == (ONE, "")
    answer = clerk.post(f"/hearings/{hearing.id}/entry", data=told | {"middle": "Ann"})
    assert answer.status_code == 422 and 'href="#middle"' in answer.text


def test_an_empty_given_name_is_asked_about_and_is_no_dash(desk: Desk, clerk: Browser) -> None:
    assert "a dash (-)" in clerk.post(PATH, data=form(desk, family=ONE, given=" ")).text
    assert "a dash (-)" in clerk.get(f"{desk.path}/new?template=criminal_no_contact_ca").text
    assert clerk.post(desk.path, data=desk.form(given="", family="Marabel")).status_code == 422


def test_a_second_case_asks_whether_it_is_the_same_person(desk: Desk, clerk: Browser, entered: Case) -> None:
    answer = clerk.post(PATH, data=form(desk, number="26-CR-0999", family=ONE.upper(), given="FNU"))
    assert answer.status_code == 422 and "Is it one of these?" in answer.text and f"{ONE}, born" in answer.text


@pytest.mark.parametrize("words", [f"{ONE},", f"{ONE.upper()} ,", f"{ONE}, FNU", f"FNU {ONE}"])
def test_dispatch_finds_one_name_as_papers_write_it(
    desk: Desk, client_as: Callable[..., Browser], entered: Case, words: str
) -> None:
    assert asked(dispatch_of(desk, client_as), words).text.startswith("ACTIVE ")


def test_the_listed_line_of_one_name_is_taken_when_it_is_pressed(
    desk: Desk, client_as: Callable[..., Browser], entered: Case
) -> None:
    room = dispatch_of(desk, client_as)
    listed = asked(room, f"{ONE}, Dele", born="05/17/1990", format="").text
    assert f'name="words" value="{ONE},"' in listed
    assert asked(room, f"{ONE},", born="05/17/1990").text.startswith("ACTIVE ")


def test_a_last_name_that_is_unknown_is_possible_and_not_sure(
    desk: Desk, client_as: Callable[..., Browser], entered: Case
) -> None:
    assert asked(dispatch_of(desk, client_as), f"LNU, {ONE}").text.startswith("POSSIBLE ")


def test_half_a_name_is_still_refused_and_finds_nobody_with_two(
    desk: Desk, client_as: Callable[..., Browser], entered: Case
) -> None:
    room = dispatch_of(desk, client_as)
    for words in (ONE, "Bell"):
        answer = asked(room, words)
        assert answer.status_code == 422 and "with one name" in asked(room, words, format="").text
    assert "NO MATCH" in asked(room, "Okafor,").text
    assert not asked(room, f"{ONE}, Dele").text.startswith("ACTIVE ")


@pytest.mark.parametrize(
    ("caller", "said"), [
        ("Marabel", "YES"), ("FNU Marabel", "YES"), ("Marabel Quint", "CANNOT CONFIRM"), ("Ann Quint", "NO"),
        ("Ann", "WHOLE NAME"),
    ]  # fmt: skip
)
def test_a_caller_with_one_name_is_matched_by_it(
    desk: Desk, client_as: Callable[..., Browser], entered: Case, caller: str, said: str
) -> None:
    text = asked(dispatch_of(desk, client_as), f"{ONE},", caller=caller).text
    assert caller_said(said) in " ".join(text.split()), text


def test_who_is_compared_with_staff_and_mirror_parties_is_there_with_one_name(desk: Desk, entered: Case) -> None:
    """One name is a name: left out here, nobody of the staff would ever be walled from it (D1, D2, G4)."""
    with desk.database.system("test: parties", writes=False) as session:
        mine = [one for one in all_parties(session, SECRET, utc_now()) if one.case_id == entered.id]
    assert {key for one in mine for key in one.respondent} == {key_of(ONE)} == {("", "suryati")}
    assert desk.rows(ContextReview) == []


def test_a_sheet_finds_one_name_and_asks_where_it_says_more() -> None:
    two = (Member(1, 1, "P1", ONE, "", dob=date(1990, 5, 17)), Member(2, 2, "P2", "Smith", "Robert"))
    finder = Finder(Roster(two))
    for who in (Who(name=ONE), Who(name=ONE.upper()), Who(last_name=ONE), Who(name=f"{ONE},")):
        assert finder.find(who).member == two[0], who
    assert finder.find(Who(name=f"{ONE}, FNU")).choices == (two[0],)
    assert finder.find(Who(name="Smith")).member is None
    assert two[0].name == ONE


def test_keys_that_said_first_name_unknown_are_written_anew(desk: Desk) -> None:
    assert column_key("FNU", ONE) == column_key("", ONE) == "suryati" and column_key("FNU", "LNU") == "fnu lnu"
    with desk.database.system("test: an old key") as session, session.begin():
        row = Person(agency_id=desk.town.town.office, family_name=ONE, given_name="FNU", born_on=date(1990, 5, 17))
        row.name_key = "fnu suryati"
        none = Person(agency_id=desk.town.town.office, family_name="LNU", given_name="FNU", born_on=date(1990, 5, 17))
        session.add_all([row, none])
        session.flush()
        assert fold_again(session) == 1 and row.name_key == "suryati" and none.name_key == "fnu lnu"
        assert fold_again(session) == 0


def test_names_are_listed_as_there_are() -> None:
    assert last_first(ONE, "") == ONE and last_first(ONE, "", None, "Jr.") == f"{ONE} Jr."
    assert last_first("Okafor", "Dele", "A.", "III") == "Okafor III, Dele A."
