"""Rows that pass by themselves: each sealed under a key of its own beside the database, so that every copy loses it.

Call-back requests (safeguard C5) and the list of a team are kept so.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor.copies.case_keys import CaseKeys
from monitor.copies.stream import CopyError
from monitor.models import Callback, Consultation

T = TypeVar("T", bound=msgspec.Struct)


class PassingRows(Generic[T]):
    """The rows of one table. ``content``: what one says."""

    def __init__(self, table: type[Callback | Consultation], content: type[T]) -> None:
        self._table, self._content = table, content
        self._place = f"{table.__tablename__}.sealed"

    def sealed(self, keys: CaseKeys, number: int, content: T, purge_on: date) -> bytes:
        """The bytes of a row, under its own key, which is made when it has none. ``purge_on``: the row's own day."""
        keys.make([number], purge_on)
        return keys.seal(number, msgspec.json.encode(content), self._place)

    def opened(self, keys: CaseKeys, number: int, data: bytes) -> T | None:
        """What a row says; None where its key is gone."""
        try:
            text = keys.open(number, data, self._place)
        except CopyError:
            return None
        return msgspec.json.decode(text, type=self._content) if text else None

    def purge(self, session: Session, keys: CaseKeys | None, today: date) -> None:
        """End everything whose day has come, key first, then row, and of neither a count (safeguard C5).

        In the caller's transaction. ``keys``: None where the site has switched it off. A key goes on its day though
        its row is not here: an older copy was put back since, and a newer one still has the row.
        """
        due = self._table.purge_on <= today
        over = {*session.scalars(select(self._table.id).where(due)), *(keys.over(today) if keys else ())}
        if keys and over:
            keys.destroy(over)
        session.execute(delete(self._table).where(due))


def keys_of(file: str, secret: str) -> CaseKeys | None:
    """The store, made at its first use; None where the site has not switched on what it is for.

    One that was lost is made anew: the rows under it are gone, as they would be within weeks.
    """
    if not file:
        return None
    path = Path(file)
    try:
        return CaseKeys(path, secret, create=not path.exists())
    except CopyError:
        return CaseKeys(path, secret)  # another worker made it meanwhile
