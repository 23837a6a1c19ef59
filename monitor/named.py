"""What an address names, as far as it exists for whoever asks: only for that a change waits its turn.

Whoever waited for a number that is hidden from them would learn by the wait that it is there and worked on (safeguard
B7), and while they hold it others wait for them. So the look comes first: a number out of reach is as one that is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, select

from monitor.access.reach import entity_of, reach_of
from monitor.access.scope import Scope
from monitor.db import Database
from monitor.models import Group

# which table the ids of a part of an address are of, where it is not called like it
TABLES: Final = {
    "case": "court_case", "order": "court_order", "user": "app_user", "draft": "incident_draft",
    "referral": "referral_out", "ask": "program_question", "opening": "case_opening", "alert": "conflict_alert",
    "request": "approval_request", "question": "context_review", "group": "program_group", "kind": "sheet_profile",
    "hidden": "hidden_item", "matrix": "response_matrix", "act": "task", "view": "saved_view",
    "feed": "calendar_feed", "answer": "notice_answer", "endpoint": "webhook_endpoint", "word": "outbox",
    "session": "auth_session", "date": "hearing",
}  # fmt: skip


def table_of(part: str) -> str:
    """The table whose ids a part of an address (``case_id``) takes."""
    name = part.removesuffix("_id")
    return TABLES.get(name, name)


def in_reach(database: Database, scope: Scope, named: Mapping[str, int]) -> tuple[int, ...]:
    """Of ``named`` (ids by the part of the address) those that exist for this person, walls and all.

    In a transaction of its own that is over before anybody waits. On SQLite nobody waits for a number: none.
    """
    found = {part: entity for part in named if (entity := _read_by(scope.role, part)) is not None}
    if database.is_sqlite or not found:
        return ()
    with database.scoped(scope) as session:
        there = [session.scalar(_there(scope, one).where(one.id == named[part])) for part, one in found.items()]
    return tuple(number for number in there if number is not None)


def _there(scope: Scope, entity: Any) -> Select[Any]:
    """Every program may know every group, and its own program alone works with it: nobody else waits for it."""
    wanted = select(entity.id)
    return wanted.where(Group.agency_id == scope.agency_id) if entity is Group else wanted


def _read_by(role: str, part: str) -> Any:
    entity = entity_of(table_of(part))
    return entity if entity is not None and hasattr(entity, "id") and reach_of(role, entity) is not None else None
