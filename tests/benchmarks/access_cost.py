"""What scope, row policies, reasons and audit cost of an officer's page: the same pages with them switched off.

Side by side, turn by turn, in one process on one record. Off: no look at what a statement touches, no criteria on it,
no look for walls, a role that PostgreSQL's policies do not hold, no entry in the trail, no reason asked. Processor time
of this process, and on PostgreSQL of the server's own backends, counts on both sides.
`python -m tests.benchmarks.access_cost`
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from litestar.testing import TestClient
from sqlalchemy import create_engine, text, update
from sqlalchemy.orm import ORMExecuteState

import monitor.access.scope
import monitor.db
import web.database
from monitor.access.roles import Role
from monitor.case_openings import Reason
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Assignment
from monitor.schema import upgrade
from tests.builders import attended, weekly
from tests.conftest import APPLICATION, MAKE_ROLE, PASSWORD, as_role
from tests.office import open_office, supervised
from tests.pgtemp import temporary_server
from tests.web.accounts import BASE, SECRET, sign_in_as
from web.app import create_app

PEOPLE, WEEKS, TURNS, REQUESTS, WARM = 40, 30, 10, 6, 12
GOAL = 0.15


def run(folder: Path) -> Iterator[dict[str, Any]]:
    """One result a database and page."""
    url = f"sqlite:///{folder / 'cost.db'}"
    yield from _measure("sqlite", url, url)
    with temporary_server() as server:
        engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(MAKE_ROLE.format(role=APPLICATION, password=PASSWORD))
            connection.exec_driver_sql("create database cost")
        engine.dispose()
        yield from _measure("postgresql", as_role(server.format("cost"), APPLICATION), server.format("cost"))


def _measure(kind: str, held: str, free: str) -> Iterator[dict[str, Any]]:
    owner = Database(free)
    upgrade(owner, role=APPLICATION)
    token, pages = _fill(owner)
    _know_sizes(owner)
    settings = Settings(secret_key=SECRET, base_url=BASE, log_level="critical", acts_per_minute=1_000_000)
    with (
        TestClient(create_app(settings, Database(held)), base_url=BASE) as on,
        TestClient(create_app(settings, Database(free)), base_url=BASE) as off,
    ):
        for browser in (on, off):
            browser.cookies.set("monitor", token)
        for name, path in pages.items():
            spent = _turns(kind, owner, lambda page=path: _get(on, page), lambda page=path: _get(off, page))
            yield {"database": kind, "page": name, **spent}


def _know_sizes(database: Database) -> None:
    """What autovacuum does on a server that runs for longer than a benchmark."""
    if not database.is_sqlite:
        engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("analyze")
        engine.dispose()


def _turns(kind: str, owner: Database, on: Callable[[], None], off: Callable[[], None]) -> dict[str, Any]:
    """Turn by turn, so that what else the machine does falls on both sides alike; the better half of the turns."""
    spent: dict[str, list[float]] = {"on": [], "off": []}
    for _ in range(WARM):  # statements are compiled here and prepared there, as on a server that has been up a while
        on()
        with _off():
            off()
    for _ in range(TURNS):
        spent["on"].append(_cpu_ms(kind, owner, on))
        with _off():
            spent["off"].append(_cpu_ms(kind, owner, off))
    best = {name: sum(sorted(values)[: TURNS // 2]) / (TURNS // 2) for name, values in spent.items()}
    return {f"{name}_ms": round(value, 2) for name, value in best.items()} | {
        "cost": round(1 - best["off"] / best["on"], 3), "goal": GOAL,
    }  # fmt: skip


def _cpu_ms(kind: str, owner: Database, get: Callable[[], None]) -> float:
    server, own = _server_s(kind, owner), time.process_time()
    for _ in range(REQUESTS):
        get()
    return (time.process_time() - own + _server_s(kind, owner) - server) * 1000 / REQUESTS


def _server_s(kind: str, owner: Database) -> float:
    if kind == "sqlite":
        return 0.0
    with owner.migrating() as connection:
        pids = connection.scalars(text("select pid from pg_stat_activity where datname = current_database()")).all()
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _get(browser: TestClient[Any], path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _let_through(state: ORMExecuteState, _session: object) -> None:
    state.update_execution_options(scoped=True)


@contextmanager
def _off() -> Iterator[None]:
    """Nothing of it: no look at what a statement touches, no criteria, no walls, no reason, no entry."""
    scope = monitor.access.scope
    with (
        patch.object(scope, "_narrow_select", _let_through),
        patch.object(scope, "_narrow_change", _let_through),
        patch.object(scope.ScopedSession, "walled", lambda _session: ()),
        patch.object(web.database, "reason_for", lambda *_all: Reason.ASSIGNED),
        patch.object(web.database, "_record_read", lambda *_all: None),
        patch.object(monitor.db, "ASK", monitor.db.SAY_SCOPE),
    ):
        yield


def _fill(database: Database) -> tuple[str, dict[str, str]]:
    office = open_office(database)
    with database.system("benchmark: people") as session, session.begin():
        for number in range(PEOPLE):
            matter = supervised(session, office.town, office.officer, f"Person{number}", "Ann")
            attended(session, matter, *weekly(date(2026, 1, 12), WEEKS))
    office.evaluate()
    user, token = sign_in_as(database, Role.OFFICER, office.town.office, "Pat Lee")
    with database.system("benchmark: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=user))
    return token, {"caseload": "/caseload", "person": f"/people/{matter.person}", "today": "/today"}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for result in run(Path(place)):
            print(json.dumps(result), flush=True)
