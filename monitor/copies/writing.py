"""A copy of a database in use: one snapshot, written beside its name, read back, and only then named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from monitor import audit, schema
from monitor.copies.case_keys import CaseKeys
from monitor.copies.content import END, Frame, Manifest, Totals, prove, put
from monitor.copies.rows import ENCODER, Tally, plain
from monitor.copies.stream import CopyError, Writer
from monitor.copies.units import CaseOf, Units, emptied
from monitor.db import Database
from monitor.models import Base
from monitor.sealing import sealing_keys

PURPOSE = "copies"
BATCH = 2000
TABLES = tuple(Base.metadata.sorted_tables)


class Written(msgspec.Struct, frozen=True):
    """``rows`` in all; ``by_case``: whether cases can be taken out of the copy."""

    rows: int
    by_case: bool


def write_copy(
    database: Database, file: Path, secret: str, now: datetime, case_keys: CaseKeys | None = None,
    say: Callable[[str], object] = lambda _text: None,
) -> Written:  # fmt: skip
    """Write a copy to ``file``, which must not exist. Raises `CopyError`."""
    if file.exists():
        raise CopyError(f"{file} is there already; choose another name.")
    if len(secret) < 32:
        raise CopyError("A copy is sealed with MONITOR_SECRET_KEY, and none is set.")
    if schema.current(database) != schema.head():
        raise CopyError("The tables are of another version; run `monitor db upgrade`.")
    keys, half = sealing_keys(secret, PURPOSE), file.with_name(f".{file.name}.part")
    try:
        with half.open("wb") as target:
            os.fchmod(target.fileno(), 0o600)
            tally = _write(database, Writer(target, keys), secret, now, case_keys, say)
            target.flush()
            os.fsync(target.fileno())
        say("Reading it back")
        prove(half, keys)
        half.rename(file)
    finally:
        half.unlink(missing_ok=True)
    return Written(sum(tally.counts.values()), case_keys is not None)


def _write(
    database: Database, writer: Writer, secret: str, now: datetime, case_keys: CaseKeys | None,
    say: Callable[[str], object],
) -> Tally:  # fmt: skip
    tally = Tally()
    with database.system("a copy of everything", writes=False) as session:
        put(writer, _manifest(database, session, now, case_keys is not None))
        cases = CaseOf(session, secret) if case_keys else None
        for table in TABLES:
            say(table.name)
            for rows in _batches(session, table):
                units: list[Units] = cases.of(table, rows) if cases else [()] * len(rows)
                values = [plain(row) for row in rows]
                for one in values:
                    tally.add(str(table.name), one)
                for frame in _frames(table, values, units, case_keys):
                    put(writer, frame)
        put(writer, Totals(END, tally.told()))
        writer.close()
    return tally


def _manifest(database: Database, session: Session, now: datetime, by_case: bool) -> Manifest:
    return Manifest(
        revision=schema.head() or "", taken_at=now, database="sqlite" if database.is_sqlite else "postgresql",
        audit=audit.head(session), by_case=by_case,
        columns={str(table.name): [str(column.name) for column in table.c] for table in TABLES},
    )  # fmt: skip


def _batches(session: Session, table: Table) -> Iterator[Sequence[Any]]:
    yield from session.execute(select(table).execution_options(yield_per=BATCH)).partitions()


def _frames(
    table: Table, values: list[list[Any]], units: list[Units], case_keys: CaseKeys | None
) -> Iterator[Frame]:
    """Rows of no case in the open of the copy; rows of a case sealed for each case that has them."""
    name = str(table.name)  # the library's own kind of text has no place in a copy
    if common := [row for row, of in zip(values, units, strict=True) if not of]:
        yield Frame(name, 0, common)
    by_unit: dict[int, list[list[Any]]] = {}
    for row, of in zip(values, units, strict=True):
        for unit in of:
            by_unit.setdefault(unit, []).append(row)
    if case_keys is None:
        return
    case_keys.make(by_unit)
    for unit, rows in by_unit.items():
        stays = [left for left in (emptied(table, row) for row in rows) if left]
        if stays:
            yield Frame(name, unit, stays, stays=True)
        yield Frame(name, unit, case_keys.seal(unit, ENCODER.encode(rows), name))
