"""An upgrade that is killed (-9) at any instant leaves the tables as they were; the next one brings them up whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from monitor import schema
from monitor.copies.restoring import Target
from monitor.db import Database
from tests.conftest import APPLICATION
from tests.monitor.copies.places import places

ROOT = Path(__file__).resolve().parents[3]
OLDER = "0030"
# the real upgrade in a process that the machine kills before its so-manieth statement
MIGRATOR = """
import os, signal, sys
from sqlalchemy import event
from monitor import schema
from monitor.db import Database

url, role = sys.argv[1:]

def upgrade(step):
    database, left = Database(url), [step]
    def strike(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(database.engine, "before_cursor_execute", strike)
    event.listen(database.engine, "commit", strike)
    schema.upgrade(database, role=role)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        upgrade(int(line))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
AGENCY = sa.table("agency", *map(sa.column, ("id", "kind", "name", "code", "zone")))


@contextmanager
def migrator(url: str, role: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", MIGRATOR, url, role]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:  # fmt: skip
        yield running
        assert running.stdin
        running.stdin.close()


def upgraded(running: subprocess.Popen[str], step: int) -> int:
    """One upgrade, killed at that step: how its process ended."""
    assert running.stdin and running.stdout
    running.stdin.write(f"{step}\n")
    running.stdin.flush()
    return int(running.stdout.readline())


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    """An empty place of the kind that the test names."""
    with places(request, tmp_path) as make:
        yield make(request.param)


@pytest.mark.parametrize(
    ("place", "kills"),
    [("sqlite", 6), *(pytest.param(kind, 250, marks=pytest.mark.slow) for kind in ("sqlite", "postgres"))],
    indirect=["place"],
)
def test_an_upgrade_that_is_killed_leaves_the_tables_as_they_were(place: Target, kills: int) -> None:
    owner = Database(place.owner_url or place.url)
    role = "" if owner.is_sqlite else APPLICATION
    schema.upgrade(owner, OLDER)
    with owner.migrating() as connection:
        known = {"id": 1, "kind": "probation", "name": "P", "code": "p", "zone": "America/Los_Angeles"}
        connection.execute(AGENCY.insert(), known)
    random, struck = Random(7), 0
    with migrator(owner.url, role) as running:
        while struck < kills:
            ended = upgraded(running, random.randint(1, 120))
            assert ended == -signal.SIGKILL, "the upgrade has more statements than that"
            struck += 1
            assert schema.current(owner) == OLDER, "all steps or none"
            with owner.migrating() as connection:
                assert connection.execute(sa.select(AGENCY.c.code)).all() == [("p",)]
                if owner.is_sqlite:
                    assert connection.execute(sa.text("pragma integrity_check")).scalar_one() == "ok"
    schema.upgrade(owner, role=role)
    assert schema.drift(owner) == []
    with owner.migrating() as connection:
        assert connection.execute(sa.select(AGENCY.c.code)).all() == [("p",)]
    owner.close()
