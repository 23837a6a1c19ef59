"""Why somebody reads a named case: assigned, or opened for half an hour with a typed reason (safeguard D3).

Whoever is assigned simply reads, and so does whoever stands in for them while that lasts. Anybody else of the
office may open the case ("break the glass"): a supervisor is told at once, without a word of the case, and it is
reviewed within three business days or goes on to the privacy officer. The bench reads by its docket, a program by its
referrals, a prosecutor's office what reports brought before it, and victim/witness staff by the notices of cases that
their office shares: their scope is their assignment.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from monitor.access.in_office import in_office
from monitor.access.reach import walled_from
from monitor.access.roles import Role
from monitor.access.scope import ScopeError, trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.covers import covers_case
from monitor.db import looking_wide, writing_for_others
from monitor.models import (
    Agency,
    Assignment,
    Case,
    CaseOpening,
    Court,
    CourtHoliday,
    User,
)
from monitor.outbox.notice import notice

LASTS = timedelta(minutes=30)
REVIEW_DAYS = 3
WORDS_AT_LEAST = 10


class Reason(StrEnum):
    """Why a case is read."""

    ASSIGNED = "assigned"
    COVER = "cover"
    TEAM = "team"
    HEARING = "hearing"
    REFERRAL = "referral"
    PROSECUTION = "prosecution"
    NOTICE = "notice"
    OPENED = "opened"


# what somebody who is not assigned may give as a reason; words of their own come with each
GIVEN = {
    "HEARING": "A hearing is close", "CALL": "A call or an incident (give its number)",
    "VERIFICATION": "Somebody asks us to verify the order", "COVER": "I stand in for a colleague",
    "OTHER": "Something else",
}  # fmt: skip
MAY_OPEN = frozenset({Role.OFFICER, Role.OFFICER_SUPERVISOR})
BY_SCOPE = {
    Role.JUDGE: Reason.HEARING, Role.CLERK: Reason.HEARING, Role.PROGRAM: Reason.REFERRAL,
    Role.PROSECUTOR: Reason.PROSECUTION, Role.VICTIM_WITNESS: Reason.NOTICE,
}  # fmt: skip


# asked of every page about a case, so each is made once
_BY_ANYBODY = select(Assignment.id).where(
    Assignment.case_id == bindparam("of_case"), Assignment.until_on.is_(None),
    Assignment.agency_id == bindparam("office"),
)  # fmt: skip
_BY_THEMSELVES = _BY_ANYBODY.where(Assignment.user_id == bindparam("officer"))


class NeedsReason(ScopeError):
    """The case is there for this person, who has no live reason to read it."""

    def __init__(self, case_id: int) -> None:
        super().__init__("a named case without a reason")
        self.case_id = case_id


class Opening(msgspec.Struct, frozen=True):
    """One case opened without assignment, for review. ``overdue``: nobody looked within three business days."""

    id: int
    who: str
    reason: str
    words: str
    opened_at: datetime
    minutes: int
    due_on: date
    overdue: bool
    own: bool


def reason_for(session: ScopedSession, case_id: int, now: datetime) -> Reason:
    """Why this person may read this case now. Raises `NeedsReason`. The case itself is in scope already."""
    scope = session.scope
    role = Role(scope.role)
    if role in BY_SCOPE:
        return BY_SCOPE[role]
    with trusted_sql("why this person reads this case"):
        said = {"of_case": case_id, "office": scope.agency_id}
        if role is Role.OFFICER_SUPERVISOR and session.scalar(_BY_ANYBODY, said):
            return Reason.TEAM
        if session.scalar(_BY_THEMSELVES, said | {"officer": scope.user_id}):
            return Reason.ASSIGNED
        if covers_case(session, scope.user_id, scope.agency_id, case_id, now):
            return Reason.COVER
        if session.scalar(_live(scope.user_id, now).where(CaseOpening.case_id == case_id)):
            return Reason.OPENED
    raise NeedsReason(case_id)


def may_ask(session: ScopedSession, case_id: int) -> bool:
    """Whether the case is there at all for this person: hidden and absent are one answer."""
    return session.scalar(select(Case.id).where(Case.id == case_id)) is not None


def faults_of(ground: str, words: str) -> dict[str, str]:
    """What is missing from the form, by field."""
    faults = {} if ground in GIVEN else {"ground": "Choose why you need this case."}
    if len(words.strip()) < WORDS_AT_LEAST:
        faults["words"] = "Say in a few words why you need this case now. No names of other people."
    return faults


def open_case(session: ScopedSession, case_id: int, reason: str, words: str, now: datetime) -> int:
    """Open the case for half an hour and tell the supervisors that there is something to review; the opening's id."""
    scope = session.scope
    opening = CaseOpening(
        case_id=case_id, agency_id=scope.agency_id, user_id=scope.user_id, reason=reason, words=words.strip()[:300],
        opened_at=now, until_at=now + LASTS, review_due_on=_due_on(session, case_id, now),
    )  # fmt: skip
    session.add(opening)
    session.flush()
    with looking_wide(session, "which supervisors are told"):
        told = _holders(session, scope.agency_id, Role.OFFICER_SUPERVISOR, case_id, now) - {scope.user_id}
    session.add_all(notice(f"opening:{opening.id}:{user}", user, now) for user in sorted(told))
    return opening.id


def end_all(session: ScopedSession, now: datetime) -> None:
    """Close every case that this person has open, one too from whose person they were walled off since."""
    mine = update(CaseOpening).where(CaseOpening.user_id == session.scope.user_id, CaseOpening.ended_at.is_(None))
    with writing_for_others(session, "one's own openings end, whatever is hidden by now"):
        session.execute(mine.where(CaseOpening.until_at > now).values(ended_at=now))


def open_until(user_id: Any, now: datetime) -> Any:
    """A scalar sub-select: until when the last case of this user (an id, or a column) stays open; NULL: none is."""
    live = CaseOpening.user_id == user_id, CaseOpening.ended_at.is_(None), CaseOpening.until_at > now
    return select(CaseOpening.until_at).where(*live).order_by(CaseOpening.until_at.desc()).limit(1).scalar_subquery()


def to_review(session: ScopedSession, today: date) -> list[Opening]:
    """Openings of the agency that nobody has reviewed yet, the oldest first: the event, not the case."""
    found = session.execute(
        select(CaseOpening, User.name).join(User, User.id == CaseOpening.user_id)
        .where(CaseOpening.reviewed_at.is_(None)).order_by(CaseOpening.review_due_on, CaseOpening.opened_at)
    )  # fmt: skip
    return [_line(row, name, session.scope.user_id, today) for row, name in found]


def person_of(session: ScopedSession, opening_id: int) -> tuple[int, int] | None:
    """Person and case that were opened, for a supervisor who reviews it."""
    found = session.execute(
        select(Case.person_id, Case.id).join(CaseOpening, CaseOpening.case_id == Case.id)
        .where(CaseOpening.id == opening_id)
    ).first()  # fmt: skip
    return (found.person_id, found.id) if found else None


def review(session: ScopedSession, opening_id: int, verdict: str, now: datetime) -> bool:
    """Keep what a reviewer found: EXPECTED or TO_ASK. False: nothing to review here for this person."""
    row = session.get(CaseOpening, opening_id, with_for_update=True)
    if row is None or row.user_id == session.scope.user_id or row.reviewed_at or verdict not in ("EXPECTED", "TO_ASK"):
        return False
    row.reviewed_by_id, row.reviewed_at, row.verdict = session.scope.user_id, now, verdict
    return True


def escalate(session: Session, now: datetime) -> int:
    """Tell privacy officers of openings that nobody reviewed in time, once each; how many there were."""
    waits = session.execute(
        select(CaseOpening, Agency.zone).join(Agency, Agency.id == CaseOpening.agency_id).where(
            CaseOpening.reviewed_at.is_(None), CaseOpening.escalated_at.is_(None),
            CaseOpening.review_due_on <= now.date(),
        )
    ).all()  # fmt: skip
    late = [row for row, zone in waits if row.review_due_on < local_day(now, zone)]
    for row in late:
        row.escalated_at = now
        told = _holders(session, row.agency_id, Role.PRIVACY_OFFICER, row.case_id, now) - {row.user_id}
        session.add_all(notice(f"opening-late:{row.id}:{user}", user, now) for user in sorted(told))
    return len(late)


def _live(user_id: int, now: datetime) -> Any:
    live = CaseOpening.user_id == user_id, CaseOpening.ended_at.is_(None), CaseOpening.until_at > now
    return select(CaseOpening.id).where(*live)


def _due_on(session: ScopedSession, case_id: int, now: datetime) -> date:
    """The third day after today on which the case's court is open."""
    row = session.execute(
        select(Court.id, Court.zone).join(Case, Case.court_id == Court.id).where(Case.id == case_id)
    ).one()
    shut = set(session.scalars(select(CourtHoliday.closed_on).where(CourtHoliday.court_id == row.id)))
    day, left = local_day(now, row.zone), REVIEW_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in shut
    return day


def _holders(session: Session, agency_id: int, role: Role, case_id: int, now: datetime) -> set[int]:
    """Who holds the role there; nobody for whom the case does not exist."""
    held = {row.user_id for row in in_office(session, [role], now, [agency_id])}
    return held - set(session.scalars(walled_from(case_id)))


def _line(row: CaseOpening, name: str, reader: int, today: date) -> Opening:
    minutes = round(((row.ended_at or row.until_at) - row.opened_at).total_seconds() / 60)
    return Opening(
        row.id, name, GIVEN.get(row.reason, row.reason), row.words, row.opened_at, minutes, row.review_due_on,
        row.review_due_on < today, row.user_id == reader,
    )  # fmt: skip
