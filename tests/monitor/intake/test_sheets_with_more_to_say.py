"""Sheets that say a thing in two places, or in a way of their own: struck-through marks, a second column, a zone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import xlsxwriter

from monitor.intake.cells.dates import read_date
from monitor.intake.practice import run
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.uploads import Sheet
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.test_sheets_of_an_opponent import ROBERT, book
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, asked, checked, errors, records

D, J, R = "P1003 2026-11-09", "P1008 2026-11-09", "P1001 2026-11-09"

# a second column says more of the first


@pytest.mark.parametrize(("header", "rows", "expected"), [
    ("Present?,Excused?", ("Y,", "N,Y", "N,N"), ("P", "E", "ABS")),
    ("Attended (Y/N),Excused (Y/N)", ("Y,N", "N,Y", "N,"), ("P", "E", "ABS")),
    ("Attended?,Excused Absence?", ("Yes,N/A", "No,Yes", "No,No"), ("P", "E", "ABS")),
    ("Present,Late", ("Y,Y", "Y,N", "N,N"), ("L", "P", "ABS")),
    ("Status,Excused", ("Present,", "Absent,Y", "Absent,N"), ("P", "E", "ABS")),
    ("Status,Unexcused?", ("Present,N", "Absent,N", "Absent,Y"), ("P", "ABS", "U")),
    ("Status,Tardy", ("Present,Y", "Present,", "Absent,"), ("L", "P", "ABS")),
    ("Asistió,Justificada", ("Sí,", "No,Sí", "No,No"), ("P", "E", "ABS")),
])  # fmt: skip
@pytest.mark.parametrize("signed", [False, True])
def test_what_a_second_column_says_of_the_same_class_is_not_left_out(
    header: str, rows: tuple[str, ...], expected: tuple[str, ...], signed: bool
) -> None:
    """Once "Present? N, Excused? Y" was an absence without a reason, and of "N, N" there was no record at all."""
    above, head, day = ("Date: 11/9/2026\n", "", "") if signed else ("", "Date,", "11/9/2026,")
    people = (DWAYNE, JAMES, ROBERT)
    lines = "".join(f"{who},{day}{row}\n" for who, row in zip(people, rows, strict=True))
    assert records(f"{above}Name,Case #,{head}{header}\n{lines}") == [
        f"{who} {says}" for who, says in zip((D, J, R), expected, strict=True)
    ]


@pytest.mark.parametrize(("header", "row"), [
    ("Present?,Excused?", "Y,Y"), ("Status,Excused?", "Present,Y"), ("Status,Late?", "No show,Y"),
    ("Status,Excused?", "Pending,Y"), ("Present,Excused,Unexcused", "N,Y,Y"),
])  # fmt: skip
def test_two_columns_that_do_not_go_together_are_asked_about(header: str, row: str) -> None:
    text = f"Name,Case #,Date,{header}\n{DWAYNE},11/9/2026,{row}\n"
    assert (records(text), errors(checked(text))) == ([], ["R-STATUS-UNKNOWN"])


@pytest.mark.parametrize("counts", ["2", "1", "0"])
def test_counts_beside_a_status_say_nothing_of_the_class(counts: str) -> None:
    text = f"Name,Case #,Date,Status,Excused,Unexcused\n{DWAYNE},11/9/2026,Absent,{counts},{counts}\n"
    assert records(text) == [f"{D} ABS"]


# whose day it is


@pytest.mark.parametrize("written", [
    "2026-11-10T02:00:00Z", "2026-11-10T02:00:00.000Z", "2026-11-10 02:00:00 UTC", "2026-11-10T02:00:00+00:00",
    "2026-11-09T18:00:00-08:00", "2026-11-09T18:00-0800", "11/9/2026 6:00 PM PST", "2026-11-09T21:00:00-05:00",
    "11/10/2026 2:00 AM GMT", "Mon 11/9/2026 6:00 PM PST",
])  # fmt: skip
def test_a_time_of_another_zone_is_on_the_day_it_was_here(written: str) -> None:
    """Once the evening class in Los Angeles was recorded on the day that it already was in Greenwich."""
    assert records(f"Name,Case #,Date,Status\n{DWAYNE},{written},P\n") == [f"{D} P"]


def test_midnight_in_greenwich_is_a_class_or_a_day_without_its_hour_and_is_not_guessed() -> None:
    text = f"Name,Case #,Date,Status\n{DWAYNE},2026-11-10T00:00:00Z,P\n"
    (error,) = checked(text).errors
    assert (records(text), error.code) == ([], "R-DATE-ZONE") and "without a time" in error.how


@pytest.mark.parametrize("written", [
    "2026-11-09T00:00:00-05:00", "2026-11-09T00:00:00-07:00", "2026-11-09T00:00:00+01:00", "2026-11-09 00:00:00-06:00",
    "11/9/2026 12:00 AM EST", "11/9/2026 12:00 AM CST", "11/9/2026 12:00 AM PDT",
])  # fmt: skip
def test_midnight_of_any_zone_that_would_move_the_day_is_not_guessed_either(written: str) -> None:
    """Once a vendor of another zone had every absence on the day before the class."""
    text = f"Name,Case #,Date,Status\n{DWAYNE},{written},NS\n"
    assert (records(text), errors(checked(text))) == ([], ["R-DATE-ZONE"])
    assert records(text.replace(written, "2026-11-09T00:00:00-08:00")) == [f"{D} U"]


def test_a_sheet_says_that_its_times_were_turned() -> None:
    told = {message.code for message in checked(f"Name,Case #,Date,Status\n{DWAYNE},2026-11-10T02:00:00Z,P\n").messages}
    assert "I-DATE-ZONE" in told


@pytest.mark.parametrize("written", ["2026-11-09 18:00-08:00", "2026-11-09T18:00:00+99:00"])
def test_what_may_be_hours_or_a_zone_is_neither(written: str) -> None:
    assert read_date(written, TODAY, zone="America/Los_Angeles").on is None


def test_without_knowing_where_we_are_no_such_time_is_a_day() -> None:
    assert read_date("2026-11-10T02:00:00Z", TODAY).on is None
    assert read_date("2026-11-10T02:00:00", TODAY).on == date(2026, 11, 10)


@pytest.mark.parametrize("label", ["Enrollment", "Orientation", "Admission", "Referral", "Discharge", "Hearing"])
def test_a_date_of_something_else_above_the_table_is_no_class(label: str) -> None:
    """Once "Enrollment date" over a list made everybody on it absent on that day."""
    text = f"{label} date: 11/9/2026\nName,Case #,Status\n{DWAYNE},NS\n"
    assert records(text) == [] and records(f"Class date: 11/16/2026  {text}") == ["P1003 2026-11-16 U"]


# days of a month


@pytest.mark.parametrize("above", [
    "November 2026", "North Star BIP Attendance - November 2026", "Attendance for Nov 2026 MON-6PM", "NOVEMBER",
    "Roster for November", "Noviembre de 2026", "Month: November 2026", "November 2026,,,printed October 30 2026",
    "November 2026 Sign-In Sheet", "Sign in log: November 2026", "Attendance,November 2026", "Month,November 2026",
    "MON-6PM Attendance Sheet - Month of November 2026", "Group: MON-6PM  Month: November 2026",
    "MON-6PM Month: November 2026", "Attendance month: November 2026",
])  # fmt: skip
@pytest.mark.parametrize("days", ["2,9,16", "2nd,9th,16th"])
def test_days_are_of_the_month_that_the_title_names(above: str, days: str) -> None:
    text = f"{above}\nName,Case #,{days}\n{DWAYNE},P,E,U\n"
    assert records(text) == ["P1003 2026-11-02 P", f"{D} E", "P1003 2026-11-16 U"]


@pytest.mark.parametrize("above", [
    "North Star BIP", "Facilitator: April Doe", "October - November 2026", "Printed November 2026", "You may sign here",
    "November 2025 and November 2026",
    "Group began September 2026", "Cohort September 2026", "September 2026 cohort", "Started in September 2026",
    "Group since August 2026", "License valid to June 2026", "Certified September 2026", "Class of June 2026",
    "Facilitator - June", "Facilitator,June", "Attendance for September 2026 cohort", "Cohort,September 2026",
    "Attendance since September 2026", "Roster edition September 2026", "Start month: September 2026",
    "Cohort month: September 2026",
])  # fmt: skip
def test_days_without_one_month_above_are_of_no_month(above: str) -> None:
    check = checked(f"{above}\nName,Case #,2,9,16\n{DWAYNE},P,E,U\n")
    assert check.records == () and "H-NO-MONTH" in {message.code for message in check.messages}


def test_days_that_go_on_into_the_next_month_are_not_taken_for_those_of_the_one_that_is_named() -> None:
    check = checked(f"November 2026\nName,Case #,19,26,2,9\n{DWAYNE},P,P,U,P\n")
    assert check.records == () and "H-NO-MONTH" in {message.code for message in check.messages}


def test_a_column_for_each_day_of_a_month_is_no_numbering_of_classes() -> None:
    cells = ["P" if day in (2, 9, 16) else "" for day in range(1, 31)]
    text = f"November 2026\nName,Case #,{','.join(map(str, range(1, 31)))}\n{DWAYNE},{','.join(cells)}\n"
    assert records(text) == ["P1003 2026-11-02 P", f"{D} P", "P1003 2026-11-16 P"]
    weekly = text.replace(",".join(cells), ",".join(["P", "P", "U", *[""] * 27]))
    assert records(weekly) == [], "marks on days without a class: perhaps thirty weeks"


@pytest.mark.parametrize("text", [
    f"November 2026\nName,Case #,3,10,17\n,,Mon,Mon,Mon\n{DWAYNE},P,U,P\n",
    f",,Mon,Mon,Mon\nName,Case #,11/3,11/10,11/17\n{DWAYNE},P,U,P\n",
])  # fmt: skip
def test_a_weekday_over_or_under_a_day_that_is_another_one_is_told(text: str) -> None:
    check = checked(text)
    assert (check.records, errors(check)) == ((), ["R-DATE-WEEKDAY"] * 3) and "Mon " in check.errors[0].what


@pytest.mark.parametrize(("days", "marks"), [
    ("2,4,6,8", "P,U,P,"), ("1,3,5,7,9", "P,U,P,,"), ("13,14,16", "P,U,P"), ("4,8,12,16,20,26", "P,P,U,P,P,"),
])  # fmt: skip
def test_numbers_of_classes_are_no_days_on_which_no_group_meets(days: str, marks: str) -> None:
    """Once only a column for every day of the month was compared with the days of the groups."""
    check = checked(f"Attendance - November 2026\nName,Case #,{days}\n{DWAYNE},{marks}\n")
    assert check.records == () and "H-NO-MONTH" in {message.code for message in check.messages}


@pytest.mark.parametrize("title", ["October 2026", "Month: October 2026"])
def test_a_second_table_is_not_of_the_month_over_the_first(title: str) -> None:
    """Even where its days would be days of the group: February and March have the same Mondays."""
    first = f"{title}\nName,Case #,5,12,19\n{DWAYNE},P,U,P\n\n"
    check = checked(f"{first}Name,Case #,7,14,21\n{DWAYNE},P,U,P\n")
    assert [on for _, on, _ in check.records] == ["2026-10-05", "2026-10-12", "2026-10-19"]
    assert "H-NO-MONTH" in {message.code for message in check.messages}
    both = checked(f"{first}November 2026\nName,Case #,2,9,16\n{JAMES},P,U,P\n")
    assert [on for who, on, _ in both.records if who == "P1008"] == ["2026-11-02", "2026-11-09", "2026-11-16"]


# struck through


def test_a_mark_that_is_struck_through_is_not_the_mark() -> None:
    """Once it was: the reader saw the letters and not the line through them."""

    def fill(made: xlsxwriter.Workbook) -> None:
        sheet, struck = made.add_worksheet("November"), made.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, ["Client", "Case #", "11/9/2026", "11/16/2026"])
        sheet.write_row(1, 0, ["O'Neal, Dwayne", "25-CR-000044"])
        sheet.write(1, 2, "NS", struck)
        sheet.write(1, 3, "P")
        sheet.write_row(2, 0, ["Whitefeather, James", "25-CR-001220", "E"])
        sheet.write_rich_string(2, 3, struck, "NS", " P")

    check = book(fill)
    assert check.records == (("P1003", "2026-11-16", "P"), ("P1008", "2026-11-09", "E"))
    assert [(one.code, one.row) for one in check.errors] == [("R-STRUCK", 2), ("R-STRUCK", 3)]


@pytest.mark.parametrize("at", [0, 2, 3])
def test_a_line_is_crossed_out_by_its_name_its_day_or_its_status(at: int) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet, struck = made.add_worksheet("Log"), made.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, ["Client", "Case #", "Date", "Status", "Remarks"])
        for row, name in enumerate(("O'Neal, Dwayne", "Whitefeather, James"), 1):
            cells = [name, "25-CR-000044" if row == 1 else "25-CR-001220", "11/9/2026", "No show", "no call"]
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, struck if row == 1 and column in (at, 4) else None)

    check = book(fill)
    assert check.records == (("P1008", "2026-11-09", "U"),)
    assert errors(check) == ["R-STRUCK"]


def test_a_class_whose_day_is_crossed_out_is_not_recorded() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet, struck = made.add_worksheet("November"), made.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, ["Client", "Case #"])
        sheet.write(0, 2, "11/9/2026", struck)
        sheet.write(0, 3, "11/16/2026")
        sheet.write_row(1, 0, ["O'Neal, Dwayne", "25-CR-000044", "U", "P"])

    check = book(fill)
    assert (check.records, errors(check)) == ((("P1003", "2026-11-16", "P"),), ["R-STRUCK"])


def test_a_total_that_is_struck_through_is_left_to_whoever_signs() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet, struck = made.add_worksheet("Totals"), made.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, ["Client", "Case No.", "Sessions Attended", "Absences"])
        sheet.write_row(1, 0, ["O'Neal, Dwayne", "25-CR-000044", 19])
        sheet.write(1, 3, 6, struck)

    assert book(fill).records == (("P1003", "TOTALS", "19", ""),)


# how much is too much


@pytest.mark.parametrize(("rows", "columns", "code", "says"), [
    (1_001, 2, "F-ROWS", "1,001 rows; the limit is 1,000 rows."),
    (100, 201, "F-SIZE", "The sheet has 20,100 filled cells; a practice run takes 20,000."),
])  # fmt: skip
def test_a_practice_run_says_which_of_the_two_is_too_much(rows: int, columns: int, code: str, says: str) -> None:
    reading = Reading([Table([["P"] * columns] * rows)])
    made: Any = {"file_name": "a.csv", "sha256": b"", "reading": reading}
    (message,) = run(Sheet(**made), TODAY).check.messages
    assert (message.code, message.what) == (code, says)


# by sixty sheets of the usual habits


@pytest.mark.parametrize("written", [
    "11/9/2026 6:00 PM - 8:00 PM", "11/9/2026 18:00-20:00", "11/9 6-8pm", "11 / 9 / 2026", "11/9/'26", "Nov. 9 '26",
])  # fmt: skip
def test_a_day_with_its_hours_or_with_spaces_is_that_day(written: str) -> None:
    assert records(f"Name,Case #,Date,Status\n{DWAYNE},{written},P\n") == [f"{D} P"]


@pytest.mark.parametrize(("status", "beside"), [
    ("Cancelled - facilitator ill", ""), ("Cancelled (snow)", ""), ("Cancelled", "building closed"),
    ("canceled", "weather"),
])  # fmt: skip
def test_nobody_was_absent_from_a_class_that_the_program_cancelled(status: str, beside: str) -> None:
    """Once it was an absence of everybody, for "cancelled" alone is one of theirs."""
    text = f"Name,Case #,Date,Status,Notes\n{DWAYNE},11/9/2026,{status},{beside}\n"
    assert (records(text), errors(checked(text))) == ([], ["R-STATUS-UNKNOWN"])
    assert records(f"Name,Case #,Date,Status,Notes\n{DWAYNE},11/9/2026,Cancelled,work\n") == [f"{D} ABS"]


@pytest.mark.parametrize(("status", "beside"), [
    ("No show", "program closed"), ("NS", "no class - facilitator out"), ("NS - snow", ""), ("U - class closed", ""),
    ("Absent", "Class cancelled"), ("Absent", "facilitator was out sick"), ("Cancelled", "fire alarm"),
    ("Unexcused", "group did not meet"), ("Missed", "holiday"), ("Absent", "instructor on vacation"),
])  # fmt: skip
def test_nobody_is_absent_from_a_class_that_the_program_did_not_hold_whatever_the_word(
    status: str, beside: str
) -> None:
    """Once only beside "cancelled" was it looked at whose lapse it was."""
    text = f"Name,Case #,Date,Status,Notes\n{DWAYNE},11/9/2026,{status},{beside}\n"
    assert (records(text), errors(checked(text))) == ([], ["R-STATUS-UNKNOWN"])


@pytest.mark.parametrize("cell", ["No - program closed", "NS - no class", "Absent (snow)"])
def test_nor_does_it_where_that_stands_under_the_name_of_a_status(cell: str) -> None:
    text = f"Name,Case #,Date,Present,Excused\n{DWAYNE},11/9/2026,{cell},\n{JAMES},11/9/2026,x,\n"
    assert (records(text), errors(checked(text))) == ([f"{J} P"], ["R-STATUS-UNKNOWN"])


@pytest.mark.parametrize("beside", [
    "did not call the office", "left a message with staff", "no call to program", "missed group again",
    "client cancelled", "called to cancel an hour before", "out of work", "told us he was sick",
])  # fmt: skip
def test_a_reason_that_only_names_the_program_is_still_their_own_absence(beside: str) -> None:
    text = f"Name,Case #,Date,Status,Notes\n{DWAYNE},11/9/2026,No show,{beside}\n"
    assert records(text) == [f"{D} U"]


@pytest.mark.parametrize("header", ["Present,Absent,Cancelled", "Status,Cancelled?"])
def test_a_column_that_says_cancelled_is_not_passed_over(header: str) -> None:
    marks = ",x,x" if header.startswith("Present") else "Absent,Y"
    text = f"Name,Case #,Date,{header}\n{DWAYNE},11/9/2026,{marks}\n"
    assert (records(text), errors(checked(text))) == ([], ["R-STATUS-UNKNOWN"])


@pytest.mark.parametrize("header", ["Excused?", "Excused", "Excused (Y/N)"])
def test_one_odd_word_does_not_put_away_the_excuses_of_everybody_else(header: str) -> None:
    """Once it did: of "Absent, excused: Y" an absence without a reason was left, of "No show, excused: Y" a no show."""
    rows = f"{DWAYNE},11/9/2026,Absent,Y\n{JAMES},11/9/2026,Absent,Pending\n{ROBERT},11/9/2026,No show,Y\n"
    check = checked(f"Name,Case #,Date,Status,{header}\n{rows}")
    assert [" ".join(one) for one in check.records] == [f"{D} E"]
    assert errors(check) == ["R-STATUS-UNKNOWN"] * 2
    medical = checked(f"Name,Case #,Date,Status,{header}\n{rows.replace('Pending', 'Medical')}")
    assert [" ".join(one) for one in medical.records] == [f"{D} E", f"{J} E"], "a word of ours for the same"
    pending = f"Name,Case #,Date,Status,Unexcused?\n{DWAYNE},11/9/2026,Absent,pending\n{JAMES},11/9/2026,Absent,Y\n"
    assert (records(pending), errors(checked(pending))) == ([f"{J} U"], ["R-STATUS-UNKNOWN"])


def test_one_odd_word_on_a_sheet_of_one_class_is_of_its_own_row_too() -> None:
    rows = f"{DWAYNE},N,Y\n{JAMES},N,Pending\n{ROBERT},Y,\n"
    check = checked(f"Date: 11/9/2026\nName,Case #,Present?,Excused?\n{rows}")
    assert ([" ".join(one) for one in check.records], errors(check)) == ([f"{D} E", f"{R} P"], ["R-STATUS-UNKNOWN"])


@pytest.mark.parametrize(("cell", "says"), [
    ("EX - work", "E"), ("NS - no call", "U"), ("E (court)", "E"), ("excused - court", "E"), ("6:00", "P"), ("RS", "P"),
    ("R. Smith", "P"), ("J, Smith", "P"),
])  # fmt: skip
def test_a_word_with_its_reason_in_place_of_a_time_is_no_arrival(cell: str, says: str) -> None:
    """Once "EX - work" under "In" was somebody who had come."""
    text = f'Class date: 11/9/2026\nName,In,Out\n"Smith, Robert J","{cell}",\n'
    assert records(text) == [f"{R} {says}"]


@pytest.mark.parametrize("header", ["Present?,Excused?", "Present,Absent,Excused"])
def test_a_letter_ticks_the_column_of_its_own_word_only(header: str) -> None:
    """Once "A" under "Present" was a tick, and so somebody was there."""
    empty = "," * header.count(",")
    check = checked(f"Name,Case #,Date,{header}\n{DWAYNE},11/9/2026,A{empty}\n{JAMES},11/9/2026,P{empty}\n")
    assert ([" ".join(one) for one in check.records], asked(check)) == ([f"{J} P"], ["Q-VALUE A"])
    marked = f"Name,Case #,Date,Present,Absent,Excused\n{DWAYNE},11/9/2026,,A,\n{JAMES},11/9/2026,,,E\n"
    assert records(marked) == [f"{D} ABS", f"{J} E"]


def test_beside_a_signature_a_column_of_excuses_counts_too() -> None:
    text = (
        "Class date: 11/9/2026\nName,Case #,Signature,Excused\n"
        f"{DWAYNE},DO,\n{JAMES},,Y\n{ROBERT},RS,Y\n"
    )
    assert (records(text), errors(checked(text))) == ([f"{D} P", f"{J} E"], ["R-STATUS-UNKNOWN"])


def test_with_the_case_number_a_name_may_stand_either_way_round_and_without_it_is_asked_about() -> None:
    assert records("Name,Case,Date,Status\nONEAL DWAYNE,25-CR-000044,11/9/2026,P\n") == [f"{D} P"]
    assert errors(checked("Name,Case,Date,Status\nONEAL DWAYNE,,11/9/2026,P\n")) == ["R-WHO-CLOSE"]
    assert errors(checked("Name,Case,Date,Status\nSMITH DWAYNE,25-CR-000044,11/9/2026,P\n")) == ["R-WHO-CONFLICT"]


@pytest.mark.parametrize("text", [
    "Day,Date,Dwayne O'Neal,James Whitefeather\nMon,11/10/2026,P,\n",
    f"Day,Date,Name,Case #,Status\nMonday,11/10/2026,{DWAYNE},P\n",
])  # fmt: skip
def test_a_weekday_in_a_column_of_its_own_is_compared_with_the_day(text: str) -> None:
    (error,) = checked(text).errors
    assert (records(text), error.code) == ([], "R-DATE-WEEKDAY") and "Mon 11/10/2026" in error.what
    assert records(text.replace("11/10", "11/9")) == [f"{D} P"]


def test_of_two_people_of_a_name_across_only_theirs_waits() -> None:
    text = "Date,Robert Smith,Dwayne O'Neal\n11/9,P,NS\n"
    assert (records(text), errors(checked(text))) == ([f"{D} U"], ["R-WHO-TWO"])


@pytest.mark.parametrize("line", [",,Power & Control,Denial", "Guests:,,,"])
def test_topics_under_the_days_and_a_heading_between_the_lines_are_nobody(line: str) -> None:
    text = f"Client,Case #,11/2,11/9\n{line}\n{DWAYNE},P,U\n"
    assert (records(text), errors(checked(text))) == (["P1003 2026-11-02 P", f"{D} U"], [])


@pytest.mark.parametrize(("text", "expected"), [
    (f"Date 11/9/2026 Group MON-6PM\nPrint Name,Case #,Signature\n{DWAYNE},DO\n", [f"{D} P"]),
    (f"Client,Case #,Svc Date,Attended\n{DWAYNE},11/9/26,Y\n", [f"{D} P"]),
    ("Apellidos;Nombres;Fecha de clase;Asistió\nO'Neal;Dwayne;09 nov 2026;Sí\n", [f"{D} P"]),
    ("Participante;Fecha;Estado\nDwayne O'Neal;2026-11-09;No se presentó\n", [f"{D} U"]),
    ("Participante;Fecha;Estado\nDwayne O'Neal;2026-11-09;Llegó 10 min tarde\n", [f"{D} L"]),
    (f"Client,Case #,Attended,Excused,Unexcused\n{DWAYNE},19,1,3\n", ["P1003 TOTALS 19 3"]),
    (f"Start date 11/9/2026\nPrint Name,Case #,Signature\n{DWAYNE},DO\n", []),
])  # fmt: skip
def test_words_of_further_sheets(text: str, expected: list[str]) -> None:
    assert records(text) == expected
