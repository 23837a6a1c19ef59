"""The desks of victim/witness staff and of keepers of records in the swept county."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.models import Case, CaseAgency, RecordNotice
from monitor.models.base import random_id


def share(session: Session, case_id: int, agency_id: int) -> None:
    """The victim/witness office shares the case."""
    session.add(CaseAgency(case_id=case_id, agency_id=agency_id, from_on=date(2026, 1, 1), until_on=None))


def notify(session: Session, case_id: int, agency_id: int, user_id: int, now: datetime) -> None:
    """Somebody says that a record exists, under the number of the case."""
    number = session.scalar(sa.select(Case.number).where(Case.id == case_id))
    session.add(
        RecordNotice(id=random_id(), agency_id=agency_id, number=str(number).upper(), basis="LAW", told=True,
                     custodian_id=agency_id, noticed_on=now.date(), receipt=f"R{random_id() % 10**9}", recorded_at=now,
                     recorded_by_id=user_id)
    )  # fmt: skip
