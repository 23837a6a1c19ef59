"""Dismissed flags are deleted after their days; only how often each rule erred is kept (safeguard H1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.compliance.forgotten import hash_of
from monitor.models import DismissalCount, Flag, ForgottenFlag, HiddenItem, Notice, Review, Told

AT_ONCE = 500
_DISMISSED_AT = (
    select(func.max(Review.decided_at))
    .where(Review.flag_id == Flag.id, Review.decision == "DISMISS", Review.undone_at.is_(None))
    .scalar_subquery()
)
# what was laid before the court, or told beyond a desk's screen, is part of what was said there: it goes with its case
_BEYOND_THE_DESK = (
    exists().where(Review.flag_id == Flag.id, Review.decision == "ACT")
    | exists().where(Told.flag_id == Flag.id, Told.act != "SEEN")
)


def forget_dismissed(session: Session, days: int, site_secret: str, now: datetime) -> int:
    """Delete some flags dismissed ``days`` ago or earlier, in the caller's transaction; how many. 0 days: none ever.

    A hash of each flag's key stays, so that the rules do not ask again; ids and counts go to the audit trail.
    """
    if days <= 0:
        return 0
    rows = session.execute(
        select(Flag.id, Flag.case_id, Flag.key, Flag.code, _DISMISSED_AT.label("at"))
        .where(Flag.state == "DISMISSED", _DISMISSED_AT <= now - timedelta(days=days), ~_BEYOND_THE_DESK)
        .order_by(Flag.id).limit(AT_ONCE).with_for_update(of=Flag)
    ).all()  # fmt: skip
    if not rows:
        return 0
    for row in rows:
        _answer(session, row)
    _delete(session, [row.id for row in rows])
    codes = Counter(row.code for row in rows)
    _count(session, codes)
    act = audit.Act(
        event="flag.forgotten", component="job", subjects=tuple(row.id for row in rows),
        detail=dict(sorted(codes.items())),
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(site_secret), now)
    return len(rows)


def _answer(session: Session, row: Any) -> None:
    """The newest dismissal of a question counts."""
    session.execute(delete(ForgottenFlag).where(ForgottenFlag.key_hash == hash_of(row.key)))
    session.add(ForgottenFlag(case_id=row.case_id, key_hash=hash_of(row.key), dismissed_at=row.at))
    session.flush()


def _delete(session: Session, flags: Sequence[int]) -> None:
    keys = select(Flag.key).where(Flag.id.in_(flags))
    session.execute(delete(HiddenItem).where(HiddenItem.flag_key.in_(keys)))
    for entity in (Notice, Told, Review):
        session.execute(delete(entity).where(entity.flag_id.in_(flags)))
    session.execute(delete(Flag).where(Flag.id.in_(flags)))


def _count(session: Session, codes: Counter[str]) -> None:
    for code, flags in sorted(codes.items()):
        kept = session.get(DismissalCount, code)
        if kept is None:
            session.add(DismissalCount(code=code, flags=flags))
        else:
            kept.flags += flags
    session.flush()
