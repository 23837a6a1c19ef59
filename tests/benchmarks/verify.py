"""What one look-up of dispatch costs, by name and by number, at several sizes of the record: it has to stay flat.

    python -m tests.benchmarks.verify 1000000

takes it at one million orders (minutes to fill). SQLite: all the work is in this process, so its processor time counts.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, insert

from monitor.access.scope import Scope
from monitor.db import Database
from monitor.models import Agency, Case, Condition, Order, OrderVersion, Person, Service
from monitor.models.base import random_id
from monitor.schema import upgrade
from monitor.verify.asked import Asked
from monitor.verify.standing import Verdict
from monitor.verify.verifying import verify
from tests.builders import add_user, build_town

SIZES, BATCH, ASKS = (2_000, 20_000), 5_000, 200
GOAL_MS = 300
TABLES = Person, Case, Order, OrderVersion, Condition, Service
NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
SINCE = datetime(2026, 1, 5, 8, tzinfo=UTC)
LETTERS = "abcdefghijklmnop"


def run(folder: Path, sizes: tuple[int, ...] = SIZES, asks: int = ASKS) -> Iterator[dict[str, Any]]:
    """One result a size: processor milliseconds of the median look-up, and of the slowest."""
    for size in sizes:
        database = Database(f"sqlite:///{folder / f'verify-{size}.db'}")
        upgrade(database)
        scope = _fill(database, size)
        by_name = [_ask(database, scope, _name(number * 7919 % size)) for number in range(asks)]
        by_number = [_ask(database, scope, f"PO-{number * 7919 % size}") for number in range(asks)]
        database.close()
        yield {
            "orders": size, "by_name_ms": _middle(by_name), "by_number_ms": _middle(by_number),
            "slowest_ms": round(max(by_name + by_number), 1), "goal_ms": GOAL_MS,
        }  # fmt: skip


def _ask(database: Database, scope: Scope, words: str) -> float:
    began = time.process_time()
    with database.scoped(scope) as session:
        found, _ = verify(session, Asked(words), NOW)
    assert found.verdict is Verdict.ACTIVE, words
    return (time.process_time() - began) * 1000


def _middle(taken: list[float]) -> float:
    return round(sorted(taken)[len(taken) // 2], 2)


def _name(number: int) -> str:
    word = "".join(LETTERS[int(digit, 16)] for digit in f"{number:06x}")
    return f"Fam{word}, Given{word[::-1]}"


def _fill(database: Database, size: int) -> Scope:
    with database.system("benchmark: a court", writes=True) as session, session.begin():
        town = build_town(session)
        room = Agency(id=random_id(), kind="dispatch", name="Room", code="room", zone=town.zone)
        session.add(room)
        session.flush()
        scope = Scope(add_user(session, room.id, "dispatch", "room@agency.example"), "dispatch", room.id)
    database.close()
    with _quickly(database.url) as connection:
        for start in range(0, size, BATCH):
            rows = [_rows(town.court_agency, town.court, number) for number in range(start, min(size, start + BATCH))]
            for entity, each in zip(TABLES, zip(*rows, strict=True), strict=True):
                connection.execute(insert(entity), list(each))
    return scope


@contextmanager
def _quickly(url: str) -> Iterator[Connection]:
    """One transaction that nobody could take back: ids are random, and a million of them go all over every index."""
    engine = create_engine(url)
    with engine.connect() as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-3000000"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.commit()
        with connection.begin():
            yield connection
    engine.dispose()


def _rows(agency: int, court: int, number: int) -> tuple[dict[str, Any], ...]:
    person, case, order, version = (random_id() for _ in range(4))
    family, given = _name(number).split(", ")
    of = {"agency_id": agency, "case_id": case}
    return (
        {"id": person, "agency_id": agency, "family_name": family, "given_name": given, "born_on": date(1990, 1, 1)},
        {"id": case, "agency_id": agency, "court_id": court, "person_id": person, "number": f"PO-{number}",
         "opened_on": SINCE.date()},
        {"id": order, **of, "kind": "CIVIL_PROTECTION", "number": f"O-{number}"},
        {"id": version, **of, "order_id": order, "version_no": 1, "change": "NEW", "ordered_on": SINCE.date(),
         "effective_from": SINCE, "recorded_at": SINCE},
        {"id": random_id(), **of, "order_version_id": version, "line": 1, "code": "05", "text": "-", "exceptions": []},
        {"id": random_id(), **of, "order_id": order, "occurred_at": SINCE, "method": "IN_COURT", "server": "-",
         "recorded_at": SINCE},
    )  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        for result in run(Path(where), tuple(map(int, sys.argv[1:])) or SIZES):
            print(json.dumps({"benchmark": "verify", **result}))
