"""The docket page of 40 cases with 14 months of history: processor milliseconds a request, on both databases.

Compared with a page of the same bytes behind one trivial query, through the same gates, as the role that a site uses:
on PostgreSQL its row policies hold. The client in the test process and the drawing of the page count on both sides; the
PostgreSQL server's own work is told beside it and counts in the ratio.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import select

import web.dockets
from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.db import Database
from monitor.docket import docket
from monitor.models import Court
from tests.benchmarks.databases import Store, both, know_sizes, server_seconds
from tests.monitor.court_town import CourtTown, add_case, build_court_town
from tests.web.accounts import BASE, SECRET, sign_in_as
from web.app import create_app
from web.warm import leave_be

CASES, WEEKS, TURNS, REQUESTS, WARM = 40, 60, 7, 8, 6  # after so many the driver has prepared its statements
Spent = tuple[float, float]  # processor milliseconds of this process, and of the PostgreSQL server for it
GOAL_RATIO = 2.0


def run(folder: Path) -> Iterator[dict[str, Any]]:
    """One result a database."""
    for store in both(folder, "docket"):
        yield {"database": store.kind, **_measure(store)}


def _measure(store: Store) -> dict[str, Any]:
    owner = store.open()
    town = _fill(owner, utc_now())
    _, token = sign_in_as(owner, Role.JUDGE, town.court_agency, "Pat Lee")
    know_sizes(owner)
    settings = Settings(secret_key=SECRET, base_url=BASE, log_level="critical", acts_per_minute=1_000_000)
    town.database = Database(store.held)
    with TestClient(create_app(settings, town.database), base_url=BASE) as browser:
        browser.cookies.set("monitor", token)
        path = f"/dockets/{town.court_code}/{town.day}"
        pages, plains = [], []
        _request_ms(owner, browser, path)
        leave_be()  # as a worker does once it is warm
        for _ in range(TURNS):  # in turns: what else runs on the machine falls on both
            page, size = _request_ms(owner, browser, path)
            with _trivial(town):
                plain, same_size = _request_ms(owner, browser, path)
            assert size == same_size
            pages.append(page)
            plains.append(plain)
    (page, server), (plain, plain_server) = (_medians(spent) for spent in (pages, plains))
    return {
        "cases": CASES, "bytes": size, "page_ms": page, "trivial_ms": plain, "server_ms": server,
        "trivial_server_ms": plain_server, "ratio": round((page + server) / (plain + plain_server), 2),
        "ratio_without_server": round(page / plain, 2), "read_model_ms": _read_ms(owner, town)[0],
    }  # fmt: skip


def _medians(spent: list[Spent]) -> Spent:
    return round(median(own for own, _ in spent), 2), round(median(server for _, server in spent), 2)


def _fill(database: Database, now: datetime) -> CourtTown:
    town = build_court_town(database, now, cases=False)
    for number in range(CASES):
        add_case(
            town, f"25-DV-{number:06}", "Doe", given=str(number), classes="yyyMyEyyyyul"[: 12] * (WEEKS // 12),
            alleged="ABSENCE_UNEXCUSED" if number % 4 == 0 else "",
        )  # fmt: skip
    return town


@contextmanager
def _trivial(town: CourtTown) -> Iterator[None]:
    """The same page, made from a docket read beforehand and one trivial query."""
    with town.bench() as session:
        ready = docket(session, town.court_code, town.day, utc_now())

    def one_query(db: Any, *_args: Any, **_more: Any) -> Any:
        db.execute(select(Court.id).limit(1)).all()
        return ready

    kept, web.dockets.docket = web.dockets.docket, one_query  # type: ignore[assignment]
    try:
        yield
    finally:
        web.dockets.docket = kept


def _request_ms(owner: Database, browser: Any, path: str) -> tuple[Spent, int]:
    answers = [browser.get(path) for _ in range(WARM)]
    assert all(answer.status_code == 200 for answer in answers)
    return _cpu_ms(owner, lambda: browser.get(path)), len(answers[0].content)


def _read_ms(owner: Database, town: CourtTown) -> Spent:
    def read() -> None:
        with town.bench() as session:
            docket(session, town.court_code, town.day, town.now)

    read()
    return _cpu_ms(owner, read)


def _cpu_ms(owner: Database, act: Callable[[], Any]) -> Spent:
    server, began = server_seconds(owner), time.process_time()
    for _ in range(REQUESTS):
        act()
    own, server = time.process_time() - began, server_seconds(owner) - server
    return round(own * 1000 / REQUESTS, 2), round(server * 1000 / REQUESTS, 2)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for result in run(Path(folder)):
            print(json.dumps({"benchmark": "docket_page", **result}))
