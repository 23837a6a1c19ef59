"""Rows as a copy holds them, the same whichever database they come from or go to; and a digest of a table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import msgspec
from sqlalchemy import JSON, Column, Date, Table, Time, null

ENCODER = msgspec.msgpack.Encoder()
_IN_ORDER = msgspec.msgpack.Encoder(order="sorted")  # JSON has no order, and PostgreSQL keeps none
Values = Sequence[Any]


class Tally:
    """Counts and digests by table, whatever the order of rows."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.sums: dict[str, int] = {}

    def add(self, table: str, values: Values) -> None:
        digest = hashlib.sha256(_IN_ORDER.encode(values)).digest()[:16]
        self.counts[table] = self.counts.get(table, 0) + 1
        self.sums[table] = (self.sums.get(table, 0) + int.from_bytes(digest, "big")) % (1 << 128)

    def told(self) -> dict[str, tuple[int, str]]:
        return {table: (count, f"{self.sums[table]:032x}") for table, count in sorted(self.counts.items())}


def plain(values: Values) -> list[Any]:
    """As they are read back: days and times of day as text."""
    return [value.isoformat() if isinstance(value, time) or type(value) is date else value for value in values]


def typed(table: Table, values: Values) -> dict[str, Any]:
    """As the database takes them."""
    return {column.name: _value(column, value) for column, value in zip(table.c, values, strict=True)}


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return null() if isinstance(column.type, JSON) and column.nullable else None
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Time):
        return time.fromisoformat(value)
    return value
