"""Changes of settings stand in the trail, by name and without a value (G-01)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from monitor.clock import utc_now
from monitor.config import Settings
from monitor.db import Database
from monitor.models import AuditEntry
from monitor.settings_trail import EVENT, record_settings

SITE = Settings(secret_key="k" * 43, banner="Riverbend County")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def entries(database: Database) -> list[dict[str, str]]:
    with database.system("test: look", writes=False) as session:
        told = select(AuditEntry.detail).where(AuditEntry.event == EVENT).order_by(AuditEntry.number)
        return list(session.scalars(told))


def test_a_start_names_what_changed_and_a_start_without_change_leaves_no_entry(database: Database) -> None:
    assert record_settings(database, SITE, utc_now()) == () and len(entries(database)) == 1
    assert record_settings(database, SITE, utc_now()) == () and len(entries(database)) == 1
    other = msgspec.structs.replace(SITE, banner="Another notice", keep_dismissed_days=99)
    assert record_settings(database, other, utc_now()) == ("banner", "keep_dismissed_days")
    assert entries(database)[-1]["changed"] == "banner keep_dismissed_days"
    assert record_settings(database, SITE, utc_now()) == ("banner", "keep_dismissed_days"), "and back again"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_value_stands_there_nor_can_one_be_tried_without_the_sites_key(database: Database) -> None:
    record_settings(database, SITE, utc_now())
    said = str(entries(database))
    assert "Riverbend" not in said and "kkkk" not in said
    marks = dict(one.split(":") for one in entries(database)[0]["marks"].split())
    assert set(marks) == set(Settings.__struct_fields__)
    record_settings(database, msgspec.structs.replace(SITE, secret_key="z" * 43), utc_now())
    others = dict(one.split(":") for one in entries(database)[-1]["marks"].split())
    assert not {marks[name] for name in marks} & {others[name] for name in others}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_real_start_is_on_record(database: Database, database_url: str, tmp_path: Path) -> None:
    told = {"MONITOR_DATABASE_URL": database_url, "MONITOR_SECRET_KEY": "k" * 43, "MONITOR_PORT": str(free_port()),
            "MONITOR_BASE_URL": "http://127.0.0.1:8000", "MONITOR_DEMO": "true"}  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    child = subprocess.Popen([sys.executable, "-m", "web"], env=kept | told, cwd=tmp_path,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not entries(database) and child.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        child.terminate()
        _out, err = child.communicate(timeout=120)
    assert len(entries(database)) == 1, err.decode()
