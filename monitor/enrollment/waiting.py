"""Letters that say that somebody waits for a place."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from monitor.models import Enrollment, Letter


def of_place() -> ColumnElement[bool]:
    """Whether a letter is about a place: the one that it names.

    One of before migration 0052 names none where an agency had two places of the case: it counts for both, as it did.
    """
    unnamed = and_(
        Letter.enrollment_id.is_(None), Letter.case_id == Enrollment.case_id, Letter.agency_id == Enrollment.agency_id
    )
    return and_(Letter.kind == "WAITLIST", or_(Letter.enrollment_id == Enrollment.id, unnamed))
