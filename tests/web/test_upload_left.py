"""Somebody closes the tab while a long sheet is being read: it waits in the list when they come back."""

from __future__ import annotations

import http.client
import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

import web.uploads
from monitor.access.roles import Role
from monitor.db import Database
from monitor.schema import upgrade
from tests.monitor.intake.sample_record import write_county
from tests.web.accounts import sign_in_as
from tests.web.browsing import served

LIST = "/attendance/uploads"
ROWS = 5_000
BOUNDARY = "edge"


def sheet() -> str:
    day = date(2026, 11, 16)
    lines = (f"P1003,{day - timedelta(days=n % 160)},P" for n in range(ROWS))
    return "participant_id,session_date,status\n" + "\n".join(lines)


def body(csrf: str) -> bytes:
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in (("csrf", csrf), ("program", ""), ("group", ""), ("kind", ""))]  # fmt: skip
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="long.csv"\r\n\r\n{sheet()}\r\n'
    return ("".join([*parts, file]) + f"--{BOUNDARY}--\r\n").encode()


def listed(base: str, cookie: str) -> str:
    with urlopen(Request(base + LIST, headers={"cookie": cookie})) as answer:
        text: str = answer.read().decode()
        return text


def test_a_long_sheet_waits_for_whoever_closed_the_tab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    upgrade(database)
    county = write_county(database)
    cookie = f"monitor={sign_in_as(database, Role.PROGRAM, county.agency, 'Jo Doe')[1]}"
    monkeypatch.setattr(web.uploads, "utc_now", lambda: datetime(2026, 11, 22, 20, 0, tzinfo=UTC))
    with served(database) as base:
        csrf = re.findall(r'name="csrf" value="([^"]+)"', listed(base, cookie))[0]
        connection = http.client.HTTPConnection(urlsplit(base).netloc)
        connection.request("POST", LIST, body(csrf), {
            "cookie": cookie, "content-type": f"multipart/form-data; boundary={BOUNDARY}", "origin": base,
        })  # fmt: skip
        connection.close()  # gone before an answer
        until = time.monotonic() + 90
        while "long.csv" not in (text := listed(base, cookie)):
            assert time.monotonic() < until, "the sheet is lost"
            time.sleep(0.5)
        assert "Checked, not saved yet" in text or "Needs your answer" in text
        address = re.findall(rf'{LIST}/\d+', text)[0]
        with urlopen(Request(base + address, headers={"cookie": cookie})) as answer:
            assert "will be saved" in answer.read().decode()
    database.close()
