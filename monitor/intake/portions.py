"""Long files a portion at a time: rows that are written are let go, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

AT_ONCE = 5_000
Row = TypeVar("Row")


def parts(rows: Sequence[Row], size: int = AT_ONCE) -> Iterator[Sequence[Row]]:
    """``rows``, at most ``size`` at a time."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def let_go(session: Session, rows: Iterable[Any]) -> None:
    """Forget objects that are written; they stay in the transaction."""
    for row in rows:
        session.expunge(row)
