"""A person's overview in an office of 60 and of 6,000 people: processor milliseconds a request, on SQLite.

Compared with a page of the same bytes behind one trivial query, through the same gates; and with itself, for it must
not grow with the office. The client in the test process and the drawing of the page count on both sides.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import select

import web.people
from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Person
from monitor.person_page.reading import person_page
from monitor.schema import upgrade
from tests.builders import absent, attended, contact
from tests.office import open_office, supervised, take_over
from tests.web.accounts import BASE, SECRET, sign_in_as
from web.app import create_app

OFFICES, WEEKS, REQUESTS = (60, 6_000), 40, 20
GOAL_RATIO = 2.0


class _Reader:
    user_id = 0


def run(folder: Path, offices: tuple[int, ...] = OFFICES) -> Iterator[dict[str, Any]]:
    """One result an office."""
    for people in offices:
        yield {"people": people, **_measure(f"sqlite:///{folder / f'people-{people}.db'}", people)}


def _measure(url: str, people: int) -> dict[str, Any]:
    database = Database(url)
    upgrade(database)
    office = open_office(database)
    _fill(database, office, people)
    _Reader.user_id, token = sign_in_as(database, Role.OFFICER, office.town.office, "Pat Lee")
    take_over(database, _Reader)
    settings = Settings(secret_key=SECRET, base_url=BASE, log_level="critical")
    with TestClient(create_app(settings, database), base_url=BASE) as browser:
        browser.cookies.set("monitor", token)
        path = f"/people/{office.matter.person}"
        page, size = _request_ms(browser, path)
        with _trivial(database, office):
            plain, same_size = _request_ms(browser, path)
    assert size == same_size
    return {"bytes": size, "page_ms": page, "trivial_ms": plain, "ratio": round(page / plain, 2)}


def _fill(database: Database, office: Any, people: int) -> None:
    """The person with a history, and the others of the office without one."""
    today = utc_now().date()
    days = [today - timedelta(days=7 * week + today.weekday()) for week in range(1, WEEKS)]
    with database.system("benchmark: a history") as session, session.begin():
        attended(session, office.matter, *days[::2])
        absent(session, office.matter, *days[1::2])
        contact(session, office.matter, *days[::4])
    for first in range(1, people, 500):
        with database.system("benchmark: the office") as session, session.begin():
            for number in range(first, min(first + 500, people)):
                supervised(session, office.town, office.officer, f"Other{number}", "B.")


@contextmanager
def _trivial(database: Database, office: Any) -> Iterator[None]:
    """The same page, drawn from what was read before; each request asks the database one question."""
    real = web.people.person_page
    with office.scoped() as session:
        kept = person_page(session, office.matter.person, utc_now())

    def answer(session: Any, person_id: int, *_rest: Any) -> Any:
        session.execute(select(Person.id).where(Person.id == person_id)).all()
        return kept

    web.people.person_page = answer
    try:
        yield
    finally:
        web.people.person_page = real


def _request_ms(browser: TestClient[Any], path: str) -> tuple[float, int]:
    for _ in range(3):
        answer = browser.get(path)
        assert answer.status_code == 200, answer.status_code
    begun = time.process_time()
    for _ in range(REQUESTS):
        answer = browser.get(path)
    return round((time.process_time() - begun) / REQUESTS * 1000, 1), len(answer.content)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for result in run(Path(place)):
            print(json.dumps({"benchmark": "person_page", "goal_ratio": GOAL_RATIO, **result}))
