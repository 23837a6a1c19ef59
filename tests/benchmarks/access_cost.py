"""What scope, row policies, reasons and audit cost of an officer's page: the same pages with them switched off.

Side by side, turn by turn, in one process on one record. Off: no look at what a statement touches, no criteria on it,
no look for walls, a role that PostgreSQL's policies do not hold, no entry in the trail, no reason asked. Processor time
of this process, and on PostgreSQL of the server's own backends, counts on both sides.
`python -m tests.benchmarks.access_cost`
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from litestar.testing import TestClient
from sqlalchemy import update
from sqlalchemy.orm import ORMExecuteState

import monitor.access.scoped_session
import monitor.db
import web.database
from monitor.access.roles import Role
from monitor.case_openings import Reason
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Assignment
from tests.benchmarks.databases import Store, both, know_sizes, server_seconds
from tests.builders import attended, weekly
from tests.office import open_office, supervised
from tests.web.accounts import BASE, SECRET, sign_in_as
from web.app import create_app
from web.warm import leave_be

PEOPLE, WEEKS, TURNS, REQUESTS, WARM = 40, 30, 10, 6, 12
GOAL = 0.15


def run(folder: Path) -> Iterator[dict[str, Any]]:
    """One result a database and page."""
    for store in both(folder, "cost"):
        yield from _measure(store)


def _measure(store: Store) -> Iterator[dict[str, Any]]:
    owner = store.open()
    token, pages = _fill(owner)
    know_sizes(owner)
    settings = Settings(secret_key=SECRET, base_url=BASE, log_level="critical", acts_per_minute=1_000_000)
    with (
        TestClient(create_app(settings, Database(store.held)), base_url=BASE) as on,
        TestClient(create_app(settings, Database(store.free)), base_url=BASE) as off,
    ):
        for browser in (on, off):
            browser.cookies.set("monitor", token)
        for name, path in pages.items():
            spent = _turns(owner, lambda page=path: _get(on, page), lambda page=path: _get(off, page))
            yield {"database": store.kind, "page": name, **spent}


def _turns(owner: Database, on: Callable[[], None], off: Callable[[], None]) -> dict[str, Any]:
    """Turn by turn, so that what else the machine does falls on both sides alike; the better half of the turns."""
    spent: dict[str, list[float]] = {"on": [], "off": []}
    for _ in range(WARM):  # statements are compiled here and prepared there, as on a server that has been up a while
        on()
        with _off():
            off()
    leave_be()  # as a worker does once it is warm
    for _ in range(TURNS):
        spent["on"].append(_cpu_ms(owner, on))
        with _off():
            spent["off"].append(_cpu_ms(owner, off))
    best = {name: sum(sorted(values)[: TURNS // 2]) / (TURNS // 2) for name, values in spent.items()}
    return {f"{name}_ms": round(value, 2) for name, value in best.items()} | {
        "cost": round(1 - best["off"] / best["on"], 3), "goal": GOAL,
    }  # fmt: skip


def _cpu_ms(owner: Database, get: Callable[[], None]) -> float:
    server, own = server_seconds(owner), time.process_time()
    for _ in range(REQUESTS):
        get()
    return (time.process_time() - own + server_seconds(owner) - server) * 1000 / REQUESTS


def _get(browser: TestClient[Any], path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _let_through(state: ORMExecuteState, _session: object) -> None:
    state.update_execution_options(scoped=True)


@contextmanager
def _off() -> Iterator[None]:
    """Nothing of it: no look at what a statement touches, no criteria, no walls, no reason, no entry."""
    sessions = monitor.access.scoped_session
    with (
        patch.object(sessions, "_narrow_select", _let_through),
        patch.object(sessions, "_narrow_change", _let_through),
        patch.object(sessions, "narrowed", lambda statement, _option: statement),  # columns alone go past those two
        patch.object(sessions.ScopedSession, "narrowing", lambda _session: (True, {})),
        patch.object(sessions.ScopedSession, "walled", lambda _session: ()),
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
