"""Whether anything has become known that no evaluation has taken up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import Dirty


def something_new(session: Session) -> bool:
    """True while a case waits to be evaluated."""
    return session.scalar(select(Dirty.id).limit(1)) is not None
