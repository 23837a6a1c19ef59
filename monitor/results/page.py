"""What the desk has in front of it: the queue of a court's day, and one hearing with what is asked of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.reading import hearing_rows
from monitor.bench_page.words import chosen_words, outcome_words, time_words, weekday_words
from monitor.clock import local_day
from monitor.current import current
from monitor.docket.namesakes import named
from monitor.docket.reading import CourtRow, find_court, hearings_of
from monitor.models import Allegation, AllegationStep, Hearing, HearingResult, Pause, User
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.results.claims import Claim, claims_of
from monitor.results.dates import Suggestion, suggestions
from monitor.results.menu import Menu, menu
from monitor.results.words import NO_DATE, REASONS

ENDED: Final = ("FOUND", "NOT_FOUND", "ADMITTED", "WITHDRAWN")


class QueueLine(msgspec.Struct, frozen=True, kw_only=True):
    """One case of the day. ``said``: its result in words, "" while open. ``undo``: the entry that can be undone."""

    hearing_id: int
    time: str
    number: str
    respondent: str
    said: str
    claim: Claim | None
    undo: int | None


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A court's day. ``closed_at``: when the last case was recorded, once all are."""

    court: str
    court_code: str
    day: date
    zone: str
    lines: tuple[QueueLine, ...]
    closed_at: datetime | None

    @property
    def open_ones(self) -> tuple[QueueLine, ...]:
        """Without a result."""
        return tuple(line for line in self.lines if not line.said)


class Warrant(msgspec.Struct, frozen=True):
    """A warrant that is out, since which day and how many days."""

    id: int
    since: date
    days: int


class ResultPage(msgspec.Struct, frozen=True, kw_only=True):
    """One hearing for the desk. ``token``: changes with whatever anybody records of it.

    ``ahead``: a later date of the case that stands already. ``reports``: how many lie before the court. ``menu``: the
    court's lines of the local matrix; None with none adopted.
    """

    hearing_id: int
    case_id: int
    number: str
    respondent: str
    court: str
    court_code: str
    starts_at: datetime
    zone: str
    kind: str
    review_no: int | None
    said: str
    token: str
    claim: Claim | None
    warrant: Warrant | None
    ahead: Suggestion | None
    dates: tuple[Suggestion, ...]
    reports: int
    menu: Menu | None

    @property
    def day(self) -> date:
        """The court's own day of it."""
        return local_day(self.starts_at, self.zone)

    @property
    def hour(self) -> str:
        """13:30"""
        return time_words(self.starts_at, self.zone)


def queue(session: ScopedSession, code: str, day: date, now: datetime) -> Queue | None:
    """The cases of a court's day with what was recorded of each; None: no such court for this person."""
    found = hearings_of(session, code, day, now)
    if found is None:
        return None
    court, rows = found
    claims, results = claims_of(session, [row.id for row in rows], now), results_of(session, [row.id for row in rows])
    names = named(rows)
    lines = tuple(_line(row, court, names[row.id], claims.get(row.id), results.get(row.id), now) for row in rows)
    ended = [row.resulted_at for row in rows if row.outcome and row.resulted_at]
    return Queue(
        court=court.name, court_code=court.code, day=day, zone=court.zone, lines=lines,
        closed_at=max(ended) if rows and len(ended) == len(rows) else None,
    )  # fmt: skip


def _line(row: Any, court: CourtRow, respondent: str, claim: Claim | None, result: Any, now: datetime) -> QueueLine:
    return QueueLine(
        hearing_id=row.id, time=time_words(row.starts_at, court.zone), number=row.number,
        respondent=respondent, said=said_of(row, result, court.zone), claim=claim,
        undo=result.id if result is not None and result.told_at > now else None,
    )  # fmt: skip


def results_of(session: ScopedSession, hearings: list[int]) -> dict[int, Any]:
    """By hearing, the entry that stands, with its next date and who made it."""
    after = select(Hearing.id, Hearing.starts_at).subquery()
    told = (
        select(HearingResult.id, HearingResult.hearing_id, HearingResult.why, HearingResult.words,
               HearingResult.response, HearingResult.matrix_number, HearingResult.warrant, HearingResult.no_date,
               HearingResult.told_at, HearingResult.recorded_at, User.name, after.c.starts_at)
        .join(User, User.id == HearingResult.recorded_by_id)
        .join(after, after.c.id == HearingResult.next_hearing_id, isouter=True)
        .where(HearingResult.hearing_id.in_(hearings), HearingResult.undone_at.is_(None))
    )  # fmt: skip
    return {row.hearing_id: row for row in session.execute(told)}


def said_of(row: Any, result: Any, zone: str) -> str:
    """Admonished; next Thu 17 Dec 2026, 13:30. Empty while nothing is recorded."""
    if not row.outcome:
        return ""
    said = outcome_words(row.outcome).capitalize()
    if result is None:
        return said
    said += f": {REASONS[result.why].lower()}" if result.why else ""
    said += chosen_words(result.response, result.matrix_number)
    said += {"ISSUED": "; warrant issued", "RECALLED": "; warrant recalled"}.get(result.warrant or "", "")
    if result.starts_at:
        said += f"; next {weekday_words(local_day(result.starts_at, zone))}, {time_words(result.starts_at, zone)}"
    return said + (f"; {NO_DATE[result.no_date][0].lower()}{NO_DATE[result.no_date][1:]}" if result.no_date else "")


def result_page(session: ScopedSession, hearing_id: int, now: datetime) -> ResultPage | None:
    """One hearing; None: no such hearing at a court of this person's agency."""
    row = session.execute(hearing_rows().where(Hearing.id == hearing_id)).first() if is_id(hearing_id) else None
    court = find_court(session, row.court_code) if row is not None else None
    if row is None or court is None:
        return None
    result = results_of(session, [row.id]).get(row.id)
    ahead = session.scalars(
        select(Hearing.starts_at).where(
            Hearing.case_id == row.case_id, Hearing.starts_at > row.starts_at, Hearing.outcome.is_(None)
        ).order_by(Hearing.starts_at)
    ).first()  # fmt: skip
    return ResultPage(
        hearing_id=row.id, case_id=row.case_id, number=row.number, court=row.court, court_code=row.court_code,
        respondent=last_first(row.family_name, row.given_name, row.middle_name, row.suffix), starts_at=row.starts_at,
        zone=row.zone, kind=row.kind,
        review_no=row.review_no, said=said_of(row, result, row.zone), token=_token(session, row.id),
        claim=claims_of(session, [row.id], now).get(row.id), warrant=open_warrant(session, row.case_id, row.zone, now),
        ahead=Suggestion.kept(ahead, row.zone) if ahead else None, dates=suggestions(session, row, now),
        reports=_before_the_court(session, row.case_id),
        menu=menu(session, local_day(row.starts_at, row.zone), now),
    )  # fmt: skip


def _token(session: ScopedSession, hearing_id: int) -> str:
    entries = select(func.count(HearingResult.id)).where(HearingResult.hearing_id == hearing_id)
    undone = entries.where(HearingResult.undone_at.is_not(None))
    return f"{session.scalar(entries)}-{session.scalar(undone)}"


def open_warrant(session: ScopedSession, case_id: int, zone: str, now: datetime) -> Warrant | None:
    """The oldest warrant of the case that is out today."""
    today = local_day(now, zone)
    told = select(Pause.id, Pause.starts_on).where(
        Pause.case_id == case_id, Pause.kind == "WARRANT", Pause.starts_on <= today, current(Pause),
        Pause.ends_on.is_(None) | (Pause.ends_on > today),
    )  # fmt: skip
    row = session.execute(told.order_by(Pause.starts_on)).first()
    return Warrant(row.id, row.starts_on, (today - row.starts_on).days) if row else None


def _before_the_court(session: ScopedSession, case_id: int) -> int:
    back = aliased(AllegationStep)
    again = exists().where(
        back.allegation_id == AllegationStep.allegation_id, back.kind == "REOPENED",
        back.number > AllegationStep.number,
    )  # fmt: skip
    ended = select(AllegationStep.allegation_id).where(AllegationStep.kind.in_(ENDED), ~again)
    told = select(func.count(Allegation.id)).where(Allegation.case_id == case_id, Allegation.id.not_in(ended))
    return session.scalar(told) or 0
