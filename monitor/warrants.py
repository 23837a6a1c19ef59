"""Warrants that are out: whose, since when, and where the person is due next. The court writes them with a hearing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.db import looking_wide
from monitor.models import Case, Court, Hearing, Pause, Person
from monitor.person_page.heading import listed_name
from monitor.verify.finding import walled_off


class Warrant(msgspec.Struct, frozen=True, kw_only=True):
    """One warrant. ``next_at``: the person's next date in this case; ``tomorrow``: it is tomorrow or still today."""

    case_id: int
    person: str
    born_on: date
    case_number: str
    court: str
    zone: str
    since: date
    next_at: datetime | None
    tomorrow: bool


def warrants(session: ScopedSession, now: datetime) -> tuple[Warrant, ...]:
    """Every warrant that is out, for whoever serves them: a date that is close first, then the oldest.

    Nobody who is walled off from a person sees that person's.
    """
    with looking_wide(session, "which warrants are out, for whoever serves them"):
        return _read(session, now, Pause.case_id.not_in(walled_off(session)))


def warrants_of(session: Session, cases: Iterable[int], now: datetime) -> tuple[Warrant, ...]:
    """The same of some cases, as far as the session reads them."""
    return _read(session, now, Pause.case_id.in_(list(cases)))


def _read(session: Session, now: datetime, where: Any) -> tuple[Warrant, ...]:
    rows = session.execute(
        select(Pause.case_id, Pause.starts_on, Pause.ends_on, Case.number, Court.name.label("court"), Court.zone,
               Person)
        .join(Case, Case.id == Pause.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id)
        .where(where, Pause.kind == "WARRANT", current(Pause)).order_by(Pause.starts_on, Pause.case_id)
    ).all()  # fmt: skip
    out = {row.case_id: row for row in reversed(rows) if _is_out(row, local_day(now, row.zone))}
    dates = _next_dates(session, list(out), now)
    found = [_warrant(row, dates.get(row.case_id), now) for row in out.values()]
    return tuple(sorted(found, key=lambda one: (not one.tomorrow, one.since, one.case_number)))


def _is_out(row: Any, today: date) -> bool:
    return bool(row.starts_on <= today and (row.ends_on is None or row.ends_on > today))


def _next_dates(session: Session, cases: Sequence[int], now: datetime) -> dict[int, datetime]:
    ahead = select(Hearing.case_id, Hearing.starts_at).where(
        Hearing.case_id.in_(cases), Hearing.starts_at > now, Hearing.outcome.is_(None)
    )
    found: dict[int, datetime] = {}
    for case_id, starts_at in session.execute(ahead.order_by(Hearing.starts_at)):
        found.setdefault(case_id, starts_at)
    return found


def _warrant(row: Any, next_at: datetime | None, now: datetime) -> Warrant:
    close = next_at is not None and local_day(next_at, row.zone) <= local_day(now, row.zone) + timedelta(days=1)
    return Warrant(
        case_id=row.case_id, person=listed_name(row.Person), born_on=row.Person.born_on, case_number=row.number,
        court=row.court, zone=row.zone, since=row.starts_on, next_at=next_at, tomorrow=close,
    )  # fmt: skip
