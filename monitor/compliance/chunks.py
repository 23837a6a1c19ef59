"""Statements about some cases, and about what was on record: long lists of ids a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select

# SQLite allows 32,766 parameters in a statement; PostgreSQL 65,535
SIZE = 5_000


def parts(ids: Sequence[int], size: int = SIZE) -> Iterator[Sequence[int]]:
    """``ids``, at most ``size`` at a time."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def in_chunks(statement: Select[Any], cases: Sequence[int] | None) -> Iterator[Select[Any]]:
    """The statement once for all cases, or once for each part of ``cases``. It selects a column called person."""
    if cases is None:
        yield statement
        return
    subject = next(column for column in statement.selected_columns if column.key == "person")
    for part in parts(cases):
        yield statement.where(subject.in_(part))


def recorded_by(statement: Any, known_at: datetime | None) -> Any:
    """The statement for what was recorded by ``known_at`` (None: ever). It selects a column called recorded_at."""
    if known_at is None:
        return statement
    recorded = next(column for column in statement.selected_columns if column.key == "recorded_at")
    return statement.where(recorded <= known_at)
