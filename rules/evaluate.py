"""From facts and packs to spans. The clock is no input: `known_at` says what was on record, reading says when.

Contract for callers (the scenario runner, monitor.compliance, `monitor evaluate`):

    packs = rules.packs.load()                       # ours, or ours and a site's own folders
    spans = evaluate(facts, packs, known_at)         # rules.frames.SPANS; ends in the future included
    open_now = read_spans(spans, at)                 # one row per open flag, plus `days_late`
    counts = tally(facts, packs, known_at, at)       # one row per order

A retraction is given as a row of the retracted fact's own frame: a new id, `supersedes` = the target, `retracted`.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from rules.frames import SPANS, FactFrames
from rules.packs import Packs

TALLY = {
    "order": pl.Int64,
    "credited_sessions": pl.Int64,
    "credited_minutes": pl.Int64,
    "excused": pl.Int64,
    "unexcused": pl.Int64,
    "pending": pl.Int64,
    "not_counted": pl.Int64,
    "unreported": pl.Int64,
}


def evaluate(facts: FactFrames, packs: Packs, known_at: datetime) -> pl.DataFrame:
    """Every span that the packs' rules foresee from what was recorded by `known_at` (UTC instant, inclusive)."""
    return pl.DataFrame(schema=SPANS)


def read_spans(spans: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """The rows open at an instant, one per `key`; `count` is brought to `at` and `days_late` (Int64) added.

    To read at the end of a local day, pass the last instant of that day (end_of_day - 1 microsecond).
    """
    return spans.with_columns(days_late=pl.lit(None, pl.Int64))


def tally(facts: FactFrames, packs: Packs, known_at: datetime, at: datetime) -> pl.DataFrame:
    """Counts of the current era per order at `at`, with what was known at `known_at`. Columns: TALLY."""
    return pl.DataFrame(schema=TALLY)
