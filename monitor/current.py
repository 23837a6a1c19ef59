"""Versions of a fact: the current one, that no later one has replaced and that was not retracted; the first one."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_
from sqlalchemy.orm import aliased


def current(entity: Any, known_at: datetime | None = None) -> ColumnElement[bool]:
    """The condition that picks current rows of a fact table; as known at ``known_at``, or now."""
    if known_at is None and isinstance(entity, type):
        return _now(entity)  # asked for dozens of times a page, and the same each time
    return _condition(entity, known_at)


def first_told(entity: Any) -> ColumnElement[bool]:
    """The condition that picks facts as they were first recorded: rows that correct none.

    Not as `IS NULL`: the column is unique, so SQLite takes one row at most to be empty and goes by it; nearly all are.
    """
    return func.coalesce(entity.supersedes_id, 0) == 0


@cache
def _now(entity: type) -> ColumnElement[bool]:
    return _condition(entity, None)


def _condition(entity: Any, known_at: datetime | None) -> ColumnElement[bool]:
    later = aliased(entity)
    replaced = [later.supersedes_id == entity.id]
    known = [entity.retracted.is_(False)]
    if known_at is not None:
        replaced.append(later.recorded_at <= known_at)
        known.append(entity.recorded_at <= known_at)
    return and_(*known, not_(exists().where(*replaced)))
