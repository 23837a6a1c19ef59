"""Rules over a folder of Parquet partitions: the evaluation of the database run, one partition in memory at a time.

Several processes take a partition each, with one thread each: faster than one process with as many threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from rules.calendar import end_of_day
from rules.evaluate import evaluate, read_spans
from rules.frames import FactFrames, conform
from rules.pack_files import Packs
from rules.partitions import partitions_of, read_partition, unread
from rules.unplaced import added, unplaced

INSTANT = timedelta(microseconds=1)


class Counts(msgspec.Struct, forbid_unknown_fields=True):
    """What a run over a folder did. `unreadable`: partitions left out. `unread`: files of no known kind, or without
    orders. By frame: `refused`, rows that did not fit; `unplaced`, rows that name an order or a person of whom no
    order is on record.
    """

    partitions: int = 0
    orders: int = 0
    spans: int = 0
    cannot_evaluate: int = 0
    refused: dict[str, int] = {}
    unplaced: dict[str, int] = {}
    unreadable: list[str] = []
    unread: list[str] = []

    def with_part(self, part: Counts) -> Counts:
        """Both together."""
        return Counts(
            self.partitions + part.partitions, self.orders + part.orders, self.spans + part.spans,
            self.cannot_evaluate + part.cannot_evaluate,
            added(self.refused, part.refused), added(self.unplaced, part.unplaced),
            [*self.unreadable, *part.unreadable], [*self.unread, *part.unread],
        )  # fmt: skip


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run over a folder is about. Spans go to `out`: all, or those open at the end of `as_of`."""

    folder: Path
    out: Path
    packs: Packs
    known_at: datetime
    as_of: date | None = None
    engine: str = "polars"


Work = Callable[[Run, Path], Counts]
Each = Callable[[Work, Run, list[Path]], Iterable[Counts]]
ENGINES: Final[dict[str, Callable[[FactFrames, Packs, datetime], pl.DataFrame]]] = {"polars": evaluate}


def one_after_another(work: Work, run: Run, places: list[Path]) -> Iterable[Counts]:
    """The partitions in this process."""
    return (work(run, place) for place in places)


def evaluate_folder(run: Run, say: Callable[[str], None] = lambda _: None, each: Each = one_after_another) -> Counts:
    """Write `out`/<partition>.parquet for every partition in `folder`.

    `each`: how the partitions are gone through, such as by several processes (monitor.side_by_side); what is written is
    the same. A partition that cannot be read is named in the counts and stops no other.
    """
    run.out.mkdir(parents=True, exist_ok=True)
    places = partitions_of(run.folder)
    counts = Counts(unread=unread(run.folder))
    for number, part in enumerate(each(one_partition, run, places), 1):
        counts = counts.with_part(part)
        say(f"{number} of {len(places)} partitions, {counts.spans:,} spans")
    return counts


def one_partition(run: Run, place: Path) -> Counts:
    """Evaluate one partition. Nothing of it is kept in memory but its counts."""
    try:
        facts = read_partition(run.folder, place)
    except (pl.exceptions.PolarsError, OSError) as error:
        return Counts(unreadable=[f"{place.name}: {str(error).splitlines()[0]}"])
    spans = ENGINES[run.engine](facts, run.packs, run.known_at)
    write_whole(spans if run.as_of is None else open_on(spans, run.as_of), run.out / f"{place.name}.parquet")
    return Counts(
        partitions=1,
        orders=facts.orders.get_column("order").n_unique() if "order" in facts.orders.columns else 0,
        spans=spans.height,
        cannot_evaluate=spans.filter(pl.col("certainty") == "CANNOT_EVALUATE").height,
        refused=dict(refused(facts)),
        unplaced=dict(unplaced(facts)),
    )


def refused(facts: FactFrames) -> Iterable[tuple[str, int]]:
    """Frames with rows that do not fit their schema, and how many."""
    for name, frame in facts.items():
        left_out = conform(name, frame)[1].height
        if left_out:
            yield name, left_out


def open_on(spans: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The spans open at the end of a day, by the clock of each order's court."""
    # what is told of an order without a zone goes by UTC
    read = [read_spans(spans.filter(pl.col("zone").is_null()), end_of_day(as_of, "UTC") - INSTANT)]
    for zone in spans.get_column("zone").drop_nulls().unique().sort():
        read.append(read_spans(spans.filter(pl.col("zone") == zone), end_of_day(as_of, zone) - INSTANT))
    return pl.concat(read)


def write_whole(frame: pl.DataFrame, file: Path) -> None:
    """Write a file that is there in full or not at all."""
    unfinished = file.with_suffix(".unfinished")
    frame.write_parquet(unfinished, compression="zstd")
    unfinished.replace(file)
