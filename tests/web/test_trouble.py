"""A database that is frozen, slow or full, seen from a browser: told when to come back, and it goes on by itself."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient

from monitor.access.roles import Role
from monitor.db import Database
from monitor.schema import upgrade
from tests.pgtemp import temporary_server
from tests.web.accounts import BASE, sign_in_as
from web.app import create_app


def processes_below(pid: int) -> list[int]:
    """A process and all its children."""
    found = [pid]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


def tell_all(server: int, what: signal.Signals) -> None:
    for pid in processes_below(server):
        os.kill(pid, what)


@pytest.mark.slow
def test_a_frozen_database_answers_503_within_ten_seconds_and_goes_on_when_it_thaws(settings):
    with temporary_server() as server:
        folder = Path(sa.make_url(server).query["host"])
        postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        owner = Database(server.format("postgres"))
        upgrade(owner)
        _user, token = sign_in_as(owner, Role.OFFICER, None, "Alex Reyes")
        database = Database(server.format("postgres"), pool_size=4, patience=2)
        with TestClient(create_app(settings, database), base_url=BASE, raise_server_exceptions=False) as browser:
            browser.follow_redirects = False
            browser.cookies.set("monitor", token)
            assert browser.get("/today").status_code == 200
            threads = threading.active_count()
            tell_all(postmaster, signal.SIGSTOP)
            try:
                began = time.monotonic()
                with ThreadPoolExecutor(6) as several:
                    answers = list(several.map(lambda _n: browser.get("/today"), range(6)))
                took = time.monotonic() - began
                assert {one.status_code for one in answers} == {503}
                assert all(one.headers["retry-after"] == "10" for one in answers)
                assert took < 25, "each waits ten seconds at most, six at once on four connections"
                assert browser.get("/health/live").status_code == 200
                assert browser.get("/health/ready").status_code == 503
                assert threading.active_count() <= threads + 20
            finally:
                tell_all(postmaster, signal.SIGCONT)
            for _try in range(120):
                if browser.get("/today").status_code == 200:
                    break
                time.sleep(0.5)
            assert browser.get("/today").status_code == 200
        owner.close()


def test_a_slow_page_is_ended_and_says_when_to_come_back(database_url, database, settings, monkeypatch):
    def slow(session):
        session.get_bind()
        forever = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
        with patient.system("test: a slow page", writes=False) as own:
            own.execute(sa.text(forever))

    patient = Database(database_url, patience=0.5)
    monkeypatch.setattr("web.admin.administration", slow)
    _user, token = sign_in_as(database, Role.ADMINISTRATOR, None, "Alex Reyes")
    with TestClient(create_app(settings, database), base_url=BASE, raise_server_exceptions=False) as browser:
        browser.cookies.set("monitor", token)
        answer = browser.get("/admin")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Wait a few seconds" in answer.text
    patient.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_nothing_can_be_written_pages_say_so_and_work_goes_on_when_there_is_room(database, settings):
    """Looking at a case is recorded, so a page that cannot be recorded is not shown either."""
    _user, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    full = [False]

    @sa.event.listens_for(database.engine, "begin")
    def no_room(connection):
        if full[0]:
            connection.connection.cursor().execute("pragma max_page_count = 1")  # no more than there are
        else:
            connection.connection.cursor().execute("pragma max_page_count = 1000000")

    with TestClient(create_app(settings, database), base_url=BASE, raise_server_exceptions=False) as browser:
        browser.cookies.set("monitor", token)
        assert browser.get("/today").status_code == 200
        full[0] = True
        answers = [browser.get("/today") for _ in range(60)]  # until the last page is used up
        told = next(one for one in answers if one.status_code != 200)
        assert (told.status_code, told.headers["retry-after"]) == (503, "60")
        assert "Nothing can be saved just now" in told.text
        assert browser.get("/health/live").status_code == 200
        full[0] = False
        assert browser.get("/today").status_code == 200
