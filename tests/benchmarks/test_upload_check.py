"""A 5,000-row sheet reaches its check page within five seconds of processor time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.upload_check import GOAL_MEGABYTES, GOAL_SECONDS, LONG, ROWS, run, run_long


@pytest.mark.benchmark
def test_a_sheet_of_five_thousand_rows_is_checked_within_five_seconds_of_processor_time(tmp_path: Path) -> None:
    for result in run(tmp_path):
        assert result["new"] + result["errors"] == ROWS
        assert result["cpu_s"] <= GOAL_SECONDS, result


@pytest.mark.benchmark
@pytest.mark.slow
def test_two_hundred_thousand_rows_are_saved_in_one_go_within_a_gigabyte(tmp_path: Path) -> None:
    result = run_long(tmp_path)
    assert (result["saved"], result["exit_code"]) == (LONG, 0)
    assert result["peak_mb"] <= GOAL_MEGABYTES, result
