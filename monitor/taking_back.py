"""Who may take an entry back: whoever made it, and a supervisor of the same office; and the version that says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.access.scope import Scope
from monitor.models.base import Fact, random_id


def may_take_back(scope: Scope, row: Any) -> bool:
    """``row``: anything with ``agency_id`` and ``recorded_by_id``."""
    mine = row.recorded_by_id == scope.user_id or scope.role == "officer_supervisor"
    return bool(row.agency_id == scope.agency_id and mine)


def retracted(row: Fact, scope: Scope, reason: str, now: datetime) -> Any:
    """The version of ``row`` that says it should never have been recorded; to be added to the session."""
    own = {name: getattr(row, name) for name in type(row).__mapper__.column_attrs.keys()}  # type: ignore[attr-defined]
    return type(row)(**own | {
        "id": random_id(), "supersedes_id": row.id, "retracted": True, "reason": reason.strip()[:300],
        "recorded_at": now, "recorded_by_id": scope.user_id, "agency_id": scope.agency_id,
    })  # fmt: skip
