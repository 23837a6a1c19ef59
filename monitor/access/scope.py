"""Who is asking, how far a role sees, and when a statement needs no scope: the words of every scoped session."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from enum import StrEnum

import msgspec

# whether the statements of the moment need no scope: `trusted_sql` and the flush of rows that were checked set it
TRUSTED: contextvars.ContextVar[bool] = contextvars.ContextVar("trusted_sql", default=False)


class ScopeError(RuntimeError):
    """The statement, or the row, lies outside what this person's role reaches. Nothing was read or written."""


class Reach(StrEnum):
    """How far a role sees an entity: the person's own rows, the agency's, of cases it shares, reviewed ones, or all.

    ``own_shared``: the agency's own rows, of cases that it still shares. ``addressed``: of those, what is addressed to
    this person, or to whoever holds this role there. ``found``: of the cases that this session has looked up by what
    the asker knew already, and of none before (safeguard B10: nothing to list). ``listed``: of every court's cases but
    the walled ones, for a list that nobody is singled out of (safeguard B8). ``between``: what the agency sent or was
    sent, of whatever case but the walled ones.
    """

    MINE = "mine"
    OWN = "own"
    SHARED = "shared"
    REVIEWED = "reviewed"
    OWN_SHARED = "own_shared"
    ADDRESSED = "addressed"
    FOUND = "found"
    LISTED = "listed"
    BETWEEN = "between"
    ALL = "all"


class Scope(msgspec.Struct, frozen=True):
    """Who is asking: a user, in one role, for one agency."""

    user_id: int
    role: str
    agency_id: int


@contextlib.contextmanager
def trusted_sql(reason: str) -> Iterator[None]:
    """Statements inside need no scope: the audit chain, look-ups that answer yes or no. ``reason`` is for review."""
    if not reason:
        raise ValueError("trusted SQL needs a reason")
    token = TRUSTED.set(True)
    try:
        yield
    finally:
        TRUSTED.reset(token)
