"""A copy put back where nothing is: proved whole first, loaded in one transaction, compared row for row.

Nothing is overwritten; nobody stays signed in; notices that waited are held until an administrator looks at them.
Cases whose key is destroyed do not come back: the record is then as if they had never been there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, insert, make_url, select, text, update
from sqlalchemy.orm import Session

from monitor import audit, schema
from monitor.copies.case_keys import CaseKeys
from monitor.copies.content import Content, Frame, Manifest, prove
from monitor.copies.rows import Tally, plain, typed
from monitor.copies.stream import CopyError, Reader
from monitor.copies.writing import BATCH, PURPOSE, TABLES
from monitor.db import Database, SystemSession
from monitor.models import (
    ApprovalRequest,
    AuthSession,
    CalendarFeed,
    Callback,
    Consultation,
    Machine,
    Outbox,
    WebhookEndpoint,
)
from monitor.sealing import SealingKeys, sealing_keys
from monitor.trail.blocks import carry_on

AFTER = "after a restore: nothing is sent twice, nobody stays signed in"
_TABLES = {table.name: table for table in TABLES}


class Restored(msgspec.Struct, frozen=True):
    """``rows`` now on record; ``left_out``: units (cases, sheets) whose key is destroyed."""

    rows: int
    left_out: int
    manifest: Manifest


class Target(msgspec.Struct, frozen=True):
    """Where to: the database, by the role that owns its tables if there is one, and the application's role."""

    url: str
    owner_url: str = ""


def restore(
    target: Target, file: Path, secret: str, now: datetime, case_keys: CaseKeys | None = None,
    say: Callable[[str], object] = lambda _text: None,
) -> Restored:  # fmt: skip
    """Put a copy back. Raises `CopyError` before anything is touched if it is not whole or the place not empty."""
    keys = sealing_keys(secret, PURPOSE)
    place = _empty_place(target)
    say("Proving the copy")
    manifest = prove(file, keys, lambda frame: _opened(frame, case_keys))
    _refuse_other(manifest, case_keys)
    if place is None:
        return _fill(target, file, keys, secret, now, case_keys, say)
    half = place.with_name(f".{place.name}.restoring")
    half.unlink(missing_ok=True)
    try:
        done = _fill(Target(f"sqlite:///{half}"), file, keys, secret, now, case_keys, say)
        half.rename(place)
    finally:
        half.unlink(missing_ok=True)
    return done


def _empty_place(target: Target) -> Path | None:
    """The file to be, on SQLite; on PostgreSQL the database must be there and empty."""
    url = make_url(target.url)
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise CopyError("The database is not a file.")
        if Path(url.database).exists():
            raise CopyError(f"{url.database} is there already. Move it away first; nothing is overwritten.")
        return Path(url.database)
    database = Database(target.owner_url or target.url)
    try:
        if schema.current(database) is not None:
            raise CopyError("The database has tables already. Make an empty one; nothing is overwritten.")
    finally:
        database.close()
    return None


def _refuse_other(manifest: Manifest, case_keys: CaseKeys | None) -> None:
    if manifest.revision != schema.head():
        raise CopyError(f"This copy is of revision {manifest.revision}: put it back with the version of the program "
                        "that made it, then upgrade.")  # fmt: skip
    if manifest.by_case and case_keys is None:
        raise CopyError("The cases in this copy have keys of their own: set MONITOR_CASE_KEYS_FILE to their store.")


def _fill(
    target: Target, file: Path, keys: SealingKeys, secret: str, now: datetime, case_keys: CaseKeys | None,
    say: Callable[[str], object],
) -> Restored:  # fmt: skip
    database = Database(target.owner_url or target.url)
    try:
        say("Tables")
        schema.upgrade(database, role=(make_url(target.url).username or "") if target.owner_url else "")
        with file.open("rb") as source, database.migrating() as connection:
            content = Content(Reader(source, keys))
            loading = _Loading(connection, case_keys, say)
            with _no_triggers(connection):
                _load(connection, content, loading)
            # in the same transaction: killed before, nobody finds open sessions and notices that leave again
            _settle(SystemSession(connection, info={"reason": AFTER}), secret, now)
    finally:
        database.close()
    return Restored(sum(loading.tally.counts.values()), len(loading.left_out), content.manifest)


def _load(connection: Connection, content: Content, loading: _Loading) -> None:
    for frame in content.frames():
        loading.take(frame)
    loading.end()
    _compare(connection, loading, content.totals)


class _Loading:
    """Rows on their way in. A row that several cases have comes once; what is left of one comes if nothing else did."""

    def __init__(self, connection: Connection, case_keys: CaseKeys | None, say: Callable[[str], object]) -> None:
        self._connection, self._keys, self._say = connection, case_keys, say
        self._table, self._there, self._remains = "", set[Any](), dict[Any, list[Any]]()
        self.tally, self.left_out, self.lacking = Tally(), set[int](), set[str]()
        for table in reversed(TABLES):  # a migration may have brought rows
            connection.execute(table.delete())

    def take(self, frame: Frame) -> None:
        if frame.table != self._table:
            self._begin(frame.table)
        opened = _opened(frame, self._keys)
        if opened is None:
            self.left_out.add(frame.unit)
            self.lacking.add(frame.table)
        elif frame.stays:
            self._remains |= {row[0]: row for row in opened}
        else:
            self._insert(opened)

    def end(self) -> None:
        self._insert([row for key, row in self._remains.items() if key not in self._there])
        self._remains, self._there = {}, set()

    def _begin(self, name: str) -> None:
        self.end()
        self._table = name
        self._say(name)

    def _insert(self, rows: list[list[Any]]) -> None:
        table = _TABLES[self._table] if rows else None
        if table is None:
            return
        if "case_id" not in table.c:
            rows = [row for row in rows if row[0] not in self._there]
            self._there |= {row[0] for row in rows}
        for row in rows:
            self.tally.add(table.name, row)
        for start in range(0, len(rows), BATCH):
            self._connection.execute(insert(table), [typed(table, row) for row in rows[start : start + BATCH]])


def _opened(frame: Frame, case_keys: CaseKeys | None) -> list[list[Any]] | None:
    """The rows of a frame; None where their key is destroyed. Raises `CopyError` where the store never had it."""
    if frame.stays or not frame.unit:
        rows: list[list[Any]] = frame.rows
        return rows
    data = case_keys.open(frame.unit, frame.rows, frame.table) if case_keys else None
    return None if data is None else msgspec.msgpack.decode(data)


def _compare(connection: Connection, loading: _Loading, totals: dict[str, tuple[int, str]]) -> None:
    """What is in the database now is what was loaded, and, in tables that no destroyed key touches, what was copied."""
    there = Tally()
    for table in TABLES:
        for row in connection.execute(select(table).execution_options(yield_per=BATCH)):
            there.add(table.name, plain(row))
    loaded = loading.tally.told()
    whole = (totals.keys() | loaded.keys()) - loading.lacking
    if there.told() != loaded or any(totals.get(name) != loaded.get(name) for name in whole):
        raise CopyError("What was put back is not what was copied; nothing was kept. Choose another copy.")


@contextmanager
def _no_triggers(connection: Connection) -> Iterator[None]:
    """Triggers judge acts of people; rows that come back were judged then. Off in this transaction only."""
    if connection.dialect.name == "postgresql":
        for table in TABLES:
            connection.execute(text(f'alter table "{table.name}" disable trigger user'))
        yield
        connection.execute(text("set constraints all immediate"))  # every reference is looked at now
        for table in TABLES:
            connection.execute(text(f'alter table "{table.name}" enable trigger user'))
        return
    triggers = connection.execute(text("select name, sql from sqlite_master where type = 'trigger'")).all()
    for name, _sql in triggers:
        connection.execute(text(f'drop trigger "{name}"'))
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)
    if connection.execute(text("pragma foreign_key_check")).first():
        raise CopyError("A row of this copy refers to one that is not in it; nothing was kept.")


def settle(database: Database, secret: str, now: datetime) -> None:
    """What a restore of whatever kind ends with: what lets people and machines in ends, notices wait for a person."""
    _settle(database.system(AFTER), secret, now)


def _settle(opened: Session, secret: str, now: datetime) -> None:
    with opened as session, session.begin():
        session.execute(update(Outbox).where(Outbox.state == "DUE").values(state="SUSPECT"))
        session.execute(update(AuthSession).where(AuthSession.revoked_at.is_(None)).values(revoked_at=now))
        # what was ended since the copy would open again: of these nobody can tell which, so none opens
        for opened_by in (CalendarFeed, Machine):
            session.execute(update(opened_by).where(opened_by.revoked_at.is_(None)).values(revoked_at=now))
        # a yes that was used since would be worth a second act, and what was declined since would wait for another yes:
        # whoever needs it asks again (safeguard D7)
        session.execute(update(ApprovalRequest).where(ApprovalRequest.until_at > now).values(until_at=now))
        # one that was ended since works again: nothing goes there before an administrator has looked
        paused = {"paused_at": now, "paused_why": "RESTORED"}
        session.execute(update(WebhookEndpoint).where(WebhookEndpoint.paused_at.is_(None)).values(paused))
        # its key is gone by then, so it says nothing; nor does it come back to be counted (safeguard C5)
        for sealed in (Callback, Consultation):
            session.execute(delete(sealed).where(sealed.purge_on <= now.date()))
        carry_on(session)
        act = audit.Act(event="database.restored", component="command")
        audit.append(session, act, audit.audit_key(secret), now)


def pk_first(table: Table) -> bool:
    """Whether a row begins with its key, as the loading takes for granted; held by a test."""
    return [column.name for column in table.primary_key][:1] == [next(iter(table.c)).name]
