"""Two requests that ask "is it there already?" at once would both hear no: the second waits for the first."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql

Row = TypeVar("Row")


def one_at_a_time(session: Session, about_id: int) -> None:
    """Wait until no other transaction holds ``about_id`` (of a case or a place); it is free again when this one ends.

    On PostgreSQL a lock by number, since the row may belong to another agency, and what was read before it is read
    again after it; `Database.scoped` waits for ``about`` with the same lock before anything is read. On SQLite a write
    transaction is already the only one.
    """
    if session.get_bind().dialect.name == "postgresql":
        with trusted_sql("waiting for whoever writes about the same"):
            session.execute(select(func.pg_advisory_xact_lock(about_id)))


def is_free(session: Session, about_id: int) -> bool:
    """Whether nobody else holds ``about_id``, which is this transaction's then; nobody waits."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    with trusted_sql("whether somebody writes about the same"):
        return bool(session.scalar(select(func.pg_try_advisory_xact_lock(about_id))))


def read_alone(session: Session, row_id: int, found: Select[Row]) -> Row | None:
    """The row of ``found`` as it stands once nobody else holds it; None: it is not there for whoever asks, and nobody
    waits for what is not theirs (safeguard B7)."""
    if session.scalars(found).one_or_none() is None:
        return None
    one_at_a_time(session, row_id)
    return session.scalars(found.execution_options(populate_existing=True)).one_or_none()
