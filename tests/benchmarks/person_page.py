"""A person's overview and Today in an office of 60 and of 6,000 people: processor milliseconds a request, on SQLite.

Compared with a page of the same bytes behind one trivial query and nothing else, through the same gates; and with
itself, for it must not grow with the office. A supervisor's Today, of the whole office, is told too. The client in the
test process and the drawing of the page count on both sides; page and plain page in turns, the median of each.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from litestar.testing import TestClient
from sqlalchemy import select

import web.people
import web.today
from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.db import Database
from monitor.handoffs.strip import strip
from monitor.handoffs.targets import Targets
from monitor.incentives import good_side
from monitor.models import Person
from monitor.person_page.reading import person_page
from monitor.schema import upgrade
from monitor.today.reading import today_page
from tests.builders import ZONE, absent, attended, contact
from tests.office import open_office, supervised, take_over
from tests.web.accounts import BASE, SECRET, sign_in_as
from web.app import create_app
from web.warm import leave_be

OFFICES, WEEKS, TURNS, REQUESTS = (60, 6_000), 40, 7, 10
CLASSES_OF_OTHERS = 12
GOAL_RATIO = 2.0


class _Reader:
    user_id = 0


def run(folder: Path, offices: tuple[int, ...] = OFFICES) -> Iterator[dict[str, Any]]:
    """One result an office and page."""
    for people in offices:
        for told in _measure(f"sqlite:///{folder / f'people-{people}.db'}", people):
            yield {"people": people, **told}


def _measure(url: str, people: int) -> Iterator[dict[str, Any]]:
    database = Database(url)
    upgrade(database)
    office = open_office(database)
    _fill(database, office)
    _others(database, office, office.officer, OFFICES[0])
    _Reader.user_id, token = sign_in_as(database, Role.OFFICER, office.town.office, "Pat Lee")
    take_over(database, _Reader)
    _others(database, office, office.colleague, people - OFFICES[0])
    _, lead = sign_in_as(database, Role.OFFICER_SUPERVISOR, office.town.office, "Sam Ito")
    settings = Settings(secret_key=SECRET, base_url=BASE, log_level="critical", acts_per_minute=1_000_000)
    with TestClient(create_app(settings, database), base_url=BASE) as browser:
        browser.cookies.set("monitor", token)
        for name, path in (("person", f"/people/{office.matter.person}"), ("today", "/today")):
            pages, plains = [], []
            _request_ms(browser, path)
            leave_be()  # as a worker does once it is warm
            for _ in range(TURNS):  # in turns: what else runs on the machine falls on both
                page, size = _request_ms(browser, path)
                with _trivial(database, office):
                    plain, same_size = _request_ms(browser, path)
                assert size == same_size
                pages.append(page)
                plains.append(plain)
            page, plain = median(pages), median(plains)
            yield {"page": name, "bytes": size, "page_ms": page, "trivial_ms": plain, "ratio": round(page / plain, 2)}
        browser.cookies.set("monitor", lead)
        whole = [_request_ms(browser, "/today") for _ in range(TURNS)]
        yield {"page": "today of the office", "bytes": whole[0][1], "page_ms": median(spent for spent, _ in whole)}


def _fill(database: Database, office: Any) -> None:
    """The person with a history."""
    days = _weekly()
    with database.system("benchmark: a history") as session, session.begin():
        attended(session, office.matter, *days[::2])
        absent(session, office.matter, *days[1::2])
        contact(session, office.matter, *days[::4])


def _others(database: Database, office: Any, officer: int, people: int) -> None:
    """So many people with a short history: the reader's own, then colleagues'. A page must not pay for their rows."""
    days = _weekly()[:CLASSES_OF_OTHERS]
    for first in range(1, people, 500):
        with database.system("benchmark: the office") as session, session.begin():
            for number in range(first, min(first + 500, people)):
                attended(session, supervised(session, office.town, officer, f"Other{number}", "B."), *days)


def _weekly() -> list[date]:
    """The newest class first."""
    today = utc_now().date()
    return [today - timedelta(days=7 * week + today.weekday()) for week in range(1, WEEKS)]


@contextmanager
def _trivial(database: Database, office: Any) -> Iterator[None]:
    """The same pages, drawn from what was read before; each request asks the database one question."""
    with office.scoped(who=_Reader.user_id) as session:
        person = person_page(session, office.matter.person, utc_now())
        good = good_side(session, office.matter.case, utc_now().date())
        list_of_today = today_page(session, ZONE, utc_now())
        owed = strip(session, office.matter.case, Targets(), utc_now())

    def instead(kept: Any) -> Callable[..., Any]:
        def answer(session: Any, *_rest: Any, **_told: Any) -> Any:
            session.execute(select(Person.id).where(Person.id == office.matter.person)).all()
            return kept

        return answer

    with (
        patch.object(web.people, "person_page", instead(person)),
        patch.object(web.people, "good_side", lambda *_all: good),
        patch.object(web.people, "strip", lambda *_all: owed),
        patch.object(web.today, "today_page", instead(list_of_today)),
        patch.object(web.today, "unread", lambda *_all: 0),
        patch.object(web.today, "open_tasks", lambda *_all: ()),
        patch.object(web.today, "on_today", lambda *_all: ()),
        patch.object(web.today, "referred_back", lambda *_all: ()),
        patch.object(web.today, "calls_of", lambda *_all: ()),
    ):
        yield


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
