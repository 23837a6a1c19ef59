"""Four real worker processes: tries are counted once for all of them, and a disabled person is out on each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import func, select

from monitor.access.roles import Role
from monitor.models import AuditEntry, User
from monitor.users import disable_user
from tests.web.accounts import PASSWORD, SECRET, new_account, sign_in_as


@contextmanager
def four_workers(url: str) -> Iterator[str]:
    """`python -m web` with four worker processes on the test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    settings = {
        "DATABASE_URL": url, "SECRET_KEY": SECRET, "BASE_URL": base, "PORT": str(port), "WORKERS": "4",
        "LOG_LEVEL": "critical", "POOL_SIZE": "4",
    }  # fmt: skip
    env = os.environ | {f"MONITOR_{name}": value for name, value in settings.items()}
    running = subprocess.Popen([sys.executable, "-m", "web"], env=env)
    try:
        _wait_for(base, running)
        yield base
    finally:
        running.terminate()
        running.wait(120)


def _wait_for(base: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(1800):  # beside others' work four workers take a minute to warm up
        assert running.poll() is None
        try:
            urllib.request.urlopen(f"{base}/health/live", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the site did not start")


def counted(database, event: str) -> int:
    with database.system("test: count", writes=False) as session:
        return session.scalar(select(func.count()).where(AuditEntry.event == event)) or 0


def flood(database, base: str, tries: int) -> None:
    """Guess ``tries`` times at once, each on a connection of its own, so that all four workers get their share."""
    with database.system("test: an account") as session, session.begin():
        account = new_account(session, Role.OFFICER)

    def sign_in(password: str) -> int:
        form = {"email": account.email, "password": password}
        for _ in range(40):  # who is told to come back in a few seconds does
            answer = httpx.post(f"{base}/sign-in", data=form, headers={"origin": base}, timeout=120)
            if answer.status_code != 503:
                return answer.status_code
            time.sleep(0.5)
        return 503

    with ThreadPoolExecutor(24) as pool:
        assert set(pool.map(sign_in, ["guess after guess"] * tries)) == {401}
    assert sign_in(PASSWORD) == 401, "the right password comes too late"
    assert counted(database, "session.refused") == 5, "exactly five passwords are looked at"
    assert counted(database, "session.locked") == tries + 1 - 5
    assert counted(database, "account.locked") == 1


def out_everywhere(database, base: str) -> None:
    """Disable somebody and ask every worker at once."""
    user_id, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")

    def ask(_number: int) -> str:
        answer = httpx.get(f"{base}/account", headers={"cookie": f"monitor={token}"}, timeout=60)
        return answer.headers.get("location", str(answer.status_code))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(12))) == {"200"}
        with database.system("test: disable") as session, session.begin():
            email = session.scalar(select(User.email).where(User.id == user_id))
            disable_user(session, email, SECRET, datetime.now(UTC))
        assert set(pool.map(ask, range(12))) == {"/sign-in?next=/account"}


def test_four_workers_look_at_five_of_many_guesses_and_let_a_disabled_person_in_nowhere(database, database_url):
    with four_workers(database_url) as base:
        flood(database, base, 20)
        out_everywhere(database, base)


@pytest.mark.slow
def test_of_three_hundred_guesses_at_four_workers_five_are_looked_at(database, database_url):
    with four_workers(database_url) as base:
        flood(database, base, 300)
