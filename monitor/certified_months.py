"""Which days lie in a month that the program has signed: there a record changes row by row only, with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import CertifiedMonth


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def certified_among(session: Session, program_id: int, days: Iterable[date]) -> tuple[date, ...]:
    """First days of the certified months that any of ``days`` lies in, oldest first."""
    months = {month_of(day) for day in days}
    found = session.scalars(
        select(CertifiedMonth.month).where(CertifiedMonth.program_id == program_id, CertifiedMonth.month.in_(months))
    )
    return tuple(sorted(found))
