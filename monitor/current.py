"""The current version of a fact: the one that no later version has replaced, and that was not retracted."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_
from sqlalchemy.orm import aliased


def current(entity: Any, known_at: datetime | None = None) -> ColumnElement[bool]:
    """The condition that picks current rows of a fact table; as known at ``known_at``, or now."""
    if known_at is None and isinstance(entity, type):
        return _now(entity)  # asked for dozens of times a page, and the same each time
    return _condition(entity, known_at)


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
