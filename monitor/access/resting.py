"""PostgreSQL's policies of rows rest, for one look whose reason stands beside it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

EVERYTHING: Final = "*"  # what the machine itself says of its scope; policies of rows know the word


@contextlib.contextmanager
def or_over_again(session: Session) -> Iterator[None]:
    """What fails inside ends the transaction: the next one says its own scope."""
    try:
        yield
    except BaseException:
        session.rollback()
        raise


@contextlib.contextmanager
def reading_everything(session: Session) -> Iterator[None]:
    """PostgreSQL's policies rest for one look, inside `trusted_sql`; who asks and what was found stay."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("select current_setting('app.read', true), set_config('app.read', %s, true)", (EVERYTHING,))
    [before, _] = cursor.fetchone() or ("", "")
    with or_over_again(session):
        yield
    cursor.execute("select set_config('app.read', %s, true)", (before or "",))
    cursor.close()
