"""A random key for each case, in a file outside the database and outside every copy, wrapped by the site's key.

Destroying one takes the case out of every copy that was ever made. The file is replicated, never archived: an archived
one would bring a destroyed key back.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitor.sealing import NONCE_BYTES, seal, sealing_keys, unseal

PURPOSE = "case keys"
SECURE = ("pragma secure_delete=on", "pragma synchronous=full", "pragma busy_timeout=10000")


class CaseKeys:
    """The store. A unit is the id of a case, or of a sheet that tells of several people."""

    def __init__(self, file: Path, secret: str) -> None:
        self._file, self._keys = file, sealing_keys(secret, PURPOSE)
        file.touch(mode=0o600)
        with closing(self._open()) as store, store:
            store.execute("create table if not exists unit_key (unit integer primary key, wrapped blob not null)")
            rows = store.execute("select unit, wrapped from unit_key").fetchall()
        self._known = {unit: AESGCM(self._unwrap(unit, wrapped)) for unit, wrapped in rows}

    def __repr__(self) -> str:
        return f"<keys of {len(self._known)} cases and sheets>"

    def holds(self, unit: int) -> bool:
        return unit in self._known

    def make(self, units: Iterable[int]) -> None:
        """A key for each unit that has none."""
        new = {unit: secrets.token_bytes(32) for unit in units if unit not in self._known}
        if new:
            rows = [(unit, self._wrap(unit, key)) for unit, key in new.items()]
            with closing(self._open()) as store, store:
                store.executemany("insert into unit_key values (?, ?)", rows)
            self._known |= {unit: AESGCM(key) for unit, key in new.items()}

    def seal(self, unit: int, data: bytes, place: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._known[unit].encrypt(nonce, data, f"{place}.{unit}".encode())

    def open(self, unit: int, sealed: bytes, place: str) -> bytes | None:
        """The bytes; None where the key is gone, or is another one than then."""
        try:
            return self._known[unit].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{place}.{unit}".encode())
        except (InvalidTag, LookupError):
            return None

    def destroy(self, units: Iterable[int]) -> int:
        """End these keys for good; how many there were."""
        there = [unit for unit in units if self._known.pop(unit, None)]
        with closing(self._open()) as store, store:
            store.executemany("delete from unit_key where unit = ?", [(unit,) for unit in there])
        return len(there)

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
