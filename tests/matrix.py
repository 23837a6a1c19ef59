"""A local response matrix for tests: adopted by two people who signed, as a team would."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from monitor.models import ResponseMatrix, random_id
from monitor.response_matrix.content import Content, stored
from monitor.response_matrix.default import CITATION, DEFAULT

SIGNED = [
    {"name": "Hon. R. Example", "agency": "Example court", "on": "2026-01-02"},
    {"name": "P. Example", "agency": "Example defender", "on": "2026-01-02"},
]


def adopt(
    session: Session, agency: int, made_by: int, put_by: int, from_on: date, at: datetime, *, number: int = 1,
    content: Content = DEFAULT, review_on: date | None = None,
) -> int:  # fmt: skip
    """Put a version in force from a day, as if drafted, signed and put in force at ``at``; its id."""
    told: dict[str, Any] = {"content": stored(content), "source": CITATION, "what_changed": ""}
    row = ResponseMatrix(
        id=random_id(), agency_id=agency, number=None, made_at=at, made_by_id=made_by, signed=SIGNED, signatures=2,
        in_force_from=None, put_at=None, put_by_id=None, **told,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.number, row.in_force_from, row.put_at, row.put_by_id = number, from_on, at, put_by
    row.what_changed, row.review_on = "Adopted.", review_on or from_on + timedelta(days=700)
    session.flush()
    return row.id
