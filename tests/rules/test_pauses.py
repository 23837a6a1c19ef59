"""Starts and ends of custody, as several offices write them down, become the days on which somebody was in jail."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from rules.pauses import paired

Written = tuple[str, str | None, int]  # what was written down, on what ground, on which day
EDGES = {
    "order": pl.Int64, "kind": pl.String, "basis": pl.String, "id": pl.Int64, "event": pl.String,
    "on": pl.Int32, "t": pl.Int64,
}  # fmt: skip
# (what happened, what was written down, {(ground, first day, day of release; None = still in)})
TABLE: list[tuple[str, list[Written], set[tuple[str | None, int, int | None]]]] = [
    ("held and let go", [("start", "hold", 2), ("end", "hold", 9)], {("hold", 2, 9)}),
    ("still in", [("start", "hold", 2)], {("hold", 2, None)}),
    ("let go, no ground given", [("start", "hold", 2), ("end", None, 9)], {("hold", 2, 9)}),
    ("written down twice", [("start", "hold", 2), ("start", "hold", 4), ("end", "hold", 9)], {("hold", 2, 9)}),
    ("in and out on one day", [("start", "hold", 2), ("end", "hold", 2)], {("hold", 2, 2)}),
    ("in again on the day of release", [("start", None, 2), ("end", None, 9), ("start", None, 9)],
     {(None, 2, 9), (None, 9, None)}),
    ("in again, and out again on that day",
     [("start", None, 2), ("end", None, 9), ("start", None, 9), ("end", None, 12)], {(None, 2, 9), (None, 9, 12)}),
    ("an end without a start", [("end", "hold", 2), ("start", "hold", 4)], {("hold", 4, None)}),
    ("sentenced on the day on which the hold ends",
     [("start", "pretrial", 2), ("end", "pretrial", 9), ("start", "sentence", 9), ("end", "sentence", 40)],
     {("pretrial", 2, 9), ("sentence", 9, 40)}),
    ("sentenced while held, the hold ended afterwards",
     [("start", "pretrial", 2), ("start", "sentence", 5), ("end", "pretrial", 9)],
     {("pretrial", 2, 9), ("sentence", 5, None)}),
    ("sentenced while held, let go from the sentence, the hold never closed",
     [("start", "hold", 2), ("start", "sentence", 5), ("end", "sentence", 40)], {("hold", 2, 40), ("sentence", 5, 40)}),
    ("the same, and held again in summer",
     [("start", "hold", 2), ("start", "sentence", 5), ("end", "sentence", 40), ("start", "hold", 60),
      ("end", "hold", 61)],
     {("hold", 2, 40), ("sentence", 5, 40), ("hold", 60, 61)}),
    ("still held when the sentence is over",
     [("start", "hold", 2), ("start", "sentence", 5), ("end", "sentence", 40), ("end", "hold", 50)],
     {("hold", 2, 50), ("sentence", 5, 40)}),
    ("let go from everything",
     [("start", "hold", 2), ("start", "sentence", 5), ("end", None, 40)], {("hold", 2, 40), ("sentence", 5, 40)}),
    ("an end of a ground that nobody wrote down",
     [("start", "hold", 2), ("start", "sentence", 5), ("end", "pretrial", 40)], {("hold", 2, 40), ("sentence", 5, 40)}),
    ("the end of a hold told twice",
     [("start", "hold", 2), ("start", "sentence", 5), ("end", "hold", 9), ("end", "hold", 10)],
     {("hold", 2, 9), ("sentence", 5, None)}),
]  # fmt: skip


def as_edges(written: list[Written], order: int = 1) -> pl.DataFrame:
    rows = [(order, "custody", basis, n, event, day, day * 86_400) for n, (event, basis, day) in enumerate(written)]
    return pl.DataFrame(rows, schema=EDGES, orient="row")


def days(found: pl.DataFrame) -> set[tuple[str | None, int, int | None]]:
    return set(found.select("basis", "from_on", "to_on").rows())


@pytest.mark.parametrize(("says", "written", "inside"), TABLE, ids=[one[0] for one in TABLE])
def test_what_was_written_down_says_who_was_in_jail(
    says: str, written: list[Written], inside: set[tuple[str | None, int, int | None]]
) -> None:
    found = paired(as_edges(written))
    assert days(found) == inside
    assert found.select((pl.col("to_t") == pl.col("to_on") * 86_400).all()).item() in (True, None)


def test_neither_the_order_of_records_nor_who_else_was_jailed_changes_anything() -> None:
    every = pl.concat([as_edges(written, order=n) for n, (_, written, _) in enumerate(TABLE)])
    places = list(range(every.height))
    Random(7).shuffle(places)
    found = paired(every[places])
    for n, (says, _, inside) in enumerate(TABLE):
        assert days(found.filter(pl.col("order") == n)) == inside, says
