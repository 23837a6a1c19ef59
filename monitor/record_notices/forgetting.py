"""Notices that no case of the record answers to: a site may set after how many days they go. Without a setting: never.

Nor do those go that a sealed case answers to, for as long as it is sealed: it may come back, and they are about it.
No page shows them meanwhile: one that outlives the others would say that there is such a case (safeguard B7).
A notice that is about a case goes when its case goes; one whose number several cases have waits for word of which.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.local_law import LocalLaw
from monitor.models import RecordNotice
from monitor.record_notices.matching import cases_by_number

AT_ONCE = 500  # numbers asked for in one statement


def over_before(law: LocalLaw, now: datetime) -> datetime | None:
    """What came before this instant and is about no case is over, as the site set it; None: it set nothing yet."""
    setting = law.record_notices
    return now - timedelta(days=setting.days) if setting and now.date() >= setting.from_on else None


def forget_unmatched(
    session: Session, law: LocalLaw, site_secret: str, now: datetime, sealed: Callable[[], Collection[str]]
) -> int:
    """Delete those that came so many days ago, in the caller's transaction; how many. ``session`` reaches every case.

    ``sealed``: asked once where any is old enough, for the numbers of cases that are sealed today.

    The number of a police report that was taken back still counts as a case's: it is not for this job to say that it
    never was. The trail gets a count and no id, which would outlive the notice.
    """
    before = over_before(law, now)
    if before is None:
        return 0
    old = RecordNotice.recorded_at < before
    rows = session.execute(select(RecordNotice.id, RecordNotice.number).where(old).order_by(RecordNotice.id)).all()
    numbers = sorted({row.number for row in rows if row.number is not None})
    known = set(sealed()) if rows else set()
    for start in range(0, len(numbers), AT_ONCE):
        known |= cases_by_number(session, numbers[start : start + AT_ONCE], ever=True).keys()
    gone = [row.id for row in rows if row.number not in known]
    for start in range(0, len(gone), AT_ONCE):
        session.execute(delete(RecordNotice).where(RecordNotice.id.in_(gone[start : start + AT_ONCE])))
    if gone:
        act = audit.Act(event="record_notice.forgotten", component="job", detail={"notices": len(gone)})
        audit.append(session, act, audit.audit_key(site_secret), now)
    return len(gone)
