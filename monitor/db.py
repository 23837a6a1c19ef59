"""The database: SQLite embedded by default, PostgreSQL in production, one set of models, sync sessions.

SQLite writers open with ``BEGIN IMMEDIATE`` (the driver's default loses updates); readers cannot write on either.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from monitor.access.resting import EVERYTHING, or_over_again
from monitor.access.scope import Scope, ScopeError, trusted_sql
from monitor.access.scoped_session import ScopedSession, guard_engine
from monitor.expanding import remember
from monitor.in_turn import keep_in_turn
from monitor.models.dirtying import mark_dirty
from monitor.models.earlier import refuse_unkept
from monitor.patience import CONNECTING, hold_to, options
from monitor.room import take_room_back

SQLITE_PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "trusted_schema=OFF",
)  # fmt: skip
# `jit`: a page's statements are short; what the planner thinks of policies of rows makes it compile them for longer
POSTGRES_OPTIONS = "-c timezone=UTC -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s -c jit=off"


def normalise(url: str) -> str:
    """``postgres://`` and a bare ``postgresql://`` both mean psycopg 3."""
    if url.startswith("postgres://"):
        url = "postgresql" + url.removeprefix("postgres")
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


ASIDE = 5.0  # seconds that whoever asks aside waits for an answer
OVERFLOW = 5  # connections to PostgreSQL beyond the pool's own, for a moment
PREPARED = 400  # statements that a connection keeps ready, beyond a driver's hundred: a page has thirty
TWICE = 1  # a statement that a connection of PostgreSQL runs again is prepared; the driver waits for the sixth time
TURN = "select pg_advisory_xact_lock(%s)"  # as `one_at_a_time` waits
ABOUT = "about"  # in a session's info: what its transactions wait for their turn at
SAY_SCOPE = (
    "select set_config('app.read', %s, true), set_config('app.write', %s, true), set_config('app.user', %s, true)"
)
ASK = "select monitor_ask(%s, %s, %s)"  # of `access.row_policies`: the same, and a reader's own cases made ready


class SystemSession(Session):
    """A session that no person's scope narrows: jobs, the command line, sign-in. Every use names its reason."""


class Database:
    """Engine and sessions of one database.

    ``scoped`` is for whatever a person does; ``system`` for the machine itself, with a reason a reviewer can grep.
    """

    def __init__(self, url: str, pool_size: int = 10, *, patience: float = 0) -> None:
        """``patience``: seconds that a statement, or a wait for a connection, may take; 0: as long as it needs."""
        self.url = normalise(url)
        self.most_connections = pool_size + OVERFLOW
        self.drops = False  # whether packets for the registry go into a folder: whoever opens the site says so
        self.engine = _engine(self.url, pool_size, patience)
        if patience:
            hold_to(self.engine, patience)
        guard_engine(self.engine)
        remember(self.engine)
        self._trusted = self.engine.execution_options(trusted=True)
        reads = _reading_pool(self.engine.pool) if self.is_sqlite else self.engine.pool
        self.pools = (self.engine.pool, reads) if self.is_sqlite else (reads,)
        self._readers, self._trusted_readers = (_Readers(one, reads) for one in (self.engine, self._trusted))

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def scoped(
        self, scope: Scope, *, writes: bool = False, wall: bool = True, about: Iterable[int] = ()
    ) -> ScopedSession:
        """A session that sees and writes only what ``scope`` reaches.

        ``wall``: some case may not exist for this person, so it is looked for; False: just now there was no wall.
        ``about``: ids of what is written about: of two who name the same one the second reads when the first is done.
        """
        engine = self.engine if writes else self._readers
        info = {"drops": self.drops, ABOUT: tuple(about) if writes else ()}
        return ScopedSession(engine, scope=scope, wall=wall, expire_on_commit=False, info=info)

    def system(self, reason: str, *, writes: bool = True) -> Session:
        """A session without a person behind it; ``reason`` says why that is right."""
        if not reason:
            raise ValueError("a system session needs a reason")
        engine = self._trusted if writes else self._trusted_readers
        return SystemSession(engine, expire_on_commit=False, info={"reason": reason})

    @contextlib.contextmanager
    def plainly(self, reason: str) -> Iterator[Connection]:
        """One connection and transaction of the machine itself, to write: `system` where no session is needed."""
        if not reason:
            raise ValueError("a connection of the machine's own needs a reason")
        with self._trusted.begin() as connection:
            _say(connection, EVERYTHING, EVERYTHING, "")
            yield connection

    @contextlib.contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One connection and transaction for a migration; SQLite's foreign keys rest while tables are rebuilt."""
        with self._trusted.connect() as connection:
            if self.is_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            try:
                with connection.begin():
                    _say(connection, EVERYTHING, EVERYTHING, "")
                    yield connection
            finally:
                if self.is_sqlite:
                    connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]

    def aside(self) -> Database:
        """One more connection to the same database, for whoever may not wait behind everybody else."""
        return Database(self.url, 1, patience=ASIDE)

    def close(self) -> None:
        for pool in self.pools:
            pool.dispose()


class _Readers(OptionEngine):
    """An engine for readers, whatever is heard of ``engine`` is heard of it too. ``pool``: where they connect."""

    def __init__(self, engine: Engine, pool: Pool) -> None:
        self.reads = pool
        options: dict[str, Any] = {"readonly": True}
        if engine.dialect.name != "sqlite":
            # one snapshot for all statements of a reader, as SQLite's readers have anyway
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        super().__init__(engine, options)

    @property
    def pool(self) -> Pool:  # type: ignore[override]
        """Not the one of whoever writes: on SQLite a connection that may write never reads, nor the other way."""
        return self.reads


def _reading_pool(pool: Pool) -> Pool:
    """Connections of SQLite that cannot write, for as long as they live.

    Told so at each transaction instead, SQLite forgets every statement that the connection had prepared, and a page of
    thirty statements has each of them planned anew.
    """
    reading = pool.recreate()
    event.listen(reading, "connect", _refuse_writing)
    return reading


def _engine(url: str, pool_size: int, patience: float) -> Engine:
    parsed = make_url(url)
    waits = patience or 30
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed, pool_size=pool_size, max_overflow=0, pool_timeout=waits, hide_parameters=True,
            connect_args={"cached_statements": PREPARED},
        )  # fmt: skip
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        take_room_back(engine)
        return engine
    engine = create_engine(
        parsed, pool_size=pool_size, max_overflow=OVERFLOW, pool_timeout=waits, pool_pre_ping=True,
        hide_parameters=True,
        pool_use_lifo=True,  # the connection last used has its statements planned; in turn, each would plan all of them
        connect_args={"application_name": "monitor", "options": POSTGRES_OPTIONS + options(patience),
                      "connect_timeout": CONNECTING},
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_postgres)
    event.listen(engine, "rollback", _end_reading)
    return engine


def _prepare_postgres(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.prepared_max, connection.prepare_threshold = PREPARED, TWICE


def _end_reading(connection: Connection) -> None:
    # at a ROLLBACK the driver forgets every statement it had prepared, and each is planned anew; a reader has nothing
    # to take back, so its transaction may as well end in a COMMIT
    if connection.get_execution_options().get("readonly"):
        connection.connection.commit()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # the driver must not guess where transactions start: it starts none before a SELECT, and updates get lost
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _refuse_writing(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_sqlite(connection: Connection) -> None:
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _say_scope(session: Session, _transaction: SessionTransaction | None, connection: Connection) -> None:
    """Tell PostgreSQL who asks, for this transaction only; a session of neither kind says nothing and sees no row."""
    writes = not connection.get_execution_options().get("readonly", False)
    if isinstance(session, SystemSession):
        _say(connection, EVERYTHING, EVERYTHING if writes else "", "")
    elif isinstance(session, ScopedSession):
        agency = str(session.scope.agency_id)
        _wait(connection, session.info.get(ABOUT, ()))
        _say(connection, agency, agency if writes else "", str(session.scope.user_id), how=ASK)


@contextlib.contextmanager
def looking_wide(session: ScopedSession, reason: str) -> Iterator[None]:
    """As `trusted_sql`, and PostgreSQL's policies rest too: for looks beyond the cases that the agency shares today.

    Reading only. Walls do not rest by themselves: whoever uses this leaves out `walled_cases`.
    """
    with _widened(session, reason, writes=""):
        yield


@contextlib.contextmanager
def writing_for_others(session: ScopedSession, reason: str) -> Iterator[None]:
    """Write, in this person's transaction, what follows from their act on another agency's desk, as the machine would.

    What is written is decided before: whoever uses this has asked whether the person may do it, in their own scope.
    """
    with _widened(session, reason, writes=EVERYTHING):
        yield
        session.flush()


@contextlib.contextmanager
def _widened(session: ScopedSession, reason: str, *, writes: str) -> Iterator[None]:
    session.flush()  # what is pending is written as this person, not inside
    with trusted_sql(reason):
        connection, user = session.connection(), str(session.scope.user_id)
        _say(connection, EVERYTHING, writes, user)
        with or_over_again(session):
            yield
        _say_again(session, connection)


def _say_again(session: ScopedSession, connection: Connection) -> None:
    """The person's own scope after a wide look: what this transaction looked up before it, and their cases, stay."""
    agency, reads = str(session.scope.agency_id), connection.get_execution_options().get("readonly", False)
    _say(connection, agency, "" if reads else agency, str(session.scope.user_id))


@contextlib.contextmanager
def reading_all_courts(session: ScopedSession) -> Iterator[None]:
    """PostgreSQL's policies rest, for reading; the scope's own conditions hold, walls among them (`Reach.LISTED`)."""
    session.walled()
    with trusted_sql("who asks, for all courts"):
        connection, user = session.connection(), str(session.scope.user_id)
    _say(connection, EVERYTHING, "", user)
    with or_over_again(session):
        yield
    _say_again(session, connection)


def keep_found(session: ScopedSession, cases: Iterable[int]) -> None:
    """From here to the end of this transaction ``session`` reads orders of these cases, which it looked up itself.

    Once a session: a second look-up needs another one, so that what was found does not add up to a list.
    """
    if session.found:
        raise ScopeError("this session has looked up its cases already")
    session._found = tuple(sorted(set(cases)))
    with trusted_sql("what was looked up, for the policies of rows"):
        connection = session.connection()
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        said = "{" + ",".join(str(case) for case in session.found) + "}"
        cursor.execute("select set_config('app.found', %s, true)", (said if session.found else "",))
        cursor.close()


def draw_near(session: Session, cases: Iterable[int]) -> None:
    """These are cases that ``session`` is about to read a page of. PostgreSQL looks once which of them are there for
    whoever asks, and no more row by row (`access.row_policies`); a session that writes, and SQLite, go on as before."""
    if not isinstance(session, ScopedSession):
        return
    with trusted_sql("which cases of a list are there, for the policies of rows"):
        connection = session.connection()
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        cursor.execute("select monitor_draw_near(%s::bigint[])", (sorted(set(cases)),))
        cursor.close()


def _wait(connection: Connection, about: Iterable[int]) -> None:
    """`one_at_a_time` for a transaction that has read nothing yet. In the order of their numbers, so that two who name
    the same things do not wait for each other."""
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        for number in sorted(set(about)):
            cursor.execute(TURN, (number,))
        cursor.close()


def _say(connection: Connection, *settings: str, how: str = SAY_SCOPE) -> None:
    if connection.dialect.name == "postgresql":
        # straight to the driver: this goes before every transaction, and needs no compiling
        cursor = connection.connection.cursor()
        cursor.execute(how, settings)
        cursor.close()


event.listen(Session, "before_flush", mark_dirty)
event.listen(Session, "before_flush", refuse_unkept)
event.listen(Session, "before_flush", keep_in_turn)
event.listen(Session, "after_begin", _say_scope)
