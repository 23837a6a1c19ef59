"""Both databases for a benchmark, as a site runs on them: PostgreSQL with a role that its row policies hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import create_engine, text

from monitor.db import Database
from monitor.schema import upgrade
from tests.conftest import APPLICATION, MAKE_ROLE, PASSWORD, as_role
from tests.pgtemp import temporary_server


class Store(msgspec.Struct, frozen=True):
    """``held``: the address that the site uses. ``free``: its owner's, whom no policy holds; the same on SQLite."""

    kind: str
    held: str
    free: str

    def open(self) -> Database:
        """As its owner, with tables."""
        owner = Database(self.free)
        upgrade(owner, role=APPLICATION)
        return owner


def both(folder: Path, name: str = "benchmark") -> Iterator[Store]:
    """An empty database of each kind; the PostgreSQL server ends with the iteration."""
    url = f"sqlite:///{folder / f'{name}.db'}"
    yield Store("sqlite", url, url)
    with temporary_server() as server:
        engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(MAKE_ROLE.format(role=APPLICATION, password=PASSWORD))
            connection.exec_driver_sql(f"create database {name}")
        engine.dispose()
        yield Store("postgresql", as_role(server.format(name), APPLICATION), server.format(name))


def know_sizes(owner: Database) -> None:
    """What autovacuum does on a server that runs for longer than a benchmark."""
    if not owner.is_sqlite:
        engine = create_engine(owner.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("analyze")
        engine.dispose()


def server_seconds(owner: Database) -> float:
    """Processor seconds so far of the PostgreSQL backends that work on this database; 0.0 on SQLite, which has none."""
    if owner.is_sqlite:
        return 0.0
    with owner.migrating() as connection:
        pids = connection.scalars(text("select pid from pg_stat_activity where datname = current_database()")).all()
    return seconds_of(pids)


def seconds_of(pids: list[int]) -> float:
    """Processor seconds so far of these processes; one that is gone counts as nothing."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
