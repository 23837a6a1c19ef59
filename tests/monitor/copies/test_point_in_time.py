"""Back to an instant on PostgreSQL, as docs/operate.md says it: a base copy, an archived log, and a time to stop at."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor import audit, schema
from monitor.access.roles import Role
from monitor.copies.restoring import settle
from monitor.db import Database
from monitor.models import Agency, AuthSession, Outbox
from tests.office import NOW
from tests.pgtemp import Workshop, workshop
from tests.web.accounts import SECRET, sign_in_as

pytestmark = pytest.mark.slow


@pytest.fixture
def house() -> Iterator[Workshop]:
    with workshop() as here:
        if not (here.binaries / "pg_basebackup").exists():
            pytest.skip("PostgreSQL's own programs for copies are not on this machine")
        yield here


def told(database: Database, code: str) -> None:
    """Something becomes known, with its entry in the trail."""
    with database.system("test: an agency") as session, session.begin():
        session.add(Agency(kind="probation", name=code, code=code, zone="America/Los_Angeles"))
        audit.append(session, audit.Act(event="database.copied"), audit.audit_key(SECRET), NOW)


def signed_in_and_written_to(database: Database) -> None:
    """Somebody has a session, and a letter that waits."""
    with database.system("test: a person") as session, session.begin():
        agency = session.scalars(sa.select(Agency.id)).one()
    user, _token = sign_in_as(database, Role.OFFICER, agency, "Reyes")
    with database.system("test: a letter") as session, session.begin():
        session.add(Outbox(key="concern:1", channel="email", recipient_id=user, subject="1 item", body="Sign in.",
                           why="test", due_at=NOW))  # fmt: skip


def known(database: Database) -> list[str]:
    with database.system("test: what is known", writes=False) as session:
        return list(session.scalars(sa.select(Agency.code).order_by(Agency.code)))


def instant(database: Database) -> str:
    """A moment between two acts, by the server's own clock."""
    time.sleep(0.2)
    with database.system("test: the hour", writes=False) as session:
        now = session.scalar(sa.text("select clock_timestamp()"))
    time.sleep(0.2)
    return str(now)


def owned_by(here: Workshop, folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    if "user" in here.options:
        os.chown(folder, here.options["user"], here.options["group"])
    return folder


def test_a_site_goes_back_to_the_minute_before_the_mistake(house: Workshop) -> None:
    data, base, log = house.folder / "data", house.folder / "base", owned_by(house, house.folder / "wal")
    house.lay(data)
    archive = f"archive_command=test ! -f {log}/%f && cp %p {log}/%f"
    with house.serving(data, "wal_level=replica", "archive_mode=on", archive, "full_page_writes=on"):
        database = Database(house.url.format("postgres"))
        schema.upgrade(database)
        told(database, "before-the-copy")
        signed_in_and_written_to(database)
        house.run("pg_basebackup", "-h", house.folder, "-U", "postgres", "-D", base, "-c", "fast")
        told(database, "after-the-copy")
        back_to = instant(database)
        told(database, "the-mistake")
        with database.system("test: the log is handed on") as session:
            session.execute(sa.text("select pg_switch_wal()"))
        database.close()
    shutil.rmtree(data)  # the disk is lost; base copy and archive lie elsewhere

    (base / "recovery.signal").touch()
    restore = f"restore_command=cp {log}/%f %p", f"recovery_target_time={back_to}", "recovery_target_action=promote"
    with house.serving(base, *restore):
        database = Database(house.url.format("postgres"))
        assert promoted(database)
        assert known(database) == ["after-the-copy", "before-the-copy"]
        settle(database, SECRET, NOW + timedelta(hours=1))
        told(database, "since-then")
        with database.system("test: whole", writes=False) as session:
            assert audit.verify(session, audit.audit_key(SECRET)).broken_at is None
            assert None not in session.scalars(sa.select(AuthSession.revoked_at)).all(), "nobody is signed in"
            assert session.scalars(sa.select(Outbox.state)).all() == ["SUSPECT"], "a person decides whether it goes"
        assert schema.drift(database) == []
        database.close()


def promoted(database: Database) -> bool:
    """Recovery is over and the site may write; waited for."""
    for _ in range(300):
        with database.system("test: promoted", writes=False) as session:
            if not session.scalar(sa.text("select pg_is_in_recovery()")):
                return True
        time.sleep(0.1)
    return False
