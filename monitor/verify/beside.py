"""What stands beside an order, about the person: a warrant, class D and E findings, earlier calls, two-word cautions.

Read in one look across agencies, for the one person who was found for sure; nothing of it tells what a call said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.db import looking_wide
from monitor.flag_review.words import title_of
from monitor.incidents.reading import calls_about
from monitor.models import AllegationFlag, AllegationStep, Assessment, Case, Flag
from monitor.verify.finding import walled_off
from monitor.warrants import warrants_of
from monitor.wording import short_day

# levels whose word says it; numbered levels count up in one tool and down in another, so a number says nothing here
ELEVATED: Final = ("maximum", "high", "greatest")
FOUND, SPOKEN = ("FOUND", "ADMITTED"), ("FOUND", "ADMITTED", "NOT_FOUND", "WITHDRAWN", "REOPENED")
GRAVE: Final = ("D", "E")
CALLS_SHOWN: Final = 5


class Beside(msgspec.Struct, frozen=True):
    """``warrant_since``: one is out. ``next_at``: the next date in that case. ``calls``: the newest first, the one
    at hand included once it is on record. ``findings``: of class D and E, each with its day."""

    warrant_since: date | None = None
    next_at: datetime | None = None
    findings: tuple[str, ...] = ()
    calls: tuple[datetime, ...] = ()
    cautions: tuple[str, ...] = ()


def beside(session: ScopedSession, person_id: int, zone: str, now: datetime) -> Beside:
    """The last look of a question: on PostgreSQL nothing that was found can be read after it."""
    with looking_wide(session, "a warrant, findings, calls and cautions of somebody who was looked up"):
        there = Case.person_id == person_id, Case.id.not_in(walled_off(session))
        cases = session.scalars(select(Case.id).where(*there)).all()
        out = warrants_of(session, cases, now)
        findings, cautions = findings_of(session, cases, zone), cautions_of(session, cases, local_day(now, zone))
    first = out[0] if out else None
    return Beside(first.since if first else None, first.next_at if first else None, findings,
                  calls_about(session, cases), cautions)  # fmt: skip


def findings_of(
    session: ScopedSession, cases: Sequence[int], zone: str, letters: Sequence[str] = GRAVE
) -> tuple[str, ...]:
    """What the court found or counsel admitted, of these classes, unless it was entered wrongly; in a wide look."""
    said = select(AllegationStep).where(AllegationStep.case_id.in_(cases), AllegationStep.kind.in_(SPOKEN))
    last = {one.allegation_id: one for one in session.scalars(said.order_by(AllegationStep.number))}
    stands = {number: one.at for number, one in last.items() if one.kind in FOUND}
    parts = session.execute(
        select(AllegationFlag.allegation_id, Flag.code, Flag.response_class)
        .join(Flag, Flag.id == AllegationFlag.flag_id)
        .where(AllegationFlag.allegation_id.in_(stands), Flag.response_class.in_(letters))
    ).all()  # fmt: skip
    found = {(stands[one.allegation_id], one.response_class, one.code) for one in parts}
    return tuple(
        f"Class {letter}, {short_day(local_day(at, zone))}: {title_of(code)}"
        for at, letter, code in sorted(found, reverse=True)
    )


def cautions_of(session: ScopedSession, cases: Sequence[int], today: date) -> tuple[str, ...]:
    """ELEVATED from a level in date that a trained assessor found. No other source of a caution is on record: what a
    police report says of strangulation is no charge, and would tell him what she told."""
    newest = select(Assessment).where(Assessment.case_id.in_(cases), current(Assessment))
    rows = session.scalars(newest.order_by(Assessment.occurred_on, Assessment.recorded_at))
    levels = {one.case_id: one for one in rows}
    high = any(one.level in ELEVATED and one.occurred_on <= today < one.expires_on for one in levels.values())
    return ("ELEVATED",) if high else ()
