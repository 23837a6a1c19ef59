"""What became of a transaction whose COMMIT was not answered: the connection ended in that very moment.

Then nobody can say from the error whether it is kept; PostgreSQL knows it by the transaction's number
(`pg_xact_status`). SQLite's COMMIT is a call in our own process: what failed is not kept.
"""

from __future__ import annotations

import time
from typing import Final

from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, String, UserDefinedType

from monitor.access.scope import trusted_sql
from monitor.db import Database
from monitor.trouble import Trouble, trouble_of

LONGEST: Final = 3.0  # seconds until a connection that was ended has left its transaction, one way or the other
PAUSE: Final = 0.1


class Xid8(UserDefinedType[int]):
    """PostgreSQL's number of a transaction, as it never comes again."""

    cache_ok = True

    def get_col_spec(self, **_more: object) -> str:
        return "xid8"


class Unknown(Exception):
    """Nobody can say now whether it was kept: the database does not answer. It was kept whole, or not at all."""


def commit(database: Database, session: Session) -> None:
    """Commit; an error that comes back means that nothing was kept. Raises `Unknown` where that cannot be found out."""
    number = _number(session)
    try:
        session.commit()
    except Exception as error:
        if number is None or trouble_of(error) is not Trouble.AWAY:
            raise
        if not _was_kept(database, number):
            raise


def _number(session: Session) -> int | None:
    if session.get_bind().dialect.name != "postgresql":
        return None
    with trusted_sql("the number of this transaction"):
        return session.scalar(select(cast(cast(func.pg_current_xact_id(), String), BigInteger)))


def _was_kept(database: Database, number: int) -> bool:
    status = select(func.pg_xact_status(cast(str(number), Xid8)))
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        try:
            with database.system("what became of a transaction", writes=False) as asking:
                found = asking.scalar(status)
        except Exception as error:
            raise Unknown from error
        if found != "in progress":
            return bool(found == "committed")
        time.sleep(PAUSE)
    raise Unknown
