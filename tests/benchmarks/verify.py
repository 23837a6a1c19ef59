"""What one look-up of dispatch costs, by name, in its wider forms and by number, at several sizes of the record: it has
to stay flat. One person in ten has two last names, and one in a thousand bears the same name as all the others of them.

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
from datetime import UTC, date, datetime, timedelta
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
COMMON, EACH = "Garcia Lopez, Maria", 1_000  # one in so many bears it
BORN = date(1990, 1, 1)


def run(folder: Path, sizes: tuple[int, ...] = SIZES, asks: int = ASKS) -> Iterator[dict[str, Any]]:
    """One result a size: processor milliseconds of the median look-up, and of the slowest."""
    for size in sizes:
        database = Database(f"sqlite:///{folder / f'verify-{size}.db'}")
        upgrade(database)
        scope = _fill(database, size)
        taken = {
            way: [_ask(database, scope, *one) for one in told] for way, told in questions(size, asks).items()
        }  # fmt: skip
        database.close()
        slowest = round(max(map(max, taken.values())), 1)
        yield {
            "orders": size, **{f"{way}_ms": _middle(each) for way, each in taken.items()}, "slowest_ms": slowest,
            "goal_ms": GOAL_MS,
        }  # fmt: skip


def questions(size: int, asks: int) -> dict[str, list[tuple[str, date | None, Verdict]]]:
    """By the way of asking: what is typed, with or without a day, and what is answered. Names are other ones each time:
    those of two last names stand at each tenth place."""
    one = [number * 7919 % size for number in range(asks)]
    two = [number // 10 * 10 for number in one]
    many = [number // EACH * EACH + EACH - 1 for number in one if size >= EACH]
    sides = [_name(number).split(", ") for number in two]
    return {
        "by_name": [(_name(number), None, Verdict.ACTIVE) for number in one if number % EACH != EACH - 1],
        "by_number": [(f"PO-{number}", None, Verdict.ACTIVE) for number in one],
        "last_names_first": [(f"{last} {first}", BORN, Verdict.ACTIVE) for last, first in sides],
        "one_last_name": [(f"{last.split()[0]}, {first}", None, Verdict.POSSIBLE) for last, first in sides],
        "two_as_one": [(f"{last.replace(' ', '')}, {first}", None, Verdict.POSSIBLE) for last, first in sides],
        "common": [(COMMON, None, Verdict.POSSIBLE) for _ in many],
        "common_with_day": [(COMMON, _born(number), Verdict.ACTIVE) for number in many],
        "nobody_of_six_words": [(f"Ann Eve Lou Max Kay Nobody{'abcdefghij'[each % 10]}", BORN, Verdict.NO_MATCH)
                                for each in one],
    }  # fmt: skip


def _ask(database: Database, scope: Scope, words: str, born: date | None, verdict: Verdict) -> float:
    began = time.process_time()
    with database.scoped(scope) as session:
        found, _ = verify(session, Asked(words, born), NOW)
    took = (time.process_time() - began) * 1000
    assert found.verdict is verdict, (words, found.verdict)
    return took


def _middle(taken: list[float]) -> float:
    return round(sorted(taken)[len(taken) // 2], 2)


def _name(number: int) -> str:
    word = "".join(LETTERS[int(digit, 16)] for digit in f"{number:06x}")
    if number % EACH == EACH - 1:
        return COMMON
    return f"Fam{word}{f' Sec{word}' * (number % 10 == 0)}, Given{word[::-1]}"


def _born(number: int) -> date:
    """Those of the common name were born on days of their own; a county of a million has fewer of them than days."""
    return date(1950, 1, 1) + timedelta(days=number // EACH) if number % EACH == EACH - 1 else BORN


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
        {"id": person, "agency_id": agency, "family_name": family, "given_name": given, "born_on": _born(number)},
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
