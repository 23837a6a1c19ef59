"""What the nightly full evaluation tells when it disagrees with what incremental runs had kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.evaluation import Totals
from monitor.models import Membership, Outbox


def report(session: Session, totals: Totals, run_key: str, now: datetime) -> int:
    """One notice to each administrator if any span was added or closed; returns how many spans differed."""
    differences = totals.spans_added + totals.spans_closed
    if differences:
        for user in sorted(set(session.scalars(select(Membership.user_id).where(Membership.role == "administrator")))):
            key = f"referee:{run_key}:{user}"
            if session.scalar(select(Outbox.id).where(Outbox.key == key)) is None:
                session.add(_notice(key, user, differences, run_key, now))
    return differences


def _notice(key: str, user: int, differences: int, run_key: str, now: datetime) -> Outbox:
    return Outbox(
        key=key, channel="email", recipient_id=user, subject="The nightly check found a difference",
        body=f"The full evaluation of {run_key} differs from what was kept in {differences} places. It was mended.",
        why="Full and incremental evaluation must agree; a difference is a fault of the software.", due_at=now,
    )  # fmt: skip
