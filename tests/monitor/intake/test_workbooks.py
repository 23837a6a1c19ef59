"""Real workbooks, made by another program's writer: several sheets, merged cells, dates, formulas, ticks, comments."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import fastexcel
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.jail import read_file
from monitor.intake.reading.tables import Limits
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.record.keeping import cleaned
from monitor.intake.workbook_out import write_workbook
from tests.monitor.intake.sample_county import TODAY, desk

Fill = Callable[[Any], None]


def made(fill: Fill, **options: Any) -> bytes:
    """A workbook as `fill` writes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        fill(book)
    return out.getvalue()


def checked(content: bytes, **changes: Any) -> Check:
    return examine(read_file(content, "roster.xlsx"), desk("roster.xlsx", **changes)).check


def codes(check: Check) -> set[str]:
    return {message.code for message in (*check.messages, *check.errors, *check.warnings)}


def rows_in(book: Any, rows: list[list[Any]], name: str = "Roster") -> Any:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for index, value in enumerate(row):
            sheet.write(number, index, value)
    return sheet


def test_two_sign_in_sheets_take_their_dates_from_the_names_of_the_sheets() -> None:
    def fill(book: Any) -> None:
        for name, who in (("Nov 9", "James Whitefeather"), ("Nov 16", "Luis Garcia-Ortiz")):
            rows_in(book, [["Participant Name", "Time In", "Signature"], [who, "5:55 PM", "x"]], name)

    check = checked(made(fill))
    assert check.layout == "S"
    assert check.records == (("P1008", "2026-11-09", "P"), ("P1002", "2026-11-16", "P"))


def test_a_merged_name_goes_for_all_its_rows() -> None:
    def fill(book: Any) -> None:
        sheet = rows_in(book, [["Participant", "Session Date", "Status"]])
        sheet.merge_range("A2:A5", "Whitefeather, James")
        for row, line in enumerate((["10/5/2026", "P"], ["10/12/2026", "P"], ["10/19/2026", "U"], ["10/26/2026", "E"])):
            sheet.write_row(row + 1, 1, line)

    check = checked(made(fill))
    assert check.new == 4 and "I-FILL-DOWN" in codes(check)


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_are_read_whether_typed_or_written_in_either_date_system(since_1904: bool) -> None:
    def fill(book: Any) -> None:
        sheet = rows_in(book, [["Name", "Case #", "Date", "Status"]])
        style = book.add_format({"num_format": "m/d/yyyy"})
        sheet.write_row("A2", ["O'Neal, Dwayne", "25-CR-000044"])
        sheet.write_datetime("C2", date(2026, 11, 9), style)
        sheet.write("D2", "P")
        sheet.write_row("A3", ["O'Neal, Dwayne", "25-CR-000044", "11/16/2026", "P"])

    check = checked(made(fill, date_1904=since_1904))
    assert [record[1] for record in check.records] == ["2026-11-09", "2026-11-16"]
    assert "I-DATE-SERIAL" in codes(check) and check.errors == ()


def test_typed_dates_may_head_the_columns() -> None:
    def fill(book: Any) -> None:
        sheet = rows_in(book, [["Client"], ["Whitefeather, James", "P", "E"]])
        style = book.add_format({"num_format": "mmm d"})
        for column, day in enumerate((date(2026, 11, 2), date(2026, 11, 9)), 1):
            sheet.write_datetime(0, column, day, style)

    assert checked(made(fill)).records == (("P1008", "2026-11-02", "P"), ("P1008", "2026-11-09", "E"))


def test_colours_without_words_record_nothing_and_are_pointed_out() -> None:
    def fill(book: Any) -> None:
        sheet = rows_in(book, [["Client", "11/2/2026", "11/9/2026"], ["Whitefeather, James"]])
        for column, colour in ((1, "#00ff00"), (2, "#ff0000")):
            sheet.write_blank(1, column, None, book.add_format({"bg_color": colour}))

    check = checked(made(fill))
    assert check.new == 0 and "W-COLOR-ONLY" in codes(check)


def test_a_tick_of_a_picture_font_is_asked_about() -> None:
    def fill(book: Any) -> None:
        sheet = rows_in(book, [["Client", "11/2/2026"], ["Whitefeather, James"]])
        sheet.write(1, 1, "ü", book.add_format({"font_name": "Wingdings"}))

    check = checked(made(fill))
    (question,) = check.questions
    assert (question.code, question.values, question.suggest, check.held) == ("Q-VALUE", ("✓ (SYMBOL)",), "Attended", 1)
    assert checked(made(fill), answers=Answers(values={question.key: "P"})).new == 1


def test_a_formula_counts_with_its_saved_value_and_is_refused_without() -> None:
    def fill(value: str) -> Fill:
        def write(book: Any) -> None:
            sheet = rows_in(book, [["Client", "11/2/2026"], ["Whitefeather, James"]])
            sheet.write_formula(1, 1, '=IF(B9>0,"P","U")', None, value)

        return write

    assert checked(made(fill("P"))).records == (("P1008", "2026-11-02", "P"),)
    check = checked(_without_values(made(fill("P"))))
    assert [(message.row, message.code) for message in check.errors] == [(2, "R-FORMULA-NO-VALUE")]


def _without_values(content: bytes) -> bytes:
    """The same workbook as a program writes it that does not calculate."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, re.sub(rb"(</f>)<v>.*?</v>", rb"\1", part) if "sheet1" in name else part)
    return out.getvalue()


def test_rows_hidden_by_a_filter_are_read_and_pointed_out() -> None:
    def fill(book: Any) -> None:
        sheet = rows_in(book, [["Name", "Case #", "Date", "Status"],
                               ["Whitefeather, James", "25-CR-001220", "11/2/2026", "P"],
                               ["Whitefeather, James", "25-CR-001220", "11/9/2026", "P"]])  # fmt: skip
        sheet.set_row(2, options={"hidden": True})

    check = checked(made(fill))
    assert check.new == 2
    assert [message.detail for message in check.messages if message.code == "W-HIDDEN-ROWS"] == ["3"]


def test_a_hidden_sheet_is_left_out_and_named() -> None:
    def fill(book: Any) -> None:
        rows_in(book, [["Name", "Case #", "Date", "Status"], ["Whitefeather, James", "25-CR-001220", "11/2/2026", "P"]])
        rows_in(book, [["Name", "Date"], ["x", "y"]], "Old").hide()

    check = checked(made(fill))
    assert check.new == 1 and "W-HIDDEN-SHEET" in codes(check)


def test_a_comment_on_a_cell_is_offered_and_not_kept_unasked() -> None:
    def fill(book: Any) -> None:
        sheet = rows_in(book, [["Client", "11/2/2026"], ["Whitefeather, James", "U"]])
        sheet.write_comment("B2", "called, car trouble")

    reading = read_file(made(fill), "a.xlsx")
    assert [(row, column) for row, column, _ in reading.tables[0].remarks] == [(2, 2)]
    assert "car trouble" in reading.tables[0].remarks[0][2]
    examined = examine(reading, desk("a.xlsx"))
    (remark,) = examined.check.remarks
    assert examined.rows[0].note == "" and "car trouble" in remark.text
    taken = examine(reading, desk("a.xlsx", answers=Answers(remarks={remark.key: "yes"})))
    assert "car trouble" in taken.rows[0].note


def test_a_workbook_that_writes_numbers_keeps_them_as_written() -> None:
    def fill(book: Any) -> None:
        rows_in(book, [["participant_id", "session_date", "status", "minutes_late"], ["P1002", "2026-11-09", "L", 12]])

    assert examine(read_file(made(fill), "a.xlsx"), desk("a.xlsx")).rows[0].minutes_late == 12


def test_telephone_and_victim_words_are_not_kept() -> None:
    header = ["Name", "Date", "Status", "Phone", "Comments"]
    row = ["Roe", "11/9/2026", "P", "503-555-0142", "his wife said no"]
    kept = cleaned(read_file(write_workbook({"A": [header, row]}), "a.xlsx"), TODAY).tables[0].rows[1]
    assert kept == ["Roe", "11/9/2026", "P", "", "[removed: may tell of a protected person]"]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(TEXT, min_size=1, max_size=5), min_size=1, max_size=6))
def test_what_we_write_another_reader_reads_and_so_do_we(rows: list[list[str]]) -> None:
    if not any(cell.strip() for row in rows for cell in row):
        return
    content = write_workbook({"A": rows})
    (table,), _ = read_workbook(content, Limits())
    theirs = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars()
    filled = {(r, c): cell for r, row in enumerate(table.rows) for c, cell in enumerate(row) if cell}
    written = {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row)}
    assert filled.keys() <= written.keys()
    assert len(theirs) <= len(rows)


def test_our_reader_and_calamine_agree_on_a_workbook_of_every_kind_of_cell() -> None:
    def fill(book: Any) -> None:
        rows = [["Name", "n", "f", "t"], ["é, “x”", 7, 0.25, "007"], ["Doe & <Roe>", -3, 1e9, " padded "]]
        sheet = rows_in(book, rows)
        sheet.write_boolean("E2", True)
        sheet.write_formula("F2", "=1+1", None, 2)

    content = made(fill)
    ours = read_file(content, "a.xlsx").tables[0].rows
    frame = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars()
    theirs = [[(cell or "").strip() for cell in row] for row in frame.rows()]
    width = len(theirs[0])
    padded = [row + [""] * (width - len(row)) for row in ours]
    assert [[cell.lower() for cell in row] for row in padded] == [[cell.lower() for cell in row] for row in theirs]


@pytest.mark.parametrize("first", ["Summary", "Nov"])
def test_totals_beside_classes_are_set_aside_wherever_they_stand(first: str) -> None:
    """Once the classes were counted, and saving kept only the drafts of reports."""
    tables = {
        "Summary": [["Name", "Case #", "Sessions Attended", "Absences"], ["Whitefeather, James", "25-CR-001220", 8, 1]],
        "Nov": [["Name", "Case #", "11/9/2026"], ["Whitefeather, James", "25-CR-001220", "P"]],
    }

    def fill(book: Any) -> None:
        for name in (first, *(tables.keys() - {first})):
            rows_in(book, tables[name], name)

    check = checked(made(fill))
    assert (check.layout, check.new, check.records) == ("W", 1, (("P1008", "2026-11-09", "P"),))
    assert "W-TOTALS-BESIDE" in codes(check) and "W-TOTALS-ONLY" not in codes(check)


def test_bare_numbers_of_a_workbook_from_1904_are_days_since_then() -> None:
    """Once they were days of four years before."""
    for at_head in (False, True):
        table = [["Name", "Case #", 44873], ["Whitefeather, James", "25-CR-001220", "P"]] if at_head else [
            ["Name", "Case #", "Date", "Status"], ["Whitefeather, James", "25-CR-001220", 44873, "P"]]
        content = made(lambda book, table=table: rows_in(book, table), date_1904=True)
        assert checked(content).records == (("P1008", "2026-11-09", "P"),)
        kept = cleaned(read_file(content, "roster.xlsx"), TODAY)
        assert examine(kept, desk("roster.xlsx")).check.records == (("P1008", "2026-11-09", "P"),)
