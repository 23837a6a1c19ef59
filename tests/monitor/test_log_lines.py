"""What libraries log about a fault holds neither what a row said nor where somebody lives (bars I-04)."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from monitor import log_lines
from monitor.db import Database
from tests.patience import until

CANARY = "12 Oak Street"
RAISING = """
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from monitor import log_lines

def create():
    log_lines.configure()
    async def answer(scope, receive, send):
        raise RuntimeError("12 Oak Street")
    return answer

if __name__ == "__main__":
    log_lines.configure()
    Granian("raising:create", factory=True, interface=Interfaces.ASGI, address="127.0.0.1", port=PORT, websockets=False,
            log_level=LogLevels.warning, log_dictconfig=log_lines.TO_US).serve()
"""


@pytest.fixture
def lines(capfd):
    """What was logged since `configure`, each line parsed; anything that is no line of ours fails."""
    yield lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    log_lines.configure("critical")  # no later test writes to what is closed by then


def test_a_library_s_error_is_told_by_type_and_place_alone(lines):
    log_lines.configure("info")
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("some.library").exception("row (%s) is odd", CANARY)
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert (line["level"], line["event"], line["logger"]) == ("error", "library", "some.library")
    assert line["type"] == "ValueError"
    assert line["at"].startswith("tests/monitor/test_log_lines.py:")


def test_a_sentence_of_ours_is_told_as_it_stands(lines):
    log_lines.configure("info")
    logging.getLogger("monitor").warning("the malware scanner found something in a file: it was refused")
    assert [line["event"] for line in lines()] == ["the malware scanner found something in a file: it was refused"]


def test_what_a_library_says_of_its_everyday_work_is_not_told_whatever_another_set(lines):
    log_lines.configure("info")
    everybody = logging.getLogger()
    usual = everybody.level
    everybody.setLevel(logging.INFO)
    logging.getLogger("some.library").info("asked for /consultation")
    everybody.setLevel(usual)
    assert lines() == []


def test_a_log_that_is_closed_stops_nothing(lines):
    with open(os.devnull, "w", encoding="utf-8") as nowhere, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", nowhere)
        log_lines.configure("info")
    logging.getLogger("some.library").error("odd")
    assert lines() == []


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_connection_that_was_cut_leaves_no_text_of_the_database_in_the_log(database, database_url, lines):
    log_lines.configure("info")
    other = Database(database_url)
    with suppress(OperationalError), database.migrating() as connection:
        pid = connection.scalar(text("select pg_backend_pid()"))
        with other.migrating() as hand:
            hand.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
        connection.execute(text("select 1"))
    other.close()
    logging.getLogger("sqlalchemy.pool").error("and then", exc_info=OperationalError("select 1", {}, Exception(CANARY)))
    said = lines()
    assert CANARY not in json.dumps(said)
    assert {line["logger"] for line in said} == {"sqlalchemy.pool"}
    assert all(line["type"] == "OperationalError" for line in said)


def test_the_server_tells_nothing_of_what_an_application_raised(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "raising.py").write_text(RAISING.replace("PORT", str(port)), encoding="utf-8")
    told = tmp_path / "told"
    with told.open("wb") as out:
        site = subprocess.Popen(
            [sys.executable, "-m", "raising"], stdout=out, stderr=out, start_new_session=True,
            env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{log_lines.ROOT}"}, cwd=tmp_path,
        )  # fmt: skip

    def answered() -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError as answer:
            return answer.code == 500
        except OSError:
            return False
        return False

    try:
        until(answered)
        until(lambda: told.read_text().count("\n") >= 1)
    finally:
        os.killpg(site.pid, signal.SIGTERM)
        site.wait(30)
    lines = [json.loads(line) for line in told.read_text().splitlines()]
    assert lines
    assert CANARY not in told.read_text()
