"""What a check says of a sheet is what is wrong with it: no word is taken for another, and nothing goes in silence."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select

from monitor.db import Database
from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.problems import problem_file
from monitor.intake.reading.jail import read_file
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.record.keeping import cleaned
from monitor.intake.record.standing import read_roster
from monitor.intake.workbook_out import write_workbook
from monitor.models import Group
from monitor.names import first_last, last_first
from tests.monitor.intake.sample_county import MEMBERS, TODAY, desk
from tests.monitor.intake.sample_record import write_county

HEAD = "Name,Case #,Date,Status\n"
WIDE = "Client,Case #,11/9/2026,11/16/2026\n"
JAMES, DWAYNE = '"Whitefeather, James",25-CR-001220', '"O\'Neal, Dwayne",25-CR-000044'


def checked(text: str) -> Check:
    return examine(cleaned(read_file(text.encode(), "a.csv"), TODAY), desk("a.csv")).check


@pytest.mark.parametrize("line", ['"A = Court, B = Intake"', '"A = Court; B = Intake"', "A = Court,B = Intake"])
def test_rooms_and_steps_are_no_key_without_its_heading(line: str) -> None:
    check = checked(f"{line}\n{WIDE}{JAMES},A,P\n{DWAYNE},P,B\n")
    assert sorted(one.key for one in check.questions) == ["a", "b"]
    assert [record[2] for record in check.records] == ["P", "P"] and not check.errors


def test_a_key_that_tells_of_classes_needs_no_heading() -> None:
    check = checked(f'"A = attended, L = late"\n{WIDE}{JAMES},A,L\n')
    assert [record[2] for record in check.records] == ["P", "L"] and not check.questions


@pytest.mark.parametrize(("written", "says"), [
    ("2/29", "has no year, and none of the last years had this day"), ("41000", "is a bare number"),
    ("Oct 20-26", "can be a month, a week or a day"), ("11/31/2026", "is not a real date"),
])  # fmt: skip
def test_of_a_day_that_was_not_taken_the_refusal_says_what_is_wrong_with_it(written: str, says: str) -> None:
    (error,) = checked(f"{HEAD}{JAMES},{written},P\n").errors
    assert error.code == "R-DATE-UNREADABLE" and says in error.what and error.how


def test_words_about_a_protected_person_are_not_kept_and_their_column_is_named_without_them() -> None:
    text = f"Client,Case #,11/9/2026,Comments\n{JAMES},P,his wife moved to 12 Elm St\n{DWAYNE},P,\n"
    check = checked(text)
    (told,) = [one for one in check.messages if one.code == "W-COLUMN-VICTIM"]
    assert "“Comments”" in told.what and told.why and told.how and len(check.records) == 2
    assert "Elm" not in str(check)
    assert "W-COLUMN-VICTIM" not in str(checked(text.replace("his wife moved to 12 Elm St", "brought homework")))


def test_in_a_list_the_row_says_so_and_the_column_is_not_named_twice() -> None:
    check = checked(f"Name,Case #,Date,Status,Comments\n{JAMES},11/9/2026,P,his wife moved to 12 Elm St\n")
    assert [one.code for one in check.warnings] == ["W-NOTE-VICTIM"]
    assert "W-COLUMN-VICTIM" not in check.file_messages


def test_the_question_who_is_meant_stands_at_the_name_and_not_at_the_first_class() -> None:
    check = checked("Client,11/9/2026,11/16/2026\nJim Whitefeather,P,P\n")
    assert {(one.code, one.where) for one in check.errors} == {("R-WHO-CLOSE", "Row 2, “Client”")}


def test_days_as_numbers_stay_the_same_days_in_the_problem_rows_of_a_workbook_that_counts_from_1904() -> None:
    rows = [["Name", "Case #", "Date", "Status"], ["Whitefeather, James", "25-CR-001220", "44873", "ZZ"]]
    reading = Reading([Table(rows=rows, sheet="Nov", since_1904=True)])
    before = examine(reading, desk("a.xlsx"))
    again = problem_file(reading, before.check, (), TODAY)
    assert again.file_name.endswith(".xlsx")
    after = examine(read_file(again.content, again.file_name), desk("a.xlsx"))
    assert [one.on for one in after.rows] == [one.on for one in before.rows] != [None]
    assert after.check.errors[0].code == "R-STATUS-UNKNOWN"


def test_another_workbook_does_not_count_from_1904() -> None:
    content = write_workbook({"Nov": [["Name", "Case #", "Date", "Status"]]})
    assert not read_file(content, "a.xlsx").tables[0].since_1904


def test_a_given_name_that_is_a_dash_is_no_name(database: Database) -> None:
    alone = [msgspec.structs.replace(one, first="-", middle="") if one.code == "P1008" else one for one in MEMBERS]
    county = write_county(database, alone)
    with database.scoped(county.scope) as session:
        names = {one.code: one.name for one in read_roster(session, county.program).members}
    assert names["P1008"] == "Whitefeather"
    assert last_first("Whitefeather", "-") == first_last("-", "Whitefeather") == "Whitefeather"


@pytest.mark.parametrize(("entered", "known"), [(None, 0), (120, 0), (90, 90)])
def test_a_length_of_a_class_that_nobody_may_have_entered_is_not_known(
    database: Database, entered: int | None, known: int
) -> None:
    county = write_county(database)
    with database.system("a group", writes=True) as session:
        own = {} if entered is None else {"minutes": entered}
        group = session.scalars(select(Group).where(Group.code == "MON-6PM")).one()
        session.add(Group(program_id=group.program_id, agency_id=group.agency_id, code="SUN-9AM", weekday=6,
                          starts_at=group.starts_at, **own))  # fmt: skip
        session.flush()
        assert read_roster(session, county.program).groups["SUN-9AM"].minutes == known
