"""Deciding on a flag and undoing it: one transaction, by a named person, about the content they saw.

States: OPEN or ACKNOWLEDGED become ACKNOWLEDGED, DISMISSED, EXCUSED, HANDLED or REPORTED; nothing else is a decision.
What is REPORTED stands in a report that waits for a supervisor (`monitor.allegations`); only what one approved is
ACTED, and only that the bench sees (safeguard F4).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor import absences
from monitor.access.scoped_session import ScopedSession
from monitor.allegations.approving import contest_of_flag
from monitor.allegations.drafting import begin, take_out
from monitor.allegations.steps import Changed as Moved
from monitor.allegations.steps import state_of, steps_of
from monitor.current import current
from monitor.due_process import BY_REVIEW, By, may_go
from monitor.flag_history import back_to, keep_earlier
from monitor.flag_review import barriers, class_set, gaps
from monitor.flag_review.class_set import ClassSet
from monitor.flag_review.page import FlagPage
from monitor.models import Adjudication, AllegationFlag, Flag, Review
from monitor.models.base import is_id
from monitor.response_matrix import choosing
from monitor.response_matrix.choosing import Choice
from monitor.wording import short_day

CHOICES: Final = {
    "ACT": ("Report to the court", "It goes into a report that a supervisor approves first. Nothing is found by it."),
    "HANDLE": ("Handle it here", "This office answers it without the court: say with what."),
    "EXCUSE": ("Excuse the absence", "There was a good reason. Your decision on the absence is written with it."),
    "ACKNOWLEDGE": ("Seen, keep it open", "You are working on it. It stays on your list."),
    gaps.MOVE: ("Something is in the way: a gap of the system",
                "It is the system's to close and not the person's: it counts toward no step. Say who closes it."),
    gaps.BACK: ("The gap is closed: ask again", "It is a question about the person again. Say how it was closed."),
    "DISMISS": ("Dismiss", "It is wrong, or it needs nothing. Say why."),
}

WORDS_ASKED: Final = {
    "DISMISS": "Say in a few words why it is dismissed.", "EXCUSE": "Say what the reason rests on.",
    "HANDLE": "Say what this office does about it, and by when.",
    gaps.MOVE: "Say who closes the gap, and by when.", gaps.BACK: "Say how the gap was closed.",
}  # fmt: skip
OWNER_AFTER: Final = {gaps.MOVE: gaps.SYSTEM, gaps.BACK: gaps.PERSON}
OPEN_STILL: Final = "ACKNOWLEDGE"  # as what a review keeps a move to the system's gaps, and back


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the reviewer chose. ``why``: a reason of `absences.REASONS`; ``answers``: to the six questions; ``choice``:
    from the local matrix. ``given``: another class than the rule's, with ACT and HANDLE alone."""

    decision: str
    words: str = ""
    why: str = ""
    answers: Mapping[str, str] = {}
    choice: Choice = Choice()
    given: ClassSet = ClassSet()


class Changed(Exception):
    """The flag is not what the reviewer saw, or may not be decided so. Nothing was written."""


class Waiting(Changed):
    """The report that it is in waits for a supervisor, who would not hear that it had changed under their hands."""


def faults_of(page: FlagPage, decision: Decision) -> dict[str, str]:
    """What is missing or refused, by field; empty: it may be written."""
    if decision.decision not in page.decisions:
        return {"decision": "Choose what you decide."}
    words = decision.words.strip()
    faults: dict[str, str] = {}
    if decision.decision in WORDS_ASKED and not words:
        faults["words"] = WORDS_ASKED[decision.decision]
    if decision.decision == "EXCUSE" and decision.why not in absences.REASONS:
        faults["why"] = "Choose the reason that excuses the absence."
    if decision.decision in (gaps.MOVE, gaps.BACK):
        faults |= gaps.faults_of(decision.decision, decision.answers)
    if decision.decision in ("ACT", "HANDLE"):
        faults |= _faults_of_response(page, decision, words)
    return faults


def _faults_of_response(page: FlagPage, decision: Decision, words: str) -> dict[str, str]:
    if page.only_reporter and decision.decision == "ACT":
        return {"decision": "You entered every row that this rests on. A colleague or your supervisor must review it."}
    outside = choosing.faults_of(page.range, decision.decision, decision.choice)
    outside |= class_set.faults_of(decision.given, page.proposed_class, page.may_set_class, page.code)
    if not page.barriers_needed:
        return outside
    faults = {f"barrier_{name}": "Answer this question first." for name in barriers.missing(decision.answers)}
    if not faults and gaps.must_move({page.proposed_class, page.response_class}, decision.answers):
        faults["decision"] = gaps.FIRST if gaps.MOVE in page.decisions else gaps.NOT_AS_SET
    if not faults and barriers.in_the_way(decision.answers) and not words:
        faults["words"] = (
            "Something is in the way of the person. Say why you go on all the same, or keep it open."
        )
    return faults | outside


def decide(session: ScopedSession, page: FlagPage, token: str, decision: Decision, now: datetime) -> int:
    """Write the review and the flag's new state; returns the review's id. The page was read with ``lock``.

    Raises `Changed` if the flag moved since the reviewer's page was drawn, or the decision has faults.
    """
    if token != page.token or faults_of(page, decision) or not _read_so(page, decision):
        raise Changed
    flag = session.get(Flag, page.id)
    if flag is None:
        raise Changed
    content = _kept(page, decision) | {"was": flag.state}
    if decision.decision == "EXCUSE":
        content |= _excuse(session, page, decision, now)
    kind = OPEN_STILL if decision.decision in OWNER_AFTER else decision.decision
    review = Review(
        case_id=page.case_id, agency_id=session.scope.agency_id, flag_id=page.id, version=page.version,
        decision=kind, words=decision.words.strip(), content=content, decided_at=now, undone_at=None,
        by_user_id=session.scope.user_id,
    )  # fmt: skip
    if not may_go(flag.state, BY_REVIEW[kind], By.REVIEWER):
        raise Changed
    session.add(review)
    session.flush()  # the review stands before the flag moves: the database itself asks for it
    flag.earlier = keep_earlier(flag, now)
    flag.state = BY_REVIEW[kind]
    flag.owner = OWNER_AFTER.get(decision.decision, flag.owner)
    session.flush()
    if decision.decision in ("ACT", "HANDLE"):
        choice = _choice(page, decision)
        choosing.keep(session, page.case_id, page.kept_range, decision.decision, choice, review, now)
    if decision.decision == "ACT":
        _draft(session, page, review.id, now)
    return review.id


def _read_so(page: FlagPage, decision: Decision) -> bool:
    """Whether the range and the questions on the page were those of the class that the decision sets."""
    if decision.decision not in ("ACT", "HANDLE"):
        return True
    return page.response_class == (decision.given.name or page.proposed_class)


def _draft(session: ScopedSession, page: FlagPage, review_id: int, now: datetime) -> None:
    try:
        begin(session, page.case_id, page.zone, page.id, review_id, now)
    except Moved as error:
        raise Changed from error


def report_of(session: ScopedSession, review_id: int) -> int | None:
    """The report to the court that a review put its flag into."""
    return session.scalar(select(AllegationFlag.allegation_id).where(AllegationFlag.review_id == review_id).limit(1))


def waits_in(session: ScopedSession, review_id: int) -> bool:
    """Whether the report that a review put its flag into waits for a supervisor."""
    report = report_of(session, review_id)
    return report is not None and state_of(step.kind for step in steps_of(session, report)) == "WAITING"


def _kept(page: FlagPage, decision: Decision) -> dict[str, Any]:
    """What the reviewer saw, for whoever reads it later: the judge cannot read the span behind it."""
    kept: dict[str, Any] = {
        "title": page.title, "provision": page.provision, "sentence": page.sentence,
        "rows": [f"{row.what}, {short_day(row.on)} ({row.source})" for row in page.counting],
        "not_counted": [f"{row.what}, {short_day(row.on)} ({row.why or row.source})" for row in page.not_counting],
    }  # fmt: skip
    if decision.decision in ("ACT", "HANDLE") and decision.answers:
        kept["barriers"] = barriers.said(decision.answers)
    kept |= gaps.kept(decision.decision, decision.answers)
    if decision.decision in ("ACT", "HANDLE"):
        kept |= class_set.kept(decision.given, page.proposed_class)
        kept |= choosing.in_words(page.kept_range, decision.decision, _choice(page, decision))
    return kept


def _choice(page: FlagPage, decision: Decision) -> Choice:
    """What was chosen; where nothing was suggested nothing was asked, and half an answer is none."""
    faults = choosing.faults_of(page.kept_range, decision.decision, decision.choice)
    return Choice() if faults else decision.choice


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


def undo(session: ScopedSession, page: FlagPage, review_id: int, now: datetime) -> None:
    """Take the last review back: the flag is what it was before. Raises `Changed` where that is no longer possible."""
    review = session.get(Review, review_id)
    line = next((line for line in page.reviews if line.id == review_id), None)
    flag = session.get(Flag, page.id)
    if review is None or flag is None or line is None or not line.may_undo:
        raise Changed
    if waits_in(session, review_id):
        raise Waiting
    content = review.content or {}
    if written := content.get("adjudication"):
        before = content.get("adjudication_before")
        try:
            absences.take_back(session, int(written), int(before) if before else None, now)
        except absences.Changed as error:
            raise Changed from error
    back_to(session, review, now)
    if review.decision == "ACT":
        take_out(session, page.case_id, page.zone, review_id, now)
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
    contest_of_flag(session, flag.id, page.case_id, contested, now)
    session.flush()
