"""Before the court and back: a second person approves or returns, and a report that was filed can be withdrawn (F4).

Approval is what the bench sees, what the reporting clocks run on, and what a written notice needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.drafting import flags_of, put_back
from monitor.allegations.facts import facts_of, kept
from monitor.allegations.page import AllegationPage
from monitor.allegations.steps import OF_FLAG, Changed, add_step, state_of, steps_of
from monitor.case_sharing import share
from monitor.clock import local_day
from monitor.due_process import By, may_go
from monitor.flag_history import keep_earlier
from monitor.local_law import NOTHING_SET, LocalLaw
from monitor.models import AllegationFlag, Attendance, Dirty, Flag, Report, Span
from monitor.safety_steps import WAITS, go_on


def give_back(session: ScopedSession, page: AllegationPage, words: str, now: datetime) -> None:
    """Return it to the officer with a reason."""
    _as_supervisor(page, "RETURNED")
    add_step(session, page.id, page.case_id, "RETURNED", By.SUPERVISOR, now, words=words)


def approve(
    session: ScopedSession, page: AllegationPage, now: datetime, imminent: bool = False, law: LocalLaw = NOTHING_SET
) -> None:
    """Lay it before the court, without a word of one's own: it would travel with it.

    ``imminent``: the supervisor records imminent danger, and it goes on before the safety step is finished (E5).

    Raises `Changed`: not this person's, something is missing, or a fact changed.
    """
    _as_supervisor(page, "APPROVED")
    if page.changed or page.refused:
        raise Changed(*page.changed, *page.refused)
    if page.step_waits and not imminent:
        raise Changed(WAITS)
    if imminent:
        go_on(session, page.case_id, page.id, page.typed.ask, now)
    typed = page.typed.unanswered
    flags = flags_of(session, page.id)
    content = kept(page.facts) | {"typed": msgspec.to_builtins(typed), "about": _about(session, flags)}
    content["owners"] = {str(number): session.get_one(Flag, number).owner for number in flags}
    content["rows"] = _rows(session, flags)
    # in the words of the notice to the person, as the record stands at this moment
    content["es"] = kept(facts_of(session, flags, page.case_id, page.zone, now, "es"))
    add_step(session, page.id, page.case_id, "APPROVED", By.SUPERVISOR, now, content=content)
    for flag_id in flags:
        flag = session.get_one(Flag, flag_id)
        if not may_go(flag.state, "ACTED", By.SUPERVISOR):
            raise Changed("A question behind it was answered or withdrawn meanwhile. Return it.")
        flag.earlier = keep_earlier(flag, now)
        flag.state = "ACTED"
    for about in content["about"]:
        _tell_court(session, int(about), page, now)
    share(session, page.case_id, "prosecution", local_day(now, page.zone), law)
    session.add(Dirty(case_id=page.case_id))  # the next evaluation writes down that the court was told
    session.flush()


def _as_supervisor(page: AllegationPage, kind: str) -> None:
    if kind not in page.may:
        raise Changed(page.closed_why or "It does not wait for a supervisor.")


def _about(session: ScopedSession, flags: Sequence[int]) -> list[str]:
    """The absences that the flags are about."""
    told = select(Attendance.id).join(Span, Span.about_id == Attendance.id).join(Flag, Flag.span_id == Span.id)
    return [str(number) for number in session.scalars(told.where(Flag.id.in_(flags)).order_by(Attendance.id))]


def _rows(session: ScopedSession, flags: Sequence[int]) -> dict[str, list[str]]:
    """By flag, ids of the rows that it rests on: should one be corrected, the court is told why (F8)."""
    told = select(Flag.id, Span.content, Span.about_id).join(Span, Span.id == Flag.span_id).where(Flag.id.in_(flags))
    rests = {
        number: [*content.get("evidence", ()), *content.get("counter", ()), about]
        for number, content, about in session.execute(told)
    }  # fmt: skip
    return {str(number): sorted({str(one) for one in rows if one is not None}) for number, rows in rests.items()}


def _tell_court(session: ScopedSession, about: int, page: AllegationPage, now: datetime) -> None:
    """The fact that probation told the court of an absence: the clocks of reporting run on facts, not on reviews."""
    session.add(
        Report(
            case_id=page.case_id, agency_id=session.scope.agency_id, recorded_at=now, sent_to="COURT",
            recorded_by_id=session.scope.user_id, kind="NONCOMPLIANCE", sent_by="PROBATION",
            occurred_on=local_day(now, page.zone), about_id=about, enrollment_id=None, content={},
        )
    )  # fmt: skip


def withdraw(session: ScopedSession, page: AllegationPage, words: str, now: datetime) -> None:
    """Take it back from the court, with a reason: its flags wait again, and everybody who was told is told so."""
    if not words.strip():
        raise Changed("Say why it is withdrawn.")
    add_step(session, page.id, page.case_id, "WITHDRAWN", By.REVIEWER, now, words=words)
    put_back(session, page, now)
    session.add(Dirty(case_id=page.case_id))
    session.flush()


def contest(session: ScopedSession, page: AllegationPage, contested: bool, words: str, now: datetime) -> None:
    """On the respondent's behalf: contested, or no longer (safeguard F7). Shows in the same line everywhere."""
    add_step(
        session, page.id, page.case_id, "CONTESTED" if contested else "ANSWERED", By.REVIEWER, now, words=words
    )
    for flag_id in flags_of(session, page.id):
        flag = session.get_one(Flag, flag_id)
        flag.earlier = keep_earlier(flag, now)
        flag.contested = contested
    session.flush()


def contest_of_flag(session: ScopedSession, flag_id: int, case_id: int, contested: bool, now: datetime) -> None:
    """The same said on a flag's own page: the reports before the court that it is part of say so, too."""
    told = select(AllegationFlag.allegation_id).where(AllegationFlag.flag_id == flag_id)
    for number in session.scalars(told).all():
        steps = steps_of(session, number)
        if state_of(step.kind for step in steps) == "FILED":
            kind = "CONTESTED" if contested else "ANSWERED"
            add_step(session, number, case_id, kind, By.REVIEWER, now, seen=steps, content={OF_FLAG: str(flag_id)})
