"""Places whose referral was taken back: the row stays, and is nobody's place until the court refers again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from monitor.current import current
from monitor.models import EnrollmentEvent


def taken_back() -> Any:
    """Ids of places of which a referral was retracted and nothing stands, as a select."""
    stands = select(EnrollmentEvent.enrollment_id).where(current(EnrollmentEvent))
    return select(EnrollmentEvent.enrollment_id).where(
        EnrollmentEvent.event == "REFERRED", EnrollmentEvent.retracted.is_(True),
        EnrollmentEvent.enrollment_id.not_in(stands),
    )  # fmt: skip
