"""Rules over people with 14 months of facts: against merely reading the same Parquet columns, in one run.

    monitor bench rules_evaluation                   20,000 and 200,000 people
    python -m tests.benchmarks.rules_evaluation 2000 500000
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from rules import packs
from rules.evaluate import evaluate
from rules.folder import write_whole
from rules.frames import FactFrames
from rules.partitions import mixed, name_of, partitions_of, read_partition, write_partition, write_shared
from rules.population import Recipe, population
from rules.signing import with_versions
from tests.benchmarks.measure import Measured, cpu_seconds, in_child, tell

SIZES = (20_000, 200_000)
PEOPLE_OF_A_PARTITION = 20_000
KNOWN_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
DIRTY_IN = 100
GOAL = 6.0


def make(folder: str, people: int) -> int:
    """Write the population; how many facts."""
    count = -(-people // PEOPLE_OF_A_PARTITION)
    rows = 0
    for number in range(count):
        facts = population(Recipe(people=people), number, count)
        write_partition(Path(folder) / name_of(number), facts, sort=False)
        write_shared(Path(folder), facts)
        rows += sum(frame.height for name, frame in facts.items() if name not in ("orders", "terms", "holidays"))
    return rows


def scan(folder: str) -> int:
    """Read every column that evaluation reads, and nothing else."""
    rows = 0
    for place in partitions_of(Path(folder)):
        rows += sum(frame.height for _, frame in read_partition(Path(folder), place).items())
    return rows


def full(folder: str, out: str) -> dict[str, Any]:
    """What `monitor evaluate --facts` does, partition by partition, and the processor seconds of each step."""
    Path(out).mkdir()
    switched_on = packs.load()
    spent = dict.fromkeys(("read", "rules", "sign", "write"), 0.0)
    spans = 0
    for place in partitions_of(Path(folder)):
        marks = [cpu_seconds()]
        facts = read_partition(Path(folder), place)
        marks.append(cpu_seconds())
        found = evaluate(facts, switched_on, KNOWN_AT, signed=False)
        marks.append(cpu_seconds())
        found = with_versions(found)
        marks.append(cpu_seconds())
        write_whole(found, Path(out) / f"{place.name}.parquet")
        marks.append(cpu_seconds())
        spans += found.height
        for step, (before, after) in zip(spent, pairwise(marks), strict=True):
            spent[step] += after - before
    return {"spans": spans, **{f"{step}_cpu_s": round(seconds, 2) for step, seconds in spent.items()}}


def dirty(folder: str) -> int:
    """One person in a hundred, out of all partitions, in one evaluation."""
    parts = [few(read_partition(Path(folder), place)) for place in partitions_of(Path(folder))]
    frames = [dict(part.items()) for part in parts]
    whole = {name: pl.concat([one[name] for one in frames]) for name in frames[0]}
    whole["holidays"] = frames[0]["holidays"]
    return evaluate(FactFrames.of(whole), packs.load(), KNOWN_AT).height


def few(facts: FactFrames) -> FactFrames:
    """The facts of the people who are dirty."""
    chosen = facts.orders.filter(mixed(pl.col("person"), 9) % DIRTY_IN == 0)
    people, orders = chosen.get_column("person").implode(), chosen.get_column("order").implode()
    return FactFrames.of(
        {
            name: frame.filter(pl.col("person").is_in(people)) if "person" in frame.columns
            else frame.filter(pl.col("order").is_in(orders)) if "order" in frame.columns
            else frame
            for name, frame in facts.items()
        }
    )  # fmt: skip


def run(people: int) -> dict[str, Any]:
    """Measure one size."""
    with tempfile.TemporaryDirectory() as place:
        facts, out = f"{place}/facts", f"{place}/out"
        rows = in_child(make, facts, people).result
        floor, whole, part = in_child(scan, facts), in_child(full, facts, out), in_child(dirty, facts)
    ratio = whole.cpu_s / floor.cpu_s
    return tell(
        "rules_evaluation", people=people, facts=rows, **whole.result, **_figures("scan", floor),
        **_figures("evaluate", whole), **_figures("dirty", part), people_per_s=round(people / whole.wall_s),
        people_per_cpu_s=round(people / whole.cpu_s), cpu_us_per_person=round(whole.cpu_s / people * 1e6),
        ratio_to_scan=round(ratio, 2), process_ratio=round(whole.process_cpu_s / floor.process_cpu_s, 2), goal=GOAL,
        dirty_share=round(part.cpu_s / whole.cpu_s, 4),
    )  # fmt: skip


def _figures(name: str, measured: Measured) -> dict[str, float]:
    return {
        f"{name}_cpu_s": measured.cpu_s, f"{name}_wall_s": measured.wall_s, f"{name}_peak_mib": measured.peak_mib,
    }  # fmt: skip


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        run(size)
