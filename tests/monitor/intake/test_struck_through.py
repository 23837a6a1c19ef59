"""What is struck through counts nowhere: neither as a mark, nor as who a line is about, nor as the day above it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
import xlsxwriter

from monitor.intake.check import Check
from tests.monitor.intake.test_sheets_of_an_opponent import book
from tests.monitor.intake.test_sheets_of_others import errors

DWAYNE, JAMES = ["O'Neal, Dwayne", "25-CR-000044"], ["Whitefeather, James", "25-CR-001220"]
D, J = ("P1003", "2026-11-09"), ("P1008", "2026-11-09")


def sheet_of(rows: Sequence[Sequence[object]], struck: Collection[tuple[int, int]]) -> Check:
    """The check of a workbook of these rows; (row, column) of what is struck through, from 0."""

    def fill(made: xlsxwriter.Workbook) -> None:
        sheet, line = made.add_worksheet("November"), made.add_format({"font_strikeout": True})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, line if (row, column) in struck else None)

    return book(fill)


@pytest.mark.parametrize("struck", [{(1, 0)}, {(1, 0), (1, 1)}, {(1, 1)}, {(0, 1)}])
def test_a_client_who_is_crossed_out_of_a_roster_gets_no_absences(struck: set[tuple[int, int]]) -> None:
    """Once only the marks and the days were looked at, and who had left the group was absent from every class."""
    rows = [["Client", "Case #", "11/9/2026", "11/16/2026"], [*DWAYNE, "NS", "NS"], [*JAMES, "P", "P"]]
    check = sheet_of(rows, struck)
    assert [one for one in check.records if one[0] == "P1003"] == []
    assert errors(check)[:2] == ["R-STRUCK"] * 2
    assert (len(check.records) == 2) == ((0, 1) not in struck), "the others stay as they are"


def test_a_name_that_is_crossed_out_stays_so_for_the_lines_below_that_go_on_with_it() -> None:
    rows = [["Client", "Case #", "Date", "Status"], [*DWAYNE, "11/9/2026", "NS"], ["", "", "11/16/2026", "NS"],
            [*JAMES, "11/9/2026", "P"]]  # fmt: skip
    check = sheet_of(rows, {(1, 0)})
    assert (check.records, errors(check)) == (((*J, "P"),), ["R-STRUCK"] * 2)


def test_a_name_that_is_crossed_out_over_its_column_stays_so_for_every_day_of_it() -> None:
    rows = [["Date", DWAYNE[0], JAMES[0]], ["11/9/2026", "NS", "P"], ["11/16/2026", "NS", "P"]]
    check = sheet_of(rows, {(0, 1)})
    assert [one[0] for one in check.records] == ["P1008"] * 2 and errors(check) == ["R-STRUCK"] * 2


@pytest.mark.parametrize("struck", [(1, 2), (0, 2)])
def test_a_day_that_is_crossed_out_in_either_row_of_a_header_is_no_class(struck: tuple[int, int]) -> None:
    upper = struck[0] == 0
    head = [["", "", "11/9/2026", "11/16/2026"], ["Client", "Case #"]]
    below = [["Client", "Case #", "November 2026"], ["", "", "11/9/2026", "11/16/2026"]]
    check = sheet_of([*(head if upper else below), [*DWAYNE, "NS", "P"]], {struck})
    assert (check.records, errors(check)) == ((("P1003", "2026-11-16", "P"),), ["R-STRUCK"])


def test_totals_of_a_client_who_is_crossed_out_become_no_draft() -> None:
    rows = [["Client", "Case No.", "Sessions Attended", "Absences"], [*DWAYNE, 19, 6], [*JAMES, 20, 1]]
    check = sheet_of(rows, {(1, 0)})
    assert (check.records, errors(check)) == ((("P1008", "TOTALS", "20", "1"),), ["R-STRUCK"])
    assert DWAYNE[0] in check.errors[0].what


@pytest.mark.parametrize("at", [4, 5])
def test_an_excuse_that_is_crossed_out_is_none_and_neither_is_a_note(at: int) -> None:
    rows = [["Client", "Case #", "Date", "Status", "Excused?", "Notes"],
            [*DWAYNE, "11/9/2026", "Absent", "Y", "doctor"], [*JAMES, "11/9/2026", "Absent", "Y", "work"]]  # fmt: skip
    check = sheet_of(rows, {(1, at)})
    assert (check.records, errors(check)) == (((*J, "E"),), ["R-STRUCK"])


HEAD = ["Client", "Case #", "Status"]


@pytest.mark.parametrize(("above", "struck", "records"), [
    ([["Class date: 11/9/2026"]], {(0, 0)}, ()),
    ([["Date", "11/9/2026"]], {(0, 1)}, ()),
    ([["11/9/2026"]], {(0, 0)}, ()),
    ([["Sign-in, Monday November 9, 2026"]], {(0, 0)}, ()),
    ([["Class date: 11/2/2026"], ["Class date: 11/9/2026"]], {(0, 0)}, ((*D, "U"),)),
    ([["Class date: 11/9/2026"], ["Class date: 11/2/2026"]], {(1, 0)}, ((*D, "U"),)),
])  # fmt: skip
def test_a_class_date_that_is_crossed_out_above_the_table_is_not_the_day(
    above: list[list[str]], struck: set[tuple[int, int]], records: tuple[tuple[str, str, str], ...]
) -> None:
    """Once it was, for labels and titles were read without looking at the line through them."""
    assert sheet_of([*above, HEAD, [*DWAYNE, "NS"]], struck).records == records


@pytest.mark.parametrize("day", ["Class date: 11/16/2026", "11/16/2026 Monday group"])
def test_below_a_day_that_is_crossed_out_between_the_lines_nobody_goes_on_with_the_day_before(day: str) -> None:
    rows = [["Class date: 11/9/2026"], HEAD, [*DWAYNE, "P"], [day], [*JAMES, "NS"]]
    check = sheet_of(rows, {(3, 0)})
    assert (check.records, errors(check)) == (((*D, "P"),), ["R-STRUCK"])
    again = sheet_of([*rows, ["Class date: 11/17/2026"], [*JAMES, "P"]], {(3, 0)})
    assert again.records == ((*D, "P"), ("P1008", "2026-11-17", "P"))


@pytest.mark.parametrize("day", ["Class date: 11/16/2026", "11/16/2026 Monday group"])
def test_a_second_table_whose_day_is_crossed_out_is_not_of_the_first_ones_day(day: str) -> None:
    rows = [["Class date: 11/9/2026"], HEAD, [*DWAYNE, "P"], [], [day], [*HEAD, "Remarks"], [*JAMES, "NS"]]
    check = sheet_of(rows, {(4, 0)})
    assert (check.records, errors(check)) == (((*D, "P"),), ["R-STRUCK"])


def test_a_month_that_is_crossed_out_above_its_days_is_not_theirs() -> None:
    rows = [["November 2026"], ["Client", "Case #", "2", "9", "16"], [*DWAYNE, "NS", "P", "P"]]
    assert len(sheet_of(rows, set()).records) == 3 and sheet_of(rows, {(0, 0)}).records == ()
