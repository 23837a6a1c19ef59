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
