"""The list goes by itself, thirty days after its meeting: key first, then row."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor.copies.case_keys import CaseKeys
from monitor.models import Consultation


def purge(session: Session, keys: CaseKeys | None, today: date) -> None:
    """End everything whose day has come, in the caller's transaction. ``keys``: None where the site has no team now."""
    over = session.scalars(select(Consultation.id).where(Consultation.purge_on <= today)).all()
    if keys and over:
        keys.destroy(over)
    session.execute(delete(Consultation).where(Consultation.purge_on <= today))
