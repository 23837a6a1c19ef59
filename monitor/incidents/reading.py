"""Incidents as others read them: of one case, of every case that the reader shares, and one's own entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.current import current
from monitor.db import looking_wide
from monitor.incidents.words import KIND, STRANGULATION, touched_words
from monitor.models import Agency, Case, Incident, Person
from monitor.person_page.heading import listed_name
from monitor.verify.finding import walled_off


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One current entry. ``said``: the codes in words; ``amended``: an earlier version said something else."""

    id: int
    case_id: int
    person: str
    case_number: str
    kind: str
    number: str
    at: datetime
    touched: str | None
    said: str
    agency: str
    recorded_at: datetime
    amended: bool


class OwnLine(msgspec.Struct, frozen=True):
    """An entry of one's own: a number and its codes, and nobody's name."""

    id: int
    number: str
    at: datetime
    said: str


def reports_of(session: ScopedSession, case_id: int) -> tuple[IncidentLine, ...]:
    """Police reports of one case, the newest first, as far as the reader's own scope reaches."""
    return _lines(session, Incident.case_id == case_id, Incident.kind == "REPORT")


def recent_reports(session: ScopedSession, since: datetime) -> tuple[IncidentLine, ...]:
    """Police reports recorded from ``since`` on, of every case that the reader shares, the newest first."""
    return _lines(session, Incident.recorded_at >= since, Incident.kind == "REPORT")


def own(session: ScopedSession, since: datetime) -> tuple[OwnLine, ...]:
    """What this person filed from ``since`` on, the newest first."""
    with looking_wide(session, "which cases do not exist for whoever filed incidents"):
        walled = walled_off(session)
    wanted = select(Incident).where(
        Incident.recorded_by_id == session.scope.user_id, Incident.recorded_at >= since, current(Incident),
        Incident.case_id.not_in(walled),
    )  # fmt: skip
    rows = session.scalars(wanted.order_by(Incident.occurred_at.desc(), Incident.id)).all()
    return tuple(OwnLine(row.id, row.number, row.occurred_at, said_of(row)) for row in rows)


def calls_about(session: ScopedSession, cases: Iterable[int]) -> tuple[datetime, ...]:
    """When there were calls about the person of these cases, the newest first: a count and dates, nothing of them."""
    with looking_wide(session, "when there were calls about somebody who was looked up"):
        found = select(Incident.occurred_at, Incident.number).where(
            Incident.case_id.in_(list(cases)), current(Incident)
        )
        rows = session.execute(found).all()
    by_number = {row.number: row.occurred_at for row in sorted(rows, key=lambda one: one.occurred_at, reverse=True)}
    return tuple(sorted(by_number.values(), reverse=True))


def said_of(row: Any) -> str:
    """Touches: contact in any way (05). Offence 166. Weapon: no. Strangulation reported: not asked."""
    parts = [f"Touches: {touched_words(row.touched)}"] if row.touched else ["No condition named"]
    if row.kind == "REPORT":
        parts += [f"Offence {row.offence}"] if row.offence else []
        parts += [
            f"Weapon: {'yes' if row.weapon else 'no'}",
            f"Strangulation reported: {STRANGULATION[row.strangulation].lower()}",
            f"Accounts of both taken: {'yes' if row.accounts else 'no'}",
        ]
    return ". ".join(parts) + "."


def _lines(session: ScopedSession, *where: Any) -> tuple[IncidentLine, ...]:
    rows = session.execute(
        select(Incident, Case.number.label("case_number"), Person, Agency.name.label("agency"))
        .join(Case, Case.id == Incident.case_id).join(Person, Person.id == Case.person_id)
        .join(Agency, Agency.id == Incident.agency_id).where(*where, current(Incident))
        .order_by(Incident.occurred_at.desc(), Incident.id)
    ).all()  # fmt: skip
    return tuple(
        IncidentLine(
            id=row.Incident.id, case_id=row.Incident.case_id, person=listed_name(row.Person),
            case_number=row.case_number, kind=KIND[row.Incident.kind], number=row.Incident.number,
            at=row.Incident.occurred_at, touched=row.Incident.touched, said=said_of(row.Incident), agency=row.agency,
            recorded_at=row.Incident.recorded_at, amended=row.Incident.supersedes_id is not None,
        ) for row in rows
    )  # fmt: skip
