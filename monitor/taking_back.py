"""Who may take an entry back: whoever made it, and a supervisor of the same office."""

from __future__ import annotations

from typing import Any

from monitor.access.scope import Scope


def may_take_back(scope: Scope, row: Any) -> bool:
    """``row``: anything with ``agency_id`` and ``recorded_by_id``."""
    mine = row.recorded_by_id == scope.user_id or scope.role == "officer_supervisor"
    return bool(row.agency_id == scope.agency_id and mine)
