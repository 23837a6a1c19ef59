"""Evaluate and flag a whole county, end to end: load from the database, evaluate, write spans and flags.

2,000 people, or so many as are named, with 60 weeks of classes each; every case is marked, as on the day of a new pack.
Processor seconds on both databases; the PostgreSQL server's own work does not count. First the parts of a first run
and of a second one that finds nothing changed: loading and writing together should stay below 1.5 times the evaluation.
Then whole runs, as the command and the jobs do them: everything evaluated again with nothing changed, the nightly
check, and the news of a day about one case in a hundred: that should cost at most a twentieth of a full run.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance import boundaries, evaluation, ground, referee
from monitor.compliance.flags import refresh_flags
from monitor.compliance.inserts import add_rows
from monitor.compliance.loading import load_facts
from monitor.compliance.news import BATCH, WRITTEN_AT_ONCE
from monitor.compliance.spans import keep_spans, read_kept
from monitor.db import Database
from monitor.models import Attendance, Coverage
from monitor.schema import upgrade
from rules.evaluate import evaluate
from tests.benchmarks.databases import both
from tests.builders import Matter, at, build_town, correct, person_with_order, random_id

PEOPLE, WEEKS = 2_000, 60
ORDERED_ON = date(2025, 1, 6)
NOW = datetime(2026, 3, 2, 20, tzinfo=UTC)
GOAL_RATIO, GOAL_DIRTY = 1.5, 0.05


def run(folder: Path, people: int = PEOPLE) -> Iterator[dict[str, Any]]:
    """One result a database."""
    for store in both(folder, "record"):
        yield {"database": store.kind, **measure(store.free, people)}


def measure(url: str, people: int) -> dict[str, Any]:
    """Processor seconds of each part over all batches, and of whole runs."""
    database = Database(url)
    upgrade(database)
    cases = _fill(database, people)
    first, again = parts_of_a_run(database, cases), parts_of_a_run(database, cases)
    evaluation.evaluate_now(database, evaluation.switched_on(), NOW)  # the ground is known, and swept
    turn = count()
    whole = {
        "full_unchanged_s": _spent(lambda: _evaluate(database, full=True)),
        "nightly_check_s": _spent(lambda: _check(database)),
        "one_in_a_hundred_s": _spent(lambda: _evaluate(database), before=lambda: _learn(database, cases, turn)),
        "nothing_new_s": _spent(lambda: _evaluate(database)),
    }
    database.close()
    share = round(whole["one_in_a_hundred_s"] / whole["full_unchanged_s"], 3)
    return {"people": people, "first": first, "unchanged": again, **whole, "dirty_share": share,
            "goal_ratio": GOAL_RATIO, "goal_dirty_share": GOAL_DIRTY}  # fmt: skip


def parts_of_a_run(database: Database, cases: list[int]) -> dict[str, Any]:
    """Processor seconds of loading, evaluating and writing every case, part by part as a run does it."""
    packs = evaluation.switched_on()
    spent = {"load_s": 0.0, "evaluate_s": 0.0, "write_s": 0.0}
    spans = 0
    for start in range(0, len(cases), BATCH):
        part = cases[start : start + BATCH]
        marks = [time.process_time()]
        with database.system("benchmark", writes=False) as session, session.begin():
            facts = load_facts(session, part)
            marks.append(time.process_time())
            said = evaluate(facts, packs, NOW, horizon=ground.horizon(NOW))
        marks.append(time.process_time())
        _write(database, part, said)
        marks.append(time.process_time())
        spans += said.height
        for name, before, after in zip(spent, marks, marks[1:], strict=False):
            spent[name] += after - before
    ratio = (spent["load_s"] + spent["write_s"]) / spent["evaluate_s"]
    return {"spans": spans, **{name: round(seconds, 2) for name, seconds in spent.items()}, "ratio": round(ratio, 2)}


def _write(database: Database, cases: list[int], said: pl.DataFrame) -> None:
    for start in range(0, len(cases), WRITTEN_AT_ONCE):
        part = cases[start : start + WRITTEN_AT_ONCE]
        with database.system("benchmark") as session, session.begin():
            kept = read_kept(session, part)
            changes = keep_spans(session, kept, said.filter(pl.col("person").is_in(part)), NOW)
            at_ = boundaries.no_earlier_than_sweep(session, NOW)
            refresh_flags(session, part, at_, kept=changes.current)


def _spent(work: Callable[[], object], before: Callable[[], object] = lambda: None, times: int = 3) -> float:
    """The least processor seconds of several tries."""
    least = float("inf")
    for _ in range(times):
        before()
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
    return round(least, 3)


def _evaluate(database: Database, *, full: bool = False) -> None:
    evaluation.evaluate_now(database, evaluation.switched_on(), NOW, full=full)


def _check(database: Database) -> None:
    @contextmanager
    def opened(writes: bool) -> Iterator[Session]:
        with database.system("benchmark", writes=writes) as session, session.begin():
            yield session

    packs = evaluation.switched_on()
    found = referee.compare_all(lambda: opened(False), lambda: opened(True), packs, lambda: NOW, "benchmark")
    assert found.cases_differing == 0, found


def _learn(database: Database, cases: list[int], turn: Iterator[int]) -> None:
    """In each hundredth case a class turns out to have been missed, another one each time."""
    number = next(turn)
    with database.system("benchmark") as session, session.begin():
        for case in cases[::100]:
            came = select(Attendance).where(
                Attendance.case_id == case, Attendance.outcome == "PRESENT", Attendance.recorded_at < NOW
            )  # fmt: skip
            row = session.scalars(came.order_by(Attendance.occurred_on).offset(number).limit(1)).one()
            correct(session, row, NOW, outcome="ABSENT", program_says="ABS", minutes=None)


def _fill(database: Database, people: int) -> list[int]:
    random = Random(7)
    with database.system("benchmark") as session, session.begin():
        town = build_town(session)
        matters = [person_with_order(session, town, ORDERED_ON, number=f"26-{n}") for n in range(people)]
        session.flush()
        for start in range(0, people, 200):
            part = matters[start : start + 200]
            add_rows(session, Attendance, pl.DataFrame([row for matter in part for row in _classes(matter, random)]))
            add_rows(session, Coverage, pl.DataFrame([_sheets(matter) for matter in part]))
    return sorted(matter.case for matter in matters)


def _classes(matter: Matter, random: Random) -> Iterator[dict[str, Any]]:
    for week in range(1, WEEKS + 1):
        day = ORDERED_ON + timedelta(weeks=week)
        here = random.random() < 0.93
        yield {
            "id": random_id(), "case_id": matter.case, "agency_id": matter.town.program_agency,
            "enrollment_id": matter.enrollment, "occurred_on": day, "number": 1, "session_kind": "GROUP",
            "outcome": "PRESENT" if here else "ABSENT", "program_says": "P" if here else "ABS",
            "minutes": 120 if here else None, "source": "benchmark", "recorded_at": at(day), "retracted": False,
        }  # fmt: skip


def _sheets(matter: Matter) -> dict[str, Any]:
    return {
        "id": random_id(), "case_id": matter.case, "agency_id": matter.town.program_agency,
        "enrollment_id": matter.enrollment, "covers_from": ORDERED_ON,
        "covers_to": ORDERED_ON + timedelta(weeks=WEEKS + 1), "recorded_at": NOW, "retracted": False,
    }  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for result in run(Path(folder), int(sys.argv[1]) if sys.argv[1:] else PEOPLE):
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
