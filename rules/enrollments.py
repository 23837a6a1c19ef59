"""When a person was in no program: from the day after the last enrollment ended to the next one."""

from __future__ import annotations

from typing import Final

import polars as pl

ENDED: Final = ("discharged", "exited", "rejected")


def out_of_program(enrollments: pl.DataFrame, transfers: pl.DataFrame) -> pl.DataFrame:
    """order, id (of the event that ended it), on, from_on, back_on, back_t, finished, zone_ix, end_t.

    Both frames as `Ground.laid` gives them. Nobody is out of program while another enrollment stands. A transfer is a
    new enrollment.
    """
    rows = joined_and_left(enrollments, transfers).sort("order", "t", "joins", "id")
    ends = rows.filter(~pl.col("joins"))
    inside = elsewhere(rows, ends)
    ends = ends.join(inside, on=["order", "id"], how="anti")
    back = ends.select("order", "id", "t").join(
        rows.filter("joins").select("order", back_t="t", back_on="on"), on="order"
    )
    back = back.filter(pl.col("back_t") >= pl.col("t")).sort("order", "id", "back_t")
    back = back.unique(["order", "id"], keep="first", maintain_order=True).select("order", "id", "back_t", "back_on")
    return ends.join(back, on=["order", "id"], how="left").with_columns(from_on=pl.col("on") + 1)


def joined_and_left(enrollments: pl.DataFrame, transfers: pl.DataFrame) -> pl.DataFrame:
    """order, id, program, on, t, zone_ix, end_t, joins, finished: a row for each beginning and end of an enrollment.

    A transfer is told only as the beginning of the new one.
    """
    word = pl.col("event").cast(pl.String)
    turns = enrollments.filter(word.is_in([*ENDED, "enrolled"])).select(
        "order", "id", "program", "on", "t", "zone_ix", "end_t", joins=word == "enrolled",
        finished=(pl.col("reason") == "completed").fill_null(False),
    )  # fmt: skip
    moved = transfers.select(
        "order", "id", "on", "t", "zone_ix", "end_t", program="to_program", joins=pl.lit(True), finished=pl.lit(False)
    )
    return pl.concat([turns, moved.select(turns.columns)])


def turns_of(enrollments: pl.DataFrame, transfers: pl.DataFrame) -> pl.DataFrame:
    """order, id, program, on, t, joins, over_on (the first day that is no longer with a program that was left).

    Whoever is discharged is with the program for the rest of that day; a transfer begins with the new one.
    """
    turns = joined_and_left(enrollments, transfers)
    turns = turns.select("order", "id", "program", "on", "t", "joins", over_on=pl.col("on") + 1)
    left = transfers.select(
        "order", "id", "on", "t", program="from_program", joins=pl.lit(False), over_on="on"
    )
    return pl.concat([turns, left.select(turns.columns)])


def elsewhere(rows: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """order, id of endings at which another program's enrollment stood."""
    joins = rows.filter("joins").select("order", other="program", joined_t="t")
    pairs = ends.select("order", "id", "program", "t").join(joins, on="order")
    pairs = pairs.filter((pl.col("other") != pl.col("program")) & (pl.col("joined_t") <= pl.col("t")))
    left = ends.select("order", other="program", left_t="t")
    gone = pairs.join(left, on=["order", "other"], how="left")
    was_left = ((pl.col("left_t") >= pl.col("joined_t")) & (pl.col("left_t") <= pl.col("t"))).fill_null(False)
    stood = gone.group_by("order", "id", "other", "joined_t").agg(gone=was_left.any())
    return stood.filter(~pl.col("gone")).select("order", "id").unique()
