"""One case as the prosecution sees it: orders, service, classes, hearings, what the court found, level, and reports."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import outcome_words
from monitor.clock import local_day
from monitor.incidents.reading import BackLine, IncidentLine, backs_of, reports_of
from monitor.levels import level_words, standing_level
from monitor.local_law import LocalLaw
from monitor.models import Case, Court, Hearing, Incident, Person
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.prosecution import roster, told_orders
from monitor.prosecution.evidence import Piece
from monitor.prosecution.keeping import Kept, all_kept
from monitor.prosecution.reading import Sent, all_sent
from monitor.record_notices.reading import RecordLine, records_of
from monitor.wording import short_day

SHOWN = timedelta(days=180)


class CourtDate(msgspec.Struct, frozen=True):
    """A hearing, held or ahead."""

    starts_at: datetime
    kind: str
    outcome: str


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """``level``: what an assessor found and that is in date, in words; ``closed``: why classes are not shown."""

    case_id: int
    number: str
    person: str
    court: str
    zone: str
    today: date
    orders: tuple[Piece, ...]
    classes: tuple[Piece, ...]
    gaps: tuple[str, ...]
    hearings: tuple[CourtDate, ...]
    level: str
    reports: tuple[Sent, ...]
    packets: tuple[Kept, ...]
    police: tuple[IncidentLine, ...]
    police_back: tuple[BackLine, ...]
    records: tuple[RecordLine, ...]

    @property
    def found(self) -> tuple[Sent, ...]:
        """What the court found, or what was admitted."""
        return tuple(one for one in self.reports if one.state in ("FOUND", "ADMITTED"))


def case_view(session: ScopedSession, case_id: int, law: LocalLaw, now: datetime) -> CaseView | None:
    """None: no such case for this person."""
    told = select(
        Case.number, Court.zone, Court.name.label("court"), Person.family_name, Person.given_name
    ).join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id)
    row = session.execute(told.where(Case.id == case_id)).first() if is_id(case_id) else None
    if row is None:
        return None
    today = local_day(now, row.zone)
    places = roster.places_of(session, case_id, today)
    level = standing_level(session, case_id, today)
    return CaseView(
        case_id=case_id, number=row.number, person=last_first(row.family_name, row.given_name), court=row.court,
        zone=row.zone, today=today, orders=told_orders.of_case(session, case_id, row.zone, row.court),
        classes=tuple(reversed(roster.classes(session, places, today - SHOWN, today))),
        gaps=roster.gaps(session, places, today - SHOWN, today - timedelta(days=1)),
        hearings=_hearings(session, case_id),
        level=f"{level_words(level.level, level.tool)}, found {short_day(level.on)}" if level else "",
        reports=all_sent(session, now, law, case_id), packets=all_kept(session, law, now, case_id=case_id),
        police=reports_of(session, case_id),
        police_back=backs_of(session, Incident.case_id == case_id), records=records_of(session, case_id),
    )  # fmt: skip


def _hearings(session: ScopedSession, case_id: int) -> tuple[CourtDate, ...]:
    told = select(Hearing.starts_at, Hearing.kind, Hearing.outcome).where(Hearing.case_id == case_id)
    return tuple(
        CourtDate(row.starts_at, row.kind.replace("_", " ").lower(), outcome_words(row.outcome) if row.outcome else "")
        for row in session.execute(told.order_by(Hearing.starts_at.desc(), Hearing.id))
    )
