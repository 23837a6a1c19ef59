"""Who may know that a record exists: prosecutors and detectives, by the exact number of the police (access matrix 15).

Victim/witness staff learn only that a release is on file. Nobody is told that a notice came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.reach import walled_cases
from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import Agency, Case, RecordNotice
from monitor.record_notices.making import BASES, TOLD
from monitor.record_notices.matching import Matches, cases_by_number, numbers_about

WIDE = "which notices are about a case of the record at all, and not about one that a wall hides"


class RecordLine(msgspec.Struct, frozen=True):
    """That a record exists. ``number``: as the police number it, "" none was given. ``case_id``: None: no case.

    ``several``: more than one case has the number, so it is said of none of them.
    """

    number: str
    custodian: str
    basis: str
    told: str
    on: date
    case_id: int | None = None
    several: bool = False

    @property
    def words(self) -> str:
        """A record exists; County Records; signed authorization; patient told: yes."""
        return f"A record exists; {self.custodian}; {self.basis.lower()}; patient told: {self.told.lower()}"


def records_of(session: ScopedSession, case_id: int) -> tuple[RecordLine, ...]:
    """Of one case that is there for the reader, the newest first."""
    if session.scalar(select(Case.id).where(Case.id == case_id)) is None:
        return ()
    with looking_wide(session, WIDE):
        rows = session.execute(_columns().where(RecordNotice.number.in_(numbers_about(session, case_id)))).all()
    return tuple(_line(row, case_id) for row in rows)


def all_records(session: ScopedSession) -> tuple[RecordLine, ...]:
    """Of every case that is there for the reader."""
    rows, matches = _numbered(session)
    there = _there(session, matches)
    return tuple(
        _line(row, case_id) for row in rows for case_id in matches.get(row.number, ())
        if case_id in there and len(matches[row.number]) == 1
    )  # fmt: skip


def release_on_file(session: ScopedSession, case_id: int) -> bool:
    """Whether somebody signed for it: so that nobody is asked twice, and no more. The case is one that they read."""
    with looking_wide(session, WIDE):
        told = select(RecordNotice.id).where(
            RecordNotice.number.in_(numbers_about(session, case_id)), RecordNotice.basis == "AUTHORIZATION"
        )
        return session.scalar(told.limit(1)) is not None


def unmatched(session: ScopedSession, over: datetime | None = None) -> tuple[RecordLine, ...]:
    """Notices that are about no case of the reader's office as far as the number says; for prosecutors alone.

    A case that is with no prosecutor yet is the only office's to come: it is listed by its number, as one that no case
    has. Whether a case has it at all is not said. ``over``: what came before it and no case ever had is not listed,
    deleted or not: a notice that is kept for a sealed case must not be told from one that is gone.
    """
    rows, matches = _numbered(session)
    there = _there(session, matches)
    with looking_wide(session, WIDE):
        walled = set(session.scalars(walled_cases(session.scope.user_id)))
        offices = session.scalars(select(Agency.id).where(Agency.kind == "prosecution")).all()
        others = session.execute(_columns().where(RecordNotice.number.is_(None))).all()
        late = [row for row in (*rows, *others) if over and row.recorded_at < over]
        ever = cases_by_number(session, {row.number for row in late if row.number}, ever=True)
    gone = {row.id for row in late if row.number not in ever}
    alone = list(offices) == [session.scope.agency_id]
    found = [_line(row) for row in others if row.id not in gone]
    for row in rows:
        if row.id in gone:
            continue
        cases = matches.get(row.number, frozenset())
        several = len(cases) > 1 and bool(alone or cases & there)
        if not cases & walled and (not cases or several or (alone and not cases & there)):
            found.append(_line(row, several=several))
    return tuple(sorted(found, key=lambda line: line.on, reverse=True))


def asked_for(session: ScopedSession, number: str) -> tuple[tuple[RecordLine, ...], tuple[int, ...]]:
    """By the number that a detective has, where it is that of a case of the record which no wall hides from them; and
    the ids of the cases that have it, for the trail."""
    wanted = number.strip().upper()
    with looking_wide(session, WIDE):
        cases = cases_by_number(session, [wanted]).get(wanted, frozenset())
        if not cases or cases & set(session.scalars(walled_cases(session.scope.user_id))):
            return (), ()
        rows = session.execute(_columns().where(RecordNotice.number == wanted)).all()
    return tuple(_line(row, several=len(cases) > 1) for row in rows), tuple(sorted(cases))


def _numbered(session: ScopedSession) -> tuple[Sequence[Any], Matches]:
    """Every notice with a number, and of which cases each number is."""
    with looking_wide(session, WIDE):
        rows = session.execute(_columns().where(RecordNotice.number.is_not(None))).all()
        return rows, cases_by_number(session, {row.number for row in rows})


def _there(session: ScopedSession, matches: Matches) -> set[int]:
    """Of these cases those that are there for the reader."""
    wanted = frozenset[int]().union(*matches.values())
    return set(session.scalars(select(Case.id).where(Case.id.in_(wanted)))) if wanted else set()


_NEWEST = (RecordNotice.noticed_on.desc(), RecordNotice.id)


def _columns() -> Any:
    columns = (
        RecordNotice.id, RecordNotice.recorded_at, RecordNotice.number, RecordNotice.basis, RecordNotice.told,
        RecordNotice.noticed_on, Agency.name.label("custodian"),
    )  # fmt: skip
    return select(*columns).join(Agency, Agency.id == RecordNotice.custodian_id).order_by(*_NEWEST)


def _line(row: Any, case_id: int | None = None, several: bool = False) -> RecordLine:
    told = TOLD["YES" if row.told else "DANGER"]
    return RecordLine(row.number or "", row.custodian, BASES[row.basis], told, row.noticed_on, case_id, several)
