"""Long lists of ids in statements: a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
