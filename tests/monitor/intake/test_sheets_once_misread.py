"""Sheets of one evening that were recorded wrongly without a question; each was judged by hand before it was read."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from monitor.intake.answers import Answers
from monitor.intake.examine import examine
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.reading.workbook import read_workbook
from tests.monitor.intake.sample_county import desk
from tests.monitor.intake.test_sheets_of_further_programs import HEAD, D, J, L, checked, records, told
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, LUIS, asked, examined
from tests.monitor.intake.test_workbooks_of_further_programs import checked as workbook
from tests.monitor.intake.test_workbooks_of_further_programs import records as recorded
from tests.monitor.intake.test_workbooks_of_further_programs import rows

N = "Client,Case #,"
ROBERT_OF_WEDNESDAY = '"Smith, Robert",25-CR-000310'
NOTED = "Name,Case #,Date,Status,Notes\n"
D_IN, J_IN = ["O'Neal, Dwayne", "25-CR-000044"], ["Whitefeather, James", "25-CR-001220"]


@pytest.mark.parametrize(("mark", "note"), [
    ("NS", "excused by PO"), ("U", "attended Wed group instead"), ("U", "error - was present"), ("U", "in jail"),
    ("Absent", "should be P"), ("E", "not excused after all"), ("P", "was absent; will make up"), ("P", "left early"),
    ("P", "sent home, no credit"), ("M", "did not attend"), ("NS", "class cancelled"), ("A/E", "unexcused - no letter"),
])  # fmt: skip
def test_a_note_that_says_otherwise_is_asked_about(mark: str, note: str) -> None:
    check = checked(f'{NOTED}{DWAYNE},11/9/2026,{mark},"{note}"\n{JAMES},11/9/2026,P,\n')
    assert [" ".join(record) for record in check.records] == [f"{J}11-09 P"]
    assert told(check) == ["R-STATUS-UNKNOWN"] and f"“{mark} + " in check.errors[0].what


@pytest.mark.parametrize(("mark", "code", "note"), [
    ("U", "U", "no call"), ("U", "U", "excuse not accepted"), ("U", "U", "not excused"), ("U", "U", "did not attend"),
    ("U", "U", "last attended 10/12"), ("P", "P", "worked well"), ("P", "P", "was absent last week"),
    ("E", "E", "excused by PO"), ("L", "L", "12 min late"), ("U", "U", "never attended"), ("U", "U", "car trouble"),
])  # fmt: skip
def test_a_note_that_fits_is_no_question(mark: str, code: str, note: str) -> None:
    assert records(f'{NOTED}{DWAYNE},11/9/2026,{mark},"{note}"\n') == [f"{D}11-09 {code}"]


def test_an_answer_about_a_mark_and_its_note_is_none_about_the_mark() -> None:
    """Once "class cancelled", said of one line, made cancelled classes of every other no-show of the file."""
    text = f"{NOTED}{DWAYNE},11/9/2026,NS,class cancelled\n{JAMES},11/9/2026,NS,no call\n"
    error = examined(text).check.errors[0]
    values = {error.ask.removeprefix("values:"): "C"}
    check = examined(text, Answers(values=values)).check
    assert sorted(" ".join(record) for record in check.records) == [f"{D}11-09 C", f"{J}11-09 U"]


def test_what_a_note_tells_of_others_is_no_part_of_the_question() -> None:
    error = checked(f"{NOTED}{DWAYNE},11/9/2026,U,attended; his wife lives at 12 Elm St\n").errors[0]
    assert "attended" in error.ask and "wife" not in error.ask + error.text


@pytest.mark.parametrize("word", [
    "refused to sign", "not here", "pending", "see paper copy", "moved to Wed", "will call", "sick?",
])  # fmt: skip
def test_a_word_in_place_of_a_signature_is_no_signature(word: str) -> None:
    text = f"Date: 11/16/2026\nName,Signature\nDwayne O'Neal,{word}\nJames Whitefeather,JW\n"
    assert records(text) == [f"{J}11-16 P"] and told(checked(text)) == ["R-STATUS-UNKNOWN"]


@pytest.mark.parametrize("signed", [
    "Dwayne O'Neal", "D. ONeal", "Dwane Oneil", "DO", "signed", "/s/ DO", "e-signed 11/16", "Electronically signed",
    "Yes", "O'N",
])  # fmt: skip
def test_a_name_or_a_word_for_signing_is_a_signature(signed: str) -> None:
    assert records(f"Date: 11/16/2026\nName,Signature\nDwayne O'Neal,{signed}\n") == [f"{D}11-16 P"]


@pytest.mark.parametrize("signed", ["Jim W", "Jimmy Whitefthr", "J. Whtfthr"])
def test_a_short_form_of_a_name_is_a_signature(signed: str) -> None:
    assert records(f"Date: 11/16/2026\nName,Signature\nJames Whitefeather,{signed}\n") == [f"{J}11-16 P"]


@pytest.mark.parametrize("time", ["0:00", "00:00", "0", "12:00 AM"])
def test_midnight_is_a_cell_that_nobody_filled_in(time: str) -> None:
    text = f"Date: 11/16/2026\nName,Time In,Time Out\nDwayne O'Neal,{time},{time}\nJames Whitefeather,18:00,20:00\n"
    assert records(text) == [f"{J}11-16 P"] and asked(checked(text)) == ["Q-NOT-SIGNED Dwayne O'Neal"]


@pytest.mark.parametrize("title", [
    "Attendance November 2026", "MON-6PM November 2026", "Attendance November 2026 MON-6PM",
])  # fmt: skip
@pytest.mark.parametrize("days", ["4,11,18", "4,7,11", "7,14,21"])
def test_numbers_that_are_days_of_another_group_are_no_days(title: str, days: str) -> None:
    """Once any group of the program was enough: classes 4, 7 and 11 of Monday's became days of Wednesday's."""
    check = checked(f"{title}\n{N}{days}\n{DWAYNE},P,U,P\n{JAMES},P,P,U\n")
    assert check.records == () and "H-NO-MONTH:" in told(check)


def test_who_makes_up_a_class_in_another_group_changes_no_days() -> None:
    text = f"Attendance November 2026\n{N}4,11,18\n{ROBERT_OF_WEDNESDAY},P,U,P\n{DWAYNE},,M,\n"
    assert records(text) == sorted(
        [f"{D}11-11 M", *(f"P1004 2026-11-{day} {code}" for day, code in (("04", "P"), ("11", "U"), ("18", "P")))])


@pytest.mark.parametrize("line", ["WED-6PM,,11/4,11/11", "WED-6PM group,,11/4,11/11", "Wednesday,,11/4,11/11"])
def test_days_that_stand_again_further_down_are_those_of_the_lines_below(line: str) -> None:
    """Once Wednesday's people were put into Monday's classes, absences and all."""
    text = f"{N}11/2,11/9\n{DWAYNE},P,U\n{line}\n{ROBERT_OF_WEDNESDAY},P,U\n"
    assert records(text) == sorted([f"{D}11-02 P", f"{D}11-09 U", "P1004 2026-11-04 P", "P1004 2026-11-11 U"])
    assert told(checked(text)) == []


@pytest.mark.parametrize("title", [
    "Payments received", "Homework log November", "UA results", "Phone check-ins", "Participation ratings (1-5)",
    "Drug test log", "Fees November 2026", "Monday group homework", "Tareas noviembre",
])  # fmt: skip
def test_a_table_of_something_else_is_no_attendance(title: str) -> None:
    wide, long = f"{title}\n{N}11/2,11/9\n{DWAYNE},Y,N\n", f"{title}\nName,Case #,Date,Result\n{DWAYNE},11/9/2026,N\n"
    for text in (wide, long):
        check = checked(text)
        assert check.records == () and told(check) == [f"H-NOT-ATTENDANCE:{title}"]


@pytest.mark.parametrize("title", [
    "Attendance and fees", "Phone: 555-0100", "Fee $25", "Payment due at each class", "Domestic violence group",
    "Test", "Participation November 2026",
])  # fmt: skip
def test_a_title_that_also_speaks_of_fees_stands_above_attendance(title: str) -> None:
    assert records(f"{title}\n{N}11/2,11/9\n{DWAYNE},P,U\n") == [f"{D}11-02 P", f"{D}11-09 U"]


@pytest.mark.parametrize("name", ["Fees", "Homework", "UA results", "Payments Nov"])
def test_sheets_of_something_else_stand_beside_the_attendance(name: str) -> None:
    wide = ["Client", "Case #", "11/2/2026", "11/9/2026"]

    def fill(made: Any) -> None:
        rows(made, [wide, [*D_IN, "P", "U"]], "Attendance")
        rows(made, [wide, [*D_IN, "P", "N"], [*J_IN, "P", "N"]], name)

    check = workbook(fill)
    assert recorded(check) == [f"{D}11-02 P", f"{D}11-09 U"] and told(check) == [f"W-NOT-ATTENDANCE:{name}"]


@pytest.mark.parametrize(("look", "value"), [
    ('0" abs"', 1), ('0" hr"', 0), ("0;-0;;@", 0), (";;;", 0), ("#", 0), ('"-"', 0),
    ('_(* 0_);_(* -0_);_(* "-"??_)', 0),
])  # fmt: skip
def test_a_number_is_what_its_format_shows(look: str, value: int) -> None:
    """Once the number behind it was read: a zero that nobody sees was an absence, "1 abs" was presence."""

    def fill(made: Any) -> None:
        sheet = rows(made, [["Client", "Case #", "11/2/2026", "11/9/2026"], [*D_IN, "P"]])
        sheet.write_number(1, 3, value, made.add_format({"num_format": look}))

    assert recorded(workbook(fill)) == [f"{D}11-02 P"]


def test_zeros_that_a_sheet_does_not_show_are_none() -> None:
    def fill(made: Any) -> None:
        sheet = rows(made, [["Client", "Case #", "11/2/2026", "11/9/2026"], [*D_IN, "", 0]])
        sheet.hide_zero()

    check = workbook(fill)
    assert recorded(check) == [] and check.errors == ()


@pytest.mark.parametrize(("look", "case"), [('00"-CR-"000000', 25000044), ('"25-CR-"000000', 44)])
def test_a_case_number_is_what_its_format_shows(look: str, case: int) -> None:
    def fill(made: Any) -> None:
        sheet = rows(made, [["Case #", "Date", "Status"], ["", "11/9/2026", "U"]])
        sheet.write_number(1, 0, case, made.add_format({"num_format": look}))

    assert recorded(workbook(fill)) == [f"{D}11-09 U"]


def test_a_copied_sheet_whose_title_stayed_is_asked_about() -> None:
    lines = [["Date: 11/9/2026"], ["Name", "Status"], ["Dwayne O'Neal", "U"]]
    check = workbook(lambda made: rows(made, lines, "Nov 16"))
    assert check.records == () and told(check) == ["H-TWO-DAYS:Nov 16"]
    assert recorded(workbook(lambda made: rows(made, lines, "Nov 9"))) == [f"{D}11-09 U"]


@pytest.mark.parametrize("label", ["Report date", "Printed", "Next court date", "Date printed", "Intake date"])
def test_a_day_beside_what_it_is_of_is_no_class(label: str) -> None:
    check = checked(f"{label},11/20/2026\nName,Status\nDwayne O'Neal,U\n")
    assert check.records == ()


@pytest.mark.parametrize("label", ["Client start date", "Enrollment start date", "Supervision start date"])
def test_the_start_of_a_person_is_not_that_of_the_classes(label: str) -> None:
    check = checked(f"{label}: 11/2/2026\n{N}Week 1,Week 2\n{DWAYNE},P,U\n{LUIS},P,P\n")
    assert check.records == () and asked(check) == ["Q-WEEK-DATES Week 1"]


@pytest.mark.parametrize("sheets", [
    {"October 2026": (5, 12, 19), "November 2026": (2, 9, 16)}, {"Oct": (5, 12, 19), "Nov": (2, 9, 16)},
])  # fmt: skip
def test_the_name_of_a_sheet_may_be_the_month_of_its_days(sheets: dict[str, tuple[int, ...]]) -> None:
    def fill(made: Any) -> None:
        for name, days in sheets.items():
            rows(made, [["Client", "Case #", *days], [*D_IN, "P", "U", "P"]], name)

    assert len(recorded(workbook(fill))) == 6
    differ: list[list[Any]] = [["October 2026"], ["Client", "Case #", 5, 12, 19], [*D_IN, "P", "U", "P"]]
    assert recorded(workbook(lambda made: rows(made, differ, "Nov"))) == []


def test_dashes_on_days_off_leave_a_calendar_one() -> None:
    days = ",".join(str(day) for day in range(1, 31))
    marks = ",".join({2: "P", 9: "NS"}.get(day, "-") for day in range(1, 31))
    assert records(f"Attendance November 2026\n{N}{days}\n{DWAYNE},{marks}\n") == [f"{D}11-02 P", f"{D}11-09 U"]
    assert records(f"{HEAD}{LUIS},11/9/2026,P\n") == [f"{L}11-09 P"]


READ: dict[str, tuple[str, list[str]]] = {
    "a day once for all of a class, left of the people": (
        f"Date,Name,Case #,Status\n11/9/2026,{DWAYNE},P\n,{JAMES},U\n,{LUIS},P\n11/16/2026,{DWAYNE},U\n,{LUIS},P\n",
        [f"{L}11-09 P", f"{L}11-16 P", f"{D}11-09 P", f"{D}11-16 U", f"{J}11-09 U"],
    ),
    "a line for the day, and people below it": (
        f"Date,Name,Case #,Status\n11/9/2026,,,\n,{DWAYNE},P\n,{JAMES},U\n11/16/2026,,,\n,{DWAYNE},U\n",
        [f"{D}11-09 P", f"{D}11-16 U", f"{J}11-09 U"],
    ),
    "weekday and day under a month": (
        f"Attendance November 2026\n{N}Mon 2,Mon 9,Mon 16\n{DWAYNE},P,U,P\n",
        [f"{D}11-02 P", f"{D}11-09 U", f"{D}11-16 P"],
    ),
    "the year first, with points": (f"{HEAD}{DWAYNE},2026.11.09,P\n", [f"{D}11-09 P"]),
    "what kind of absence": (
        f"Name,Case #,Date,Status,Absence type\n{DWAYNE},11/9/2026,Abs,Excused\n{JAMES},11/9/2026,Abs,Unexcused\n",
        [f"{D}11-09 E", f"{J}11-09 U"],
    ),
    "a reason alone excuses nobody": (
        f"Name,Case #,Date,Status,Reason\n{DWAYNE},11/9/2026,Absent,sick\n", [f"{D}11-09 ABS"],
    ),
    "what a class makes up": (
        f"Name,Case #,Date,Status,Make-up for\n{DWAYNE},11/11/2026,P,11/9/2026\n{JAMES},11/9/2026,P,\n",
        [f"{D}11-11 M", f"{J}11-09 P"],
    ),
    "credit in a column of its own": (
        f"Name,Case #,Date,Attended,Credit\n{DWAYNE},11/9/2026,Y,N\n{JAMES},11/9/2026,Y,Y\n", [f"{J}11-09 P"],
    ),
    "who was not scheduled": (
        f"Name,Case #,Date,Scheduled,Attended\n{DWAYNE},11/9/2026,Y,N\n{JAMES},11/9/2026,N,N\n", [f"{D}11-09 ABS"],
    ),
    "a list of places in the program": (
        f"{HEAD}{DWAYNE},11/16/2026,Completed\n{JAMES},11/16/2026,Active\n", [],
    ),
    "one day that is missing among others": (
        f"Date,Name,Case #,Status\n11/9/2026,{DWAYNE},P\n,{JAMES},U\n11/9/2026,{LUIS},P\n",
        [f"{L}11-09 P", f"{D}11-09 P"],
    ),
    "the same person twice below one day": (
        f"Date,Name,Case #,Status\n11/9/2026,{DWAYNE},P\n,{JAMES},U\n,{DWAYNE},U\n", [f"{D}11-09 P"],
    ),
    "weekday and day under no month": (f"{N}Mon 2,Mon 9\n{DWAYNE},P,U\n", []),
    "weekday and day that do not fit": (f"Attendance November 2026\n{N}Mon 3,Mon 10\n{DWAYNE},P,U\n", []),
    "weekday and day down the side": (
        "Start date: 11/2/2026\nDay,Dwayne O'Neal,James Whitefeather\nMon 2,P,U\nMon 9,P,U\n", [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("habit", READ)
def test_a_sheet_is_read_as_whoever_made_it_meant_it(habit: str) -> None:
    text, expected = READ[habit]
    assert records(text) == sorted(expected)
    if len(expected) < 2 and habit != "the year first, with points" and habit != "a reason alone excuses nobody":
        assert told(checked(text)), "what is not taken is named"


def test_minutes_beside_present_are_pointed_out() -> None:
    check = checked(f"Name,Case #,Date,Status,Minutes late\n{DWAYNE},11/9/2026,P,45\n{JAMES},11/9/2026,P,0\n")
    assert [(one.row, one.code) for one in check.warnings] == [(2, "W-LATE-BY-TIME")]


@pytest.mark.parametrize(("link", "said"), [("", ["W-TICK-BOXES:2"]), ('fmlaLink="C2" ', [])])
def test_boxes_that_are_drawn_over_cells_are_named(link: str, said: list[str]) -> None:
    """Once a roster of such boxes was a sheet without marks, and nothing was said of them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        rows(made, [["Client", "Case #", "11/2/2026", "11/9/2026"], [*D_IN, "", "P"]])
    with zipfile.ZipFile(out, "a") as parts:
        for number in (1, 2):
            parts.writestr(f"xl/ctrlProps/ctrlProp{number}.xml", f'<formControlPr objectType="CheckBox" {link}/>')
    tables, notes = read_workbook(out.getvalue(), Limits())
    check = examine(Reading(tables, notes), desk("a.xlsx", stored={})).check
    assert recorded(check) == [f"{D}11-09 P"] and told(check) == said
