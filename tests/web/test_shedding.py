"""More at once than the machine can serve: the excess is sent away and told when to come back; the rest is served."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

import web.uploads
from monitor.access.roles import Role
from tests.monitor.intake.sample_record import write_county
from tests.patience import until
from tests.web.accounts import sign_in_as
from tests.web.browsing import served
from web.app import create_app
from web.shedding import A_THREAD, Busy, Line, Room
from web.uploads import LIST

THREADS = 2
INSIDE = THREADS * A_THREAD
SHEET = b"Name,Date,Status\n"


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, pool_size=THREADS)


@pytest.fixture
def app(settings, database):
    """Laid anew: whoever waits in a line waits in one event loop, and each test's browsers run one of their own."""
    return create_app(settings, database)


@pytest.fixture
def program(client_as, database):
    return client_as("program", agency_id=write_county(database).agency)


@pytest.fixture
def held(monkeypatch):
    """Pages of sheets do not end before this is set; how many threads have begun one."""
    release, begun, known = Event(), [], web.uploads.uploads_page

    def slow(*told):
        begun.append(1)
        assert release.wait(120)
        return known(*told)

    monkeypatch.setattr(web.uploads, "uploads_page", slow)
    release.begun = begun
    return release


def bring(browser):
    return browser.post(LIST, files={"file": ("week.csv", SHEET)}, data={"program": "", "group": ""})


def test_too_many_at_once_are_sent_away_and_health_answers_all_the_while(program, held):
    with ThreadPoolExecutor(40) as crowd:
        answers = [crowd.submit(program.get, LIST) for _ in range(40)]
        until(lambda: sum(one.done() for one in answers) == 40 - INSIDE)
        away = [one.result() for one in answers if one.done()]
        assert {(one.status_code, one.headers["retry-after"]) for one in away} == {(503, "5")}
        assert "Very busy just now" in away[0].text and "Nothing was lost" in away[0].text
        health = [program.get(f"/health/{what}") for what in ("live", "ready") for _ in range(5)]
        assert {one.status_code for one in health} == {200}
        held.set()
    assert Counter(one.result().status_code for one in answers) == {200: INSIDE, 503: 40 - INSIDE}
    assert program.get(LIST).status_code == 200, "it recovers by itself"


def test_sheets_wait_in_a_line_of_their_own_and_pages_go_on(program, held):
    with ThreadPoolExecutor(6) as crowd:
        sheets = [crowd.submit(bring, program) for _ in range(6)]
        until(lambda: held.begun)
        assert [program.get("/account").status_code for _ in range(5)] == [200] * 5
        assert len(held.begun) == 1, "of two threads one is left to pages"
        held.set()
    assert {one.result().status_code for one in sheets} <= {303, 422}, "each was read in its turn"


def test_the_line_of_sheets_has_an_end():
    async def come():
        line, told, release = Line(1, in_line=2), [], asyncio.Event()

        async def one():
            try:
                async with line.place(release.wait):
                    await release.wait()
                    told.append("served")
            except Busy:
                told.append("away")

        crowd = [asyncio.create_task(one()) for _ in range(5)]
        await asyncio.sleep(0)
        assert told == ["away", "away"], "one inside, two in line"
        release.set()
        await asyncio.gather(*crowd)
        await one()
        return told

    assert asyncio.run(come()) == ["away", "away", "served", "served", "served", "served"]


def test_a_crowd_whose_forms_end_at_one_instant_finds_no_more_places_than_there_are():
    async def come():
        room, told, inside, ended, release = Room(3), Counter(), [], asyncio.Event(), asyncio.Event()

        async def one():
            try:
                async with room.place(ended.wait) as reading:
                    await reading()
                    inside.append(1)
                    await release.wait()
                    told["served"] += 1
            except Busy:
                told["away"] += 1

        crowd = []
        for _ in range(30):  # one after another: each leaves its place while it sends
            crowd.append(asyncio.create_task(one()))
            await asyncio.sleep(0)
        assert not told
        ended.set()
        while len(inside) + told["away"] < 30:
            await asyncio.sleep(0)
        assert len(inside) == 3
        release.set()
        await asyncio.gather(*crowd)
        await asyncio.gather(*(one() for _ in range(3)))
        return told

    assert asyncio.run(come()) == {"served": 6, "away": 27}, "every place is free again afterwards"


HALF = (
    "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: {base}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nemail="
)


def half(base):
    return HALF.format(host=urlsplit(base).netloc, base=base).encode()


def test_whoever_sends_half_a_form_and_stops_takes_nobodys_place(database):
    with served(database, pool_size=THREADS) as base, ExitStack() as held:
        address = urlsplit(base)
        for _ in range(INSIDE + 4):
            slow = held.enter_context(socket.create_connection((address.hostname, address.port)))
            slow.sendall(half(base))
        time.sleep(1)
        assert httpx.get(f"{base}/sign-in", timeout=60).status_code == 200


def test_a_form_that_ends_when_all_places_are_taken_is_sent_away_like_any_other(database, held):
    _user, token = sign_in_as(database, Role.PROGRAM, write_county(database).agency, "Alex Reyes")
    with served(database, pool_size=THREADS) as base, ThreadPoolExecutor(INSIDE + 1) as crowd:
        address = urlsplit(base)
        with socket.create_connection((address.hostname, address.port), timeout=60) as slow:
            slow.sendall(half(base))
            asked = [crowd.submit(httpx.get, base + LIST, cookies={"monitor": token}, timeout=120)
                     for _ in range(INSIDE + 1)]  # fmt: skip
            until(lambda: any(one.done() for one in asked))
            slow.sendall(b"a" * 894)
            told = slow.recv(10_000)
            held.set()
    assert told.startswith(b"HTTP/1.1 503") and b"retry-after: 5" in told
    assert Counter(one.result().status_code for one in asked) == {200: INSIDE, 503: 1}
