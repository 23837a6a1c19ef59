"""CONSECUTIVE: runs below and at the number, what breaks one, and what leaves it open."""

from __future__ import annotations

import polars as pl
import pytest

from rules.kinds.consecutive import Spec, parting
from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session, weekly

RUN, TWO_READINGS = "CONSECUTIVE_UNEXCUSED_LIMIT", "RULE_AMBIGUOUS"
CODES = {RUN, TWO_READINGS}
TABLE = [
    Situation("two in a row", "us_ok", "2026-06-01", weekly("absent_unexcused", "2026-02-02", 2)),
    Situation(
        "three in a row",
        "us_ok",
        "2026-06-01",
        weekly("absent_unexcused", "2026-02-02", 3),
        {RUN: {"count": 3, "limit": 3, "first_on": "2026-02-16", "evidence": ["s1", "s2", "s3"]}},
    ),
    Situation(
        "a fourth only adds to the run",
        "us_ok",
        "2026-06-01",
        weekly("absent_unexcused", "2026-02-02", 4),
        {RUN: {"count": 4, "first_on": "2026-02-16"}},
    ),
    Situation(
        "attendance breaks it",
        "us_ok",
        "2026-06-01",
        [
            *weekly("absent_unexcused", "2026-02-02", 2),
            session(8, "attended", "2026-02-16"),
            session(9, "absent_unexcused", "2026-02-23"),
        ],
    ),
    Situation(
        "a cancelled class is skipped",
        "us_ok",
        "2026-06-01",
        [
            *weekly("absent_unexcused", "2026-02-02", 2),
            session(8, "cancelled_by_provider", "2026-02-16"),
            session(9, "absent_unexcused", "2026-02-23"),
        ],
        {RUN: {"count": 3, "first_on": "2026-02-23"}},
    ),
    Situation(
        "an excused one inside can be read in two ways",
        "us_ok",
        "2026-06-01",
        [
            *weekly("absent_unexcused", "2026-02-02", 2),
            session(8, "absent_excused", "2026-02-16"),
            session(9, "absent_unexcused", "2026-02-23"),
        ],
        {TWO_READINGS: {"first_on": "2026-02-23", "of_code": RUN}},
    ),
    Situation(
        "a third that nobody decided yet",
        "us_ok",
        "2026-06-01",
        [*weekly("absent_unexcused", "2026-02-02", 2), session(8, "absent", "2026-02-16")],
        unverified=(RUN,),
    ),
    Situation(
        "another program is another run",
        "us_ok",
        "2026-06-01",
        [*weekly("absent_unexcused", "2026-02-02", 2), session(9, "absent_unexcused", "2026-02-16", program="other")],
    ),
    Situation(
        "the court resolved it: the count begins anew",
        "us_ok",
        "2026-06-01",
        [
            *weekly("absent_unexcused", "2026-02-02", 3),
            {"type": "decision", "kind": "breach_resolved", "found": False, "by": "court", "date": "2026-03-02"},
        ],
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_runs_are_followed(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)


def test_where_the_readings_part_twice_the_flag_is_named_after_the_first_run_in_whatever_order_they_come() -> None:
    """Joins keep no order: two evaluations of one record once could name the same flag after different absences."""
    runs = [(20, 700, 70), (30, 300, 30), (40, 500, 50)]
    rows = [
        {
            "order": 1, "lane": 9, "era": 0, "first_t": t, "from_t": t, "era_end_t": None, "keyed": fact,
            "basis": "law", "vid": vid,
        }
        for vid, t, fact in runs
    ]  # fmt: skip
    wide = pl.DataFrame(rows, schema_overrides={"era_end_t": pl.Int64})
    spec = Spec(limit="bip.unexcused_consecutive_violation", tells="ambiguity", of_code=RUN)
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        told = parting(wide[order], wide.clear(), spec).row(0, named=True)
        assert (told["from_t"], told["keyed"], told["vid"]) == (300, 30, 30)
