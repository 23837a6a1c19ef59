"""A small turn of the benchmark: it measures what it says, and a docket with its paper stays far below its goal."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.docket_paper import GOAL_DOCKET_S, run


def test_a_docket_with_its_pdf_stays_within_its_share_of_the_goal(tmp_path: Path) -> None:
    told = run(tmp_path, cases=6, pages=12)
    assert told["cases"] == 6 and told["pages"] == 12
    assert 0 < told["docket_s"] < GOAL_DOCKET_S  # ten times less work than the goal allows for
    assert told["docket_s"] >= told["pdf_s"] > 0 and told["pages_s"] > 0
