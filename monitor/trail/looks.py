"""Who looked at a case: the people of one agency, for its privacy officer.

The privacy officer does not see the case. A number that is nobody's, one of a case that the agency does not share, and
one at which nobody looked all read the same (safeguard B7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, cast, exists, func, select
from sqlalchemy.orm import Session

from monitor.access.reach import entity_of, walled_cases
from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import (
    Adjudication,
    Agency,
    Allegation,
    Attendance,
    AuditEntry,
    Case,
    CaseAgency,
    EvidencePacket,
    Flag,
    Hearing,
    Incident,
    Order,
    Review,
)
from monitor.named import table_of
from monitor.trail.entries import MOST, Entry, entries
from monitor.trail.look_events import PARTS

# what an entry may be about, of which a case is the owner: what acts add to it, and what addresses name
ADDED: tuple[Any, ...] = (Adjudication, Allegation, Attendance, EvidencePacket, Flag, Hearing, Incident, Order, Review)
NAMED = (entity_of(table_of(part)) for part in sorted(PARTS))
OF_CASES: tuple[Any, ...] = tuple(dict.fromkeys((*ADDED, *(one for one in NAMED if hasattr(one, "case_id")))))
NONE: Mapping[int, int] = MappingProxyType({})
# agencies that look across all cases and share none
SHARING_NONE = ("dispatch", "law_enforcement")


class Looks(msgspec.Struct, frozen=True):
    """Entries about one case number, newest first."""

    number: str
    entries: list[Entry]
    cut: bool


def looks_at(session: ScopedSession, agency_id: int, number: str, listed: Mapping[int, int] = NONE) -> Looks:
    """What the agency's people did about the case of that number."""
    with looking_wide(session, "which entries are about this case number"):
        about = subjects_of(session, agency_id, number.strip(), listed)
    found = entries(session, AuditEntry.agency_id == agency_id, is_about(session, about)) if about else []
    return Looks(number.strip(), found, len(found) == MOST)


def subjects_of(session: ScopedSession, agency_id: int, number: str, listed: Mapping[int, int] = NONE) -> set[int]:
    """Ids under which entries may be about a case that the agency shares or shared; call inside `looking_wide`.

    Dispatch and law enforcement share no case: there it is any case, and what is listed are their own people's acts.
    ``listed``: rows of the team's list and their cases, which its members see whoever shares them; likewise any case.
    """
    wanted = select(Case.id, Case.person_id).where(
        Case.number == number, Case.id.not_in(walled_cases(session.scope.user_id))
    )
    by_team = set(session.scalars(wanted.with_only_columns(Case.id))) if listed else set()
    if session.scalar(select(Agency.kind).where(Agency.id == agency_id)) not in SHARING_NONE:
        wanted = wanted.where(Case.id.in_(select(CaseAgency.case_id).where(CaseAgency.agency_id == agency_id)))
    found = session.execute(wanted).all()
    cases = {row.id for row in found}
    rows = {row for row, case in listed.items() if case in by_team}
    return cases | {row.person_id for row in found} | set(_owned(session, cases)) | rows


def _owned(session: Session, cases: Iterable[int]) -> Iterable[int]:
    for kind in OF_CASES:
        yield from session.scalars(select(kind.id).where(kind.case_id.in_(sorted(cases))))


def cases_of(session: ScopedSession, subjects: Iterable[int], listed: Mapping[int, int] = NONE) -> dict[int, int]:
    """The case that each of the ids is, or belongs to, but no walled one; call inside `looking_wide`."""
    wanted, walled = sorted(subjects), walled_cases(session.scope.user_id)
    there = select(Case.id).where(Case.id.in_(wanted), Case.id.not_in(walled))
    found = {case: case for case in session.scalars(there)}
    if seen := {row: listed[row] for row in wanted if row in listed}:
        kept = set(session.scalars(select(Case.id).where(Case.id.in_(seen.values()), Case.id.not_in(walled))))
        found |= {row: case for row, case in seen.items() if case in kept}
    for kind in OF_CASES:
        rows = session.execute(select(kind.id, kind.case_id).where(kind.id.in_(wanted), kind.case_id.not_in(walled)))
        found |= {row.id: row.case_id for row in rows}
    return found


def is_about(session: Session, ids: Iterable[int]) -> ColumnElement[bool]:
    """The condition that an entry names one of ``ids`` among its subjects."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    listed = (func.json_each if on_sqlite else func.jsonb_array_elements_text)(AuditEntry.subjects)
    each = listed.table_valued("value")
    return exists(select(1).select_from(each).where(cast(each.c.value, BigInteger).in_(sorted(ids))))
