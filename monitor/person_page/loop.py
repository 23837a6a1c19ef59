"""The loop of each miss: program told, officer acted, court told, court answered, with the hours between.

How long each desk took, whichever desk it was; what is open says who has it and for how long. It judges nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from monitor.absences import DECIDED
from monitor.access.scoped_session import ScopedSession
from monitor.allegations.standing import Standing
from monitor.bench_page.record import CaseRecord
from monitor.bench_page.words import outcome_words
from monitor.models import Adjudication, Attendance, Enrollment, Flag, Program, Review, Span
from monitor.wording import count

SETTLED: Final = ("EXCUSED", "NOT_COUNTED", "RESCHEDULED", "ATTENDED_NOT_COMPLIED")
WAITING: Final = "waits for evidence"
ANSWERS: Final = {"FOUND": "found", "ADMITTED": "admitted"}
GONE: Final = ("NOT_FOUND", "WITHDRAWN")
REVIEWED: Final = {
    "ACT": "report begun", "HANDLE": "handled here", "DISMISS": "dismissed", "EXCUSE": "excused", "ACKNOWLEDGE": "seen",
}  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """One desk's part. ``at``: None while it is open. ``took``: since the step before, or how long it is open."""

    who: str
    what: str
    at: datetime | None
    took: str


class Loop(msgspec.Struct, frozen=True):
    """One miss. ``path``: where it is decided; ``open``: somebody still has a part to do."""

    on: date
    path: str
    steps: tuple[Step, ...]
    open: bool


class Act(msgspec.Struct, frozen=True):
    """What an officer did about a miss: a decision on the absence, or a review of a flag about it."""

    at: datetime
    what: str
    settles: bool
    flag_id: int = 0


def loops(session: ScopedSession, record: CaseRecord, now: datetime) -> tuple[Loop, ...]:
    """Every miss that stands on record, the newest first; three statements, however many there are."""
    versions = {row.id: row for row in session.execute(_versions(record.case_id))}
    misses = [row for row in record.attendance if row.outcome == "ABSENT" and row.id in versions]
    if not misses:
        return ()
    acts = _acts(session, record.case_id)
    return tuple(
        _loop(record, _chain(versions, row.id), acts, now)
        for row in sorted(misses, key=lambda row: (row.occurred_on, row.id), reverse=True)
    )


def _versions(case_id: int) -> Any:
    columns = (Attendance.id, Attendance.supersedes_id, Attendance.occurred_on, Attendance.recorded_at, Program.name)
    told = select(*columns).join(Enrollment, Enrollment.id == Attendance.enrollment_id)
    return told.join(Program, Program.id == Enrollment.program_id).where(Attendance.case_id == case_id)


def _chain(versions: Mapping[int, Any], number: int) -> list[Any]:
    """The version that stands, and those that it replaced."""
    found = [versions[number]]
    while found[-1].supersedes_id in versions:
        found.append(versions[found[-1].supersedes_id])
    return found


def _acts(session: ScopedSession, case_id: int) -> dict[int, list[Act]]:
    """What officers did, by the attendance it was about, oldest first."""
    found: dict[int, list[Act]] = {}
    decided = select(Adjudication.attendance_id, Adjudication.recorded_at, Adjudication.decision).where(
        Adjudication.case_id == case_id, Adjudication.decided_by == "OFFICER", Adjudication.retracted.is_(False)
    )
    for about, at, decision in session.execute(decided):
        what = WAITING if decision == "PENDING_EVIDENCE" else DECIDED[decision].lower()
        found.setdefault(about, []).append(Act(at, what, decision in SETTLED))
    reviewed = (
        select(Span.about_id, Review.decided_at, Review.decision, Flag.id).join(Flag, Flag.id == Review.flag_id)
        .join(Span, Span.id == Flag.span_id).where(
            Review.case_id == case_id, Review.undone_at.is_(None), Span.about_id.is_not(None),
            Review.decision != "ACKNOWLEDGE",
        )
    )  # fmt: skip
    for of, at, decision, flag_id in session.execute(reviewed):
        settles = decision != "ACT"
        found.setdefault(of or 0, []).append(Act(at, REVIEWED.get(decision, "reviewed"), settles, flag_id))
    return {about: sorted(acts, key=lambda act: act.at) for about, acts in found.items()}


def _loop(record: CaseRecord, chain: list[Any], acts: Mapping[int, list[Act]], now: datetime) -> Loop:
    missed, first = chain[0], chain[-1]
    own = sorted((act for row in chain for act in acts.get(row.id, ())), key=lambda act: act.at)
    waits = bool(own) and own[-1].what == WAITING  # evidence is asked for: nothing is the court's yet
    steps = [*_of_office(record, missed, first, own, now)]
    filed = next((record.filed[act.flag_id] for act in own if act.flag_id in record.filed), None)
    settled = any(act.settles for act in own[-1:]) and filed is None
    if own and not settled and not waits:
        steps += _of_court(record, filed, own[-1].at, now)
    still_open = waits or (steps[-1].at is None and steps[-1].took != "")
    return Loop(missed.occurred_on, f"/absences/{missed.id}/decide", tuple(steps), still_open)


def _of_office(record: CaseRecord, missed: Any, first: Any, own: list[Act], now: datetime) -> Iterator[Step]:
    ended = datetime.combine(missed.occurred_on + timedelta(days=1), time(), ZoneInfo(record.zone))
    yield Step(first.name, "told", first.recorded_at, _after(ended, first.recorded_at))
    if own:
        later = f", then {own[-1].what}" if own[-1].what != own[0].what else ""
        yield Step("Probation", f"{own[0].what}{later}", own[0].at, _after(first.recorded_at, own[0].at))
    else:
        yield Step("Probation", "has not acted", None, _open(first.recorded_at, now))


def _of_court(record: CaseRecord, filed: Standing | None, acted_at: datetime, now: datetime) -> Iterator[Step]:
    if filed is None:
        yield Step("Court", "not told", None, "")  # not every miss is the court's
        return
    if filed.ended in GONE:  # what the court did not find, or was withdrawn, is told of nowhere (safeguard H3)
        yield Step("Court", "nothing stands before it", filed.ended_at, "")
        return
    yield Step("Court", "told", filed.approved_at, _after(acted_at, filed.approved_at))
    if answered := _answer(record, filed):
        yield Step("Court", f"answered: {answered[1]}", answered[0], _after(filed.approved_at, answered[0]))
    else:
        yield Step("Court", "has not answered", None, _open(filed.approved_at, now))


def _answer(record: CaseRecord, filed: Standing) -> tuple[datetime, str] | None:
    """What the court said of the report, or the first hearing after it whose outcome was entered."""
    if filed.ended in ANSWERS and filed.ended_at is not None:
        return filed.ended_at, ANSWERS[filed.ended]
    heard = [
        (one.resulted_at, outcome_words(one.outcome)) for one in record.hearings
        if one.outcome and one.resulted_at and one.starts_at > filed.approved_at
        and one.resulted_at <= record.known_at
    ]  # fmt: skip
    return min(heard, default=None)


def _after(before: datetime, at: datetime) -> str:
    """after 2 d 4 h; at once"""
    return f"after {_length(at - before)}" if at - before >= timedelta(hours=1) else "at once"


def _open(since: datetime, now: datetime) -> str:
    return f"for {_length(now - since)}"


def _length(span: timedelta) -> str:
    """9 hours; 5 d 4 h: hours to three days, days and hours beyond."""
    hours = max(int(span.total_seconds() // 3600), 0)
    return count(hours, "hour") if hours < 72 else f"{hours // 24} d {hours % 24} h"
