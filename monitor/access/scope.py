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
from typing import Any

import msgspec
from sqlalchemy import CompoundSelect, Connection, Engine, Select, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

SHOWS = "shows"  # in a session's info: the classes of data that its route may show; without it, all that is reached
BEGINNINGS = frozenset({"BEGIN", "BEGIN IMMEDIATE"})
_trusted: contextvars.ContextVar[bool] = contextvars.ContextVar("trusted_sql", default=False)


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
    token = _trusted.set(True)
    try:
        yield
    finally:
        _trusted.reset(token)


class ScopedSession(Session):
    """A session bound to one `Scope`."""

    def __init__(self, *args: Any, scope: Scope, wall: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        self._walled: tuple[int, ...] | None = None if wall else ()
        self._found: tuple[int, ...] = ()
        self._narrowing: tuple[Any, Any, dict[str, Any]] | None = None

    @property
    def found(self) -> tuple[int, ...]:
        """Cases that were looked up in this session; `monitor.db.keep_found` sets them, once."""
        return self._found

    @property
    def scope(self) -> Scope:
        """The scope; there is no setter."""
        return self._scope

    def walled(self) -> tuple[int, ...]:
        """Cases that do not exist for this person, of whatever agency, looked up once a session: few have one.

        PostgreSQL's own policies rest for that look: to whoever shares no case they show none, and so no wall either.
        """
        if self._walled is None:
            from monitor.access.reach import walled_cases
            from monitor.db import reading_everything

            with trusted_sql("which cases do not exist for this person"), self.no_autoflush, reading_everything(self):
                self._walled = tuple(sorted(self.scalars(walled_cases(self._scope.user_id))))
        return self._walled

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        """What stands behind the session, for the machine's own statements alone: no scope narrows what runs there."""
        if not _trusted.get():
            raise ScopeError("the connection behind a scoped session, without a reason")
        return super().connection(*args, **kwargs)

    def flush(self, *args: Any, **kwargs: Any) -> None:
        """The unit of work itself is Core and needs no scope, once its rows were checked; whatever then goes wrong, the
        next statement needs it again: a rollback that fails, too, tells nobody that it failed."""
        token = _trusted.set(_trusted.get())
        try:
            super().flush(*args, **kwargs)
        finally:
            _trusted.reset(token)

    def there(self) -> tuple[int, ...]:
        """What was looked up, without what does not exist for this person."""
        return tuple(case for case in self._found if case not in self.walled())

    def narrowing(self) -> tuple[Any, dict[str, Any]]:
        """The option that narrows a SELECT of this session, and who asks, as its parameters; made once."""
        shows = self.info.get(SHOWS)
        if self._narrowing is None or self._narrowing[0] != (shows, self._found):
            from monitor.access.role_criteria import of_role

            said: dict[str, Any] = {
                "scope_user": self._scope.user_id, "scope_agency": self._scope.agency_id, "scope_found": self.there(),
            }  # fmt: skip
            if walled := self.walled():
                said["scope_walled"] = walled
            by_row = self.get_bind().dialect.name == "sqlite"  # PostgreSQL finds that way by itself
            self._narrowing = (shows, self._found), of_role(self._scope.role, shows, bool(walled), by_row), said
        return self._narrowing[1:]


def guard_engine(engine: Engine) -> None:
    """Refuse, on this engine, every statement that came neither through a scoped session nor a trusted one."""
    event.listen(engine, "before_execute", _refuse_unscoped)
    event.listen(engine, "before_cursor_execute", _refuse_uncompiled)


def _refuse_unscoped(
    connection: Connection, _element: Any, _multi: Any, _params: Any, options: dict[str, Any]
) -> None:
    known = connection.get_execution_options()
    if _trusted.get() or known.get("trusted") or options.get("scoped") or "_sa_orm_load_options" in options:
        return
    raise ScopeError("a statement did not come through a scoped session")


def _refuse_uncompiled(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if context.compiled is None and not _is_own(connection, statement):
        raise ScopeError("text that is sent straight to the database goes through no scope")
    wanted = context.execution_options.get("scoped", True)
    if wanted is not True:
        from monitor.access.role_criteria import check_compiled

        check_compiled(wanted, context.compiled)


def _is_own(connection: Connection, statement: str) -> bool:
    """Text of the machine itself, or what begins a transaction of SQLite (`monitor.db`): it reads and writes no row."""
    return _trusted.get() or bool(connection.get_execution_options().get("trusted")) or statement in BEGINNINGS


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
    if state.is_select:
        _narrow_select(state, session)
    else:
        _narrow_change(state, session)


def _narrow_select(state: ORMExecuteState, session: ScopedSession) -> None:
    if state.is_executemany or not isinstance(state.statement, (Select, CompoundSelect)):
        raise ScopeError("this kind of statement cannot be scoped")
    from monitor.access.role_criteria import narrowed

    option, said = session.narrowing()
    state.statement = narrowed(state.statement, option)
    state.parameters = {**state.parameters, **said} if state.parameters else said  # type: ignore[dict-item]
    state.update_execution_options(scoped=option)


def _narrow_change(state: ORMExecuteState, session: ScopedSession) -> None:
    from monitor.access.role_criteria import criteria, tables_of

    tables = tables_of(state.statement)
    options = criteria(session.scope, tables, session.info.get(SHOWS), session.walled())
    state.statement = state.statement.options(*options)
    state.update_execution_options(scoped=True)


def _is_orm(statement: Any) -> bool:
    """Whether every top-level select goes through a mapped class."""
    parts = getattr(statement, "selects", None)
    if parts:
        return all(_is_orm(part) for part in parts)
    return getattr(statement, "_propagate_attrs", {}).get("compile_state_plugin") == "orm"


def _check_writes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    if not isinstance(session, ScopedSession):
        return
    from monitor.access.closed import only_closing, refuse_closed
    from monitor.access.reach import shares_case, writable

    scope, rows = session.scope, [*session.new, *session.dirty, *session.deleted]
    if _trusted.get():  # on another agency's desk (`db.writing_for_others`), and in no closed case there either
        refuse_closed(session, rows)
        return
    for row in rows:
        if not writable(scope.role, type(row)):
            raise ScopeError(f"a {scope.role} does not write {type(row).__tablename__}")
        if _agencies(row) - {scope.agency_id}:
            raise ScopeError("a row of another agency")
    if not only_closing(rows):
        raise ScopeError("more of a case than its closing")
    cases = {row.case_id for row in rows if hasattr(row, "case_id")}
    with trusted_sql("which cases this agency shares"):
        if not shares_case(session, scope, session.walled(), frozenset(cases)):
            raise ScopeError("a case that this agency does not share")
        refuse_closed(session, rows)
    _trusted.set(True)  # until `ScopedSession.flush` ends


def _agencies(row: Any) -> set[int]:
    if not hasattr(row, "agency_id"):
        return set()
    history = inspect(row).attrs.agency_id.history
    return {value for part in history for value in (part or ()) if value is not None}


event.listen(Session, "do_orm_execute", _apply_scope)
event.listen(Session, "before_flush", _check_writes)
