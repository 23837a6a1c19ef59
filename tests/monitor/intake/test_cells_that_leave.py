"""What leaves us as a table: no cell begins, seen or not, so that a spreadsheet program takes it for a formula."""

from __future__ import annotations

import csv
import io

import pytest

from monitor.intake.problems import safe_cell

SIGNS = "=+-@−＝＋－＠﹢﹣﹦﹫⁺⁻⁼₊₋₌"
UNSEEN = (" \u00a0\u200b\u200c\u200d\u2060\ufeff\u202e\u3000\u180e\x00\x0b\x1c\xad\u2028\u034f"
          "\u115f\u1160\u3164\uffa0\u200e\u2066\U000e0001")  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_a_formula_is_text_whatever_nobody_sees_in_front_of_it(sign):
    for before in ("", *UNSEEN, " \N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}"):
        assert safe_cell(f"{before}{sign}1+1") == f"'{before}{sign}1+1", f"{before!r} {sign!r}"


@pytest.mark.parametrize("start", ["\0", "\t", "\r", "\n", "\r\n"])
def test_a_cell_that_begins_with_the_end_of_another_is_text(start):
    assert safe_cell(f"{start}Ann Example") == f"'{start}Ann Example"


@pytest.mark.parametrize("text", ["Ann Example", " Ann", "", "  ", "2026-11-30", "O'Neil", "a=b", "\xad", "Ångström"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_a_line_s_end_within_a_cell_begins_no_row_of_its_own():
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe_cell("Ann\r=1+1"), safe_cell("Ann\n=1+1")])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == ["Ann\r=1+1", "Ann\n=1+1"]
