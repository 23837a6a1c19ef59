"""An answer of the desk, in a code; and taking one back, by whoever gave it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.due_notices.due import Item
from monitor.due_notices.events import Key
from monitor.due_notices.words import NEEDS, NO_CALL, TRIES, WANTED
from monitor.models import Hearing, NoticeAnswer
from monitor.models.base import is_id
from monitor.safety_steps import finish, reopen
from monitor.taking_back import may_take_back


def choices_of(item: Item) -> dict[str, str]:
    """What may be answered to an item."""
    if item.event.kind == "STANDING":
        return WANTED | TRIES
    if item.event.kind == "SAFETY" and item.wanted == "DECLINED":
        return NO_CALL
    return TRIES


def answer(session: ScopedSession, items: Sequence[Item], key: Key, said: str, now: datetime) -> bool:
    """Answer one of ``items``. False: it is not due any more, or that is no answer to it."""
    item = next((one for one in items if one.event.key == key), None)
    if item is None or said not in choices_of(item):
        return False
    if item.event.kind == "STANDING" and said in WANTED:
        return stand(session, item.case_id, said, now)
    _add(session, item.case_id, key, said, now)
    if item.event.kind == "SAFETY" and said != "ATTEMPTED":
        finish(session, item.event.about_id, now)
    return True


def stand(session: ScopedSession, case_id: int, said: str, now: datetime) -> bool:
    """Whether notices are wanted, from now on; without a reason (safeguard E4)."""
    if said not in WANTED:
        return False
    _add(session, case_id, ("STANDING", case_id, now), said, now)
    return True


def need(session: ScopedSession, case_id: int, hearing_id: int, said: str, now: datetime) -> bool:
    """What one coming hearing needs; of nothing else, and of nobody's language or health."""
    told = select(Hearing.starts_at).where(
        Hearing.id == hearing_id, Hearing.case_id == case_id, Hearing.outcome.is_(None), Hearing.starts_at > now
    )
    at = session.scalar(told) if is_id(hearing_id) else None
    if at is None or said not in NEEDS:
        return False
    same = select(NoticeAnswer.id).where(
        NoticeAnswer.kind == "NEED", NoticeAnswer.about_id == hearing_id, NoticeAnswer.answer == said,
        NoticeAnswer.taken_back_at.is_(None),
    )  # fmt: skip
    if session.scalar(same) is None:
        _add(session, case_id, ("NEED", hearing_id, at), said, now)
    return True


def answer_of(session: ScopedSession, answer_id: int) -> NoticeAnswer | None:
    """One answer of this office that stands."""
    row = session.get(NoticeAnswer, answer_id) if is_id(answer_id) else None
    return row if row is not None and row.taken_back_at is None else None


def take_back(session: ScopedSession, row: NoticeAnswer, now: datetime) -> bool:
    """It stays on record and counts no more. False: somebody else gave it."""
    if not may_take_back(session.scope, row):
        return False
    row.taken_back_at = now
    if row.kind == "SAFETY":
        reopen(session, row.about_id, now)
    session.flush()
    return True


def _add(session: ScopedSession, case_id: int, key: Key, said: str, now: datetime) -> None:
    kind, about, at = key
    session.add(
        NoticeAnswer(
            case_id=case_id, agency_id=session.scope.agency_id, kind=kind, about_id=about, about_at=at, answer=said,
            recorded_at=now, recorded_by_id=session.scope.user_id, taken_back_at=None,
        )
    )  # fmt: skip
    session.flush()
