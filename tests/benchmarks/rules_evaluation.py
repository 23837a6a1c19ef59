"""Rules over people with 14 months of facts: against merely reading the same Parquet columns, in one run.

    monitor bench rules_evaluation                   20,000 and 200,000 people
    python -m tests.benchmarks.rules_evaluation 2000 500000
    python -m tests.benchmarks.rules_evaluation FOLDER    over partitions made before, such as a million people

Everything runs on one thread of Polars, reading alone too; `pair_` is the same run in two processes side by side.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from monitor.side_by_side import among
from rules import packs
from rules.evaluate import evaluate
from rules.folder import Run, evaluate_folder, write_whole
from rules.frames import FactFrames
from rules.partitions import mixed, name_of, partitions_of, read_partition, write_partition, write_shared
from rules.population import Recipe, population
from tests.benchmarks.measure import Measured, cpu_seconds, in_child, tell

SIZES = (20_000, 200_000)
PEOPLE_OF_A_PARTITION = 10_000
KNOWN_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
DIRTY_IN = 100
GOAL = 4.0


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


def full(folder: str, out: str, processes: int = 1) -> dict[str, Any]:
    """What `monitor evaluate --facts` does."""
    run = Run(Path(folder), Path(out), packs.load(), KNOWN_AT)
    counts = evaluate_folder(run, each=among(processes))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"spans": counts.spans, "orders": counts.orders, "child_peak_mib": round(largest, 1)}


def steps(folder: str, out: str) -> dict[str, float]:
    """Processor seconds of each step over the first partition, the second time."""
    place, switched_on = partitions_of(Path(folder))[0], packs.load()
    spent: dict[str, float] = {}
    for _ in range(2):
        marks = [cpu_seconds()]
        facts = read_partition(Path(folder), place)
        marks.append(cpu_seconds())
        evaluate(facts, switched_on, KNOWN_AT, signed=False)
        marks.append(cpu_seconds())
        found = evaluate(facts, switched_on, KNOWN_AT)
        marks.append(cpu_seconds())
        write_whole(found, Path(out).with_suffix(".parquet"))
        marks.append(cpu_seconds())
        read, rules, both, write = (round(after - before, 2) for before, after in pairwise(marks))
        sign = round(both - rules, 2)
        # what is left when the rules themselves are free of charge
        floor = round(read + sign + write, 2)
        spent = {"read_s": read, "rules_s": rules, "sign_s": sign, "write_s": write, "floor_s": floor,
                 "ratio_to_floor": round((floor + rules) / floor, 2)}  # fmt: skip
    return spent


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


def run(people: int, folder: str = "") -> dict[str, Any]:
    """Measure one size; `folder`: partitions that are there already."""
    with tempfile.TemporaryDirectory() as place:
        facts = folder or f"{place}/facts"
        if not folder:
            in_child(make, facts, people)
        floor = in_child(scan, facts, threads=1)
        whole = in_child(full, facts, f"{place}/out", threads=1)
        pair = in_child(full, facts, f"{place}/out-pair", 2, threads=1)
        part, each = in_child(dirty, facts, threads=1), in_child(steps, facts, f"{place}/one", threads=1)
    people = whole.result["orders"]
    return tell(
        "rules_evaluation", people=people, rows=floor.result, spans=whole.result["spans"], steps=each.result,
        **_figures("scan", floor), **_figures("evaluate", whole), **_figures("pair", pair),
        pair_child_peak_mib=pair.result["child_peak_mib"], **_figures("dirty", part),
        people_per_cpu_s=round(people / whole.cpu_s), cpu_us_per_person=round(whole.cpu_s / people * 1e6),
        cpu_us_per_span=round(whole.cpu_s / whole.result["spans"] * 1e6, 2),
        ratio_to_scan=round(whole.cpu_s / floor.cpu_s, 2),
        process_ratio=round(whole.process_cpu_s / floor.process_cpu_s, 2), goal=GOAL,
        dirty_share=round(part.cpu_s / whole.cpu_s, 4),
    )  # fmt: skip


def _figures(name: str, measured: Measured) -> dict[str, float]:
    return {
        f"{name}_cpu_s": measured.cpu_s, f"{name}_wall_s": measured.wall_s, f"{name}_peak_mib": measured.peak_mib,
    }  # fmt: skip


if __name__ == "__main__":
    for word in sys.argv[1:] or map(str, SIZES):
        run(int(word)) if word.isdigit() else run(0, word)
