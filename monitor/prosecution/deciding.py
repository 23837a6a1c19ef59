"""File, decline, or refer back: by a named person, with a reason and words, on record; and taken back the same way.

Nothing follows by itself: no hearing, letter or warrant. Filing waits for an open context question (safeguard G4),
for something independent to rest on (B4) and, before a step that may raise danger, for the safety stop (E5).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy.exc import IntegrityError

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.steps import Changed
from monitor.allegations.typed import ASKS, IMMINENT, RISKY, SAFETY
from monitor.clock import local_day
from monitor.models import ChargingDecision, random_id
from monitor.one_at_a_time import one_at_a_time
from monitor.prosecution.reading import Sent, open_questions
from monitor.prosecution.standing import REASONS, standing
from monitor.safety_steps import WAITS, ask, go_on, has_desk, stands, waits

FASTER: Final = "Somebody decided about it since you opened it. This is how it stands now."
CLOSED: Final = "It does not wait for a decision of this office."
MOST: Final = 1000


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed. ``due_on``: by when probation is asked to answer; None: no day is asked for."""

    kind: str = ""
    reason: str = ""
    words: str = ""
    safety: str = ""
    due_on: date | None = None


def needs_safety_stop(report: Sent) -> bool:
    """Whether what probation asks is likely to raise danger (safeguard E5)."""
    return report.typed.ask in RISKY


def safety_answers(session: ScopedSession, report: Sent, now: datetime) -> Mapping[str, str]:
    """What the safety stop offers; nothing: there is none. Where an office gives safety notices in this case, nobody
    else says that its step is done: its own record does."""
    if not needs_safety_stop(report):
        return {}
    return {IMMINENT: SAFETY[IMMINENT]} if has_desk(session, report.case_id, now) else SAFETY


def is_to_ask(session: ScopedSession, report: Sent, typed: Decision, now: datetime) -> bool:
    """Whether filing has to wait, for a step that nobody asked for yet."""
    if typed.kind != "FILE" or typed.safety == IMMINENT or not report.waits or not needs_safety_stop(report):
        return False
    if not has_desk(session, report.case_id, now) or waits(session, report.id):
        return False
    return not stands(session, report.id)


def ask_first(session: ScopedSession, report: Sent, now: datetime) -> None:
    """The office that gives safety notices is told; the report waits for a decision as before."""
    one_at_a_time(session, report.case_id)
    ask(session, report.case_id, report.id, report.typed.ask, now)


def faults_of(report: Sent, typed: Decision, today: date, answers: Mapping[str, str]) -> dict[str, str]:
    """What is missing or cannot be, by field; ``answers``: `safety_answers`."""
    if typed.kind not in REASONS:
        return {"decision": "Choose what you decide."}
    faults = {}
    if typed.kind == "FILE" and report.no_file:
        faults["decision"] = " ".join(report.no_file)
    if typed.reason not in REASONS[typed.kind]:
        faults["ground"] = "Choose the reason that belongs to this decision."
    if not typed.words.strip():
        faults["words"] = "Say why, in a sentence."
    elif len(typed.words.strip()) > MOST:
        faults["words"] = f"At most {MOST} characters."
    if typed.kind == "FILE" and typed.safety not in answers and "DONE" in answers:
        faults["safety"] = f"“{ASKS[report.typed.ask]}” may raise danger. Answer the safety stop first."
    if typed.kind == "REFER_BACK" and typed.due_on is not None and typed.due_on < today:
        faults["due_on"] = "That day is over. Give a day to come, or leave it empty."
    return faults


def decide(session: ScopedSession, report: Sent, typed: Decision, token: str, now: datetime) -> None:
    """Put the decision on record. Raises `Changed`: it moved on, or it cannot be filed any more."""
    if not report.waits:
        raise Changed(FASTER if report.standing.steps else CLOSED)
    if typed.kind == "FILE":
        one_at_a_time(session, report.case_id)
        if open_questions(session, report.case_id):
            raise Changed(*report.no_file)
    safety = (typed.safety or "DONE") if typed.kind == "FILE" and needs_safety_stop(report) else None
    if safety == IMMINENT:
        go_on(session, report.case_id, report.id, report.typed.ask, now)
    elif safety and (waits(session, report.id) or is_to_ask(session, report, typed, now)):
        raise Changed(WAITS)  # a tick does not stand for a step of the office that takes it (E5)
    due_on = typed.due_on if typed.kind == "REFER_BACK" else None
    _add(session, report, typed.kind, typed.words, token, now, reason=typed.reason, due_on=due_on, safety=safety)


def take_back(session: ScopedSession, report: Sent, words: str, token: str, now: datetime) -> None:
    """A decision of this office is taken back with a reason; the report waits again, and its clock begins anew."""
    if report.standing.state == "WAITING":
        raise Changed(CLOSED)
    _add(session, report, "TAKEN_BACK", words, token, now)


def answer(session: ScopedSession, report: int, case_id: int, words: str, now: datetime) -> None:
    """Probation answers what was referred back: the prosecution has to decide again. Raises `Changed`."""
    stands = standing(session, report)
    if stands.state != "BACK":
        raise Changed("Nothing was asked, or it was answered already.")
    _write(session, report, case_id, "ANSWERED", words, len(stands.steps), now)


def _add(
    session: ScopedSession, report: Sent, kind: str, words: str, token: str, now: datetime, **more: object
) -> None:  # fmt: skip
    if token != report.standing.token:
        raise Changed(FASTER)
    _write(session, report.id, report.case_id, kind, words, len(report.standing.steps), now, **more)


def _write(
    session: ScopedSession, report: int, case_id: int, kind: str, words: str, seen: int, now: datetime, **more: object
) -> None:  # fmt: skip
    """One more step after the ``seen`` that there were: two people cannot take the same one."""
    session.add(
        ChargingDecision(
            id=random_id(), case_id=case_id, agency_id=session.scope.agency_id, allegation_id=report, number=seen + 1,
            kind=kind, words=words.strip(), by_user_id=session.scope.user_id, at=now, **more,
        )
    )  # fmt: skip
    try:
        session.flush()
    except IntegrityError as error:
        raise Changed(FASTER) from error


def day_of(report: Sent, now: datetime) -> date:
    """Today, where the court is."""
    return local_day(now, report.zone)
