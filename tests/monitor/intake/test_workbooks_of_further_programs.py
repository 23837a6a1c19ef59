"""Workbooks of further programs: fonts, number formats, formulas, merged headers, sheets, comments."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.record.keeping import cleaned
from tests.monitor.intake.sample_county import TODAY, desk
from tests.monitor.intake.test_sheets_of_further_programs import told

Fill = Callable[[Any], None]
DWAYNE, JAMES = ["O'Neal, Dwayne", "25-CR-000044"], ["Whitefeather, James", "25-CR-001220"]
WIDE, LONG = ["Client", "Case #", "11/2/2026", "11/9/2026"], ["Name", "Case #", "Date", "Status"]
D, J = "P1003 2026-", "P1008 2026-"


def checked(fill: Fill, patch: tuple[str, str, str] | None = None, **options: Any) -> Check:
    """The check of a workbook; ``patch``: a part, a pattern in it, and what stands there instead."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as made:
        fill(made)
    tables, notes = read_workbook(_patched(out.getvalue(), *patch) if patch else out.getvalue(), Limits())
    return examine(cleaned(Reading(tables, notes), TODAY), desk("a.xlsx", stored={})).check


def _patched(content: bytes, part: str, pattern: str, instead: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, re.sub(pattern, instead, text.decode()) if part in name else text)
    return out.getvalue()


def records(check: Check) -> list[str]:
    return sorted(" ".join(record) for record in check.records)


def rows(made: Any, lines: Sequence[Sequence[Any]], name: str = "Nov") -> Any:
    sheet = made.add_worksheet(name)
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    return sheet


def marks(first: Any, second: Any, **look: Any) -> Fill:
    """A roster with two marks of one person in a format."""

    def fill(made: Any) -> None:
        sheet, style = rows(made, [WIDE, DWAYNE]), made.add_format(look)
        sheet.write(1, 2, first, style)
        sheet.write(1, 3, second, style)

    return fill


@pytest.mark.parametrize(("font", "letter"), [
    ("Wingdings", "J"), ("Wingdings", "L"), ("Wingdings", "n"), ("Wingdings", "E"), ("Wingdings", "C"),
    ("Webdings", "n"), ("Wingdings 2", "P"), ("ZapfDingbats", "4"), ("Symbol", "P"),
])  # fmt: skip
@pytest.mark.parametrize("run", [False, True])
def test_no_letter_of_a_picture_font_is_the_letter_itself(font: str, letter: str, run: bool) -> None:
    """Once a smiling face was somebody in custody, and a black square an absence."""

    def fill(made: Any) -> None:
        sheet, style = rows(made, [WIDE, [*DWAYNE, "", "P"]]), made.add_format({"font_name": font})
        if run:
            sheet.write_rich_string(1, 2, style, letter, made.add_format({"font_name": "Calibri"}), " ")
        else:
            sheet.write(1, 2, letter, style)

    check = checked(fill)
    assert records(check) == [f"{D}11-09 P"] and told(check)


@pytest.mark.parametrize(("first", "second", "code", "expected"), [
    (1, 0, '"Absent";;"Present"', [f"{D}11-02 ABS", f"{D}11-09 P"]),
    (1, 0, '[=1]"No show";[=0]"Present";General', [f"{D}11-02 U", f"{D}11-09 P"]),
    (1, 0, '[=1]"Late; no credit";[=0]"Absent"', [f"{D}11-09 ABS"]),
    (25, 1, '"$"#,##0.00', []), (1, 0, "$#,##0.00", []), (1, 0, "[$$-409]#,##0", []), (1, 0, "0%", []),
    (1, 0.0833, "[h]:mm", []), (0.7465, 0.75, "h:mm AM/PM", []), (1, 0, "General", [f"{D}11-02 P", f"{D}11-09 ABS"]),
])  # fmt: skip
def test_a_number_says_what_its_format_shows(first: float, second: float, code: str, expected: list[str]) -> None:
    """Once a dollar was a tick, and a one that Excel shows as "Absent" was somebody who came."""
    check = checked(marks(first, second, num_format=code))
    assert records(check) == expected and (expected or told(check))


@pytest.mark.parametrize(("part", "pattern", "instead", "expected"), [
    ("sharedStrings", "<t>P</t>", '<t>P</t><rPh sb="0" eb="1"><t>E</t></rPh><phoneticPr fontId="1"/>', "P"),
    ("worksheets/sheet", r'<c r="D2".*?</c>', '<c r="D2" t="inlineStr"><is><r><t>No </t></r><r><rPr><b/></rPr><t>show'
     '</t></r><rPh sb="0" eb="1"><t>X</t></rPh></is></c>', "U"),
])  # fmt: skip
def test_how_a_text_is_spoken_is_no_part_of_it(part: str, pattern: str, instead: str, expected: str) -> None:
    check = checked(lambda made: rows(made, [LONG, [*DWAYNE, "11/9/2026", "P"]]), (part, pattern, instead))
    assert records(check) == [f"{D}11-09 {expected}"]


# days


@pytest.mark.parametrize("code", ["ddd", "d", "mmm d", "dddd, mmmm dd", "mm/dd/yy hh:mm", "[$-409]d-mmm;@"])
@pytest.mark.parametrize("since_1904", [False, True])
def test_a_day_is_that_day_however_little_of_it_is_shown(code: str, since_1904: bool) -> None:
    def fill(made: Any) -> None:
        sheet, style = rows(made, [WIDE[:2], [*DWAYNE, "P", "U"]]), made.add_format({"num_format": code})
        for column, day in ((2, 2), (3, 9)):
            sheet.write_datetime(0, column, date(2026, 11, day), style)

    assert records(checked(fill, date_1904=since_1904)) == [f"{D}11-02 P", f"{D}11-09 U"]


@pytest.mark.parametrize("code", ["mmm-yy", "mmmm yyyy", "mm/yyyy"])
def test_a_month_is_not_its_first_day(code: str) -> None:
    """Once the month over a sign-in sheet was the day of the class."""

    def over(lines: Sequence[Sequence[Any]], *at: int) -> Fill:
        def fill(made: Any) -> None:
            sheet, style = rows(made, lines), made.add_format({"num_format": code})
            for number, column in enumerate(at):
                sheet.write_datetime(0, column, date(2026, 11 - number, 1), style)

        return fill

    signed = checked(over([["Attendance"], ["Name", "Case #", "Signature"], [*DWAYNE, "DO"]], 1))
    counted = checked(over([["Client", "Case #"], [*DWAYNE, 1, 0]], 2, 3))
    days = checked(over([["Attendance"], ["Client", "Case #", 2, 9, 16], [*DWAYNE, "P", "U", "P"]], 1))
    assert (records(signed), records(counted)) == ([], []) and told(signed) and told(counted)
    assert records(days) == [f"{D}11-02 P", f"{D}11-09 U", f"{D}11-16 P"]


# formulas

WITHOUT = ("worksheets/sheet", r"(</f>)<v>.*?</v>", r"\1")


def with_formula(at: str, value: Any, lines: Sequence[Sequence[Any]]) -> Fill:
    return lambda made: rows(made, lines).write_formula(at, "=Sheet9!A1", None, value)


@pytest.mark.parametrize(("fill", "patch", "expected", "says"), [
    (with_formula("A3", "x", [["Name", "Date", "Status"], [JAMES[0], "11/2/2026", "P"], ["", "11/9/2026", "U"]]),
     WITHOUT, [f"{J}11-02 P"], "R-WHO-MISSING"),
    (with_formula("D1", 5, [WIDE[:3], [*DWAYNE, "P", "U"]]), WITHOUT, [f"{D}11-02 P"], "W-COLUMN-UNKNOWN:(D)"),
    (with_formula("C2", "z", [WIDE, [*DWAYNE, "", "P"]]), ("worksheets/sheet", r"(</f>)<v>.*?</v>", r"\1<v></v>"),
     [f"{D}11-09 P"], ""),
    (with_formula("C2", 0, [WIDE, [*DWAYNE, "", "P"]]), None, [f"{D}11-09 P"], "R-FORMULA-NO-VALUE"),
    (with_formula("C2", 0, [WIDE, [*DWAYNE, "", "P"]]), ("workbook.xml", 'fullCalcOnLoad="1"', ""),
     [f"{D}11-02 ABS", f"{D}11-09 P"], ""),
    (with_formula("C2", "#N/A", [WIDE, [*DWAYNE, "", "P"]]), None, [f"{D}11-09 P"], "R-STATUS-UNKNOWN"),
    (with_formula("C2", "#REF!", [WIDE, [*DWAYNE, "", "P"]]), None, [f"{D}11-09 P"], "R-STATUS-UNKNOWN"),
])  # fmt: skip
def test_a_formula_counts_with_what_was_saved_beside_it_only(
    fill: Fill, patch: tuple[str, str, str] | None, expected: list[str], says: str
) -> None:
    """Once a name that was never calculated was whoever stood above, and a zero that nobody calculated an absence."""
    check = checked(fill, patch)
    assert records(check) == expected
    assert (says in told(check)) if says else not told(check)


# merged cells


def test_three_rows_of_merged_names_leave_money_and_homework_out() -> None:
    def fill(made: Any) -> None:
        sheet = rows(made, [[], [], ["", "", "Att", "Paid", "HW", "Att", "Paid", "HW"],
                            [*DWAYNE, "P", 25, "Y", "U", "", "N"], [*JAMES, "", 25, "Y", "P", 1, "Y"]])  # fmt: skip
        for cells, text in (("A1:A3", "Participant"), ("B1:B3", "Case #"), ("C1:H1", "November 2026"),
                            ("C2:E2", "11/2"), ("F2:H2", "11/9")):  # fmt: skip
            sheet.merge_range(cells, text)

    check = checked(fill)
    assert records(check) == [f"{D}11-02 P", f"{D}11-09 U", f"{J}11-09 P"]
    assert "W-COLUMN-UNKNOWN:11/9 HW" in told(check)


@pytest.mark.parametrize("weekdays", [[], ["", "", "Mon", "Mon", "Mon", "Mon"]])
def test_merged_months_over_days(weekdays: list[str]) -> None:
    def fill(made: Any) -> None:
        lines = [[], ["", "", 19, 26, 2, 9], *([weekdays] if weekdays else []), [*DWAYNE, "P", "U", "P", "E"]]
        sheet = rows(made, lines)
        for cells, text in ((f"A1:A{len(lines) - 1}", "Participant"), (f"B1:B{len(lines) - 1}", "Case #"),
                            ("C1:D1", "October 2026"), ("E1:F1", "November 2026")):  # fmt: skip
            sheet.merge_range(cells, text)

    assert records(checked(fill)) == [f"{D}10-19 P", f"{D}10-26 U", f"{D}11-02 P", f"{D}11-09 E"]


def test_a_month_that_is_crossed_out_is_so_for_all_of_its_days() -> None:
    """Once only for the first of them, over which it stands."""

    def fill(made: Any) -> None:
        sheet = rows(made, [["Participant", "Case #", "", "", "November 2026"], ["", "", 19, 26, 2, 9],
                            [*DWAYNE, "P", "U", "P", "P"]])  # fmt: skip
        sheet.write(0, 2, "October 2026", made.add_format({"font_strikeout": True}))

    check = checked(fill)
    assert (records(check), told(check)) == ([f"{D}11-02 P", f"{D}11-09 P"], ["R-STRUCK"] * 2)


def test_merged_names_over_lines_for_other_things() -> None:
    def fill(made: Any) -> None:
        lines = [["", kind, *cells] for kind, *cells in (
            ("Attendance", "P", "U"), ("Fee", 25, 0), ("Homework", "Y", "Y"), ("Attendance", "", "P"), ("Fee", 25, 1),
            ("Homework", "Y", "Y"))]  # fmt: skip
        sheet = rows(made, [["Client", "Item", *WIDE[2:]], *lines])
        sheet.merge_range("A2:A4", DWAYNE[0])
        sheet.merge_range("A5:A7", JAMES[0])

    assert records(checked(fill)) == [f"{D}11-02 P", f"{D}11-09 U", f"{J}11-09 P"]


def test_a_name_merged_over_the_column_of_cases_and_a_class_that_was_not_held() -> None:
    def fill(made: Any) -> None:
        sheet = rows(made, [WIDE, ["", "", "P"], [*JAMES, "P"]])
        sheet.merge_range("A2:B2", DWAYNE[0])
        sheet.merge_range("D2:D3", "No class")

    assert records(checked(fill)) == [f"{D}11-02 P", f"{D}11-09 C", f"{J}11-02 P", f"{J}11-09 C"]


# what else hangs on a workbook


def test_boxes_of_a_class_that_nobody_ticked_are_asked_about() -> None:
    check = checked(lambda made: rows(made, [WIDE, [*DWAYNE, True, False], [*JAMES, False, False]]))
    assert records(check) == [f"{D}11-02 P", f"{J}11-02 ABS"] and "Q-VALUE (empty boxes)" in told(check)


def test_of_a_conversation_on_a_cell_its_words_are_offered_and_what_may_tell_of_a_victim_is_not() -> None:
    around = (
        "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any edits to "
        "it will get removed if the file is opened in a newer version of Excel. Learn more: "
        "https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    "
    )

    def fill(made: Any) -> None:
        sheet = rows(made, [WIDE, [*DWAYNE, "U", "U"]])
        sheet.write_comment("C2", f"{around}car trouble, called at five")
        sheet.write_comment("D2", f"{around}his wife called and said he hit her")

    assert [remark.text for remark in checked(fill).remarks] == ["car trouble, called at five"]


def test_rows_and_columns_folded_away_count_and_a_hidden_sheet_does_not() -> None:
    def fill(made: Any) -> None:
        sheet = rows(made, [WIDE, [*DWAYNE, "P", "U"], [*JAMES, "P"]])
        sheet.set_row(2, None, None, {"level": 1, "hidden": True})
        sheet.set_column("D:D", None, None, {"level": 1, "hidden": True})
        sheet.data_validation("C2:D9", {"validate": "list", "source": ["P", "A", "E"]})
        rows(made, [WIDE, [*JAMES, "", "U"]], "Old").hide()

    check = checked(fill)
    assert records(check) == [f"{D}11-02 P", f"{D}11-09 U", f"{J}11-02 P"]
    assert {"W-HIDDEN-SHEET:Old", "W-HIDDEN-ROWS:3", "W-HIDDEN-ROWS:columns|D"} <= set(told(check))


def test_a_sheet_for_each_group_and_one_that_explains_their_signs() -> None:
    def fill(made: Any) -> None:
        rows(made, [["Client", "11/2/2026"], ["Dwayne O'Neal", "X"]], "MON-6PM")
        rows(made, [["Client", "11/4/2026"], ["Robert Smith", "O"]], "WED-6PM")
        rows(made, [["Code", "Meaning"], ["X", "Present"], ["O", "No show"]], "Legend")

    assert records(checked(fill)) == [f"{D}11-02 P", "P1004 2026-11-04 U"]


@pytest.mark.parametrize("name", ["Week of 11-9", "Nov 16-22", "thru 11-16", "Due 11-16", "Printed 11-16"])
def test_the_name_of_a_sheet_for_a_week_is_no_day(name: str) -> None:
    check = checked(lambda made: rows(made, [["Name", "Signature"], ["Dwayne O'Neal", "DO"]], name))
    assert records(check) == [] and told(check)


def test_the_name_of_a_sheet_tells_of_another_year() -> None:
    def fill(made: Any) -> None:
        rows(made, [["Client", "11/2"], ["Dwayne O'Neal", "P"]], "Nov 2026")
        rows(made, [["Client", "11/3"], ["Dwayne O'Neal", "U"]], "Nov 2025")

    check = checked(fill)
    assert (records(check), told(check)) == ([f"{D}11-02 P"], ["R-DATE-YEAR"])


def test_a_number_that_lost_its_letter_is_nobodys() -> None:
    lines = [["Client ID", "Date", "Status"], [1003, "11/9/2026", "P"], ["1.003E+03", "11/9/2026", "P"]]
    check = checked(lambda made: rows(made, lines))
    assert (records(check), told(check)) == ([], ["R-WHO-NOT-ON-ROSTER"] * 2)
