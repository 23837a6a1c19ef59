"""A database that is slow, full or away: known as what it is, nothing done by half, and it goes on by itself."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor import audit
from monitor.db import Database
from monitor.models import Outbox
from monitor.schema import upgrade
from monitor.trouble import Trouble, trouble_of
from tests.office import NOW
from tests.pgtemp import temporary_server
from tests.web.accounts import SECRET

FOREVER = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
# in a child whose files may not grow: entries until the machine says no, then what it said
UNTIL_FULL = """
import resource, signal, sys
from datetime import datetime, UTC
from monitor import audit
from monitor.db import Database
from monitor.trouble import trouble_of
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
database, done = Database(sys.argv[1]), 0
try:
    while True:
        with database.system("test: until it is full") as session, session.begin():
            act = audit.Act(event="database.copied", subjects=tuple(range(2000)))
            audit.append(session, act, audit.audit_key(sys.argv[3]), datetime.now(UTC))
        done += 1
except Exception as error:
    print(done, trouble_of(error))
"""


def test_a_statement_that_takes_too_long_is_ended_and_the_connection_goes_on(database_url):
    database = Database(database_url, patience=1)
    began = time.monotonic()
    with database.system("test: without end", writes=False) as session, pytest.raises(sa.exc.DBAPIError) as told:
        session.execute(sa.text(FOREVER))
    assert trouble_of(told.value) is Trouble.SLOW
    assert 0.9 < time.monotonic() - began < 30
    with database.system("test: and again", writes=False) as session:
        assert session.execute(sa.text("select 1")).scalar_one() == 1
    database.close()


def test_jobs_and_commands_take_as_long_as_they_need(database):
    with database.system("test: a long one", writes=False) as session:
        session.execute(sa.text(FOREVER + " where 1 = 0") if database.is_sqlite else sa.text("select pg_sleep(1.2)"))
        if not database.is_sqlite:
            assert session.execute(sa.text("show statement_timeout")).scalar_one() == "0"


def test_nobody_waits_for_a_connection_for_ever(database_url):
    database = Database(database_url, pool_size=1, patience=0.5)
    with contextlib.ExitStack() as held:
        for _ in range(1 if database.is_sqlite else 6):
            session = held.enter_context(database.system("test: all in use", writes=False))
            session.execute(sa.text("select 1"))
        with database.system("test: one too many", writes=False) as late, pytest.raises(sa.exc.TimeoutError) as told:
            late.execute(sa.text("select 1"))
    assert trouble_of(told.value) is Trouble.SLOW
    database.close()


def test_an_error_of_ours_is_no_trouble_of_the_database(database):
    with database.system("test: our own fault", writes=False) as session, pytest.raises(sa.exc.DBAPIError) as told:
        session.execute(sa.text("select nothing from nowhere"))
    assert trouble_of(told.value) is None
    assert trouble_of(ValueError("words")) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_may_not_grow_leaves_whole_entries_only(database, database_url):
    path = Path(database_url.removeprefix("sqlite:///"))
    with database.system("test: checkpoint") as session, session.begin():
        audit.append(session, audit.Act(event="database.copied"), audit.audit_key(SECRET), NOW)
    database.close()
    limit = str(path.stat().st_size + 300_000)
    child = [sys.executable, "-c", UNTIL_FULL, database_url, limit, SECRET]
    ran = subprocess.run(child, capture_output=True, text=True, check=True, timeout=180)
    done, said = ran.stdout.split()
    assert (said, int(done) > 3) == ("full", True), ran.stderr
    with database.system("test: whole, and it goes on") as session, session.begin():
        assert session.execute(sa.text("pragma integrity_check")).scalar_one() == "ok"
        assert audit.verify(session, audit.audit_key(SECRET)).entries == int(done) + 1
        audit.append(session, audit.Act(event="database.copied"), audit.audit_key(SECRET), NOW)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int, owner: int = 0) -> Iterator[Path]:
    """A disk of its own, full to the last page while ``ballast`` lies on it."""
    folder.mkdir()
    options = f"size={megabytes}m,uid={owner},mode=0700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("a disk of its own can be made by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast


def write_big(database: Database) -> None:
    """A megabyte that no packing makes smaller."""
    with database.system("test: a large row") as session, session.begin():
        session.add(Outbox(key=secrets.token_hex(8), channel="email", recipient_id=1, subject="1 item",
                           body=secrets.token_hex(500_000), why="test", due_at=NOW))  # fmt: skip


def rows(database: Database) -> int:
    with database.system("test: reading goes on", writes=False) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Outbox)) or 0


def hold_out(database: Database, disk: Path) -> None:
    """Write, fill the disk, be refused, read, make room, write: with nothing mended by hand."""
    write_big(database)
    ballast = fill(disk)
    with pytest.raises(sa.exc.DBAPIError) as told:
        for _ in range(30):
            write_big(database)
    assert trouble_of(told.value) is Trouble.FULL
    before = rows(database)
    with pytest.raises(sa.exc.DBAPIError):
        write_big(database)
    assert rows(database) == before
    ballast.unlink()
    write_big(database)
    assert rows(database) == before + 1


def test_a_full_disk_refuses_writing_goes_on_reading_and_recovers_alone_on_sqlite(tmp_path):
    with small_disk(tmp_path / "disk", 12) as disk:
        database = Database(f"sqlite:///{disk}/monitor.db")
        upgrade(database)
        hold_out(database, disk)
        with database.system("test: whole", writes=False) as session:
            assert session.execute(sa.text("pragma integrity_check")).scalar_one() == "ok"
        database.close()


@pytest.mark.slow
def test_a_full_disk_refuses_writing_goes_on_reading_and_recovers_alone_on_postgres(tmp_path):
    import pwd

    with temporary_server() as server:
        folder = Path(sa.make_url(server).query["host"])
        owner = folder.stat().st_uid or pwd.getpwnam("nobody").pw_uid
        with small_disk(folder / "disk", 40, owner) as disk:
            (disk / "space").mkdir()
            os.chown(disk / "space", owner, -1)
            engine = sa.create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql(f"create tablespace small location '{disk}/space'")
                connection.exec_driver_sql("create database small tablespace small")
            database = Database(server.format("small"))
            upgrade(database)
            hold_out(database, disk)
            database.close()
            with engine.connect() as connection:
                connection.exec_driver_sql("drop database small with (force)")
                connection.exec_driver_sql("drop tablespace small")
            engine.dispose()
