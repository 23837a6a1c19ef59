"""What lies ahead: absences to decide, days that fall due, dates before the court."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, bindparam, select

from monitor.access.scoped_session import ScopedSession
from monitor.flag_review.words import OWNERS, to_do
from monitor.models import Attendance, Court, Hearing, Span
from monitor.models.base import BigId, UtcInstant
from monitor.person_page.matters import OF_DECISIONS, due_days, due_to_decide, undecided
from monitor.today.page import CourtDay, Due, ToDecide
from monitor.today.people import MOST_NAMED, Somebody, asked_by, few, listed

NOW: Final = bindparam("now", type_=UtcInstant())
WEEK, MONTH = timedelta(days=7), timedelta(days=31)
OVERDUE_ENDINGS: Final = ("_OVERDUE", "_EXCEEDED", "_MISSED", "_LATE")


@cache
def _undecided(team: bool) -> Any:
    return few(undecided(listed(Attendance.case_id, team)))


@cache
def _due_to_decide() -> Any:
    return due_to_decide(Span.case_id.in_(bindparam("cases", type_=BigId, expanding=True)))


@cache
def _ahead(team: bool) -> Any:
    today, until = bindparam("today", type_=Date), bindparam("until", type_=Date)
    return few(select(Span.case_id, Span.code, Span.due_on, Span.owner).where(
        listed(Span.case_id, team), Span.known_until.is_(None), Span.certainty == "CERTAIN", Span.starts_at > NOW,
        Span.due_on >= today, Span.due_on < until, Span.code.not_in(OF_DECISIONS),
    ))  # fmt: skip


STANDS: Final = Hearing.outcome.is_(None)


@cache
def _heard(team: bool) -> Any:
    columns = Hearing.case_id, Hearing.kind, Hearing.starts_at, Hearing.room, Court.name, Court.zone
    # a date that was continued or taken off the calendar before it came is no court date any more
    soon = Hearing.starts_at > NOW, Hearing.starts_at <= bindparam("until", type_=UtcInstant()), STANDS
    return few(select(*columns).join(Court, Court.id == Hearing.court_id).where(listed(Hearing.case_id, team), *soon))


class Undecided(NamedTuple):
    """Absences of a list without a final decision, and by when some are to be decided, by absence."""

    rows: Sequence[Any]
    due: Mapping[int, date]


def undecided_rows(session: ScopedSession, team: bool) -> Undecided:
    """Read once; `to_decide` tells them for the whole list or for some of its people."""
    rows = session.execute(_undecided(team), asked_by(session, team)).all()
    cases = sorted({row.case_id for row in rows})
    due: dict[int, date] = {}
    for first in range(0, len(cases), MOST_NAMED):
        due |= due_days(session.execute(_due_to_decide(), {"cases": cases[first : first + MOST_NAMED]}))
    return Undecided(rows, due)


def to_decide(read: Undecided, who: Mapping[int, Somebody], today: date) -> tuple[ToDecide, ...]:
    """Absences of ``who`` without a final decision; those past their day first."""
    found = []
    for row in read.rows:
        if row.case_id not in who:
            continue
        person, by = who[row.case_id], row.evidence_due_on or read.due.get(row.id)
        found.append(
            ToDecide(
                row.case_id, f"/absences/{row.id}/decide", person.name, person.number, person.officer, row.occurred_on,
                row.program, by, row.evidence_due_on is not None, by is not None and by < today,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (not one.late, one.due_on or one.on, one.person)))


def ahead_rows(session: ScopedSession, team: bool, today: date, now: datetime) -> Sequence[Any]:
    """Spans of the list that begin ahead and fall due within a month, as read for `due_ahead`."""
    return session.execute(_ahead(team), asked_by(session, team, now=now, today=today, until=today + MONTH)).all()


def due_ahead(
    rows: Sequence[Any], who: Mapping[int, Somebody], today: date
) -> tuple[tuple[Due, ...], tuple[Due, ...]]:
    """What falls due within a week, and within a month, if nothing is done: spans that begin ahead."""
    found = []
    for case_id, code, due, owner in sorted(set(rows), key=str):
        if due is not None and case_id in who and code.endswith(OVERDUE_ENDINGS):
            person = who[case_id]
            path = f"/people/{person.person_id}?case={case_id}"
            found.append(Due(due, path, person.name, to_do(code), OWNERS[owner]))
    found.sort(key=lambda one: (one.on, one.person, one.what))
    week = tuple(one for one in found if one.on < today + WEEK)
    return week, tuple(one for one in found if one.on >= today + WEEK)


def heard(session: ScopedSession, team: bool, now: datetime) -> Sequence[Any]:
    """The dates of the list's people before the court within a week."""
    return session.execute(_heard(team), asked_by(session, team, now=now, until=now + WEEK)).all()


def court_days(rows: Sequence[Any], who: Mapping[int, Somebody]) -> tuple[CourtDay, ...]:
    """Who is in court within a week, gathered by time and place."""
    grouped: dict[tuple[datetime, str, str, str], list[tuple[str, str, str]]] = {}
    for row in rows:
        if row.case_id in who:
            person = who[row.case_id]
            place = grouped.setdefault((row.starts_at, row.zone, row.name, row.room), [])
            place.append((person.name, f"/people/{person.person_id}?case={row.case_id}", person.number))
    return tuple(CourtDay(*place, tuple(sorted(found))) for place, found in sorted(grouped.items()))
