"""Sessions that fail closed: a person sees and writes only what their role reaches in their agency.

Every entity that a role may read stands in `monitor.access.reach`; a statement that touches anything else, or that
cannot be proven to go through mapped classes, raises `ScopeError`. One session has one scope, for good, so the
identity map cannot carry a row from one person to another.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Table, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.elements import BindParameter, ColumnClause

SHOWS = "shows"  # in a session's info: the classes of data that its route may show; without it, all that is reached
LEAVES = (ColumnClause, BindParameter)  # most of a statement, and nothing to find in them
_trusted: contextvars.ContextVar[bool] = contextvars.ContextVar("trusted_sql", default=False)


class ScopeError(RuntimeError):
    """The statement, or the row, lies outside what this person's role reaches. Nothing was read or written."""


class Reach(StrEnum):
    """How far a role sees an entity: the person's own rows, the agency's, of cases it shares, reviewed ones, or all.

    ``own_shared``: the agency's own rows, of cases that it still shares. ``addressed``: of those, what is addressed to
    this person, or to whoever holds this role there. ``found``: of the cases that this session has looked up by what
    the asker knew already, and of none before (safeguard B10: nothing to list).
    """

    MINE = "mine"
    OWN = "own"
    SHARED = "shared"
    REVIEWED = "reviewed"
    OWN_SHARED = "own_shared"
    ADDRESSED = "addressed"
    FOUND = "found"
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
    token = _trusted.set(True)
    try:
        yield
    finally:
        _trusted.reset(token)


class ScopedSession(Session):
    """A session bound to one `Scope`."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        self._walled: tuple[int, ...] | None = None
        self._found: tuple[int, ...] = ()

    @property
    def found(self) -> tuple[int, ...]:
        """Cases that were looked up in this session; `monitor.db.keep_found` sets them, once."""
        return self._found

    @property
    def scope(self) -> Scope:
        """The scope; there is no setter."""
        return self._scope

    def walled(self) -> tuple[int, ...]:
        """Cases that do not exist for this person, looked up once a session: hardly anybody has one."""
        if self._walled is None:
            from monitor.access.reach import walled_cases

            with trusted_sql("which cases do not exist for this person"), self.no_autoflush:
                self._walled = tuple(sorted(self.scalars(walled_cases(self._scope.user_id))))
        return self._walled


def guard_engine(engine: Engine) -> None:
    """Refuse, on this engine, every statement that came neither through a scoped session nor a trusted one."""
    event.listen(engine, "before_execute", _refuse_unscoped)


def _refuse_unscoped(
    connection: Connection, _element: Any, _multi: Any, _params: Any, options: dict[str, Any]
) -> None:
    known = connection.get_execution_options()
    if _trusted.get() or known.get("trusted") or options.get("scoped") or "_sa_orm_load_options" in options:
        return
    raise ScopeError("a statement did not come through a scoped session")


def _apply_scope(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, ScopedSession) or _trusted.get():
        return
    if not _is_orm(state.statement):
        raise ScopeError("only mapped classes may be queried in a scoped session")
    if state.is_column_load:
        return  # a refresh of a row this session may already see
    if state.is_from_statement or state.is_insert or (state.is_executemany and not state.is_select):
        raise ScopeError("this kind of statement cannot be scoped")
    tables, shows = _tables(state.statement), session.info.get(SHOWS)
    options = _criteria(session.scope, tables, state.is_select, shows, session.walled(), session.found)
    state.statement = state.statement.options(*options)
    state.update_execution_options(scoped=True)


def _is_orm(statement: Any) -> bool:
    """Whether every top-level select goes through a mapped class."""
    parts = getattr(statement, "selects", None)
    if parts:
        return all(_is_orm(part) for part in parts)
    return getattr(statement, "_propagate_attrs", {}).get("compile_state_plugin") == "orm"


def _tables(statement: Any) -> frozenset[str]:
    """Names of all tables at any depth; a column or value has none below it that the select above does not name."""
    found, left = set[str](), [statement]
    while left:
        for element in left.pop().get_children():
            if isinstance(element, Table):
                found.add(element.name)
            elif not isinstance(element, LEAVES):
                left.append(element)
    if entity := getattr(statement, "entity_description", None):
        found.add(entity["table"].name)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _criteria(
    scope: Scope, tables: frozenset[str], reading: bool, shows: frozenset[str] | None = None,
    walled: tuple[int, ...] = (), found: tuple[int, ...] = (),
) -> tuple[Any, ...]:
    from monitor.access.matrix import class_of
    from monitor.access.reach import entity_of, predicate, reach_of, writable

    options = []
    for table in sorted(tables):
        entity = entity_of(table)
        reach = reach_of(scope.role, entity) if entity else None
        if entity is None or reach is None or not (reading or writable(scope.role, entity)):
            raise ScopeError(f"a {scope.role} does not reach {table}")
        if shows is not None and (seen := class_of(table, reach)) is not None and seen not in shows:
            raise ScopeError(f"this route does not show {seen}, so it does not read {table}")
        where = predicate(entity, reach if reading else Reach.OWN, scope, walled, found)
        if where is not None:
            options.append(with_loader_criteria(entity, where, include_aliases=True))
    return tuple(options)


def _check_writes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    if not isinstance(session, ScopedSession):
        return
    from monitor.access.reach import shares_case, writable

    scope = session.scope
    rows = [row for row in (*session.new, *session.dirty, *session.deleted) if not _trusted.get()]
    for row in rows:
        if not writable(scope.role, type(row)):
            raise ScopeError(f"a {scope.role} does not write {type(row).__tablename__}")
        if _agencies(row) - {scope.agency_id}:
            raise ScopeError("a row of another agency")
    cases = {row.case_id for row in rows if hasattr(row, "case_id")}
    with trusted_sql("which cases this agency shares"):
        if not shares_case(session, scope, session.walled(), frozenset(cases)):
            raise ScopeError("a case that this agency does not share")
    session.info["flush"] = _trusted.set(True)  # the unit of work itself is Core; allowed only while it flushes


def _agencies(row: Any) -> set[int]:
    if not hasattr(row, "agency_id"):
        return set()
    history = inspect(row).attrs.agency_id.history
    return {value for part in history for value in (part or ()) if value is not None}


def _end_flush(session: Session, *_rest: Any) -> None:
    if (token := session.info.pop("flush", None)) is not None:
        _trusted.reset(token)


event.listen(Session, "do_orm_execute", _apply_scope)
event.listen(Session, "before_flush", _check_writes)
event.listen(Session, "after_flush", _end_flush)
event.listen(Session, "after_soft_rollback", _end_flush)
