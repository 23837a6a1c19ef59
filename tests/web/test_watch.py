"""Strangers learn that somebody has to look and no more; an administrator reads at what."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.parse import urlsplit

import httpx
import pytest

from tests.patience import until
from tests.web.browsing import served
from web import health


def test_strangers_are_told_that_and_an_administrator_what(client, client_as, monkeypatch):
    monkeypatch.setattr(health, "REMEMBERED", 0)
    answer = client.get("/health/watch")
    assert (answer.status_code, answer.text) == (503, "somebody has to look")
    assert "The scheduler has never run" in client_as("administrator").get("/admin").text
    monkeypatch.setattr(health, "concerns", lambda *_told: [])
    well = client.get("/health/watch")
    assert (well.status_code, well.text) == (200, "all is well")
    assert client.get("/health/ready").status_code == 200, "it serves all the same"


def test_asking_often_looks_once(client, monkeypatch):
    looked = []
    monkeypatch.setattr(health, "concerns", lambda *_told: looked.append(1) or [])
    for _ in range(5):
        assert client.get("/health/watch").status_code == 200
    assert looked == [1]


@pytest.mark.parametrize(("path", "look"), [("/health/watch", "concerns"), ("/health/ready", "ready")])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_crowd_that_asks_while_one_looks_gets_that_answer(database, monkeypatch, path, look):
    looked, came, release, seen = [], [], Event(), health._seen

    def slow(*_told):
        looked.append(1)
        assert release.wait(120)
        return [] if look == "concerns" else True

    async def counted(*asked, **more):
        came.append(1)
        return await seen(*asked, **more)

    monkeypatch.setattr(health, look, slow)
    monkeypatch.setattr(health, "_seen", counted)
    with served(database) as base, ThreadPoolExecutor(12) as crowd:
        before = len(came)
        where = urlsplit(base)
        with socket.create_connection((where.hostname, where.port), timeout=60) as first:
            first.sendall(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
            until(lambda: looked)  # the first goes away before it is answered
        asked = [crowd.submit(httpx.get, base + path, timeout=120) for _ in range(12)]
        until(lambda: looked and len(came) == before + 13)
        release.set()
        assert [one.result().status_code for one in asked] == [200] * 12
    assert looked == [1]


def test_a_look_that_fails_is_a_no_and_the_next_one_looks_again(client, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(health, "ready", lambda *_told: 1 / 0)
        assert client.get("/health/ready").status_code == 503
    assert client.get("/health/ready").status_code == 200
