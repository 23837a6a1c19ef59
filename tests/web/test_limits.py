"""What one session, one account and one sender may do: bounded, the same whichever process answers."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import msgspec
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from monitor import audit
from monitor.access.limits import HOUR, MINUTE, must_wait
from monitor.access.roles import Role
from monitor.models import KeptAnswer, Upload
from tests.monitor.intake.sample_record import write_county
from tests.web.accounts import SECRET, sign_in_as
from tests.web.browsing import served
from tests.web.machines import BATCHES, machine_of
from web import limits

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, acts_per_minute=10)


def acts(database, user, count, event="person.read", mark="m", ago=timedelta(seconds=20)):
    key = audit.audit_key(SECRET)
    with database.system("test: acts") as session, session.begin():
        for _ in range(count):
            audit.append(session, audit.Act(event=event, user_id=user, session_mark=mark), key, NOW - ago)


def test_an_account_rests_after_so_many_acts_in_a_minute_whatever_its_sessions(database):
    user, _token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    for mark in ("one", "two"):
        acts(database, user, 5, mark=mark)
    assert must_wait(database, user, "three", "person.read", NOW, 11) is None
    assert must_wait(database, user, "three", "person.read", NOW, 10) == MINUTE
    assert must_wait(database, user, "three", "person.read", NOW + MINUTE, 10) is None
    assert must_wait(database, user, "three", "person.read", NOW, 0) is None


def test_one_session_rests_earlier_than_its_account(database):
    user, _token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    acts(database, user, 7, mark="one")
    assert must_wait(database, user, "one", "person.read", NOW, 10) == MINUTE
    assert must_wait(database, user, "two", "person.read", NOW, 10) is None


def test_heavy_acts_are_counted_by_the_hour(database):
    user, _token = sign_in_as(database, Role.PROGRAM, None, "Alex Reyes")
    acts(database, user, 60, event="upload.create", ago=timedelta(minutes=30))
    assert must_wait(database, user, "m", "upload.create", NOW, 300) == HOUR
    assert must_wait(database, user, "m", "upload.read", NOW, 300) is None


def test_the_page_says_so_calmly_and_the_next_account_is_served(client_as):
    browser = client_as("officer")
    answers = [browser.get("/today") for _ in range(9)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429] * 2
    assert answers[-1].headers["retry-after"] == "60"
    assert "Wait a minute" in answers[-1].text
    assert client_as("officer").get("/today").status_code == 200


def test_a_body_that_does_not_come_in_time_is_given_up(database, monkeypatch):
    monkeypatch.setattr(limits, "BODY_SECONDS", 1.0)
    with served(database) as base:
        where = urlsplit(base)
        with socket.create_connection((where.hostname, where.port), timeout=60) as wire:
            head = (
                f"POST /sign-in HTTP/1.1\r\nHost: {where.netloc}\r\nOrigin: {base}\r\nContent-Length: 100\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=a"
            )
            wire.sendall(head.encode())
            answer = wire.recv(4096)
        assert b" 408 " in answer.split(b"\r\n")[0]


def test_a_body_that_is_cut_off_half_way_is_no_fault_of_ours_and_does_nothing(database):
    write_county(database)
    machine = machine_of(database, "north-star")
    sheet = b"--XX\r\nContent-Disposition: form-data; name=file; filename=week.csv\r\n\r\nName,11/2\r\nSmith,P\r\n"
    with served(database) as base, capture_logs() as lines:
        where = urlsplit(base)
        with socket.create_connection((where.hostname, where.port), timeout=60) as wire:
            head = (
                f"POST {BATCHES} HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {machine}\r\n"
                "Idempotency-Key: one\r\nContent-Length: 400\r\nContent-Type: multipart/form-data; boundary=XX\r\n\r\n"
            )
            wire.sendall(head.encode() + sheet)
            wire.shutdown(socket.SHUT_WR)
            answer = wire.recv(65536)
        assert b" 400 " in answer.split(b"\r\n")[0], answer
    assert not [line for line in lines if line["event"] == "failure"]
    with database.system("test: nothing was done", writes=False) as session:
        assert session.scalars(select(Upload.id)).all() == session.scalars(select(KeptAnswer.id)).all() == []


@pytest.mark.parametrize(
    "head",
    [
        "GET /sign-in HTTP/1.1\r\n\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: {host}\r\n\r\n",
        "TRACE /sign-in HTTP/1.1\r\nHost: {host}\r\n\r\n",
    ],
    ids=["none", "another", "two", "forwarded", "trace"],
)
def test_only_our_own_name_is_answered_and_only_known_methods(database, head):
    if not database.is_sqlite:
        pytest.skip("the database has no part in it")
    with served(database) as base:
        where = urlsplit(base)
        with socket.create_connection((where.hostname, where.port), timeout=60) as wire:
            wire.sendall(head.format(host=where.netloc).encode())
            answer = wire.recv(65536)
        assert answer.split(b"\r\n")[0].split()[1:2] in ([b"400"], [b"403"], [b"404"], [b"405"], [b"421"]), answer[:200]
        assert b"evil.example" not in answer
