"""Long lists of ids a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# SQLite allows 32,766 parameters in a statement; PostgreSQL 65,535
SIZE = 5_000


def parts(ids: Sequence[int], size: int = SIZE) -> Iterator[Sequence[int]]:
    """``ids``, at most ``size`` at a time."""
    return (ids[start : start + size] for start in range(0, len(ids), size))
