"""Strangers learn that somebody has to look and no more; an administrator reads at what."""

from __future__ import annotations

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
