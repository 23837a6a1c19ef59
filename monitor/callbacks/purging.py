"""Requests go by themselves: key first, then row, and of neither a count (safeguard C5)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor.copies.case_keys import CaseKeys
from monitor.models import Callback


def purge(session: Session, keys: CaseKeys | None, today: date) -> None:
    """End everything whose day has come, in the caller's transaction. ``keys``: None where requests are off now."""
    over = session.scalars(select(Callback.id).where(Callback.purge_on <= today)).all()
    if keys and over:
        keys.destroy(over)
    session.execute(delete(Callback).where(Callback.purge_on <= today))
