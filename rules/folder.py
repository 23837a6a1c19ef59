"""Rules over a folder of Parquet partitions: the evaluation of the database run, one partition in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import msgspec
import polars as pl

from rules.calendar import end_of_day
from rules.evaluate import evaluate, read_spans
from rules.frames import FactFrames, conform
from rules.packs import Packs
from rules.partitions import partitions_of, read_partition

INSTANT = timedelta(microseconds=1)


class Counts(msgspec.Struct):
    """What a run over a folder did. `refused`: rows that did not fit, by frame. `unreadable`: partitions left out."""

    partitions: int = 0
    orders: int = 0
    spans: int = 0
    cannot_evaluate: int = 0
    refused: dict[str, int] = {}
    unreadable: list[str] = []


def evaluate_folder(
    folder: Path,
    out: Path,
    packs: Packs,
    known_at: datetime,
    as_of: date | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Counts:
    """Write `out`/<partition>.parquet for every partition in `folder`: all spans, or those open at the end of `as_of`.

    A partition that cannot be read is named in the counts and stops no other.
    """
    out.mkdir(parents=True, exist_ok=True)
    counts = Counts()
    places = partitions_of(folder)
    for number, place in enumerate(places):
        say(f"{number} of {len(places)} partitions, {counts.spans:,} spans")
        try:
            facts = read_partition(folder, place)
        except (pl.exceptions.PolarsError, OSError) as error:
            counts.unreadable.append(f"{place.name}: {str(error).splitlines()[0]}")
            continue
        spans = evaluate(facts, packs, known_at)
        write_whole(spans if as_of is None else open_on(spans, as_of), out / f"{place.name}.parquet")
        _count(counts, facts, spans)
    return counts


def _count(counts: Counts, facts: FactFrames, spans: pl.DataFrame) -> None:
    counts.partitions += 1
    counts.orders += facts.orders.get_column("order").n_unique() if "order" in facts.orders.columns else 0
    counts.spans += spans.height
    counts.cannot_evaluate += spans.filter(pl.col("certainty") == "CANNOT_EVALUATE").height
    for name, rows in refused(facts):
        counts.refused[name] = counts.refused.get(name, 0) + rows


def refused(facts: FactFrames) -> Iterable[tuple[str, int]]:
    """Frames with rows that do not fit their schema, and how many."""
    for name, frame in facts.items():
        left_out = conform(name, frame)[1].height
        if left_out:
            yield name, left_out


def open_on(spans: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The spans open at the end of a day, by the clock of each order's court."""
    known = spans.get_column("zone").is_in(available_timezones()).fill_null(False)
    read = [read_spans(spans.filter(~known), end_of_day(as_of, "UTC") - INSTANT)]
    for zone in spans.filter(known).get_column("zone").unique().sort():
        read.append(read_spans(spans.filter(pl.col("zone") == zone), end_of_day(as_of, zone) - INSTANT))
    return pl.concat(read)


def write_whole(frame: pl.DataFrame, file: Path) -> None:
    """Write a file that is there in full or not at all."""
    unfinished = file.with_suffix(".unfinished")
    frame.write_parquet(unfinished, compression="zstd")
    unfinished.replace(file)
