"""Statements of the strip, built once: which cases and as of when come in at each run.

Building them was half of what a strip cost, on every case that anybody opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Result, bindparam
from sqlalchemy.orm import Session

from monitor.models.base import BigId, UtcInstant

Cases = frozenset[int] | None  # None: all
KNOWN_AT: Final[Any] = bindparam("known_at", type_=UtcInstant())
Build = Callable[[], tuple[Any, Any]]


def asked(session: Session, build: Build, cases: Cases, known_at: datetime) -> Result[Any]:
    """The rows of the statement that ``build`` returns with its column of cases, narrowed to ``cases``."""
    if cases is None:
        return session.execute(_whole(build), {"known_at": known_at})
    return session.execute(_narrowed(build), {"known_at": known_at, "cases": sorted(cases)})


@cache
def _whole(build: Build) -> Any:
    return build()[0]


@cache
def _narrowed(build: Build) -> Any:
    statement, column = build()
    return statement.where(column.in_(bindparam("cases", type_=BigId, expanding=True)))
