"""Evaluate and flag a whole county, end to end: load from the database, evaluate, write spans and flags.

2,000 people with 60 weeks of classes each; every case is marked, as on the day of a new pack. Processor seconds of
each part, on both databases; the PostgreSQL server's own work does not count. Loading and writing together should stay
below 1.5 times the evaluation.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import create_engine, insert

from monitor.compliance import boundaries, evaluation, ground
from monitor.compliance.flags import refresh_flags
from monitor.compliance.loading import load_facts
from monitor.compliance.news import BATCH
from monitor.compliance.spans import keep_spans
from monitor.db import Database
from monitor.models import Attendance, Coverage
from monitor.schema import upgrade
from rules.evaluate import evaluate
from tests.builders import Matter, at, build_town, person_with_order, random_id
from tests.pgtemp import temporary_server

PEOPLE, WEEKS = 2_000, 60
ORDERED_ON = date(2025, 1, 6)
NOW = datetime(2026, 3, 2, 20, tzinfo=UTC)
GOAL_RATIO = 1.5


def run(folder: Path, people: int = PEOPLE) -> Iterator[dict[str, Any]]:
    """One result a database."""
    yield {"database": "sqlite", **measure(f"sqlite:///{folder / 'record.db'}", people)}
    with temporary_server() as server:
        engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("create database record_benchmark")
        engine.dispose()
        yield {"database": "postgresql", **measure(server.format("record_benchmark"), people)}


def measure(url: str, people: int) -> dict[str, Any]:
    """Processor seconds of each part over all batches."""
    database = Database(url)
    upgrade(database)
    cases = _fill(database, people)
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
        with database.system("benchmark") as session, session.begin():
            keep_spans(session, part, said, NOW)
            refresh_flags(session, part, boundaries.no_earlier_than_sweep(session, NOW))
        marks.append(time.process_time())
        spans += said.height
        for name, before, after in zip(spent, marks, marks[1:], strict=False):
            spent[name] += after - before
    database.close()
    ratio = (spent["load_s"] + spent["write_s"]) / spent["evaluate_s"]
    rounded = {name: round(seconds, 2) for name, seconds in spent.items()}
    return {"people": people, "spans": spans, **rounded, "ratio": round(ratio, 2), "goal_ratio": GOAL_RATIO}


def _fill(database: Database, people: int) -> list[int]:
    random = Random(7)
    with database.system("benchmark") as session, session.begin():
        town = build_town(session)
        matters = [person_with_order(session, town, ORDERED_ON) for _ in range(people)]
        session.flush()
        for start in range(0, people, 200):
            part = matters[start : start + 200]
            session.execute(insert(Attendance), [row for matter in part for row in _classes(matter, random)])
            session.execute(insert(Coverage), [_sheets(matter) for matter in part])
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
        for result in run(Path(folder)):
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
