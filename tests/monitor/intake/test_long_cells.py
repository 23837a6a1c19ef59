"""Cells of four thousand letters, made to set a pattern of the reader going: the sheet is judged in moments.

A sheet is read in a child that the machine holds short, but judged in the application itself (`intake.examine`).
"""

from __future__ import annotations

import time

import pytest

from monitor.intake.examine import examine
from monitor.intake.reading.jail import read_file
from tests.monitor.intake.sample_county import desk

LONG = 4_000
# by what they are aimed at; most kept a processor busy for a quarter of a second each, the last two for years
CELLS = {
    "a day": "1" + " " * LONG + "x", "a day after its weekday": "1 do" * (LONG // 4), "a class": "week " + " 1" * 1_900,
    "a label": "date:" * (LONG // 5) + ";", "a key": "p = " + "p=" * (LONG // 2), "a reason": "a (" * (LONG // 3),
    "a late minute": "l" + " 1" * (LONG // 2), "a make-up": "m" + "(\t" * (LONG // 2), "digits": "m" + "1" * LONG + "x",
}  # fmt: skip


@pytest.mark.parametrize("place", ["above", "header", "cells", "below"])
@pytest.mark.parametrize("kind", CELLS)
def test_a_sheet_of_long_cells_is_judged_in_moments(kind: str, place: str) -> None:
    long = [CELLS[kind] + str(number) for number in range(6)]  # each its own, so that nothing is remembered
    rows = [["Name", "11/2/2026", "11/9/2026"], ["Doe, Jan", "P", "P"], ["Roe, Kim", "P", "U"]]
    if place == "above":
        rows.insert(0, long)
    elif place == "header":
        rows[0] += long
        rows[1:] = [[*row, *"PPPPPP"] for row in rows[1:]]
    elif place == "cells":
        rows += [["Poe, Lee", first, second] for first, second in zip(long[::2], long[1::2], strict=True)]
    else:
        rows += [[one] for one in long]
    content = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()
    began = time.process_time()
    examine(read_file(content, "week.csv"), desk("week.csv"))
    assert time.process_time() - began < 1
