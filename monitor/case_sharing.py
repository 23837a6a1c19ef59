"""Which office of a kind shares a case by itself: the one that the site names for its court, else the only one.

The prosecution, once a supervisor approved a report, or police reported about a term of an order; victim/witness staff,
once an order names somebody to protect.
Where the site has named none (`monitor.local_law`, ``offices``), the only office of its kind on this system has the
case if the system serves one court's agency, or if it shares a case of that agency already: it may be another county's.
Which of several offices has a court's cases is nobody's guess: then the site names it, or nobody shares it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.db import writing_for_others
from monitor.local_law import LocalLaw
from monitor.models import Agency, Case, CaseAgency, Court

KINDS = ("prosecution", "victim_witness")


def share(session: ScopedSession, case_id: int, kind: str, on: date, law: LocalLaw, *, again: bool = True) -> bool:
    """Share the case with the office of ``kind`` that has it; whether one shares it now. ``again``: also one that
    ended. An office that the site named gets it beside any other that shares it already, which keeps it."""
    offices = select(Agency.id).where(Agency.kind == kind)
    with writing_for_others(session, "a case reaches an office of another kind"):
        shared = select(CaseAgency).where(CaseAgency.case_id == case_id, CaseAgency.agency_id.in_(offices))
        rows = {row.agency_id: row for row in session.scalars(shared)}
        holding = {agency for agency, row in rows.items() if row.until_on is None}
        named = law.office(_court_code(session, case_id), kind)
        if holding and not named:
            return True
        office = _named(session, named, kind) if named else _only(session, case_id, kind)
        if office is None or office in holding:
            return bool(holding)
        if not again and (office in rows or (rows and not named)):
            return bool(holding)
        if office in rows:
            rows[office].until_on = None
        else:
            session.add(CaseAgency(case_id=case_id, agency_id=office, from_on=on, until_on=None))
        session.flush()
    return True


def unknown(session: Session, law: LocalLaw) -> Iterator[str]:
    """What the site named and is not there: such a case reaches nobody, and nobody would notice."""
    courts = set(session.scalars(select(Court.code)))
    for court in sorted(law.offices):
        if court not in courts:
            yield f"Local law names offices of the court {court}, and no court has that code."
        for kind in KINDS:
            code = law.office(court, kind)
            if code and _named(session, code, kind) is None:
                yield f"Local law names {code} for the court {court}; no {kind} has that code: its cases reach nobody."


def _court_code(session: Session, case_id: int) -> str:
    return session.scalars(select(Court.code).join(Case, Case.court_id == Court.id).where(Case.id == case_id)).one()


def _only(session: Session, case_id: int, kind: str) -> int | None:
    offices = list(session.scalars(select(Agency.id).where(Agency.kind == kind).limit(2)))
    return offices[0] if len(offices) == 1 and _with_this_court(session, case_id, offices[0]) else None


def _named(session: Session, code: str, kind: str) -> int | None:
    return session.scalar(select(Agency.id).where(Agency.code == code, Agency.kind == kind))


def _with_this_court(session: Session, case_id: int, office: int) -> bool:
    courts = list(session.scalars(select(Agency.id).where(Agency.kind == "court").limit(2)))
    if len(courts) == 1:
        return True
    court = select(Case.agency_id).where(Case.id == case_id).scalar_subquery()
    known = (
        select(CaseAgency.id).join(Case, Case.id == CaseAgency.case_id)
        .where(CaseAgency.agency_id == office, CaseAgency.case_id != case_id, Case.agency_id == court).limit(1)
    )  # fmt: skip
    return session.scalar(known) is not None
