"""Sheets made to be misread, by the habits of ux/upload: each was once read wrongly, or refused though it was plain."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.record.keeping import cleaned
from tests.monitor.intake.sample_county import TODAY, desk
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, LUIS, asked, checked, errors, records

ROBERT = '"Smith, Robert J",24-CR-001872'


def book(fill: Any) -> Check:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        fill(made)
    tables, notes = read_workbook(out.getvalue(), Limits())
    return examine(Reading(tables, notes), desk("a.xlsx", stored={})).check


# which day


def test_a_line_with_another_day_between_the_lines_begins_another_class() -> None:
    """Once the second class was recorded on the day of the first."""
    text = (
        "Attendance log\n11/9/2026 Monday group\nClient,Case #,Status\n"
        f"{ROBERT},Present\n{DWAYNE},NCNS\n11/16/2026 Monday group\n{ROBERT},Excused\n{DWAYNE},Present\n"
    )
    assert records(text) == [
        "P1001 2026-11-09 P", "P1003 2026-11-09 U", "P1001 2026-11-16 E", "P1003 2026-11-16 P",
    ]  # fmt: skip


def test_of_two_days_told_under_other_names_the_nearer_one_counts() -> None:
    text = (
        f"Session date: 11/9/2026\nClient,Case #,Status\n{DWAYNE},P\nDate: 11/16/2026\n{DWAYNE},U\n"
    )
    assert records(text) == ["P1003 2026-11-09 P", "P1003 2026-11-16 U"]


@pytest.mark.parametrize("line", ["Printed 11/22/2026 by J. Doe", "Facilitator: J. Doe 11/20/2026", "Next: 11/23/2026"])
def test_a_day_at_which_something_else_happened_is_no_class(line: str) -> None:
    text = f"Session date: 11/16/2026\nClient,Case #,Status\n{DWAYNE},P\n{line}\n{JAMES},E\n"
    assert records(text) == ["P1003 2026-11-16 P", "P1008 2026-11-16 E"]


@pytest.mark.parametrize("name", ["11.16", "11-16", "Mon 11.16"])
def test_the_name_of_a_sheet_may_tell_the_day_with_dots(name: str) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet(name)
        sheet.write_row(0, 0, ["Client", "Case", "Status"])
        sheet.write_row(1, 0, ["O'Neal, Dwayne", "25-CR-000044", "P"])

    assert book(fill).records == (("P1003", "2026-11-16", "P"),)


@pytest.mark.parametrize("header", ["Appt Start", "Appointment Date/Time", "Date/Time", "Session Start"])
def test_the_start_of_an_appointment_is_its_day(header: str) -> None:
    assert records(f"Client,Case #,{header},Status\n{DWAYNE},11/16/2026 06:00 PM,P\n") == ["P1003 2026-11-16 P"]


# what a column is


def test_somebodys_own_line_is_no_second_row_of_names() -> None:
    """A column of row numbers is not kept, and its empty cell made the first person part of the header."""
    text = (
        "#,Name,Case,Start Date,11/2,11/9,11/16,Present,%\n"
        f"1,{ROBERT},8/3/2026,P,P,P,3,100%\n2,{DWAYNE},6/1/2026,NS,P,P,2,67%\n"
    )
    read, notes = read_text(text.encode(), Limits())
    check = examine(cleaned(Reading(read, notes), TODAY), desk("a.csv", stored={})).check
    assert [" ".join(one) for one in check.records] == [
        f"{who} 2026-11-{day:02} {says}" for who, marks in (("P1001", "PPP"), ("P1003", "UPP"))
        for day, says in zip((2, 9, 16), marks, strict=True)
    ]  # fmt: skip


def test_under_each_day_its_attendance_counts_and_its_fee_does_not() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("November")
        for cells, text in (
            ("A1:A2", "Participant"), ("B1:B2", "Case #"), ("C1:D1", "11/9/2026"), ("E1:F1", "11/16/2026"),
        ):  # fmt: skip
            sheet.merge_range(cells, text)
        sheet.write_row("C2", ["Att", "Paid", "Att", "Paid"])
        sheet.write_row("A3", ["Smith, Robert J", "24-CR-001872", "P", "$25", "P", "$25"])
        sheet.write_row("A4", ["O'Neal, Dwayne", "25-CR-000044", "NS", "", "P", "$25"])
        sheet.set_row(3, None, None, {"hidden": True})

    check = book(fill)
    assert check.records == (
        ("P1001", "2026-11-09", "P"), ("P1001", "2026-11-16", "P"), ("P1003", "2026-11-09", "U"),
        ("P1003", "2026-11-16", "P"),
    )  # fmt: skip
    assert "W-HIDDEN-ROWS" in {message.code for message in check.messages}


def test_ticks_under_the_names_of_statuses_need_no_column_of_dates() -> None:
    text = (
        "Session Date: November 16 2026\nParticipant,Case #,Present,Absent,Excused,Late\n"
        f"{ROBERT},x,,,\n{DWAYNE},,x,,\n{JAMES},,,x,\n{LUIS},x,x,,\n"
    )
    assert records(text) == ["P1001 2026-11-16 P", "P1003 2026-11-16 ABS", "P1008 2026-11-16 E"]
    assert errors(checked(text)) == ["R-STATUS-UNKNOWN"], "two ticks are not chosen between"


def test_numbers_under_the_names_of_statuses_are_counts_and_no_ticks() -> None:
    text = f"Month: November 2026\nParticipant,Case #,Present,Absent,Excused\n{ROBERT},1,0,0\n{DWAYNE},1,1,0\n"
    assert not [record for record in checked(text).records if record[1] != "TOTALS"]


@pytest.mark.parametrize("header", [
    "Nombre / Name,Caso / Case #,Fecha / Date,Asistencia / Attendance",
    "Print Name,Expediente,Fecha,Here?", "Printed Name,Caso No.,Date,Here",
])  # fmt: skip
def test_names_of_columns_in_two_languages_or_in_other_words(header: str) -> None:
    text = f"{header}\n{LUIS},11/16/2026,Ausente / Absent\n{DWAYNE},11/16/2026,Presente / Present\n"
    assert records(text) == ["P1002 2026-11-16 ABS", "P1003 2026-11-16 P"]


def test_halves_that_say_different_things_are_not_understood() -> None:
    assert errors(checked(f"Name,Case #,Date,Status\n{DWAYNE},11/16/2026,Ausente / Present\n")) == ["R-STATUS-UNKNOWN"]


# what happened


def test_a_word_beside_a_time_in_says_what_it_says() -> None:
    """Once somebody who left early was present, and a word in place of a time was called a time."""
    text = (
        "Group: MON-6PM\nDate: 11/16/26\nPrint Name,Sign in,Sign out,Initial\n"
        "Robert J Smith,5:58,8:00,RS\nDwayne O'Neal,absent,,\nJames Whitefeather,6:00,7:10,left early\n"
    )
    assert records(text) == ["P1001 2026-11-16 P", "P1003 2026-11-16 ABS", "P1008 2026-11-16 LN"]
    contradicts = text.replace("left early", "no show")
    assert errors(checked(contradicts)) == ["R-STATUS-CONTRADICTS-TIME"]


@pytest.mark.parametrize(("word", "code"), [
    ("Falta justificada", "E"), ("Llegó tarde", "L"), ("Faltó", "ABS"), ("No asistió", "U"), ("Se fue temprano", "LN"),
    ("A-EX", "E"), ("A-UNEX", "U"), ("✅", "P"),
])  # fmt: skip
def test_words_of_other_programs(word: str, code: str) -> None:
    assert records(f"Nombre;Caso No.;Fecha;Estado\nO'Neal, Dwayne;25-CR-000044;16 de noviembre de 2026;{word}\n") == [
        f"P1003 2026-11-16 {code}"
    ]


def test_a_spanish_key_is_followed_whole() -> None:
    text = (
        "Clave: A = asistió; F = faltó; J = justificada\nNombre,Caso,11/9/2026,11/16/2026\n"
        f"{LUIS},A,F\n{DWAYNE},J,A\n"
    )
    assert records(text) == ["P1002 2026-11-09 P", "P1002 2026-11-16 ABS", "P1003 2026-11-09 E", "P1003 2026-11-16 P"]
    assert asked(checked(text)) == []


def test_words_that_also_name_columns_are_said_of_people_across() -> None:
    """Once the first class of such a sheet was taken for further names of columns, and lost."""
    text = "Session,Dwayne O'Neal,James Whitefeather\n11/9,PRESENT,attended\n11/16,here,absent\n"
    assert records(text) == ["P1003 2026-11-09 P", "P1008 2026-11-09 P", "P1003 2026-11-16 P", "P1008 2026-11-16 ABS"]


# who


def test_a_title_that_is_printed_on_each_page_is_nobody() -> None:
    text = (
        "North Star BIP,,,Page 1 of 2\nName,Case #,Date,Attendance\n"
        f"{DWAYNE},11/9/2026,U\nNorth Star BIP,,,Page 2 of 2\nName,Case #,Date,Attendance\n{DWAYNE},11/16/2026,P\n"
    )
    check = checked(text)
    assert (check.new, check.skipped, errors(check)) == (2, 2, [])


def test_a_stranger_in_two_tables_is_named_in_both() -> None:
    text = "MON-6PM\nClient,11/9\nPaul Nguyen,P\n\nWED-6PM\nClient,11/11\nPaul Nguyen,U\n"
    assert errors(checked(text)) == ["R-WHO-NOT-ON-ROSTER", "R-WHO-NOT-ON-ROSTER"]


@pytest.mark.parametrize("text", [
    f"Name,Case #,Dates attended,Dates missed\n{DWAYNE},11/9,\"11/2, 11/16\"\n",
    f"No-shows week of Nov 16 2026\nName,Case #,Reason\n{DWAYNE},no call\n",
    f"Name,Case #,Date,Hours attended\n{DWAYNE},11/16/2026,2\n",
    f"Name,Case #,11/2-11/8,11/9-11/15\n{DWAYNE},P,U\n",
])  # fmt: skip
def test_what_does_not_say_who_came_when_records_nothing_and_says_what_is_missing(text: str) -> None:
    check = checked(text)
    assert check.records == () and not check.usable
    (told,) = [message for message in check.messages if message.code in ("H-NO-SESSIONS", "H-NO-STATUS")]
    assert told.how and check.matchable, "its columns can be named on the page"
