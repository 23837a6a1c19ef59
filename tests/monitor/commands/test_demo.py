"""`monitor demo` from outside: a county with an account per role, running, stopped, and opened again."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pyotp
import pytest

from monitor import schema
from monitor.access.roles import Role
from monitor.db import Database
from monitor.demo.opening import open_county
from monitor.soundness import broken, rules

SCRIPT = str(Path(sys.executable).with_name("monitor"))
ROLES = {role.value for role in Role}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where one small county is built for all tests here."""
    folder = tmp_path_factory.mktemp("demo")
    run(folder, "demo", "--people", "25", "--no-serve", "--accounts", "accounts.json")
    return folder


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}


def run(folder, *words, settings=False):
    env = None if settings else environment()
    return subprocess.run(
        [SCRIPT, *words], cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=True
    )


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_accounts_file_has_a_sign_in_for_every_role(folder):
    accounts = json.loads((folder / "accounts.json").read_text())
    assert {account["role"] for account in accounts} >= ROLES
    for account in accounts:
        assert {"role", "agency", "email", "password", "totp_secret"} <= set(account)
        assert account["email"].endswith("@demo.example")


def test_the_same_day_opens_the_same_county_and_names_the_sheet_to_try(folder):
    said = run(folder, "demo", "--people", "25", "--no-serve").stdout
    assert "there already" in said
    [sheet] = [line.strip() for line in said.splitlines() if line.strip().endswith((".csv", ".xlsx"))][:1]
    assert (folder / sheet).is_file()


def test_a_county_that_an_older_version_built_this_morning_gets_the_tables_of_this_one(folder):
    """Given a newer version that came at noon When the demo is opened again Then no page fails for a column."""
    [file] = (folder / "monitor-demo").glob("*/monitor.db")
    database = Database(f"sqlite:///{file}")
    try:
        schema.downgrade(database, "-1")
        assert schema.current(database) != schema.head()
        assert "there already" in run(folder, "demo", "--people", "25", "--no-serve").stdout
        assert schema.current(database) == schema.head()
    finally:
        database.close()


def test_it_serves_until_told_to_stop(folder, port):
    words = [SCRIPT, "demo", "--people", "25", "--port", str(port)]
    running = subprocess.Popen(words, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        page = wait_for(f"http://127.0.0.1:{port}/sign-in")
        assert "Sign in" in page
        firsts = {role: first_page(f"http://127.0.0.1:{port}", account) for role, account in one_per_role(folder)}
    finally:
        running.send_signal(signal.SIGTERM)
        said, _ = running.communicate(timeout=120)
    assert running.returncode == 0
    assert f"Open http://127.0.0.1:{port} now" in said
    assert set(firsts) == ROLES
    assert all(status == 200 for status, _ in firsts.values()), firsts
    assert firsts["officer"] == (200, "/today") and firsts["administrator"] == (200, "/admin")


def one_per_role(folder):
    accounts = json.loads((folder / "accounts.json").read_text())
    return {account["role"]: account for account in reversed(accounts)}.items()


def first_page(base, account):
    """Sign in as a script does, with the file's password and secret; status and path of the first page."""
    with httpx.Client(base_url=base, headers={"origin": base}, follow_redirects=True, timeout=120) as browser:
        form = {"email": account["email"], "password": account["password"]}
        page = browser.post("/sign-in", data=form).text
        token = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        code = pyotp.TOTP(account["totp_secret"]).now()
        answer = browser.post("/sign-in/code", data={"code": code, "csrf": token})
        return answer.status_code, answer.url.path


def test_nothing_is_on_its_record_that_cannot_be(folder):
    [county] = (folder / "monitor-demo").iterdir()
    database = Database(f"sqlite:///{county / 'monitor.db'}")
    with database.system("test: what the night would find", writes=False) as session:
        assert [rule.name for rule in rules() if broken(session, rule)] == []
    database.close()


def test_nothing_is_expected_of_anybody_whose_order_does_not_ask_for_it(folder):
    """Check-in days and tests stand under an order that asks for them; fees are ordered, and no rule reads them."""
    [county] = [path for path in (folder / "monitor-demo").iterdir() if (path / "monitor.db").exists()]
    with closing(sqlite3.connect(county / "monitor.db")) as record:
        for kind, table, more in (("check_in", "expectation", "kind = 'check_in'"), ("check_in", "check_in", "1 = 1"),
                                  ("testing", "drug_test", "1 = 1")):  # fmt: skip
            expected = {case for (case,) in record.execute(f"select case_id from {table} where {more}")}
            asked = {case for (case,) in record.execute("select case_id from requirement where kind = ?", (kind,))}
            assert expected and expected <= asked, table
        ordered = {code for (code,) in record.execute("select code from condition")}
        kinds = {kind for (kind,) in record.execute("select kind from requirement")}
    assert {"CHECK_IN", "TESTING", "FINES_FEES", "05"} <= ordered and not {"", "fines_fees"} & kinds


def test_a_port_in_use_is_told_before_anything_is_built(tmp_path, port):
    with socket.create_server(("127.0.0.1", port)):
        ran = subprocess.run(
            [SCRIPT, "demo", "--port", str(port)], cwd=tmp_path, env=environment(), capture_output=True, text=True,
            timeout=180, check=False,
        )  # fmt: skip
    assert ran.returncode == 1
    assert f"Port {port}" in ran.stderr
    assert not (tmp_path / "monitor-demo").exists()


def test_the_docket_is_printed_as_text_and_as_a_pdf_and_the_look_is_recorded(folder, monkeypatch):
    [county] = (folder / "monitor-demo").iterdir()
    monkeypatch.setenv("MONITOR_DATABASE_URL", f"sqlite:///{county / 'monitor.db'}")
    monkeypatch.setenv("MONITOR_SECRET_KEY", (county / "secret").read_text())
    today = run(folder, "docket", "riverbend", "2026-01-04", settings=True).stdout
    assert "No DV reviews on" in today
    [day] = re.findall(r"Next: \w+ (\d+ \w+ \d+)", today)
    day = datetime.strptime(f"{day} +0000", "%d %b %Y %z").date().isoformat()
    said = run(folder, "docket", "riverbend", day, settings=True).stdout
    assert "COMPLIANCE DOCKET" in said
    assert "What the judge must decide: " in said
    written = run(folder, "docket", "riverbend", day, "--pdf", "docket.pdf", settings=True)
    assert "docket.pdf" in written.stdout
    assert (folder / "docket.pdf").read_bytes().startswith(b"%PDF")
    looks = "select count(*) from audit_entry where event = 'docket.read' and component = 'command'"
    assert sqlite3.connect(county / "monitor.db").execute(looks).fetchone() == (3,)


def test_looking_back_counts_what_was_known_then_and_keeps_nothing(folder, monkeypatch):
    [county] = (folder / "monitor-demo").iterdir()
    monkeypatch.setenv("MONITOR_DATABASE_URL", f"sqlite:///{county / 'monitor.db'}")
    spans = "select count(*), max(known_from) from span"
    kept = sqlite3.connect(county / "monitor.db").execute(spans).fetchone()

    before_anything = json.loads(run(folder, "evaluate", "--known-at", "2020-01-01T00:00:00Z", settings=True).stdout)
    now = json.loads(run(folder, "evaluate", "--as-of", str(date.today()), settings=True).stdout)  # noqa: DTZ011

    assert before_anything == {"cases": 25, "flags": {}}
    assert sum(now["flags"].values()) > 10
    assert sqlite3.connect(county / "monitor.db").execute(spans).fetchone() == kept


def wait_for(address):
    for _ in range(600):
        try:
            return urllib.request.urlopen(address, timeout=2).read().decode()
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


@pytest.mark.parametrize("day", [26, 29, 30], ids="nov_{}".format)
def test_whatever_the_day_the_sheet_to_try_tells_of_somebody_who_missed_the_newest_class(tmp_path, day):
    now = datetime(2026, 11, day, 17, tzinfo=UTC)
    county = open_county(tmp_path, now, people=40, port=8000, say=lambda words: None)
    rows = list(csv.reader(io.StringIO(county.sheets[0].read_text(encoding="utf-8"))))[4:-1]
    assert len(rows) >= 4
    assert [row[-2] for row in rows if row[-2] in ("abs", "NS")]
