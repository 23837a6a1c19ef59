"""The problem file: the same sheet and three columns more, safe to open, and safe to send again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.intake.examine import Examined, examine
from monitor.intake.problems import Download, problem_file, safe_cell
from monitor.intake.reading.jail import read_file
from monitor.intake.workbook_out import write_workbook
from tests.monitor.intake.sample_county import TODAY, desk

SAMPLES = Path(__file__).parent / "samples"


def problems_of(content: bytes, name: str) -> tuple[Examined, Download]:
    reading = read_file(content, name)
    examined = examine(reading, desk(name))
    held = [(one.sheet, one.row, one.code) for one in examined.rows if one.outcome == "held"]
    return examined, problem_file(reading, examined.check, held, TODAY)


@pytest.mark.parametrize(
    "name", ["09_two_smiths_no_dob.csv", "11_mixed_date_order.csv", "12_future_old_and_discharged.csv",
             "13_duplicates_and_conflicts.csv", "17_unknown_codes_and_contradiction.csv"]
)  # fmt: skip
def test_the_problem_file_read_again_has_the_same_problems_and_nothing_else(name: str) -> None:
    before, file = problems_of((SAMPLES / name).read_bytes(), name)
    after, _ = problems_of(file.content, file.file_name)
    assert [message.code for message in after.check.errors] == [message.code for message in before.check.errors]
    assert after.check.held == before.check.held
    assert after.check.new == 0
    assert not {message.code for message in after.check.messages} & {"W-COLUMN-UNKNOWN", "H-DUPLICATE"}


def test_a_corrected_row_is_the_only_new_one() -> None:
    name = "12_future_old_and_discharged.csv"
    _, file = problems_of((SAMPLES / name).read_bytes(), name)
    corrected = file.content.replace(b"11/30/2026", b"11/16/2026")
    again, _ = problems_of(corrected, "corrected.csv")
    assert again.check.records == (("P1001", "2026-11-16", "P"),)


def test_each_row_says_what_it_is_and_what_to_do() -> None:
    _, file = problems_of((SAMPLES / "12_future_old_and_discharged.csv").read_bytes(), "a.csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["_code"] for row in rows] == ["R-AFTER-DISCHARGE", "R-DATE-FUTURE", "R-DATE-BEFORE-START"]
    assert all(row["_result"] == "not saved" and row["_what_to_do"] for row in rows)


def test_problems_of_several_sheets_come_back_as_a_workbook_of_the_same_sheets() -> None:
    header = ["Name", "Case #", "Date", "Status"]
    sheets = {name: [header, ["Nobody, Pat", "", "11/9/2026", "P"]] for name in ("Nov", "Dec")}
    examined, file = problems_of(write_workbook(sheets), "Nobody, Pat.xlsx")
    assert file.file_name == "rows-to-correct-2026-11-22.xlsx" and len(examined.check.errors) == 2
    again = read_file(file.content, file.file_name)
    assert [table.sheet for table in again.tables] == ["Nov", "Dec"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\u200b=1", "＝1", "\r=1"])
def test_no_cell_of_ours_is_a_formula(text: str) -> None:
    assert safe_cell(text).startswith("'")


@given(st.text(max_size=20))
def test_a_cell_is_left_as_it_is_or_gets_one_apostrophe(text: str) -> None:
    assert safe_cell(text) in (text, f"'{text}")
