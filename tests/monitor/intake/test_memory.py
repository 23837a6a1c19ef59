"""Ask once, remember: an answer counts for the next sheet of the same kind, as long as nothing makes it a guess."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.memory import changed, kinds_of, remembered_of, settle
from monitor.intake.record.saving import save
from monitor.intake.record.standing import read_roster
from monitor.intake.uploads import answer, answers_of, check_of, find_upload, receive, remember_answers
from monitor.models import SheetProfile
from tests.monitor.intake.sample_county import MEMBERS, TODAY
from tests.monitor.intake.sample_record import LATER, NOW, County, _enroll, opened, write_county

FIRST = "Client,Case #,11/2/2026,11/9/2026\nWhitefeather,25-CR-001220,A,P\n"
NEXT = "Client,Case #,11/9/2026,11/16/2026\nWhitefeather,25-CR-001220,P,A\n"


@pytest.fixture
def county(database: Database) -> County:
    return write_county(database)


def brought(database: Database, county: County, text: str, **answers: Any) -> Check:
    """A sheet comes in, and is answered by somebody who wants it remembered."""
    with database.scoped(county.scope, writes=True) as session:
        upload = receive(session, opened(text.encode(), "a.csv"), county.by())
        if answers:
            before = answers_of(upload)
            answer(session, upload, msgspec.structs.replace(before, **answers), TODAY)
            remember_answers(session, upload, before, TODAY, NOW)
        session.commit()
        return check_of(upload)


def kinds(database: Database, county: County) -> list[Any]:
    with database.scoped(county.scope) as session:
        return kinds_of(session, county.agency)


def test_a_sign_is_asked_once_a_kind_of_sheet(database: Database, county: County) -> None:
    assert [question.code for question in brought(database, county, FIRST).questions] == ["Q-VALUE"]
    brought(database, county, FIRST, values={"a": "ABS"})
    told = brought(database, county, NEXT)
    assert told.questions == ()
    assert ("P1008", "2026-11-16", "ABS") in told.records
    other = brought(database, county, "Name,Case #,Date,Status\nWhitefeather,25-CR-001220,11/16/2026,A\n")
    assert [question.code for question in other.questions] == ["Q-VALUE"]


def test_what_a_mark_and_a_note_mean_is_settled_for_one_file(database: Database, county: County) -> None:
    text = 'Name,Case #,Date,Status,Notes\nWhitefeather,25-CR-001220,{},U,excused by PO\n'
    first = brought(database, county, text.format("11/9/2026"))
    sign = first.errors[0].ask.removeprefix("values:")
    assert brought(database, county, text.format("11/9/2026"), values={sign: "E"}).records
    assert [error.code for error in brought(database, county, text.format("11/16/2026")).errors] == ["R-STATUS-UNKNOWN"]
    assert kinds(database, county) == []


def test_another_program_is_asked_for_itself(database: Database, county: County) -> None:
    brought(database, county, FIRST, values={"a": "ABS"})
    neighbour = County(county.neighbour, county.neighbour_program, county.court, county.agency, county.program)
    assert kinds(database, neighbour) == []
    text = "Client,Case #,11/2/2026,11/9/2026\nNguyen,25-CR-009999,A,P\n"
    assert [question.code for question in brought(database, neighbour, text).questions] == ["Q-VALUE"]


def test_the_order_of_day_and_month_is_asked_once(database: Database, county: County) -> None:
    text = "Nombre;Caso;Fecha;Asistencia\nWhitefeather, James;25-CR-001220;{};Presente\n"
    brought(database, county, text.format("16/11/2026"), day_first=True)
    told = brought(database, county, text.format("09/11/2026"))
    assert told.records == (("P1008", "2026-11-09", "P"),)


def test_who_is_meant_is_remembered_until_somebody_joins_who_could_be_meant_too(
    database: Database, county: County
) -> None:
    text = "Name,Date,Status\nBobby Smith,{},P\n"
    brought(database, county, text.format("11/9/2026"), people={"bobby smith": "P1001"})
    assert brought(database, county, text.format("11/16/2026")).records == (("P1001", "2026-11-16", "P"),)
    with database.system("test") as session, session.begin():
        newcomer = msgspec.structs.replace(MEMBERS[0], code="P1009", first="Bobby", case_number="26-CR-000001",
                                           dob=date(2000, 1, 1), start=date(2026, 11, 1))  # fmt: skip
        _enroll(session, county, county.agency, county.program, newcomer)
    told = brought(database, county, text.format("11/20/2026"))
    assert ("P1001", "2026-11-20", "P") not in told.records


def test_week_one_holds_for_a_sheet_that_goes_on_and_not_for_a_new_term(database: Database, county: County) -> None:
    text = "Name,Case #,Week 1,Week 2,Week 3\nWhitefeather,25-CR-001220,{}\n"
    brought(database, county, text.format("P,U,"), week_one=date(2026, 11, 2))
    with database.scoped(county.scope, writes=True) as session:
        upload = receive(session, opened(text.format("P,U,").encode(), "a.csv"), county.by())
        assert save(session, upload, county.by()).count == 2
        session.commit()
    goes_on = brought(database, county, text.format("P,U,E"))
    assert (goes_on.questions, goes_on.new, goes_on.same) == ((), 1, 2)
    new_term = brought(database, county, text.format("U,P,P"))
    assert ([question.code for question in new_term.questions], new_term.new) == (["Q-WEEK-DATES"], 0)


def test_a_newer_answer_takes_the_place_of_an_older_one(database: Database, county: County) -> None:
    brought(database, county, FIRST, values={"a": "ABS"})
    brought(database, county, NEXT, values={"a": "P"})
    (kind,) = kinds(database, county)
    assert kind.remembered.values == {"a": "P"}


def test_the_program_changes_and_forgets_what_it_answered(database: Database, county: County) -> None:
    brought(database, county, FIRST, values={"a": "ABS"}, people={"pat poe": "nobody"})
    with database.scoped(county.scope, writes=True) as session:
        profile = session.scalars(select(SheetProfile)).one()
        roster = read_roster(session, county.program)
        settle(profile, changed(remembered_of(profile), {"values.a": "P"}, None, roster), LATER, 7)
        session.commit()
    (kind,) = kinds(database, county)
    assert (kind.remembered.values, kind.remembered.people) == ({"a": "P"}, {})
    assert ("P1008", "2026-11-16", "P") in brought(database, county, NEXT).records


def test_what_was_answered_before_does_not_come_back_over_an_answer_of_today(
    database: Database, county: County
) -> None:
    brought(database, county, FIRST, values={"a": "ABS"})
    told = brought(database, county, NEXT, values={"a": "E"})
    assert ("P1008", "2026-11-16", "E") in told.records
    with database.scoped(county.scope) as session:
        upload = session.scalars(select(SheetProfile)).one()
        assert remembered_of(upload).values == {"a": "E"}


def test_no_name_of_a_person_stands_in_the_columns_of_a_kind(database: Database, county: County) -> None:
    text = "Date,Robert J Smith,Dwayne O'Neal\n11/2/2026,A,P\n11/9/2026,P,A\n"
    brought(database, county, text, values={"a": "ABS"})
    (kind,) = kinds(database, county)
    assert "smith" not in kind.columns.lower() and "person" in kind.columns


def test_answers_default_to_none_for_a_new_upload(database: Database, county: County) -> None:
    brought(database, county, FIRST)
    with database.scoped(county.scope) as session:
        from monitor.models import Upload

        found = find_upload(session, session.scalars(select(Upload.id)).one())
        assert found is not None and answers_of(found) == Answers()


@pytest.mark.parametrize(("settled", "first", "later", "outcome"), [
    (True, "16/11/2026", ("11/16/2026", "10/11/2026"), {("P1008", "2026-11-16", "P"), ("P1008", "2026-10-11", "P")}),
    (False, "16/11/2026", ("16/11/2026", "10/11/2026"), set()),
])  # fmt: skip
def test_an_order_that_the_next_sheet_contradicts_is_not_followed(
    database: Database, county: County, settled: bool, first: str, later: tuple[str, ...], outcome: set[Any]
) -> None:
    """Once 10/11 was recorded as November on a sheet that says 11/16."""
    text = "Name,Case #,Date,Status\n"
    line = "Whitefeather,25-CR-001220,{},P\n"
    brought(database, county, text + line.format(first), day_first=settled)
    told = brought(database, county, text + "".join(map(line.format, later)))
    assert set(told.records) == outcome
    assert [question.code for question in told.questions] == ([] if outcome else ["Q-DAY-FIRST"])


def test_a_remembered_name_never_reaches_the_other_person_of_that_name(database: Database, county: County) -> None:
    """Once a no-show of one Robert Smith was recorded of the other, without a question."""
    text = "Name,Group,Date,Status\nRobert Smith,{},{},{}\n"
    brought(database, county, text.format("", "11/9/2026", "P"), people={"robert smith": "P1001"})
    assert brought(database, county, text.format("", "11/16/2026", "P")).records == (("P1001", "2026-11-16", "P"),)
    told = brought(database, county, text.format("WED-6PM", "11/18/2026", "U"))
    assert (told.records, [asks.code for asks in told.errors]) == ((), ["R-WHO-CLOSE"])


def test_what_was_answered_of_a_name_in_one_group_is_remembered_of_that_group(
    database: Database, county: County
) -> None:
    text = "Name,Group,Date,Status\nRobert Smith,{},{},{}\n"
    people = {"robert smith": "P1001", "robert smith (wed 6pm)": "P1004"}
    brought(database, county, text.format("WED-6PM", "11/11/2026", "P"), people=people)
    assert brought(database, county, text.format("WED-6PM", "11/18/2026", "U")).records == (
        ("P1004", "2026-11-18", "U"),
    )
    assert brought(database, county, text.format("", "11/16/2026", "P")).records == (("P1001", "2026-11-16", "P"),)


def test_what_was_answered_of_a_date_of_birth_is_of_that_sheet_alone(database: Database, county: County) -> None:
    text = "Name,DOB,Date,Status\nRobert Smith,11/5/1992,{},P\n"
    people = {"robert smith": "nobody", "robert smith (born 1992-11-05)": "P1004"}
    assert brought(database, county, text.format("11/11/2026"), people=people).new == 1
    told = brought(database, county, text.format("11/18/2026"))
    assert (told.records, [asks.code for asks in told.errors]) == ((), ["R-WHO-CLOSE"])


def test_a_day_beside_its_week_that_is_one_only_the_other_way_round_is_asked_about_again(
    database: Database, county: County
) -> None:
    """Once it was refused in every row, and nobody was asked."""
    text = "Name,Case #,Week 1 ({}),Week 2 ({})\nWhitefeather,25-CR-001220,P,U\n"
    brought(database, county, text.format("11/2", "11/9"), day_first=False)
    told = brought(database, county, text.format("9/11", "16/11"))
    assert (told.records, [question.code for question in told.questions]) == ((), ["Q-DAY-FIRST"])


def test_a_remembered_sign_and_week_do_not_go_before_what_the_next_sheet_says(
    database: Database, county: County
) -> None:
    brought(database, county, FIRST, values={"a": "ABS"})
    assert ("P1008", "2026-11-16", "P") in brought(database, county, f"Key: A = attended,,,\n{NEXT}").records
    text = "Name,Case #,Week 1,Week 2\nWhitefeather,25-CR-001220,P,U\n"
    brought(database, county, text, week_one=date(2026, 10, 19))
    told = brought(database, county, f"Start date: 11/2/2026,,,\n{text}")
    assert {record[1] for record in told.records} == {"2026-11-02", "2026-11-09"}
