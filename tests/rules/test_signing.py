"""The content hash of a span can be worked out again from what it says, by anyone, and tells of every change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

import polars as pl
import pytest

from rules import packs
from rules.evaluate import evaluate
from rules.frames import SPANS
from rules.population import Recipe, population
from rules.signing import LAW, with_versions

KNOWN_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def spans() -> pl.DataFrame:
    loaded = packs.load()
    return evaluate(population(Recipe(people=60, packs=tuple(sorted(loaded.rules)))), loaded, KNOWN_AT)


def test_every_hash_is_that_of_the_text_which_the_page_describes(spans: pl.DataFrame) -> None:
    laws = spans.select(pl.struct(LAW).struct.json_encode()).to_series().to_list()
    for row, law in zip(spans.iter_rows(named=True), laws, strict=True):
        assert row["version"] == digest(text(row, law)), row


def digest(said: str) -> str:
    return blake2b(said.encode(), digest_size=12).hexdigest()


def text(row: dict[str, Any], law: str) -> str:
    told = [name for name in SPANS if name not in ("order", "code", "version", *LAW) and row[name] is not None]
    lines = [f"\n{name}={plain(row[name])}" for name in told]
    return "".join(lines) + (f"\nlaw={digest(law)}" if row["rule"] else "")


def plain(value: Any) -> str:
    if isinstance(value, datetime):
        return str((value - EPOCH) // (datetime.resolution))
    if isinstance(value, date):
        return str((value - EPOCH.date()).days)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def test_rows_signed_by_themselves_have_the_hash_that_they_had_among_others(spans: pl.DataFrame) -> None:
    few = spans.sample(40, seed=2)
    assert with_versions(few.drop("version")).get_column("version").to_list() == few.get_column("version").to_list()


@pytest.mark.parametrize("column", [name for name in SPANS if name not in ("order", "code", "version")])
def test_whatever_a_span_says_is_in_its_hash(spans: pl.DataFrame, column: str) -> None:
    filled = spans.filter(pl.col(column).is_not_null()).head(1)
    if filled.is_empty():
        filled = spans.head(1)
        changed = filled.with_columns(pl.Series(column, [some(SPANS[column])], dtype=SPANS[column]))
    else:
        changed = filled.with_columns(pl.lit(None, SPANS[column]).alias(column))
    assert with_versions(changed).item(0, "version") != filled.item(0, "version")


def some(kind: Any) -> Any:
    if isinstance(kind, pl.List):
        return ["a"] if kind.inner == pl.String else [1]
    return date(2026, 1, 1) if kind == pl.Date else "a" if kind == pl.String else 1


def test_the_order_and_the_code_of_a_span_stand_in_its_key(spans: pl.DataFrame) -> None:
    begun = pl.concat_str(["code", "order"], separator=":") + ":"
    assert spans.select(pl.col("key").str.starts_with(begun)).to_series().all()
