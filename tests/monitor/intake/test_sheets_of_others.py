"""Sheets made by somebody who knew only the page on uploads: each of these was once read as it was not meant."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import msgspec
import pytest
import xlsxwriter

from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.examine import Examined, examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.roster import Roster
from tests.monitor.intake.sample_county import GROUPS, MEMBERS, desk

JAMES, LUIS, DWAYNE = (
    '"Whitefeather, James",25-CR-001220', '"Garcia-Ortiz, Luis",24-CR-002210', '"O\'Neal, Dwayne",25-CR-000044',
)  # fmt: skip


def examined(text: str, answers: Answers = Answers()) -> Examined:  # noqa: B008 - frozen
    tables, notes = read_text(text.encode(), Limits())
    return examine(Reading(tables, notes), desk("a.csv", stored={}, answers=answers))


def checked(text: str) -> Check:
    return examined(text).check


def records(text: str, **settled: Any) -> list[str]:
    return [" ".join(record) for record in examined(text, Answers(**settled)).check.records]


def errors(check: Check) -> list[str]:
    return [message.code for message in check.errors]


def asked(check: Check) -> list[str]:
    return [f"{question.code} {question.values[0]}" for question in check.questions]


def workbook(**sheets: list[list[Any]]) -> Check:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name.replace("_", " "))
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    tables, notes = read_workbook(out.getvalue(), Limits())
    return examine(Reading(tables, notes), desk("a.xlsx", stored={})).check


# whose group it is


def test_a_title_over_the_second_table_says_whose_group_it_is() -> None:
    text = "MON-6PM\nClient,11/9\nRobert Smith,P\n\nWED-6PM\nClient,11/11\nRobert Smith,U\n"
    assert records(text) == ["P1001 2026-11-09 P", "P1004 2026-11-11 U"]


def test_a_second_title_that_names_no_group_does_not_pass_on_the_first() -> None:
    text = "MON-6PM\nClient,11/9\nRobert Smith,P\n\nWednesday class\nClient,11/11\nRobert Smith,U\n"
    assert (records(text), errors(checked(text))) == (["P1001 2026-11-09 P"], ["R-WHO-TWO"])


def test_a_line_with_the_code_of_a_group_counts_for_the_lines_below_it() -> None:
    text = "Client,11/9,11/11\nMON-6PM,,\nRobert Smith,P,\nWED-6PM,,\nRobert Smith,,U\n"
    assert records(text) == ["P1001 2026-11-09 P", "P1004 2026-11-11 U"]


def test_beside_another_table_only_a_title_of_its_own_says_which_group_it_is() -> None:
    table = "Client,11/9,,Client,11/11,\nRobert Smith,P,,Robert Smith,U,\n"
    assert records(f"MON-6PM,,,WED-6PM,,\n{table}") == ["P1001 2026-11-09 P", "P1004 2026-11-11 U"]
    assert errors(checked(f"Monday,,,WED-6PM,,\n{table}")) == ["R-WHO-TWO"]


# who it is


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        ("Apellidos,Nombres,Fecha,Estado", "Whitefeather,James,11/16/2026,Presente", "P1008"),
        ("Apellidos,Nombre,Fecha,Estado", "Whitefeather,James,11/16/2026,Presente", "P1008"),
        ("Name,First Name,Date,Status", "Whitefeather,James,11/16/2026,P", "P1008"),
        ("Last Name,First Name,MI,Date,Status", "Smith,Robert,J,11/16/2026,P", "P1001"),
        ("Client Last,Client First,Date,Status", "Whitefeather,James,11/16/2026,P", "P1008"),
        ("Name,Date,Status", "2) James Whitefeather,11/16/2026,P", "P1008"),
        ("Name,DOB,Date,Status", "Robert Smith,3/14/85,11/16/2026,P", "P1001"),
    ],
)
def test_a_name_is_put_together_as_the_columns_say(header: str, row: str, code: str) -> None:
    assert [record[0] for record in checked(f"{header}\n{row}\n").records] == [code]


def test_a_blank_in_place_of_an_apostrophe_is_asked_about() -> None:
    assert errors(checked("Name,11/9\nDwayne O Neal,P\n")) == ["R-WHO-CLOSE"]


def test_ditto_marks_go_on_with_the_person_above() -> None:
    text = 'Client,Date,Status\nJames Whitefeather,11/9/2026,P\n"""",11/16/2026,U\n'
    assert records(text) == ["P1008 2026-11-09 P", "P1008 2026-11-16 U"]


def test_topics_beside_people_across_are_nobody() -> None:
    check = checked("Date,Topic,Robert J Smith,James Whitefeather\n11/9/2026,Anger,P,P\n11/16/2026,Respect,NS,P\n")
    assert (check.new, errors(check), "W-COLUMN-UNKNOWN:Topic" in check.file_messages) == (4, [], True)


# what a cell says


def test_initials_under_the_dates_are_asked_about_once_for_the_whole_file() -> None:
    text = f"Client,Case #,11/2,11/9\n{JAMES},JW,JW\n{LUIS},LG,NS\n"
    assert asked(checked(text)) == ["Q-VALUE (initials)"]
    assert records(text, values={"(initials)": "P"}) == [
        "P1008 2026-11-02 P", "P1008 2026-11-09 P", "P1002 2026-11-02 P", "P1002 2026-11-09 U",
    ]  # fmt: skip


def test_initials_that_look_like_a_word_of_ours_are_not_taken_for_it() -> None:
    ned = msgspec.structs.replace(MEMBERS[3], first="Ned")
    roster = Roster((ned, MEMBERS[4]), GROUPS)
    tables, notes = read_text(b"Client,11/4,11/11\nNed Smith,NS,NS\nVan Minh Tran,VT,VMT\n", Limits())
    check = examine(Reading(tables, notes), desk("a.csv", stored={}, roster=roster)).check
    assert (check.new, check.held, asked(check)) == (0, 4, ["Q-VALUE (initials)"])


def test_times_under_the_dates_are_asked_about_once() -> None:
    text = f"Client,Case #,11/2,11/9\n{JAMES},6:05,5:55 PM\n{LUIS},6:20 PM,NS\n"
    assert asked(checked(text)) == ["Q-VALUE (a time)"]
    found = examined(text, Answers(values={"(a time)": "P"}))
    assert found.check.new == 4 and ("W-LATE-BY-TIME", "20 min") in found.rows[2].warnings


def test_a_cross_in_place_of_a_signature_is_asked_about_once() -> None:
    text = "Session date: 11/16/2026\nName,Signature\nJames Whitefeather,x\nDwayne O'Neal,X\n"
    assert asked(checked(text)) == ["Q-VALUE X"]


@pytest.mark.parametrize("mark", ["✗", "✘", "☒", "×"])
def test_a_cross_of_any_shape_is_asked_about(mark: str) -> None:
    assert asked(checked(f"Client,Case #,11/2\n{JAMES},{mark}\n")) == [f"Q-VALUE {mark}"]


def test_who_has_a_time_in_and_no_status_came() -> None:
    text = f"Client,Case #,Date,Time In,Status\n{JAMES},11/9/2026,5:55 PM,\n{LUIS},11/9/2026,,\n"
    assert records(text) == ["P1008 2026-11-09 P"]


def test_a_star_that_the_key_explains_is_not_passed_over() -> None:
    check = checked(f"* = late\nClient,Case #,11/2,11/9\n{JAMES},P*,P\n")
    assert (check.new, errors(check)) == (1, ["R-STATUS-UNKNOWN"])


def test_a_key_with_dashes_is_followed_whole() -> None:
    text = f"Key: A - Attended, N - No show\nClient,Case #,11/2,11/9\n{JAMES},A,N\n"
    assert records(text) == ["P1008 2026-11-02 P", "P1008 2026-11-09 U"]


def test_money_behind_a_dash_is_money() -> None:
    assert records(f"Client,Case #,11/2\n{JAMES},P-$25\n") == ["P1008 2026-11-02 P"]


# which day it is


def test_a_roster_that_runs_on_into_december_is_not_last_decembers() -> None:
    check = checked(f"Client,Case #,Nov 16,Nov 23,Nov 30,Dec 7\n{DWAYNE},P,,HOL,-\n")
    assert (check.new, check.skipped, errors(check)) == (1, 2, [])


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Sign-in sheet - Monday November 16 2026", 1), ("Printed 11/20/2026\nSign-in 11/16/2026 6:00 PM", 1),
        ("Lista de asistencia del 16 de noviembre de 2026", 1), ("Sign-in for week of 11/16/2026", 0),
        ("Sign in, 11/9/2026 - 11/16/2026", 0), ("Tuesday November 16 2026", 0),
    ],
)  # fmt: skip
def test_a_day_inside_a_title_is_the_day_if_it_is_the_only_one(title: str, expected: int) -> None:
    assert checked(f"{title}\nName,Signature\nJames Whitefeather,JW\n").new == expected


def test_the_name_of_a_sheet_tells_its_day_and_its_group() -> None:
    check = workbook(**{"11-16 MON-6PM": [["Name", "Signature"], ["Robert Smith", "RS"]]})
    assert check.records == (("P1001", "2026-11-16", "P"),)


@pytest.mark.parametrize("header", ["11/2 Att", "(11/2)", "11/2*", "W1 11/2", "11/2 Week 1"])
def test_a_day_with_something_beside_it_is_the_day(header: str) -> None:
    assert records(f'Client,Case #,"{header}"\n{JAMES},P\n') == ["P1008 2026-11-02 P"]


def test_numbered_weeks_down_the_side_wait_for_the_first_date() -> None:
    text = "Week,Robert J Smith,James Whitefeather\nWeek 1,P,P\nWeek 2,NS,P\n"
    assert asked(checked(text)) == ["Q-WEEK-DATES Week 1"]
    assert records(text, week_one=date(2026, 11, 9)) == [
        "P1001 2026-11-09 P", "P1008 2026-11-09 P", "P1001 2026-11-16 U", "P1008 2026-11-16 P",
    ]  # fmt: skip


# what is no line of attendance


@pytest.mark.parametrize("line", ["Subtotal,,1,0", "Sub-total,,1,0", "% attendance,,50%,0%", "Average,,1,0"])
def test_a_line_of_sums_is_nobody(line: str) -> None:
    check = checked(f"Client,Case #,11/2,11/9\n{JAMES},P,U\n{line}\n{LUIS},P,L\n")
    assert (check.new, check.skipped, errors(check)) == (4, 1, [])


def test_names_of_columns_under_the_dates_are_nobody() -> None:
    check = checked(f"Client,Case #,11/2,,11/9,\n,,Att,Fee,Att,Fee\n{JAMES},P,25,U,0\n")
    assert (check.new, errors(check)) == (2, [])


def test_a_workbook_with_a_sheet_of_instructions_is_read_and_says_so() -> None:
    check = workbook(Nov=[["Name", "11/9"], ["James Whitefeather", "P"]], How_to=[["How to fill this in"], ["Type P"]])
    assert check.new == 1 and "W-SHEET-NOT-READ:How to" in check.file_messages
    assert not [code for code in check.file_messages if code.startswith("H-")]


def test_hidden_columns_are_read_and_named() -> None:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Nov")
    for number, row in enumerate((["Name", "11/9", "11/16"], ["James Whitefeather", "P", "U"])):
        sheet.write_row(number, 0, row)
    sheet.set_column("C:D", None, None, {"hidden": True})
    book.close()
    tables, notes = read_workbook(out.getvalue(), Limits())
    check = examine(Reading(tables, notes), desk("a.xlsx", stored={})).check
    told = [message.what for message in check.messages if message.code == "W-HIDDEN-ROWS"]
    assert (check.new, told) == (2, ["Columns C are hidden in the workbook; we read them too."])


def test_a_sheet_that_only_explains_signs_is_a_key() -> None:
    key = [["P", "Present"], ["A", "Unexcused"]]
    check = workbook(Nov=[["Name", "11/9", "11/16"], ["James Whitefeather", "P", "A"]], Key=key)
    assert [record[2] for record in check.records] == ["P", "U"]
    assert not [code for code in check.file_messages if code.startswith(("H-", "W-"))]


# tags, and two columns of one name


def test_a_row_of_tags_says_what_the_columns_are_in_any_language() -> None:
    assert records("Wer?,Wann?,Kam?\n#person+id,#date,#status\nP1008,2026-11-09,P\n") == ["P1008 2026-11-09 P"]
    wide = "Nr,Teilnehmer,11/2/2026,11/9/2026\n#person+id,#person+name,#status,#status\nP1008,James Whitefeather,P,U\n"
    assert records(wide) == ["P1008 2026-11-02 P", "P1008 2026-11-09 U"]


def test_of_two_columns_with_the_same_name_somebody_says_which_one_counts() -> None:
    text = f"Name,Case #,Date,Status,Status\n{JAMES},11/9/2026,P,U\n"
    check = checked(text)
    assert check.new == 0 and set(check.matchable) >= {"Status (column D)", "Status (column E)"}
    assert records(text, columns={"status (column d)": "ignored"}) == ["P1008 2026-11-09 U"]
    assert records(text, columns={"status (column e)": "ignored"}) == ["P1008 2026-11-09 P"]
