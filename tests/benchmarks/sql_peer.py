"""Nine of our rules as hand-tuned DuckDB SQL, over the same Parquet partitions: a peer to measure the engine against.

    monitor bench sql_peer                  20,000 and 200,000 people, one thread and two
    python -m tests.benchmarks.sql_peer 2000

The SQL (`sql_peer/`, shared tables first, then a file a rule) gives what the engine gives, row for row, on populations
of `rules.population`; what such people never have is left out of it, in its favour: facts bound to one order, make-ups,
leaves, schedules of sessions, suspended orders, flags that a person resolved, retractions of other facts than sessions.
Both sides read, find the spans of these rules and write the compared columns as Parquet.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from rules import packs
from rules.evaluate import evaluate
from rules.frames import FACTS
from rules.pack_files import Packs
from rules.partitions import partitions_of, read_partition
from tests.benchmarks.measure import in_child, tell
from tests.benchmarks.rules_evaluation import KNOWN_AT, make

SIZES: Final = (20_000, 200_000)
THREADS: Final = (1, 2)
GOAL: Final = 3.0
SQL: Final = Path(__file__).parent / "sql_peer"
SHARED: Final = ("orders", "sessions", "windows")
# each rule is a file of SQL; together six of the nine kinds
CODES: Final = (
    "ABSENCE_PENDING", "ABSENCE_UNEXCUSED", "ATTENDANCE_WINDOW_MISSED", "CHECKIN_MISSED", "ENROLLMENT_OVERDUE",
    "NO_CONTACT_ALLEGED", "PROGRESS_REPORT_OVERDUE", "TEST_NONCOMPLIANT", "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED",
)  # fmt: skip
COMPARED: Final = (
    "order", "code", "about", "program", "key", "certainty", "starts_at", "ends_at", "first_on", "due_on",
    "window_from", "window_to", "count", "count_most", "limit", "evidence", "counter", "counter_why",
)  # fmt: skip
DAYS: Final = ("first_on", "due_on", "window_from", "window_to")


def by_engine(folder: str, out: str) -> int:
    """Partition by partition, as `monitor evaluate --facts` does, with the packs cut down to these rules."""
    Path(out).mkdir()
    some = only(packs.load(), CODES)
    rows = 0
    for place in partitions_of(Path(folder)):
        found = evaluate(read_partition(Path(folder), place), some, KNOWN_AT, signed=False).select(COMPARED)
        found.write_parquet(Path(out) / f"{place.name}.parquet", compression="zstd")
        rows += found.height
    return rows


def only(whole: Packs, codes: tuple[str, ...]) -> Packs:
    """The packs with no other rules than these."""
    return replace(whole, rules={name: [r for r in rules if r.code in codes] for name, rules in whole.rules.items()})


def by_sql(folder: str, out: str, threads: int = 1) -> int:
    """All partitions in one go, which suits it best."""
    Path(out).mkdir()
    rules = " union all ".join(f"({sql(code.lower())})" for code in CODES)
    with shared(folder, threads) as peer:
        written = peer.execute(f"copy ({rules}) to '{out}/spans.parquet' (format parquet, compression zstd)").fetchone()
    return int(written[0]) if written else 0


@contextmanager
def shared(folder: str, threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that holds what the rules share, each frame being a view `f_<name>` of all partitions."""
    with duckdb.connect(config={"threads": threads, "preserve_insertion_order": False}) as peer:
        peer.execute("set timezone = 'UTC'")
        peer.execute(f"set variable known = timestamptz '{KNOWN_AT.isoformat()}'")
        for name in ("orders", "terms", *FACTS):
            if any(Path(folder).glob(f"*/{name}.parquet")):
                peer.execute(f"create view f_{name} as select * from read_parquet('{folder}/*/{name}.parquet')")
        peer.execute(f"create view f_holidays as select * from read_parquet('{folder}/holidays.parquet')")
        for name in SHARED:
            peer.execute(sql(name))
        yield peer


def sql(name: str) -> str:
    """A file of SQL."""
    return (SQL / f"{name}.sql").read_text()


def spans_in(out: Path) -> pl.DataFrame:
    """What either side wrote, in one order and one set of types."""
    found = pl.read_parquet(out / "*.parquet").with_columns(pl.col("code", "certainty").cast(pl.String))
    days = [pl.col(day).cast(pl.Int32) for day in DAYS]
    return found.with_columns(days).select(COMPARED).sort("code", "key", "starts_at")


def run(people: int) -> None:
    """Measure one size."""
    with tempfile.TemporaryDirectory() as place:
        in_child(make, f"{place}/facts", people)
        for threads in THREADS:
            ours, theirs = f"{place}/ours-{threads}", f"{place}/theirs-{threads}"
            engine = in_child(by_engine, f"{place}/facts", ours, threads=threads)
            peer = in_child(by_sql, f"{place}/facts", theirs, threads)
            tell(
                "sql_peer", people=people, threads=threads, rules=len(CODES), spans=engine.result,
                equal=spans_in(Path(ours)).equals(spans_in(Path(theirs))), **_figures("engine", engine),
                **_figures("sql", peer), times_faster=round(peer.cpu_s / engine.cpu_s, 2),
                process_times_faster=round(peer.process_cpu_s / engine.process_cpu_s, 2), goal=GOAL,
            )  # fmt: skip


def _figures(name: str, measured: Any) -> dict[str, float]:
    return {f"{name}_cpu_s": measured.cpu_s, f"{name}_wall_s": measured.wall_s, f"{name}_peak_mib": measured.peak_mib}


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        run(size)
