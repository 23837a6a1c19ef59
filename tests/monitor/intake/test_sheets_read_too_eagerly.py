"""Sheets of which an evening's new rules took more than they say, or refused what is attendance; judged by hand."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.intake.answers import Answers
from tests.monitor.intake.test_sheets_of_further_programs import D, J, checked, records, told
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, asked, examined
from tests.monitor.intake.test_sheets_once_misread import D_IN, NOTED, N
from tests.monitor.intake.test_workbooks_of_further_programs import checked as workbook
from tests.monitor.intake.test_workbooks_of_further_programs import records as recorded
from tests.monitor.intake.test_workbooks_of_further_programs import rows

NOVEMBER = "Attendance November 2026\n"


def test_what_a_group_is_called_is_no_class() -> None:
    """Once "Mon 6" in a column of its own refused the sign-in sheet, and whoever did not sign was not asked about."""
    check = checked("Date: 11/16/2026\nName,Signature,Mon 6\nDwayne O'Neal,DO,\nJames Whitefeather,,\n")
    assert [" ".join(record) for record in check.records] == [f"{D}11-16 P"]
    assert asked(check) == ["Q-NOT-SIGNED James Whitefeather"] and "W-COLUMN-UNKNOWN:Mon 6" in told(check)


@pytest.mark.parametrize("days", [
    "Mon 1,Mon 2,Mon 3", "Mon 2,Mon 31st", "Mon 9,Mon 2", "Mon 2,Tue 4", "Month 2,Month 9",
])  # fmt: skip
def test_numbers_behind_weekdays_that_fit_no_month_are_no_days(days: str) -> None:
    """Once the second Monday's mark was recorded on the second of November."""
    check = checked(f"{NOVEMBER}{N}{days}\n{DWAYNE},P,U,P\n")
    assert check.records == () and "H-NO-SESSIONS:" in told(check)


def test_one_weekday_that_does_not_fit_its_day_refuses_all() -> None:
    check = checked(f",,October 2026,November 2026\n{N}Mon 2,Mon 9\n{DWAYNE},P,U\n")
    assert check.records == () and "H-NO-MONTH:" in told(check)


@pytest.mark.parametrize("text", [
    f"{NOVEMBER}{N}11/2,11/9,Mon 6,Fri 13\n{DWAYNE},P,U,x,x\n",
    f"{NOVEMBER}{N}11/2,11/9\n,,Mon 2,Mon 9\n{DWAYNE},P,U\n",
    f"Name,Case #,Date,Status,Mon 6,Mon 13\n{DWAYNE},11/2/2026,P,x,x\n{DWAYNE},11/9/2026,U,x,x\n",
])  # fmt: skip
def test_groups_beside_days_refuse_nothing(text: str) -> None:
    assert records(text) == [f"{D}11-02 P", f"{D}11-09 U"]


def noted(mark: str, note: str) -> str:
    return f'{NOTED}{DWAYNE},11/9/2026,{mark},"{note}"\n'


@pytest.mark.parametrize(("mark", "note"), [
    ("U", "excused by PO; will make up next week"), ("U", "excused, prior notice given"), ("U", "previously excused"),
    ("U", "PO approved absence prior to class"), ("U", "in custody since last week"),
    ("U", "was present, previously marked NS"), ("U", "in jail, prior hold"), ("U", "came but turned away, full"),
    ("U", "here by phone"), ("U", "present online"), ("P", "left early; reminded of next class"),
    ("P", "class canceled"), ("P", "no show 11/9"), ("P", "left at 8 when told to"), ("L", "absent"),
    ("L", "did not attend"), ("L", "no credit"), ("C", "was present"), ("E", "not an excused absence"),
    ("E", "hasn't been excused"), ("E", "not yet excused"), ("U", "excused 11/12"),
])  # fmt: skip
def test_words_against_the_mark_are_asked_about_whatever_else_the_note_tells(mark: str, note: str) -> None:
    check = checked(noted(mark, note))
    assert check.records == () and told(check) == ["R-STATUS-UNKNOWN"]


@pytest.mark.parametrize(("mark", "note"), [
    ("M", "make-up for excused absence 11/2"), ("P", "no show 11/2"), ("P", "left at 8 when class ended"),
    ("P", "should be done by Dec"), ("U", "hasn't been excused"), ("U", "not an excused absence"),
    ("U", "2 excused absences remaining"), ("U", "not yet excused"), ("P", "was absent last week"),
    ("P", "next class canceled"), ("L", "10 min late"), ("C", "holiday"), ("P", "absent last week, present today"),
])  # fmt: skip
def test_plain_notes_are_no_question(mark: str, note: str) -> None:
    assert records(noted(mark, note)) == [f"{D}11-09 {mark}"]


def test_an_answer_about_a_note_is_about_lines_with_that_note() -> None:
    """Once "excused" of one note, settled as excused, excused whoever only said that he was."""
    text = (f'{NOTED}{DWAYNE},11/2/2026,U,"excused by PO"\n{DWAYNE},11/9/2026,U,"Excused by  PO"\n'
            f'{JAMES},11/9/2026,U,"says he was excused, PO denies"\n')  # fmt: skip
    errors = examined(text).check.errors
    assert [bool(error.options) for error in errors] == [True, False, True]
    assert "denies" not in errors[2].ask + errors[2].text
    check = examined(text, Answers(values={errors[0].ask.removeprefix("values:"): "E"})).check
    assert sorted(" ".join(record) for record in check.records) == [f"{D}11-02 E", f"{D}11-09 E"]
    assert told(check) == ["R-STATUS-UNKNOWN"]


@pytest.mark.parametrize(("missed", "code"), [("11/2/2026", "M"), ("11/9/2026", "P"), ("11/16/2026", "P"), ("", "P")])
def test_only_a_class_that_was_before_is_made_up(missed: str, code: str) -> None:
    text = f"Name,Case #,Date,Status,Make-up for\n{DWAYNE},11/9/2026,P,{missed}\n"
    assert records(text) == [f"{D}11-09 {code}"]


def test_one_place_in_the_program_is_said_of_its_line() -> None:
    """Once a single "Inactive" made every "Completed" of the file one that is not understood."""
    text = (f"{N}11/2/2026,11/9/2026,11/16/2026\n{DWAYNE},Completed,P,Completed\n"
            f"{JAMES},Completed,Inactive,\n")  # fmt: skip
    assert records(text) == [f"{D}11-02 P", f"{D}11-09 P", f"{D}11-16 P"]
    assert told(checked(text)) == ["R-STATUS-UNKNOWN", "R-STATUS-UNKNOWN"]
    other = f"Name,Case #,Date,Status\n{DWAYNE},11/9/2026,Completed\n{JAMES},11/9/2026,P\n{JAMES},11/16/2026,Active\n"
    assert records(other) == sorted([f"{D}11-09 P", f"{J}11-09 P"])


@pytest.mark.parametrize("label", [
    "New group", "Intake class", "Orientation group", "Make-up class", "Make-up class date", "New group:",
])  # fmt: skip
def test_a_day_beside_what_was_held_on_it_is_that_of_the_class(label: str) -> None:
    assert records(f"{label},11/16/2026\nName,Status\nDwayne O'Neal,U\n") == [f"{D}11-16 U"]


@pytest.mark.parametrize("label", ["Group started", "Class started", "Next group", "New", "Orientation"])
def test_a_day_on_which_something_began_is_none(label: str) -> None:
    assert checked(f"{label},11/16/2026\nName,Status\nDwayne O'Neal,U\n").records == ()


@pytest.mark.parametrize("name", [
    "Mon 6-8", "Men 12-2", "Room 1-2", "Class 3-12", "Week 9-10", "6-8", "Men 11-12",
])  # fmt: skip
def test_hours_and_rooms_in_the_name_of_a_sheet_are_no_second_day(name: str) -> None:
    lines = [["Date: 11/16/2026"], ["Name", "Status"], ["Dwayne O'Neal", "U"]]
    assert recorded(workbook(lambda made: rows(made, lines, name))) == [f"{D}11-16 U"]


@pytest.mark.parametrize("name", ["Nov 9", "11-9", "11-9 MON-6PM"])
def test_a_day_of_the_group_in_the_name_of_a_sheet_is_one(name: str) -> None:
    lines = [["Date: 11/16/2026"], ["Name", "Status"], ["Dwayne O'Neal", "U"]]
    check = workbook(lambda made: rows(made, lines, name))
    assert check.records == () and told(check) == [f"H-TWO-DAYS:{name}"]


@pytest.mark.parametrize("look", ['"Late "0', '0" min late"', '"Tardy - "0'])
def test_nobody_is_late_by_nothing(look: str) -> None:
    """Once a zero in a format for minutes recorded lateness."""

    def fill(made: Any) -> None:
        sheet = rows(made, [["Client", "Case #", "11/2/2026", "11/9/2026"], [*D_IN, "P"]])
        sheet.write_number(1, 3, 0, made.add_format({"num_format": look}))

    check = workbook(fill)
    assert recorded(check) == [f"{D}11-02 P"] and told(check) == ["R-STATUS-UNKNOWN"]


@pytest.mark.parametrize("look", ['0" of 26"', '0" classes"', '0" sessions"', "0"])
def test_a_count_in_a_table_of_totals_stays_one(look: str) -> None:
    def fill(made: Any) -> None:
        sheet = rows(made, [["Client", "Case #", "Sessions completed", "Absences"], [*D_IN, 0, 1]])
        sheet.write_number(1, 2, 5, made.add_format({"num_format": look}))

    (record,) = recorded(workbook(fill))
    assert record.split()[1:] == ["TOTALS", "5", "1"]


WIDE = ["Client", "Case #", "11/2/2026", "11/9/2026"]
OF_CLASSES = [
    "Drug and Alcohol Group", "Drug & Alcohol Treatment Program November 2026", "Alcohol Class", "Grupo alcohol",
    "Sobriety group", "Phone group", "Phone sessions November 2026", "Telephone class Monday", "Sign-in / Fees",
    "Homework and sign in", "UA group", "Men's group November 2026\nDrug test", "Phone group log", "Drug & Alcohol",
    "Phone",
]
OF_OTHERS = [
    "Fee ledger", "Payment ledger", "Co-pay log", "Drug screen log", "UA results - Ms. Karr", "Fees,November", "UA log",
    "Drug test", "Phone check-in", "Monday group UA results", "Monday group fees", "Sobriety log", "Alcohol results",
    "Men's group November 2026\nDrug test log",
]


@pytest.mark.parametrize("title", OF_CLASSES)
def test_what_a_class_is_about_makes_its_sheet_no_other(title: str) -> None:
    """Once groups about drugs and alcohol, and classes over the telephone, were refused."""
    assert records(f"{title}\n{N}11/2,11/9\n{DWAYNE},P,U\n") == [f"{D}11-02 P", f"{D}11-09 U"]


@pytest.mark.parametrize("title", OF_OTHERS)
def test_a_ledger_or_a_log_of_something_else_is_no_attendance(title: str) -> None:
    check = checked(f"{title}\n{N}11/2,11/9\n{DWAYNE},P,U\n")
    assert check.records == () and told(check)[0].startswith("H-NOT-ATTENDANCE:")


@pytest.mark.parametrize("name", ["Drug & Alcohol", "Phone", "Sign-in & fees", "Phone group", "UA class"])
def test_the_sheet_of_a_class_about_something_is_read_beside_others(name: str) -> None:
    def fill(made: Any) -> None:
        rows(made, [WIDE, [*D_IN, "P", ""]], "Monday")
        rows(made, [WIDE, [*D_IN, "", "U"]], name)

    assert recorded(workbook(fill)) == [f"{D}11-02 P", f"{D}11-09 U"]


def test_the_title_over_a_table_says_more_than_the_name_of_its_sheet() -> None:
    check = workbook(lambda made: rows(made, [["UA log"], WIDE, [*D_IN, "P", "U"]], "Attendance"))
    assert check.records == () and told(check) == ["H-NOT-ATTENDANCE:UA log"]
