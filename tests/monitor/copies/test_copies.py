"""A copy of a database in use: whole or refused, back row for row, and then nobody is signed in and nothing leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor import audit
from monitor.access.auth_sessions import membership_of, open_session
from monitor.copies import stream
from monitor.copies.drill import drill
from monitor.copies.restoring import pk_first, restore
from monitor.copies.stream import CopyError
from monitor.copies.units import NO_CASE, CaseOf
from monitor.copies.writing import TABLES, write_copy
from monitor.db import Database
from monitor.models import Agency, AuthSession, CalendarFeed, Machine, Mark, Outbox, Person, WebhookEndpoint
from tests.monitor.copies.places import all_rows
from tests.monitor.test_removals import Courthouse
from tests.office import NOW
from tests.web.accounts import SECRET

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER_SECRET = "another secret of the test site, long enough"
# what a restore changes on purpose
MOVES = frozenset({"auth_session", "calendar_feed", "machine", "outbox", "webhook_endpoint"})
KILLED = """
import os, signal, sys
from monitor.copies import {module} as place
whole, done = place.{function}, []
def again(*told, **more):
    done.append(1)
    if len(done) > {times}:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*told, **more)
place.{function} = again
sys.argv = ["monitor", "db", "{command}", "{file}"]
from monitor.cli import main
main()
"""


@pytest.fixture
def house(database: Database) -> Courthouse:
    """A record with a case of everything, somebody signed in, and a notice that waits."""
    house = Courthouse(database)
    town = house.office.town
    with database.system("test: signed in, a calendar, a machine, and a notice that waits") as session, session.begin():
        session.add(CalendarFeed(agency_id=town.office, user_id=house.office.officer, role="officer", kind="OFFICER",
                                 about_id=None, room="", style="COUNT", token_hash=b"t" * 32, made_at=NOW,
                                 revoked_at=None, used_at=None))  # fmt: skip
        session.add(Machine(agency_id=town.program_agency, program_id=town.program, name="ehr-north", made_by_id=None,
                            secret_hash=b"s" * 32, made_at=NOW, expires_at=NOW + timedelta(days=90),
                            revoked_at=None, used_at=None))  # fmt: skip
        session.add(WebhookEndpoint(agency_id=town.program_agency, url="https://ehr.example/", kinds=["sheet.saved"],
                                    sealed_secret=b"s", made_at=NOW))  # fmt: skip
        member = membership_of(session, house.office.officer, NOW)
        assert member is not None
        open_session(session, house.office.officer, member, NOW, how="totp")
        session.add(Outbox(key="one", channel="email", recipient_id=house.office.officer, subject="1 item",
                           body="Sign in.", why="It is due.", due_at=NOW))  # fmt: skip
        audit.append(session, audit.Act(event="database.copied"), audit.audit_key(SECRET), NOW)
    return house


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_it_comes_back_row_for_row_on_either_kind_and_nobody_is_signed_in(house, place, tmp_path, kind):
    file = tmp_path / "copy"
    write_copy(house.database, file, SECRET, NOW)
    target = place(kind)
    done = restore(target, file, SECRET, NOW)
    back = Database(target.url)
    assert all_rows(back, MOVES) == all_rows(house.database, MOVES)
    with back.system("test: what a restore ends") as session:
        assert session.scalars(sa.select(Outbox.state)).all() == ["SUSPECT"]
        assert session.scalars(sa.select(WebhookEndpoint.paused_why)).all() == ["RESTORED"]
        for opened_by in (AuthSession, CalendarFeed, Machine):
            assert set(session.scalars(sa.select(opened_by.revoked_at))) == {NOW}, opened_by
        assert audit.verify(session, audit.audit_key(SECRET), dict([done.manifest.audit])).why == ""
    with back.system("test: triggers judge again") as session, pytest.raises(sa.exc.DatabaseError, match="only added"):
        session.execute(sa.text("delete from packet"))
    back.close()
    assert drill(file, SECRET, NOW).faults == []


def test_a_copy_holds_nothing_in_the_clear_and_is_its_owners_alone(house, tmp_path):
    file = tmp_path / "copy"
    write_copy(house.database, file, SECRET, NOW)
    assert file.stat().st_mode & 0o777 == 0o600
    data = file.read_bytes()
    for word in (b"Zanzibarov", b"court_case", b"2026", b"reyes"):
        assert word not in data
    with pytest.raises(CopyError, match="another key"):
        drill(file, OTHER_SECRET, NOW)
    assert list(tmp_path.glob(".copy*")) == []


def test_a_cut_or_changed_copy_is_refused_before_anything_is_touched(house, place, tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "CHUNK", 4096)
    file = tmp_path / "copy"
    write_copy(house.database, file, SECRET, NOW)
    whole, head = file.read_bytes(), file.read_bytes().index(b"\n") + 1
    block = 4096 + stream.TAG
    assert len(whole) > head + 3 * block
    first, second = whole[head : head + block], whole[head + block : head + 2 * block]
    broken = [
        b"", b"Dear court, " * 300, whole[:head], whole[: head + block], whole[:-1], whole + b"x", whole[: 3 * block],
        whole[:head] + second + first + whole[head + 2 * block :], whole[:head] + whole[head + block :],
        *(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in (20, head - 30, head + 5, 2 * block)),
    ]  # fmt: skip
    target = place("sqlite" if house.database.is_sqlite else "postgres")
    for number, data in enumerate(broken):
        file.write_bytes(data)
        with pytest.raises(CopyError):
            restore(target, file, SECRET, NOW)
        assert not list(tmp_path.glob("*back*")), number
    file.write_bytes(whole)
    restore(target, file, SECRET, NOW)  # and the place is still empty
    with pytest.raises(CopyError, match="nothing is overwritten"):
        restore(target, file, SECRET, NOW)


def test_a_copy_taken_amid_writing_is_of_one_instant(database, tmp_path, place):
    stop = threading.Event()
    writer = threading.Thread(target=_write_pairs, args=(database.url, stop))
    writer.start()
    try:
        for number in range(3):
            write_copy(database, tmp_path / f"copy-{number}", SECRET, NOW)
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        target = place("sqlite")
        restore(target, tmp_path / f"copy-{number}", SECRET, NOW)
        back = Database(target.url)
        with back.system("test: pairs", writes=False) as session:
            pairs = [session.scalar(sa.select(sa.func.count()).select_from(entity)) for entity in (Agency, Mark)]
        back.close()
        assert pairs[0] == pairs[1]
    assert pairs[0] > 0


def _write_pairs(url: str, stop: threading.Event) -> None:
    database, number = Database(url), 0
    while not stop.is_set():
        number += 1
        with database.system("test: two rows that belong together") as session, session.begin():
            session.add(Agency(kind="court", name="Pair", code=f"pair-{number}", zone="UTC"))
            session.flush()
            session.add(Mark(name=f"pair-{number}", at=NOW))
    database.close()


@pytest.mark.parametrize(
    ("command", "module", "function", "times"),
    [("backup", "writing", "put", 20), ("restore", "restoring", "typed", 20), ("restore", "restoring", "carry_on", 0)],
    ids=["while it is written", "while rows come back", "before everybody is signed out"],
)
def test_killed_in_the_middle_it_leaves_no_copy_and_no_database(
    house, database_url, tmp_path, monkeypatch, place, command, module, function, times
):
    file = tmp_path / "copy"
    monkeypatch.setenv("MONITOR_SECRET_KEY", SECRET)
    monkeypatch.setenv("MONITOR_DATABASE_URL", database_url)
    target = place("sqlite" if house.database.is_sqlite else "postgres")
    if command == "restore":
        write_copy(house.database, file, SECRET, NOW)
        monkeypatch.setenv("MONITOR_DATABASE_URL", target.url)
        monkeypatch.setenv("MONITOR_DATABASE_OWNER_URL", target.owner_url)
    script = KILLED.format(module=module, function=function, times=times, command=command, file=file)
    ran = subprocess.run([sys.executable, "-c", script], env=os.environ, check=False, timeout=180, cwd=tmp_path)
    assert ran.returncode == -signal.SIGKILL
    if command == "backup":
        assert not file.exists()
        write_copy(house.database, file, SECRET, NOW)  # what was left does not stand in the way
    elif house.database.is_sqlite:
        assert not Path(target.url.removeprefix("sqlite:///")).exists()
        restore(target, file, SECRET, NOW)
    else:
        back = Database(target.url)
        with back.system("test: nothing half", writes=False) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0
        back.close()


@ON_ONE
def test_every_table_is_known_to_belong_to_a_case_or_to_none(database):
    with database.system("test: rules of tables", writes=False) as session:
        named = CaseOf(session, SECRET)._named
    lost = [
        table.name for table in TABLES
        if table.name not in NO_CASE | set(named) and not {"case_id", "person_id", "upload_id"} & set(table.c.keys())
    ]  # fmt: skip
    assert not lost, "say in monitor/copies/units.py which case a row belongs to, or that it belongs to none"
    assert not [name for name in NO_CASE if name not in {table.name for table in TABLES}]
    assert not [table.name for table in TABLES if not pk_first(table)]


@ON_ONE
def test_an_old_copy_does_not_open_when_its_key_is_gone_and_a_copy_is_late_by_no_more_than_its_age(house, tmp_path):
    from monitor.site_keys import add_version, as_text, read_ring, use_newest, without

    file = tmp_path / "copy"
    write_copy(house.database, file, SECRET, NOW)
    ring = use_newest(add_version(read_ring(SECRET)))
    assert drill(file, as_text(ring), NOW + timedelta(days=1)).faults == []
    with pytest.raises(CopyError, match="version 1 of the keys, which is gone"):
        drill(file, as_text(without(ring, 1)), NOW)
