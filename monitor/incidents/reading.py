"""Incidents as others read them: of one case, of every case that the reader shares, and one's own entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.db import looking_wide
from monitor.incidents.words import KIND, STRANGULATION, touched_words
from monitor.models import Agency, Case, Incident, Person, User
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


class BackLine(msgspec.Struct, frozen=True):
    """An entry that was taken back. ``by_author``: by whoever had filed it, else by somebody else of that desk."""

    id: int
    case_id: int
    number: str
    occurred_at: datetime
    at: datetime
    reason: str
    by_author: bool

    @property
    def said(self) -> str:
        """By whom, as far as anybody needs to know, and why: a person's own words, as given."""
        whom = "its author" if self.by_author else "somebody else of the desk that filed it"
        return f"Taken back by {whom}: {self.reason}" + ("" if self.reason.endswith((".", "!", "?")) else ".")


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


def backs_of(session: ScopedSession, *where: Any) -> tuple[BackLine, ...]:
    """Police reports taken back, the newest first, as far as the reader's own scope reaches (safeguard F8)."""
    return _backs(session, Incident.kind == "REPORT", *where)


def own_backs(session: ScopedSession, since: datetime) -> tuple[BackLine, ...]:
    """What the reader filed and somebody else of the desk took back, from ``since`` on."""
    mine, me = aliased(Incident), session.scope.user_id
    with looking_wide(session, "which cases do not exist for whoever reads what they filed"):
        walled = walled_off(session)
    filed = select(mine.id).where(mine.recorded_by_id == me, mine.agency_id == session.scope.agency_id)
    return _backs(
        session, Incident.agency_id == session.scope.agency_id, Incident.supersedes_id.in_(filed),
        Incident.recorded_by_id != me, Incident.recorded_at >= since, Incident.case_id.not_in(walled),
    )  # fmt: skip


def _backs(session: ScopedSession, *where: Any) -> tuple[BackLine, ...]:
    before = aliased(Incident)
    rows = session.execute(
        select(Incident, before.recorded_by_id.label("author")).join(before, before.id == Incident.supersedes_id)
        .where(Incident.retracted.is_(True), *where).order_by(Incident.recorded_at.desc(), Incident.id)
    ).all()  # fmt: skip
    return tuple(back_of(one, author) for one, author in rows)


def back_of(one: Incident, author: int | None) -> BackLine:
    """One that was taken back; ``author``: who recorded what it takes back, None for software."""
    by_author = one.recorded_by_id is not None and one.recorded_by_id == author
    return BackLine(one.id, one.case_id, one.number, one.occurred_at, one.recorded_at, one.reason or "", by_author)


def author_of(session: ScopedSession, row: Incident) -> str:
    """Who of the desk filed an entry, by name; "" where its software did."""
    with looking_wide(session, "who of the reader's own desk filed an entry that they may take back"):
        return session.scalar(select(User.name).where(User.id == row.recorded_by_id)) or ""


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
