"""What the test process pays for once and not again in every test: compiled statements and modules, hashed passwords,
waiting for the disk, garbage."""

from __future__ import annotations

import functools
import gc
import os
import sys

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

import monitor.db
import monitor.users
from tests.lasting import SHELF

STATEMENTS = 6000  # of one kind of database; a site keeps 500, and does not run every screen in one process


def save_work() -> None:
    """For the whole process: no test measures any of it."""
    keep_compiled()
    trust_the_disk()
    monitor.db._engine = _sharing(monitor.db._engine)
    # for accounts that are made, not for signing in: the same password of two accounts has one salt here
    monitor.users.hash_password = functools.cache(monitor.users.hash_password)


def keep_compiled() -> None:
    """Modules stay compiled on disk whatever the environment says: else every test process and each of its children
    compiles all of ours anew (12 of the 21 processor seconds that collecting the tests took)."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def trust_the_disk() -> None:
    """In this process SQLite does not wait for the disk, as the tests' PostgreSQL does not: no test cuts the power.

    Children that are killed open their databases as the product does.
    """
    monitor.db.SQLITE_PRAGMAS = tuple(QUICK.get(one, one) for one in monitor.db.SQLITE_PRAGMAS)


WAITS = "synchronous=FULL"
QUICK = {WAITS: "synchronous=OFF"}
assert WAITS in monitor.db.SQLITE_PRAGMAS, "a site waits until what it has said is kept lies on its disk"


def leave_be() -> None:
    """What has been imported stays: looking through it for garbage took a seventh of a test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _sharing(build):
    """A site compiles a statement once in its life; a test opens its database anew, and compiled each of them again.

    A statement is kept under its dialect, so all engines of a kind take the dialect of the first that was connected.
    """
    kept: dict[str, tuple[Dialect, LRUCache]] = {}

    def engine_of(url: str, pool_size: int, patience: float) -> Engine:
        engine = build(url, pool_size, patience)
        if patience:  # such an engine has hooks of its own on its dialect
            return engine
        if engine.dialect.name == "postgresql":
            SHELF.serve(engine)
        if engine.dialect.name in kept:
            engine.dialect, engine._compiled_cache = kept[engine.dialect.name]
            engine.pool._dialect = engine.dialect
            return engine
        engine._compiled_cache = LRUCache(STATEMENTS)

        @event.listens_for(engine, "connect")
        def keep(_connection, _entry) -> None:
            kept.setdefault(engine.dialect.name, (engine.dialect, engine._compiled_cache))

        return engine

    return engine_of
