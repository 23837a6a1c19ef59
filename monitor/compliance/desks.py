"""Whose people review a case's flags: the probation office that shares it, else the court's own agency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.columns import Asked, read_columns
from monitor.models import Agency, Case, CaseAgency

_COURTS: Any = select(Case.id.label("person"), Case.agency_id.label("court"))
_OFFICES: Any = (
    select(
        CaseAgency.case_id.label("person"), CaseAgency.agency_id.label("office"), CaseAgency.from_on, CaseAgency.id,
    )
    .join(Agency, Agency.id == CaseAgency.agency_id)
    .where(CaseAgency.until_on.is_(None), Agency.kind == "probation")
)  # fmt: skip


def read_desks(session: Session, cases: Sequence[int]) -> pl.DataFrame:
    """One row a case: ``person``, ``court`` (for what the court itself owes) and ``office`` (for all else)."""
    asked = Asked(cases)
    newest = read_columns(session, _OFFICES, asked).sort("from_on", "id").unique("person", keep="last")
    desks = read_columns(session, _COURTS, asked).join(newest, on="person", how="left")
    return desks.select("person", "court", office=pl.coalesce("office", "court"))
