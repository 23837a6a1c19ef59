"""A worker made warm: statements are ready, nobody's data was read, and nobody looked."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.caseload import caseload
from monitor.clock import utc_now
from monitor.db import Database
from monitor.models import AuditEntry
from monitor.today.reading import today_page
from tests.office import open_office, supervised
from web import warm
from web.pages import ENVIRONMENT


@pytest.fixture
def office(database: Database):
    office = open_office(database)
    with database.system("test: people") as session, session.begin():
        supervised(session, office.town, office.officer, "Alder", "Ann")
    office.evaluate()
    return office


def looks(database: Database) -> int:
    with database.system("test: the trail", writes=False) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize(("role", "path"), warm.DESKS)
def test_what_a_desk_asks_can_be_asked_by_nobody(database: Database, office, role: Role, path: str) -> None:
    assert warm.ask_one(database, role, path, utc_now()) is None


def test_nobody_has_cases_and_nobody_looked(database: Database, office) -> None:
    before = looks(database)
    warm.ask_as_nobody(database, utc_now())
    assert looks(database) == before
    with database.scoped(Scope(warm.NOBODY, Role.OFFICER, warm.NOBODY)) as session:
        today = today_page(session, "UTC", utc_now())
        assert (today.people, today.overdue, today.to_decide) == (0, (), ())
        assert (caseload(session, utc_now()).found, caseload(session, utc_now(), team=True).found) == (0, 0)


def test_the_first_today_of_a_warm_worker_finds_its_statements_ready(database, office, client_as) -> None:
    officer = client_as(Role.OFFICER, office.town.office)
    kept = database.engine._compiled_cache
    made = []
    for prepare in (lambda: None, lambda: warm.ask_as_nobody(database, utc_now())):
        kept.clear()
        prepare()
        before = len(kept)
        assert officer.get("/today").status_code == 200
        made.append(len(kept) - before)
    cold, warmed = made
    assert warmed < cold / 2, made


def test_every_template_is_compiled_before(monkeypatch) -> None:
    ENVIRONMENT.cache.clear()
    warm.compile_templates()
    assert len(ENVIRONMENT.cache) == len(ENVIRONMENT.list_templates())


def test_a_database_that_is_away_stops_no_worker(tmp_path) -> None:
    warm.ask_as_nobody(Database(f"sqlite:///{tmp_path}/none.db"), utc_now())


BEGUN = """
import gc
from web.warm import create_warm_app
assert gc.get_freeze_count() == 0
app = create_warm_app()
print(gc.get_freeze_count())
"""


def test_what_a_worker_begins_with_is_not_looked_through_for_garbage_again(database_url: str, database) -> None:
    told = {"DATABASE_URL": database_url, "SECRET_KEY": "k" * 43, "BASE_URL": "http://127.0.0.1:8000"}
    surroundings = os.environ | {f"MONITOR_{name}": value for name, value in told.items()}
    begun = subprocess.run([sys.executable, "-c", BEGUN], env=surroundings, capture_output=True, text=True, timeout=120)
    assert begun.returncode == 0, begun.stderr
    assert int(begun.stdout.splitlines()[-1]) > 100_000
