"""How many entries of the audit trail are checked in a second, on both databases.

Entries as pages write them: two ids, a code and a count, where from and under which number. Every seal is made again
and every anchor compared. Processor time of this process; beside it the wall clock: the PostgreSQL server works, too.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor import audit
from monitor.db import Database
from monitor.models import AuditEntry, AuditHead
from monitor.models.base import random_id
from monitor.schema import upgrade
from monitor.trail.blocks import seal_finished
from monitor.trail.seals import BODY, START, entry_seal
from tests.benchmarks.databases import both

ENTRIES, BATCH, TURNS = 100_000, 5_000, 3
GOAL = 50_000
KEY = audit.audit_key("a secret of the benchmark, forty characters")
BEGAN = datetime(2026, 11, 25, 8, 0, 0, 123456, tzinfo=UTC)


def run(folder: Path, entries: int = ENTRIES) -> Iterator[dict[str, Any]]:
    """One result a database."""
    for store in both(folder, "trail"):
        yield {"database": store.kind, **_measure(store.free, entries)}


def _measure(url: str, entries: int) -> dict[str, Any]:
    database = Database(url)
    upgrade(database)
    anchors = _fill(database, entries)
    cpu, wall = zip(*(_verify(database, entries, anchors) for _ in range(TURNS)), strict=True)
    database.close()
    return {
        "entries": entries, "a_second": round(entries / min(cpu)), "a_second_by_the_clock": round(entries / min(wall)),
        "goal": GOAL,
    }  # fmt: skip


def _verify(database: Database, entries: int, anchors: dict[int, str]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    with database.system("benchmark: check the trail", writes=False) as session:
        verdict = audit.verify(session, KEY, anchors)
    assert (verdict.entries, verdict.broken_at) == (entries, None), verdict
    return time.process_time() - cpu, time.perf_counter() - wall


def _fill(database: Database, entries: int) -> dict[int, str]:
    """A sealed trail, as this version writes it; returns an anchor for the end of each batch."""
    return (_chain if database.is_sqlite else _blocks)(database, entries)


def _chain(database: Database, entries: int) -> dict[int, str]:
    seal, anchors = START, {}
    for start in range(0, entries, BATCH):
        rows = []
        for number in range(start + 1, min(start + BATCH, entries) + 1):
            rows.append(_entry(number, seal))
            seal = rows[-1]["seal"]
        _add(database, rows)
        anchors[rows[-1]["number"]] = seal.hex()
    with database.system("benchmark: its head") as session, session.begin():
        session.add(AuditHead(id=1, number=entries, seal=seal))
    return anchors


def _blocks(database: Database, entries: int) -> dict[int, str]:
    """Each entry a transaction of its own, as pages write them, on a server that was restored here since."""
    anchors = {}
    for start in range(0, entries, BATCH):
        rows = [_loose(number) for number in range(start + 1, min(start + BATCH, entries) + 1)]
        _add(database, rows)
        with database.system("benchmark: a block") as session, session.begin():
            assert seal_finished(session, KEY, BEGAN) == len(rows)
            total, seal = audit.head(session)
            anchors[total] = seal
    return anchors


def _add(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.system("benchmark: a trail") as session, session.begin():
        session.execute(AuditEntry.__table__.insert(), rows)  # type: ignore[attr-defined]


def _entry(number: int, previous: bytes) -> dict[str, Any]:
    body = _body(number, number)
    return dict(zip(BODY, body, strict=True), id=random_id(), previous=previous, seal=entry_seal(KEY, previous, body))


def _loose(number: int) -> dict[str, Any]:
    entry_id = random_id()
    body, seal = _body(number, number), entry_seal(KEY, b"", _body(number, entry_id))
    sealed = {"id": entry_id, "previous": b"", "seal": seal, "cluster": 1, "xid": number}
    return dict(zip(BODY, body, strict=True)) | sealed


def _body(number: int, first: int) -> tuple[Any, ...]:
    return (
        first, BEGAN + timedelta(seconds=number), None, None, "person.read", "done", "web", f"{number:016x}",
        "192.0.2.1", [2**62 + number, 2**61 + number], {"code": "ABSENCE_UNEXCUSED", "rows": number}, f"{number:032x}",
    )  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for result in run(Path(place)):
            print(json.dumps({"benchmark": "audit_trail", **result}), flush=True)
