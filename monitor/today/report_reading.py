"""A police report of the list that no rule asks about: read on a page of its own, and only there put away as read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.incidents.reading import back_of
from monitor.models import Agency, Case, Court, HiddenItem, Incident, Person
from monitor.models.base import is_id
from monitor.one_at_a_time import one_at_a_time
from monitor.person_page.heading import listed_name
from monitor.today.hiding import entry, hides
from monitor.today.incidents import SHOWN_FOR, Orders, key_of, told_back
from monitor.today.people import of_list

READ: Final = "Read"


class ReportPage(msgspec.Struct, frozen=True, kw_only=True):
    """One report as it stands, or as it was taken back. ``away``: somebody of the office has read it."""

    report_id: int
    case_id: int
    person: str
    person_id: int
    case_number: str
    zone: str
    number: str
    agency: str
    occurred_at: datetime
    taken_back: bool
    said: str
    away: bool


def report_page(session: ScopedSession, report_id: int, now: datetime) -> ReportPage | None:
    """What is told of a report before it is put away; None: no such report about this office's people."""
    row = _found(session, report_id)
    if row is None:
        return None
    report = row.Incident
    told = told_back(back_of(report, row.author)) if report.retracted else Orders(session, {row.case_id}).told(report)
    return ReportPage(
        report_id=report_id, case_id=row.case_id, person=listed_name(row), person_id=row.person_id,
        case_number=row.case_number, zone=row.zone, number=report.number, agency=row.agency,
        occurred_at=report.occurred_at, taken_back=report.retracted, said=told,
        away=bool(_standing(session, row, now)),
    )  # fmt: skip


def mark_read(session: ScopedSession, report_id: int, now: datetime) -> tuple[int, int] | None:
    """Put a report away for the office of whoever has read it: the entry and its case. None: no such report here."""
    row = _found(session, report_id)
    if row is None:
        return None
    one_at_a_time(session, row.case_id)
    if there := _standing(session, row, now):
        return there[0], row.case_id
    until_on = local_day(now, row.zone) + SHOWN_FOR + timedelta(days=1)
    made = entry(session, row.case_id, (key_of(report_id), READ), until_on, READ, now)
    session.add(made)
    session.flush()
    return made.id, row.case_id


def _found(session: ScopedSession, report_id: int) -> Any:
    before = aliased(Incident)
    columns = (
        Incident, Incident.case_id, before.recorded_by_id.label("author"), Case.number.label("case_number"), Court.zone,
        Agency.name.label("agency"), Person.id.label("person_id"), Person.family_name, Person.given_name,
        Person.middle_name, Person.suffix,
    )  # fmt: skip
    return session.execute(
        select(*columns).join(before, before.id == Incident.supersedes_id, isouter=True)
        .join(Case, Case.id == Incident.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id).join(Agency, Agency.id == Incident.agency_id)
        .where(
            Incident.id == report_id, Incident.kind == "REPORT", current(Incident) | Incident.retracted.is_(True),
            of_list(Incident.case_id, session, team=True),
        )
    ).first() if is_id(report_id) else None  # fmt: skip


def _standing(session: ScopedSession, row: Any, now: datetime) -> list[int]:
    put_away = hides(session, HiddenItem.flag_key == key_of(row.Incident.id), local_day(now, row.zone))
    return [one.id for one in put_away.values()]
