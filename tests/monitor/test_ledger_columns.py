"""The ledger's columns for no contact and fees (ux 1.5): what safeguards B3, B4, F10 and G1 let them say."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select, update

from monitor.access.scope import Scope
from monitor.models import Assignment, Case, Condition, Flag, OrderVersion, random_id
from monitor.person_page.ledger import ledger
from tests.monitor.court_town import add_case, add_flag, build_court_town
from tests.office import NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database):
    made = build_court_town(database, NOW, cases=False)
    add_case(made, "26-DV-1", "Doe", classes="yyM")
    return made


def ordered(town, *codes):
    with town.database.system("test: ordered") as session, session.begin():
        version = session.scalars(select(OrderVersion.id).where(OrderVersion.case_id == town.cases[0])).first()
        session.execute(Condition.__table__.delete().where(Condition.case_id == town.cases[0]))
        for line, code in enumerate(codes, 1):
            session.add(Condition(id=random_id(), case_id=town.cases[0], agency_id=town.court_agency, line=line,
                                  order_version_id=version, code=code, text="As ordered."))  # fmt: skip


def read(town):
    with town.database.system("test: whose") as session, session.begin():
        person = session.get_one(Case, town.cases[0]).person_id
        if not session.scalar(select(Assignment.id).limit(1)):
            session.add(Assignment(case_id=town.cases[0], agency_id=town.office, user_id=town.officer,
                                   from_on=town.today - timedelta(days=60), until_on=None))  # fmt: skip
    with town.database.scoped(Scope(town.officer, "officer", town.office)) as session:
        return ledger(session, person, NOW)


def column(town, name):
    found = read(town)
    return [week.cells[found.columns.index(name)] for week in found.weeks] if name in found.columns else []


def test_without_such_a_condition_there_is_no_such_column(town):
    ordered(town, "BIP")
    assert not {"No contact", "Fees"} & set(read(town).columns)


def test_no_contact_says_of_every_week_that_nothing_is_alleged_and_gives_no_mark(town):
    ordered(town, "NO_CONTACT")
    cells = column(town, "No contact")
    assert {(cell.status, cell.word, cell.entries) for cell in cells} == {("", "No allegation", ())}


@pytest.mark.parametrize("code", ["NO_CONTACT_ALLEGED", "STAY_AWAY_ALLEGED", "NEW_VIOLENCE_REPORTED"])
def test_until_a_supervisor_approved_a_report_no_byte_tells_that_anybody_said_anything(town, code):
    ordered(town, "NO_CONTACT")
    before = msgspec.json.encode(msgspec.structs.replace(read(town), loops=()))
    with town.database.system("test: a question") as session, session.begin():
        add_flag(session, town, town.cases[0], code, acted=False)
    assert msgspec.json.encode(msgspec.structs.replace(read(town), loops=())) == before


@pytest.mark.parametrize(("contested", "word"), [(False, "Alleged"), (True, "Alleged, contested")])
def test_what_is_before_the_court_stands_in_its_week_with_the_way_to_its_page_and_nobodys_name(town, contested, word):
    ordered(town, "NO_CONTACT")
    with town.database.system("test: alleged") as session, session.begin():
        flag = add_flag(session, town, town.cases[0], "NO_CONTACT_ALLEGED", acted=True, contested=contested)
    [cell] = [one for one in column(town, "No contact") if one.word != "No allegation"]
    assert (cell.status, cell.word, [one.path for one in cell.entries]) == ("", word, [f"/flags/{flag}"])
    assert cell.entries[0].source == "Probation" and cell.entries[0].text.startswith("Contact alleged, ")


def test_what_rules_took_back_of_it_leaves_the_column(town):
    ordered(town, "NO_CONTACT")
    with town.database.system("test: a question") as session, session.begin():
        flag = add_flag(session, town, town.cases[0], "NO_CONTACT_ALLEGED", acted=False)
        session.execute(update(Flag).where(Flag.id == flag).values(state="WITHDRAWN", closed_at=NOW))
    assert {cell.word for cell in column(town, "No contact")} == {"No allegation"}


def test_fees_are_ordered_and_not_reviewed_whatever_is_owed(town):
    ordered(town, "FINES_FEES")
    assert {(cell.status, cell.word, cell.entries) for cell in column(town, "Fees")} == {("", "Not reviewed", ())}


@pytest.mark.parametrize("first", [True, False])
def test_of_two_in_one_week_the_word_and_the_line_say_which_is_contested(town, first):
    ordered(town, "NO_CONTACT")
    with town.database.system("test: two") as session, session.begin():
        add_flag(session, town, town.cases[0], "NO_CONTACT_ALLEGED", acted=True, contested=first)
        add_flag(session, town, town.cases[0], "STAY_AWAY_ALLEGED", acted=True, contested=not first)
    [cell] = [one for one in column(town, "No contact") if one.word != "No allegation"]
    assert cell.word == "Alleged, contested"
    said = {one.text.partition(",")[0]: one.text.endswith(": before the court, contested") for one in cell.entries}
    assert sorted(said.values()) == [False, True]
    assert said["Contact alleged"] is first
