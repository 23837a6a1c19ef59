"""Who may know that a record exists: prosecutors and detectives, by the exact number of the police (access matrix 15).

Victim/witness staff learn only that a release is on file. Nobody is told that a notice came in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import exists, func, select

from monitor.access.reach import walled_cases
from monitor.access.scope import ScopedSession
from monitor.current import current
from monitor.db import looking_wide
from monitor.models import Agency, Case, Incident, RecordNotice
from monitor.record_notices.making import BASES, TOLD

WIDE = "which notices are about a case of the record at all, and not about one that a wall hides"


class RecordLine(msgspec.Struct, frozen=True):
    """That a record exists. ``number``: as the police number it, "" none was given. ``case_id``: None: no case."""

    number: str
    custodian: str
    basis: str
    told: str
    on: date
    case_id: int | None = None

    @property
    def words(self) -> str:
        """A record exists; County Records; signed authorization; patient told: yes."""
        return f"A record exists; {self.custodian}; {self.basis.lower()}; patient told: {self.told.lower()}"


def records_of(session: ScopedSession, case_id: int) -> tuple[RecordLine, ...]:
    """Of one case that is there for the reader, the newest first."""
    known = select(Case.id, Case.number).where(Case.id == case_id)
    return _lines(session, known, _incidents().where(Incident.case_id == case_id))


def all_records(session: ScopedSession) -> tuple[RecordLine, ...]:
    """Of every case that is there for the reader."""
    return _lines(session, select(Case.id, Case.number), _incidents())


def release_on_file(session: ScopedSession, case_id: int) -> bool:
    """Whether somebody signed for it: so that nobody is asked twice, and no more."""
    numbers = [*session.scalars(select(Case.number).where(Case.id == case_id))]
    numbers += session.scalars(select(Incident.number).where(Incident.case_id == case_id, current(Incident)))
    told = select(RecordNotice.id).where(
        RecordNotice.number.in_([one.upper() for one in numbers]), RecordNotice.basis == "AUTHORIZATION"
    )
    return session.scalar(told.limit(1)) is not None


def unmatched(session: ScopedSession) -> tuple[RecordLine, ...]:
    """Notices that are about no case of the record, in any office; for prosecutors alone."""
    with looking_wide(session, WIDE):
        known = exists().where(func.upper(Case.number) == RecordNotice.number)
        reported = exists().where(func.upper(Incident.number) == RecordNotice.number, current(Incident))
        free = RecordNotice.number.is_(None) | (~known & ~reported)
        rows = session.execute(_columns().where(free).order_by(*_NEWEST)).all()
    return tuple(_line(row) for row in rows)


def asked_for(session: ScopedSession, number: str) -> tuple[RecordLine, ...]:
    """By the number that a detective has, where it is that of a case of the record which no wall hides from them."""
    wanted = number.strip().upper()
    with looking_wide(session, WIDE):
        reported = select(Incident.case_id).where(func.upper(Incident.number) == wanted, current(Incident))
        there = select(Case.id).where((func.upper(Case.number) == wanted) | Case.id.in_(reported))
        if session.scalar(there.limit(1)) is None or session.scalar(
            there.where(Case.id.in_(walled_cases(session.scope.user_id))).limit(1)
        ) is not None:
            return ()
        rows = session.execute(_columns().where(RecordNotice.number == wanted).order_by(*_NEWEST)).all()
    return tuple(_line(row) for row in rows)


def _incidents() -> Any:
    return select(Incident.case_id, Incident.number).where(current(Incident))


_NEWEST = (RecordNotice.noticed_on.desc(), RecordNotice.id)


def _columns() -> Any:
    columns = (
        RecordNotice.number, RecordNotice.basis, RecordNotice.told, RecordNotice.noticed_on,
        Agency.name.label("custodian"),
    )  # fmt: skip
    return select(*columns).join(Agency, Agency.id == RecordNotice.custodian_id)


def _lines(session: ScopedSession, *numbered: Any) -> tuple[RecordLine, ...]:
    """A case is known by its own number and by those of its incidents."""
    known = {number.upper(): case_id for each in numbered for case_id, number in session.execute(each)}
    found: Iterable[Any] = session.execute(_columns().where(RecordNotice.number.is_not(None)).order_by(*_NEWEST))
    return tuple(_line(row, known[row.number]) for row in found if row.number in known)


def _line(row: Any, case_id: int | None = None) -> RecordLine:
    told = TOLD["YES" if row.told else "DANGER"]
    return RecordLine(row.number or "", row.custodian, BASES[row.basis], told, row.noticed_on, case_id)
