"""Sealed values moved to the newest version of the keys: batch by batch, each a transaction of its own.

Killed at any moment, what was moved is moved and the rest opens under its old version; the next run takes up the rest.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from monitor.db import Database
from monitor.models import Base
from monitor.sealing import seal, sealing_keys, unseal

BATCH = 200


class SealedColumn(msgspec.Struct, frozen=True):
    """Where sealed values lie, and the purpose that their keys were derived for. Their place is table.column.id."""

    table: str
    column: str
    purpose: str

    def place(self, number: int) -> str:
        return f"{self.table}.{self.column}.{number}"


# every column of sealed values there is; a test compares this list with the tables
SEALED = (
    SealedColumn("app_user", "totp_secret", "totp"),
    SealedColumn("protected_party", "sealed_name", "names"),
    SealedColumn("wall", "sealed_why", "wall"),
    SealedColumn("conflict_alert", "sealed", "conflict"),
    SealedColumn("context_review", "sealed", "context"),
    SealedColumn("approval_request", "sealed_why", "second person"),
    SealedColumn("webhook_endpoint", "sealed_secret", "webhooks"),
    SealedColumn("webhook_endpoint", "sealed_earlier", "webhooks"),
    SealedColumn("removal", "sealed_order", "removals"),
    SealedColumn("removal", "sealed_rows", "removals"),
)


def reseal(database: Database, secret: str, say: Callable[[int], object] = lambda _n: None) -> dict[str, int]:
    """Move every value that an older version seals; how many by column. Raises `SealError` for one that does not open.

    ``say`` is told the number moved after each batch.
    """
    moved: dict[str, int] = {}
    for column in SEALED:
        while number := _batch(database, column, secret):
            name = f"{column.table}.{column.column}"
            moved[name] = moved.get(name, 0) + number
            say(sum(moved.values()))
    return moved


def versions_in_use(session: Session) -> dict[int, int]:
    """How many values each version seals."""
    found: dict[int, int] = {}
    for column in SEALED:
        first = func.substr(_at(column), 1, 1)
        for version, number in session.execute(select(first, func.count()).where(_holds(column)).group_by(first)):
            found[version[0]] = found.get(version[0], 0) + number
    return dict(sorted(found.items()))


def _batch(database: Database, column: SealedColumn, secret: str) -> int:
    current = bytes([sealing_keys(secret, column.purpose).current])
    table, at = _table(column), _at(column)
    with database.system("keys change: sealed values move to the newest") as session, session.begin():
        older = select(table.c.id, at).where(_holds(column), func.substr(at, 1, 1) != current)
        rows = session.execute(older.order_by(table.c.id).limit(BATCH).with_for_update()).all()
        for number, sealed in rows:
            again = _again(column, number, sealed, secret)
            session.execute(update(table).where(table.c.id == number).values({column.column: again}))
    return len(rows)


def _again(column: SealedColumn, number: int, sealed: bytes, secret: str) -> bytes:
    keys, place = sealing_keys(secret, column.purpose), column.place(number)
    text = unseal(keys, sealed, place)
    if (column.table, column.column) == ("removal", "sealed_rows"):
        text = _inner(text, secret)
    return seal(keys, text, place)


def _inner(text: str, secret: str) -> str:
    """The rows of a case that is sealed away hold sealed values themselves."""
    kept = msgspec.json.decode(text)
    for row, column in _sealed_within(kept):
        if value := row.get(column.column):
            moved = _again(column, row["id"], base64.b64decode(value), secret)
            row[column.column] = base64.b64encode(moved).decode()
    return msgspec.json.encode(kept).decode()


def _sealed_within(kept: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[dict[str, Any], SealedColumn]]:
    for table, rows in kept.items():
        for column in (one for one in SEALED if one.table == table):
            yield from ((row, column) for row in rows)


def _table(column: SealedColumn) -> Table:
    return Base.metadata.tables[column.table]


def _at(column: SealedColumn) -> Any:
    return _table(column).c[column.column]


def _holds(column: SealedColumn) -> Any:
    return func.length(_at(column)) > 0
