"""More changes at once than a worker has threads: whoever holds the lock can always let go of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from litestar import post
from litestar.params import FromPath

import web.app
from monitor.access.policy import POLICY, allow
from monitor.access.roles import Role
from monitor.access.scope import trusted_sql
from monitor.one_at_a_time import one_at_a_time
from tests.web.accounts import sign_in_as, token_of_forms
from tests.web.browsing import served
from web.database import DB
from web.site import Answer

THREADS, SENDERS, FIRST = 3, 12, 1  # as many as a process lets in (web.shedding): more are sent away, and come back
ENTERED = threading.Semaphore(0)
GO_ON = threading.Event()


@post("/turns/{turn:int}", sync_to_thread=True)
def take_turns(db: DB, turn: FromPath[int]) -> Answer:
    """Take the one lock that everybody here wants; the first keeps it until all other threads wait for it."""
    ENTERED.release()
    one_at_a_time(db, 7)
    with trusted_sql("test: a transaction begins"):
        db.connection()  # SQLite's lock is taken as the transaction begins
    if turn == FIRST:
        GO_ON.wait(timeout=60)
    return Answer("done")


class Turns:
    """A screen of the test's own."""

    HANDLERS = [take_turns]


@pytest.fixture
def site(database, monkeypatch):
    monkeypatch.setattr(web.app, "SCREENS", (*web.app.SCREENS, Turns))
    monkeypatch.setitem(POLICY, ("POST", "/turns/{turn}"), allow("turns:take", Role.OFFICER, event="turn.taken"))
    GO_ON.clear()
    with served(database, pool_size=THREADS, acts_per_minute=0) as base:
        yield base
        GO_ON.set()


def test_a_change_is_finished_although_every_thread_waits_for_it(site, database):
    _, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    headers = {"origin": site, "x-csrf-token": token_of_forms(token), "cookie": f"monitor={token}"}

    def send(turn: int) -> int:
        return httpx.post(f"{site}/turns/{turn}", headers=headers, timeout=120).status_code

    with ThreadPoolExecutor(SENDERS + 1) as pool:
        first = pool.submit(send, FIRST)
        assert ENTERED.acquire(timeout=60)
        others = [pool.submit(send, turn) for turn in range(FIRST + 1, SENDERS)]
        for _ in range(THREADS - 1):
            assert ENTERED.acquire(timeout=60)
        GO_ON.set()
        answers = [one.result() for one in (first, *others)]
    assert set(answers) == {201}, "nobody is told to come back because nobody could finish"
