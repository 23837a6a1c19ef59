"""The docket page of 40 cases with 14 months of history: processor milliseconds a request, on both databases.

Compared with a page of the same bytes behind one trivial query, through the same gates. The client in the test process
and the drawing of the page count on both sides; the PostgreSQL server's own work does not count.
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
from monitor.schema import upgrade
from tests.benchmarks.databases import both
from tests.monitor.court_town import CourtTown, add_case, build_court_town
from tests.web.accounts import BASE, SECRET, sign_in_as
from web.app import create_app

CASES, WEEKS, TURNS, REQUESTS = 40, 60, 7, 8
GOAL_RATIO = 2.0


def run(folder: Path) -> Iterator[dict[str, Any]]:
    """One result a database."""
    for store in both(folder, "docket"):
        yield {"database": store.kind, **_measure(store.free)}


def _measure(url: str) -> dict[str, Any]:
    database = Database(url)
    upgrade(database)
    town = _fill(database, utc_now())
    _, token = sign_in_as(database, Role.JUDGE, town.court_agency, "Pat Lee")
    settings = Settings(secret_key=SECRET, base_url=BASE, log_level="critical")
    with TestClient(create_app(settings, database), base_url=BASE) as browser:
        browser.cookies.set("monitor", token)
        path = f"/dockets/{town.court_code}/{town.day}"
        pages, plains = [], []
        for _ in range(TURNS):  # in turns: what else runs on the machine falls on both
            page, size = _request_ms(browser, path)
            with _trivial(town):
                plain, same_size = _request_ms(browser, path)
            assert size == same_size
            pages.append(page)
            plains.append(plain)
    page, plain = median(pages), median(plains)
    queries = _read_ms(town)
    return {
        "cases": CASES, "bytes": size, "page_ms": page, "trivial_ms": plain, "ratio": round(page / plain, 2),
        "read_model_ms": queries,
    }  # fmt: skip


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


def _request_ms(browser: Any, path: str) -> tuple[float, int]:
    answers = [browser.get(path) for _ in range(3)]
    assert all(answer.status_code == 200 for answer in answers)
    return _cpu_ms(lambda: browser.get(path)), len(answers[0].content)


def _read_ms(town: CourtTown) -> float:
    def read() -> None:
        with town.bench() as session:
            docket(session, town.court_code, town.day, town.now)

    read()
    return _cpu_ms(read)


def _cpu_ms(act: Callable[[], Any]) -> float:
    began = time.process_time()
    for _ in range(REQUESTS):
        act()
    return round((time.process_time() - began) * 1000 / REQUESTS, 2)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for result in run(Path(folder)):
            print(json.dumps({"benchmark": "docket_page", **result}))
