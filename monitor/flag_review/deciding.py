"""Deciding on a flag and undoing it: one transaction, by a named person, about the content they saw.

States: OPEN or ACKNOWLEDGED become ACKNOWLEDGED, DISMISSED, EXCUSED or ACTED; nothing else is a decision. ACTED is what
the bench sees. Where a supervisor must approve, that step will stand between ACT and ACTED (safeguard F4).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor import absences
from monitor.access.scope import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.due_process import BY_REVIEW, By, may_go
from monitor.flag_history import keep_earlier
from monitor.flag_review import barriers
from monitor.flag_review.page import FlagPage
from monitor.models import Adjudication, Dirty, Flag, Report, Review
from monitor.models.base import is_id
from monitor.wording import short_day

CHOICES: Final = {
    "ACT": ("Report to the court", "It goes to the judge as a question, with its rows. Nothing is found by it."),
    "EXCUSE": ("Excuse the absence", "There was a good reason. Your decision on the absence is written with it."),
    "ACKNOWLEDGE": ("Seen, keep it open", "You are working on it. It stays on your list."),
    "DISMISS": ("Dismiss", "It is wrong, or it needs nothing. Say why."),
}


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the reviewer chose. ``why``: a reason of `absences.REASONS`; ``answers``: to the six questions."""

    decision: str
    words: str = ""
    why: str = ""
    answers: Mapping[str, str] = {}


class Changed(Exception):
    """The flag is not what the reviewer saw, or may not be decided so. Nothing was written."""


def faults_of(page: FlagPage, decision: Decision) -> dict[str, str]:
    """What is missing or refused, by field; empty: it may be written."""
    if decision.decision not in page.decisions:
        return {"decision": "Choose what you decide."}
    words = decision.words.strip()
    faults: dict[str, str] = {}
    if decision.decision == "DISMISS" and not words:
        faults["words"] = "Say in a few words why it is dismissed."
    if decision.decision == "EXCUSE":
        if decision.why not in absences.REASONS:
            faults["why"] = "Choose the reason that excuses the absence."
        if not words:
            faults["words"] = "Say what the reason rests on."
    if decision.decision == "ACT":
        faults |= _faults_of_report(page, decision, words)
    return faults


def _faults_of_report(page: FlagPage, decision: Decision, words: str) -> dict[str, str]:
    if page.only_reporter:
        return {"decision": "You entered every row that this rests on. A colleague or your supervisor must review it."}
    if not page.barriers_needed:
        return {}
    faults = {f"barrier_{name}": "Answer this question first." for name in barriers.missing(decision.answers)}
    if not faults and barriers.in_the_way(decision.answers) and not words:
        faults["words"] = (
            "Something is in the way of the person. Say why it goes to the court all the same, or keep it open."
        )
    return faults


def decide(session: ScopedSession, page: FlagPage, token: str, decision: Decision, now: datetime) -> int:
    """Write the review and the flag's new state; returns the review's id. The page was read with ``lock``.

    Raises `Changed` if the flag moved since the reviewer's page was drawn, or the decision has faults.
    """
    if token != page.token or faults_of(page, decision):
        raise Changed
    flag = session.get(Flag, page.id)
    if flag is None:
        raise Changed
    content = _kept(page, decision) | {"was": flag.state}
    if decision.decision == "EXCUSE":
        content |= _excuse(session, page, decision, now)
    if decision.decision == "ACT" and page.about_id is not None:
        content |= {"report": str(_report(session, page, now))}
    review = Review(
        case_id=page.case_id, agency_id=session.scope.agency_id, flag_id=page.id, version=page.version,
        decision=decision.decision, words=decision.words.strip(), content=content, decided_at=now, undone_at=None,
        by_user_id=session.scope.user_id,
    )  # fmt: skip
    if not may_go(flag.state, BY_REVIEW[decision.decision], By.REVIEWER):
        raise Changed
    session.add(review)
    session.flush()  # the review stands before the flag moves: the database itself asks for it
    flag.earlier = keep_earlier(flag, now)
    flag.state = BY_REVIEW[decision.decision]
    if decision.decision == "ACT":
        session.add(Dirty(case_id=page.case_id))  # the next evaluation writes down that the court was told
    session.flush()
    return review.id


def _kept(page: FlagPage, decision: Decision) -> dict[str, Any]:
    """What the reviewer saw, for whoever reads it later: the judge cannot read the span behind it."""
    kept: dict[str, Any] = {
        "title": page.title, "provision": page.provision, "sentence": page.sentence,
        "rows": [f"{row.what}, {short_day(row.on)} ({row.source})" for row in page.counting],
        "not_counted": [f"{row.what}, {short_day(row.on)} ({row.why or row.source})" for row in page.not_counting],
    }  # fmt: skip
    if decision.decision == "ACT" and decision.answers:
        kept["barriers"] = barriers.said(decision.answers)
    return kept


def _excuse(session: ScopedSession, page: FlagPage, decision: Decision, now: datetime) -> dict[str, Any]:
    if page.about_id is None:
        raise Changed
    before = session.scalar(
        select(Adjudication.id).where(Adjudication.attendance_id == page.about_id, current(Adjudication))
    )
    verdict = absences.Verdict(decision="EXCUSED", why=decision.why, words=decision.words)
    try:
        written = absences.write(session, page.about_id, page.case_id, page.zone, verdict, now)
    except absences.Changed as error:
        raise Changed from error
    return {"adjudication": str(written), "adjudication_before": str(before) if before else None}


def _report(session: ScopedSession, page: FlagPage, now: datetime) -> int:
    """The fact that probation told the court of this absence: the clocks of reporting run on facts, not on reviews."""
    row = Report(
        case_id=page.case_id, agency_id=session.scope.agency_id, recorded_at=now,
        recorded_by_id=session.scope.user_id, kind="NONCOMPLIANCE", sent_by="PROBATION", sent_to="COURT",
        occurred_on=local_day(now, page.zone), about_id=page.about_id, enrollment_id=None, content={},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _never_sent(session: ScopedSession, report_id: int, now: datetime) -> None:
    row = session.get(Report, report_id)
    if row is None:
        raise Changed
    session.add(
        Report(
            case_id=row.case_id, agency_id=session.scope.agency_id, recorded_at=now, supersedes_id=row.id,
            recorded_by_id=session.scope.user_id, kind=row.kind, sent_by=row.sent_by, sent_to=row.sent_to,
            occurred_on=row.occurred_on, about_id=row.about_id, enrollment_id=None, content={}, retracted=True,
            reason="The report was undone before it was used.",
        )
    )  # fmt: skip


def undo(session: ScopedSession, page: FlagPage, review_id: int, now: datetime) -> None:
    """Take the last review back: the flag is what it was before. Raises `Changed` where that is no longer possible."""
    review = session.get(Review, review_id)
    line = next((line for line in page.reviews if line.id == review_id), None)
    flag = session.get(Flag, page.id)
    if review is None or flag is None or line is None or not line.may_undo:
        raise Changed
    content = review.content or {}
    if written := content.get("adjudication"):
        before = content.get("adjudication_before")
        try:
            absences.take_back(session, int(written), int(before) if before else None, now)
        except absences.Changed as error:
            raise Changed from error
    if sent := content.get("report"):
        _never_sent(session, int(sent), now)
    review.undone_at = now
    flag.earlier = keep_earlier(flag, now)
    flag.state = content.get("was", "OPEN")
    if review.decision == "ACT":
        session.add(Dirty(case_id=page.case_id))  # and the next evaluation tells those who were told meanwhile
    session.flush()


def flag_of_review(session: ScopedSession, review_id: int) -> int | None:
    """The flag that a review is about; None: there is none, or not for this reader."""
    return session.scalar(select(Review.flag_id).where(Review.id == review_id)) if is_id(review_id) else None


def contest(session: ScopedSession, page: FlagPage, contested: bool, now: datetime) -> None:
    """Mark that the person contests it, or no longer does (safeguard F7). Shown everywhere until decided."""
    flag = session.get(Flag, page.id)
    if flag is None or flag.agency_id != session.scope.agency_id:
        raise Changed
    flag.earlier = keep_earlier(flag, now)
    flag.contested = contested
    session.flush()
