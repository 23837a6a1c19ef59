"""A row that names an order or a person who is not there counts nowhere, and somebody sees that it came."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from rules import packs
from rules.evaluate import evaluate
from rules.folder import Run, evaluate_folder
from rules.frames import FactFrames
from rules.partitions import split
from rules.population import Recipe, population
from tests.rules.test_folder import KNOWN_AT, changed, in_one, monitor, written

PACKS = packs.load()
NOBODY, NO_ORDER = 9_999_999, 8_888_888


@pytest.fixture(scope="module")
def whole() -> FactFrames:
    return population(Recipe(people=12, seed=5))


@pytest.fixture(scope="module")
def spans(whole: FactFrames) -> pl.DataFrame:
    return evaluate(whole, PACKS, KNOWN_AT)


def bound(whole: FactFrames, order: int) -> tuple[int, FactFrames]:
    """(a person, the facts with an absence of that person more, which names this order)."""
    row = whole.sessions.filter(pl.col("outcome") == "absent").head(1)
    more = row.with_columns(id=pl.lit(NOBODY, pl.Int64), order=pl.lit(order, pl.Int64), on=pl.col("on") + timedelta(1))
    return row.item(0, "person"), changed(whole, sessions=pl.concat([whole.sessions, more]))


def told(spans: pl.DataFrame) -> list[tuple[int, str, str]]:
    found = spans.filter(pl.col("certainty") == "CANNOT_EVALUATE")
    return list(found.select("person", "code", "note").iter_rows())


def certain(spans: pl.DataFrame) -> pl.DataFrame:
    return spans.filter(pl.col("certainty") != "CANNOT_EVALUATE")


def test_an_order_that_is_not_there_is_told_of_on_the_persons_own(whole: FactFrames, spans: pl.DataFrame) -> None:
    person, facts = bound(whole, NO_ORDER)
    found = evaluate(facts, PACKS, KNOWN_AT)
    assert told(found) == [(person, "INPUT_MISSING", "sessions.order")]
    assert_frame_equal(certain(found), spans)


def test_what_names_another_persons_order_counts_for_neither(whole: FactFrames, spans: pl.DataFrame) -> None:
    person = bound(whole, NO_ORDER)[0]
    other = whole.orders.filter(pl.col("person") != person).item(0, "order")
    found = evaluate(bound(whole, other)[1], PACKS, KNOWN_AT)
    assert told(found) == [(person, "INPUT_MISSING", "sessions.order")]
    assert_frame_equal(certain(found), spans)


def test_it_is_told_of_until_somebody_corrects_or_withdraws_it(whole: FactFrames) -> None:
    person, facts = bound(whole, NO_ORDER)
    wrong = facts.sessions.filter(pl.col("id") == NOBODY)
    later = wrong.with_columns(
        id=pl.lit(NOBODY + 1, pl.Int64), supersedes=pl.lit(NOBODY, pl.Int64),
        recorded_at=pl.col("recorded_at") + timedelta(5),
    )  # fmt: skip
    own = whole.orders.filter(pl.col("person") == person).item(0, "order")
    for mended in (later.with_columns(order=pl.lit(own, pl.Int64)), later.with_columns(retracted=True)):
        after = changed(facts, sessions=pl.concat([facts.sessions, mended]))
        assert told(evaluate(after, PACKS, KNOWN_AT)) == []
        before = later.item(0, "recorded_at") - timedelta(1)
        assert told(evaluate(after, PACKS, before)) == [(person, "INPUT_MISSING", "sessions.order")]


def test_a_protective_order_is_there_once_it_was_issued(whole: FactFrames) -> None:
    issued = whole.order_events.filter(pl.col("event").cast(pl.String) == "issued")
    assert issued.height
    assert told(evaluate(whole, PACKS, KNOWN_AT)) == []
    served = whole.order_events.filter(pl.col("event").cast(pl.String) != "issued")
    found = told(evaluate(changed(whole, order_events=served), PACKS, KNOWN_AT))
    assert {note for _, _, note in found} == {"order_events.order"}


def test_an_order_that_came_on_record_later_was_not_there_before(whole: FactFrames, spans: pl.DataFrame) -> None:
    person, facts = bound(whole, NO_ORDER)
    later = whole.orders.filter(pl.col("person") == person).with_columns(
        order=pl.lit(NO_ORDER, pl.Int64), recorded_at=pl.lit(KNOWN_AT + timedelta(1))
    )
    both = changed(facts, orders=pl.concat([whole.orders, later]))
    found = evaluate(both, PACKS, KNOWN_AT)
    assert told(found) == [(person, "INPUT_MISSING", "sessions.order")]
    assert_frame_equal(certain(found), spans)
    assert told(evaluate(both, PACKS, KNOWN_AT + timedelta(1))) == []


def test_rows_of_nobody_are_counted_by_the_folder_and_stop_nobody(
    whole: FactFrames, spans: pl.DataFrame, tmp_path: Path
) -> None:
    stranger = whole.tests.head(2).with_columns(person=pl.lit(NOBODY, pl.Int64))
    terms = pl.DataFrame([{"order": NO_ORDER, "source": "order", "term": "bip.sessions_min", "number": 3,
                           "recorded_at": KNOWN_AT}]).cast({"source": whole.terms.schema["source"]})  # fmt: skip
    facts = changed(bound(whole, NO_ORDER)[1], tests=pl.concat([whole.tests, stranger]),
                    terms=pl.concat([whole.terms, terms], how="diagonal_relaxed"))  # fmt: skip
    folder = written(tmp_path / "facts", [facts])
    counts = evaluate_folder(Run(folder, tmp_path / "out", PACKS, KNOWN_AT))
    assert counts.unplaced == {"sessions": 1, "terms": 1, "tests": 2}
    assert (counts.cannot_evaluate, counts.refused) == (1, {})
    assert_frame_equal(certain(in_one(tmp_path / "out")), spans)
    done = monitor("evaluate", "--facts", folder, "--out", tmp_path / "again", "--known-at", "2026-11-02T08:00:00Z")
    assert json.loads(done.stdout)["unplaced"] == counts.unplaced


def test_nothing_is_unplaced_in_a_sound_population_however_it_is_cut(whole: FactFrames, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", split(whole, 3))
    assert evaluate_folder(Run(folder, tmp_path / "out", PACKS, KNOWN_AT)).unplaced == {}
