"""Sessions that fail closed: a person sees and writes only what their role reaches in their agency.

Every entity that a role may read stands in `monitor.access.reach`; a statement that touches anything else, or that
cannot be proven to go through mapped classes, raises `ScopeError`. One session has one scope, for good, so the
identity map cannot carry a row from one person to another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import CompoundSelect, Connection, Engine, Select, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from monitor.access.closed import only_closing, refuse_closed
from monitor.access.reach import places_of, shares_case, walled_cases, writable
from monitor.access.resting import reading_everything
from monitor.access.role_criteria import check_compiled, criteria, narrowed, of_columns, of_role, tables_of
from monitor.access.scope import TRUSTED, Scope, ScopeError, trusted_sql

SHOWS = "shows"  # in a session's info: the classes of data that its route may show; without it, all that is reached
# a row's names are those of its own statement, kept or made anew: SQLAlchemy's session says the same of its statements
AS_IS = {"_result_disable_adapt_to_context": True}
BEGINNINGS = frozenset({"BEGIN", "BEGIN IMMEDIATE"})


class ScopedSession(Session):
    """A session bound to one `Scope`."""

    def __init__(self, *args: Any, scope: Scope, wall: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        self._walled: tuple[int, ...] | None = None if wall else ()
        self._places: tuple[int, ...] = ()
        self._found: tuple[int, ...] = ()
        self._narrowing: tuple[Any, Any, dict[str, Any]] | None = None
        self._reads = bool(self.get_bind().get_execution_options().get("readonly"))
        self._line: Connection | None = None  # of the transaction that is open

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
            with trusted_sql("which cases do not exist for this person"), self.no_autoflush, reading_everything(self):
                self._walled = tuple(sorted(self.scalars(walled_cases(self._scope.user_id))))
                self._places = tuple(sorted(self.scalars(places_of(self._walled)))) if self._walled else ()
        return self._walled

    def walled_places(self) -> tuple[int, ...]:
        """The enrollments of those cases, which rows of sheets name."""
        return self._places if self.walled() else ()

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        """What stands behind the session, for the machine's own statements alone: no scope narrows what runs there."""
        if not TRUSTED.get():
            raise ScopeError("the connection behind a scoped session, without a reason")
        return super().connection(*args, **kwargs)

    if not TYPE_CHECKING:  # SQLAlchemy's own words for what comes out of each statement hold

        def execute(self, statement: Any, params: Any = None, **how: Any) -> Any:
            """As SQLAlchemy's. What a reader asks of columns alone goes to the connection itself, narrowed the same and
            held to it by the same guards (`guard_engine`): to make objects of rows is half of what a statement costs.
            """
            if how or isinstance(params, list) or not self._reads or TRUSTED.get() or not of_columns(statement):
                return super().execute(statement, params, **how)
            option, said = self.narrowing()
            if self._line is None or self._line.closed:  # the session closes it with its transaction
                self._line = super().connection()
            known, scoped = {**params, **said} if params else said, {"scoped": option, **AS_IS}
            return self._line.execute(narrowed(statement, option), known, execution_options=scoped)

        def scalars(self, statement: Any, params: Any = None, **how: Any) -> Any:
            """As SQLAlchemy's, the same way."""
            return self.execute(statement, params, **how).scalars()

        def scalar(self, statement: Any, params: Any = None, **how: Any) -> Any:
            """As SQLAlchemy's, the same way."""
            return self.execute(statement, params, **how).scalar()

    def flush(self, *args: Any, **kwargs: Any) -> None:
        """The unit of work itself is Core and needs no scope, once its rows were checked; whatever then goes wrong, the
        next statement needs it again: a rollback that fails, too, tells nobody that it failed."""
        token = TRUSTED.set(TRUSTED.get())
        try:
            super().flush(*args, **kwargs)
        finally:
            TRUSTED.reset(token)

    def there(self) -> tuple[int, ...]:
        """What was looked up, without what does not exist for this person."""
        return tuple(case for case in self._found if case not in self.walled())

    def narrowing(self) -> tuple[Any, dict[str, Any]]:
        """The option that narrows a SELECT of this session, and who asks, as its parameters; made once."""
        shows = self.info.get(SHOWS)
        if self._narrowing is None or self._narrowing[0] != (shows, self._found):
            said: dict[str, Any] = {
                "scope_user": self._scope.user_id, "scope_agency": self._scope.agency_id, "scope_found": self.there(),
            }  # fmt: skip
            if walled := self.walled():
                said |= {"scope_walled": walled, "scope_places": self.walled_places()}
            self._narrowing = (shows, self._found), of_role(self._scope.role, shows, bool(walled)), said
        return self._narrowing[1:]


def guard_engine(engine: Engine) -> None:
    """Refuse, on this engine, every statement that came neither through a scoped session nor a trusted one."""
    event.listen(engine, "before_execute", _refuse_unscoped)
    event.listen(engine, "before_cursor_execute", _refuse_uncompiled)


def _refuse_unscoped(
    connection: Connection, _element: Any, _multi: Any, _params: Any, options: dict[str, Any]
) -> None:
    known = connection.get_execution_options()
    if TRUSTED.get() or known.get("trusted") or options.get("scoped") or "_sa_orm_load_options" in options:
        return
    raise ScopeError("a statement did not come through a scoped session")


def _refuse_uncompiled(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if context.compiled is None and not _is_own(connection, statement):
        raise ScopeError("text that is sent straight to the database goes through no scope")
    wanted = context.execution_options.get("scoped", True)
    if wanted is not True:
        check_compiled(wanted, context.compiled)


def _is_own(connection: Connection, statement: str) -> bool:
    """Text of the machine itself, or what begins a transaction of SQLite (`monitor.db`): it reads and writes no row."""
    return TRUSTED.get() or bool(connection.get_execution_options().get("trusted")) or statement in BEGINNINGS


def _apply_scope(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, ScopedSession) or TRUSTED.get():
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
    option, said = session.narrowing()
    state.statement = narrowed(state.statement, option)
    state.parameters = {**state.parameters, **said} if state.parameters else said  # type: ignore[dict-item]
    state.update_execution_options(scoped=option)


def _narrow_change(state: ORMExecuteState, session: ScopedSession) -> None:
    tables = tables_of(state.statement)
    options = criteria(session.scope, tables, session.info.get(SHOWS), session.walled(), session.walled_places())
    state.statement = state.statement.options(*options)
    state.update_execution_options(scoped=True)


def _is_orm(statement: Any) -> bool:
    """Whether it goes through a mapped class; of every part of a select `check_compiled` asks the same."""
    return getattr(statement, "_propagate_attrs", {}).get("compile_state_plugin") == "orm"


def _check_writes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    if not isinstance(session, ScopedSession):
        return
    scope, rows = session.scope, [*session.new, *session.dirty, *session.deleted]
    if TRUSTED.get():  # on another agency's desk (`db.writing_for_others`), and in no closed case there either
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
    TRUSTED.set(True)  # until `ScopedSession.flush` ends


def _agencies(row: Any) -> set[int]:
    if not hasattr(row, "agency_id"):
        return set()
    history = inspect(row).attrs.agency_id.history
    return {value for part in history for value in (part or ()) if value is not None}


event.listen(Session, "do_orm_execute", _apply_scope)
event.listen(Session, "before_flush", _check_writes)
