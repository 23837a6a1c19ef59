"""A random key for each case, in a file outside the database and outside every copy, wrapped by the site's key.

Destroying one takes the case out of every copy that was ever made. The file is replicated, never archived: an archived
one would bring a destroyed key back.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitor.copies.stream import CopyError
from monitor.sealing import NONCE_BYTES, seal, sealing_keys, unseal

PURPOSE = "case keys"
MISSING = (
    "There is no store of case keys in {file}. Set MONITOR_CASE_KEYS_FILE to where it lies, or bring its newest "
    "replica back: copies do not open without it. Only where none was ever made: `monitor db backup --new-case-keys`."
)
NONE = "{file} is empty or no store of case keys. Bring the newest replica of the store back."
THERE = "{file} is there already: a store of case keys is made once, and never over another."
OTHER = (
    "The store of case keys is not the one of this copy, or older than it: it never had one of its keys. Bring the "
    "newest replica back. Nothing was put back."
)
TABLES = (
    "create table if not exists unit_key (unit integer primary key, wrapped blob not null)",
    "create table if not exists destroyed (unit integer primary key)",
    "create table if not exists ends (unit integer primary key, purge_on text not null)",
)
SECURE = ("pragma secure_delete=on", "pragma synchronous=full", "pragma busy_timeout=10000")


class CaseKeys:
    """The store. A unit is the id of a case, or of a sheet that tells of several people.

    Which units were destroyed stays written (their ids alone), to tell them from a store that is lost or another one.
    """

    def __init__(self, file: Path, secret: str, *, create: bool = False) -> None:
        """``create``: make it, which must not be there. Raises `CopyError` where there is none, or an empty one."""
        self._file, self._keys = file, sealing_keys(secret, PURPOSE)
        _make(file) if create else _look_at(file)
        with closing(self._open()) as store, store:
            for table in TABLES:
                store.execute(table)
            rows = store.execute("select unit, wrapped from unit_key").fetchall()
            self._destroyed = {unit for (unit,) in store.execute("select unit from destroyed")}
        self._known = {unit: AESGCM(self._unwrap(unit, wrapped)) for unit, wrapped in rows}

    def __repr__(self) -> str:
        return f"<keys of {len(self._known)} cases and sheets>"

    def holds(self, unit: int) -> bool:
        return unit in self._known

    def make(self, units: Iterable[int], purge_on: date | None = None) -> None:
        """A key for each unit that has none. ``purge_on``: the first day without it, where that is known."""
        new = {unit: secrets.token_bytes(32) for unit in units if unit not in self._known}
        if new:
            rows = [(unit, self._wrap(unit, key)) for unit, key in new.items()]
            with closing(self._open()) as store, store:
                store.executemany("insert into unit_key values (?, ?)", rows)
                if purge_on:
                    ends = [(unit, purge_on.isoformat()) for unit in new]
                    store.executemany("insert or replace into ends values (?, ?)", ends)
            self._known |= {unit: AESGCM(key) for unit, key in new.items()}

    def seal(self, unit: int, data: bytes, place: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._known[unit].encrypt(nonce, data, f"{place}.{unit}".encode())

    def open(self, unit: int, sealed: bytes, place: str) -> bytes | None:
        """The bytes; None where the key of then is destroyed. Raises `CopyError` where this store never had it."""
        try:
            return self._known[unit].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{place}.{unit}".encode())
        except (InvalidTag, LookupError):
            if unit in self._destroyed:
                return None
            raise CopyError(OTHER) from None

    def over(self, today: date) -> list[int]:
        """The units whose key should be gone by this day, as was said when it was made."""
        with closing(self._open()) as store:
            rows = store.execute("select unit from ends where purge_on <= ?", (today.isoformat(),))
            return [unit for (unit,) in rows]

    def destroy(self, units: Iterable[int]) -> int:
        """End these keys for good; how many there were."""
        gone = [(unit,) for unit in units]
        with closing(self._open()) as store, store:
            store.executemany("delete from unit_key where unit = ?", gone)
            store.executemany("delete from ends where unit = ?", gone)
            store.executemany("insert or ignore into destroyed values (?)", gone)
        self._destroyed |= {unit for (unit,) in gone}
        return sum(self._known.pop(unit, None) is not None for (unit,) in gone)

    def rewrap(self) -> int:
        """Wrap every key with the newest version of the site's keys; how many were under an older one."""
        with closing(self._open()) as store, store:
            rows = store.execute("select unit, wrapped from unit_key").fetchall()
            older = [(unit, wrapped) for unit, wrapped in rows if wrapped[0] != self._keys.current]
            again = [(self._wrap(unit, self._unwrap(unit, wrapped)), unit) for unit, wrapped in older]
            store.executemany("update unit_key set wrapped = ? where unit = ?", again)
        return len(older)

    def _open(self) -> sqlite3.Connection:
        store = sqlite3.connect(self._file)
        for line in SECURE:
            store.execute(line)
        return store

    def _wrap(self, unit: int, key: bytes) -> bytes:
        return seal(self._keys, key.hex(), f"unit_key.wrapped.{unit}")

    def _unwrap(self, unit: int, wrapped: bytes) -> bytes:
        return bytes.fromhex(unseal(self._keys, wrapped, f"unit_key.wrapped.{unit}"))


def _make(file: Path) -> None:
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise CopyError(THERE.format(file=file)) from None


def _look_at(file: Path) -> None:
    if not file.is_file():
        raise CopyError(MISSING.format(file=file))
    with closing(sqlite3.connect(file)) as store:
        try:
            there = store.execute("select 1 from sqlite_master where name = 'unit_key'").fetchone()
        except sqlite3.DatabaseError:
            there = None
    if not there:
        raise CopyError(NONE.format(file=file))
