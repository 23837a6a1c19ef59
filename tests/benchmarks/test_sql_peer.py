"""The SQL peer and the engine say the same, row for row, so that their times may be compared."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from rules.catalogue import CATALOGUE
from tests.benchmarks.rules_evaluation import make
from tests.benchmarks.sql_peer import CODES, by_engine, by_sql, shared, spans_in

PEOPLE = 1_500
# Of what is uncertain the peer says since when and by how much at the most; which rows that rests on only the engine.
OF_THE_CERTAIN = ("count", "evidence", "counter", "counter_why")
# What silence could still add to these is foreseen by the engine week by week; the peer tells it up to today, at once.
FORESEEN = ("ABSENCE_UNEXCUSED", "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the engine and the SQL peer find about one small population."""
    place = tmp_path_factory.mktemp("peer")
    make(f"{place}/facts", PEOPLE)
    by_engine(f"{place}/facts", f"{place}/ours")
    by_sql(f"{place}/facts", f"{place}/theirs")
    return spans_in(place / "ours"), spans_in(place / "theirs")


@pytest.mark.parametrize("code", CODES)
def test_the_sql_peer_gives_the_engines_rows(both: tuple[pl.DataFrame, pl.DataFrame], code: str) -> None:
    told = (pl.col("code") == code) & ((pl.col("certainty") == "CERTAIN") | (code not in FORESEEN))
    ours, theirs = (comparable(found.filter(told)) for found in both)
    assert ours.height > 10
    assert ours.rows() == theirs.rows()


def comparable(found: pl.DataFrame) -> pl.DataFrame:
    return found.with_columns(pl.when(pl.col("certainty") == "CERTAIN").then(c).alias(c) for c in OF_THE_CERTAIN)


def test_the_peer_has_rules_of_six_kinds() -> None:
    assert len({CATALOGUE[code].kind for code in CODES}) == 6


def test_what_is_compared_has_corrections_repeats_conflicts_eras_and_silence_in_it(tmp_path: Path) -> None:
    make(f"{tmp_path}/facts", PEOPLE)
    with shared(f"{tmp_path}/facts") as peer:
        for table in ("replaced", "repeats", "conflicts", "resets", "blocked", "unreported"):
            assert peer.execute(f"select count(*) from {table}").fetchone() != (0,), table
