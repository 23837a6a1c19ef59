"""Taking back the last thing that was entered of a place, by retracted versions. What was recorded stays readable.

Only the newest entry, for fourteen days, and only while nothing rests on it. After that the next move says what is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.amending import amend
from monitor.current import current
from monitor.enrollment.page import LastEntry
from monitor.enrollment.waiting import of_place
from monitor.intake.receiver import Receiver
from monitor.intake.record.locks import LONGEST, certified_months, used_on_paper
from monitor.models import (
    Attendance,
    Certificate,
    EarlierPlace,
    Enrollment,
    EnrollmentEvent,
    Leave,
    Letter,
    Transfer,
    random_id,
)

KINDS: Final[tuple[Any, ...]] = (EnrollmentEvent, Leave, Transfer, Certificate)
VERSION: Final = ("id", "supersedes_id", "retracted", "reason", "recorded_at", "recorded_by_id")
OLD: Final = "It was entered more than 14 days ago. Enter what is true now as the next step."
CLASS_SINCE: Final = "A class was recorded for this person since. Enter what is true now as the next step."
SIGNED: Final = "It is about a month that you have signed. Enter what is true now as the next step."
USED: Final = "It was used on a paper of the court or of probation. Enter what is true now as the next step."


def last_entry(session: Session, place_id: int, now: datetime) -> LastEntry | None:
    """None where nothing but the court's referral is on record."""
    place = session.scalars(select(Enrollment).where(Enrollment.id == place_id)).one()
    facts = _newest(session, place)
    if not facts:
        return None
    return LastEntry(facts[0].recorded_at, facts[0].recorded_by_id, _why_not(session, place, facts, now))


def take_back_last(session: Session, place_id: int, by: Receiver, reason: str = "") -> bool:
    """Retract the newest entry and put the group back; False where `last_entry` gives none or says why not.

    Call it in a write transaction, once the place's token was compared.
    """
    entry = last_entry(session, place_id, by.now)
    if entry is None or entry.why_not:
        return False
    place = session.scalars(select(Enrollment).where(Enrollment.id == place_id)).one()
    words = f"Taken back by the program{f': {reason.strip()}' if reason.strip() else ''}"[:300]
    session.add_all(_retracted(fact, by, words) for fact in _newest(session, place))
    earlier = select(EarlierPlace).where(
        EarlierPlace.enrollment_id == place_id, EarlierPlace.until_at == entry.entered_at
    )
    if (before := session.scalars(earlier).first()) is not None:
        amend(session, place, by.now, group_id=before.group_id)
    session.flush()
    return True


def _newest(session: Session, place: Enrollment) -> list[Any]:
    """The facts of one move share their instant; a referral is the court's and no move."""
    facts: list[Any] = []
    for kind in KINDS:
        facts += session.scalars(select(kind).where(kind.enrollment_id == place.id, current(kind)))
    letters = select(Letter).join(Enrollment, of_place()).where(Enrollment.id == place.id, current(Letter))
    facts += session.scalars(letters)
    at = max((fact.recorded_at for fact in facts), default=None)
    found = [fact for fact in facts if fact.recorded_at == at]
    return [] if any(getattr(fact, "event", "") == "REFERRED" for fact in found) else found


def _why_not(session: Session, place: Enrollment, facts: Sequence[Any], now: datetime) -> str:
    entered_at = facts[0].recorded_at
    if now - entered_at > LONGEST:
        return OLD
    if _class_since(session, place.id, entered_at):
        return CLASS_SINCE
    if _months(facts) & certified_months(session, place.program_id):
        return SIGNED
    # a program reads no papers; it may learn that its word is in use
    with trusted_sql("whether somebody else has used this entry"):
        return USED if used_on_paper(session, {fact.id for fact in facts}, {place.case_id}) else ""


def _class_since(session: Session, place_id: int, entered_at: datetime) -> bool:
    since = select(func.count(Attendance.id)).where(
        Attendance.enrollment_id == place_id, Attendance.recorded_at > entered_at
    )
    return bool(session.scalar(since))


def _months(facts: Iterable[Any]) -> set[date]:
    days = {getattr(fact, "covers_on", fact.occurred_on) for fact in facts}
    return {day.replace(day=1) for day in days}


def _retracted(fact: Any, by: Receiver, words: str) -> Any:
    values = {name: getattr(fact, name) for name in fact.__mapper__.column_attrs.keys() if name not in VERSION}
    return type(fact)(
        **values, id=random_id(), supersedes_id=fact.id, retracted=True, reason=words, recorded_at=by.now,
        recorded_by_id=by.user_id,
    )  # fmt: skip
