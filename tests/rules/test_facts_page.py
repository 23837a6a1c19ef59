"""The page for people who bring Parquet says every frame, column, type and word that there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rules.frames import FACT, FACTS, SCHEMAS, SPANS, FactFrames, empty, required

PAGE = (Path(__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\*\*)?(\w+)(?:\*\*)? \| ([^|]+) \| (.+) \|$", re.MULTILINE)


def columns_told(of: str) -> dict[str, tuple[bool, str, str]]:
    """column -> (must be filled, type, meaning) of one section."""
    section = PAGE.split(f"\n{of}\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    rows = [row for row in ROW.findall(section) if row[1] != "column"]
    return {name: (bool(bold), kind, meaning) for bold, name, kind, meaning in rows}


def own_columns(frame: str) -> dict[str, Any]:
    schema = SCHEMAS[frame]
    if frame not in FACTS:
        return schema
    # a column of all facts is told again where a frame asks more of it
    again = {c for c in FACT if c in required(frame) and c in ("order", "at")}
    return {c: t for c, t in schema.items() if c not in FACT or c in again or c in FACTS[frame]}


@pytest.mark.parametrize("frame", SCHEMAS)
def test_every_column_of_a_frame_is_told_with_its_type_and_words(frame: str) -> None:
    told = columns_told(f"### {frame}")
    assert list(told) == list(own_columns(frame))
    for column, kind in own_columns(frame).items():
        must, said, meaning = told[column]
        assert must == (column in required(frame)), column
        assert said == name_of(kind), column
        if isinstance(kind, pl.Enum):
            assert re.findall(r"`(\w+)`", meaning) == kind.categories.to_list(), column


def test_the_columns_of_every_fact_and_of_spans_are_told() -> None:
    assert list(columns_told("## Columns that every fact has")) == list(FACT)
    assert list(columns_told("## What comes out: spans")) == list(SPANS)


def name_of(kind: Any) -> str:
    if isinstance(kind, pl.Enum):
        return "Enum"
    return "Datetime(us, UTC)" if isinstance(kind, pl.Datetime) else str(kind)


def test_whoever_brings_orders_alone_brings_an_empty_frame_of_every_other_kind() -> None:
    frames = FactFrames(orders=empty("orders"))
    assert {name: frame.schema for name, frame in vars(frames).items()} == {
        name: empty(name).schema for name in vars(frames)
    }
