"""Sealing and expunging a case by order of the court: one act, two people, nothing left to see (safeguard H7).

After it the record is as if the case had never been there: screens, searches, counts, spans, packets, who was told,
sheets. What stays is that it was done (`Removal`, and ids in the audit trail). A sealed case is kept as bytes that
only the site's key opens, and comes back by order; an expunged one does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor import audit, conflicts
from monitor.access import second_person
from monitor.access.in_office import roles_held
from monitor.access.roles import Role
from monitor.access.second_person import Ask
from monitor.copies.case_keys import CaseKeys
from monitor.grid.drafts import forget_places
from monitor.keeping.case_rows import Kept, delete_rows, last_of, put_back, read_rows
from monitor.keeping.requests import forget_requests, requests_about
from monitor.keeping.sheet_traces import forget_in_sheets, sheets_about
from monitor.models import (
    Agency,
    ApprovalRequest,
    Case,
    Court,
    Dirty,
    Enrollment,
    Membership,
    Removal,
    SheetProfile,
    Wall,
    random_id,
)
from monitor.sealing import SealingKeys, seal, sealing_keys, unseal

ACTS: Mapping[str, str] = {"SEAL": "case.seal", "EXPUNGE": "case.expunge", "RETURN": "record.unseal"}
EVENTS: Mapping[str, str] = {"SEAL": "case.sealed", "EXPUNGE": "case.expunged", "RETURN": "case.returned"}
NO_CASE = "There is no such case here."
NOBODY = (
    "Nobody is left who could say yes: it takes a second person at this agency, the court or an office that shares the "
    "case."
)
MAY_ASK = (Role.CLERK, Role.PRIVACY_OFFICER)


class RemovalError(ValueError):
    """It cannot be done as asked; the text says what is missing."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done: ``kind`` SEAL, EXPUNGE or RETURN; ``case``: its number, or that of a sealed removal.

    ``order``: the reference of the court's order; ``why``: the asker's words; ``by``: the asker's e-mail address.
    """

    kind: str
    case: str
    court: str | None
    order: str
    why: str
    by: str
    component: str = "command"


class Where(msgspec.Struct, frozen=True):
    """The agencies that may ask and decide, and the users for whom the case does not exist."""

    agencies: frozenset[int]
    walled: frozenset[int]


class Done(msgspec.Struct, frozen=True):
    """``removal``: its id, 0 while it waits for a second person. ``counts``: rows by table."""

    removal: int
    counts: Mapping[str, int]


def carry_out(
    session: Session, wanted: Wanted, secret: str, now: datetime, case_keys: CaseKeys | None = None
) -> Done:
    """Do it if a second person has said yes; else ask for one. In the caller's transaction; raises `RemovalError`.

    ``case_keys``: what copies made before are sealed with by case; those of an expunged case are destroyed.
    """
    askers = _askers(session, wanted.by, now)
    subject = _subject(session, wanted)
    where = where_of(session, subject, secret)
    asker = next((one for one in askers if one.agency_id in where.agencies), None)
    if asker is None or asker.user_id in where.walled:
        raise RemovalError(NO_CASE)  # another agency's, or walled off: as if it were not there
    if not second_person.approved(session, ACTS[wanted.kind], subject.id, asker.user_id, now):
        _ask(session, wanted, subject, asker, where, secret, now)
        return Done(0, {})
    units, told = _sealed_by(session, subject), requests_about(session, subject, ACTS.values(), secret)
    if isinstance(subject, Removal):
        done = _return(session, subject, secret, now) if wanted.kind == "RETURN" else _destroy(subject)
    else:
        done = _remove(session, subject, wanted, units, asker.user_id, secret, now)
    forget_requests(session, told, now)
    about = subject.about_id if isinstance(subject, Removal) else subject.id
    act = audit.Act(
        event=EVENTS[wanted.kind], user_id=asker.user_id, agency_id=asker.agency_id, subjects=(about, done.removal),
        component=wanted.component, detail=dict(done.counts),
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(secret), now)
    if case_keys and wanted.kind == "EXPUNGE":
        # before the commit: killed in between, the case is still on record and the command can be typed again
        case_keys.destroy(units)
    return done


def _sealed_by(session: Session, subject: Case | Removal) -> tuple[int, ...]:
    """The keys under which copies hold the case: its own, and those of sheets that may name its person.

    What a seal took out of sheets, older copies still have: each seal wrote down which sheets those were.
    """
    about = subject.about_id if isinstance(subject, Removal) else subject.id
    noted = session.scalars(select(Removal.units).where(Removal.about_id == about))
    earlier = {unit for units in noted for unit in units} | {about}
    if isinstance(subject, Removal):
        return tuple(earlier)
    placed = select(Enrollment.program_id).where(Enrollment.case_id == subject.id)
    remembered = session.scalars(select(SheetProfile.id).where(SheetProfile.program_id.in_(placed)))
    return tuple(earlier.union(sheets_about(session, subject), remembered))


def _remove(
    session: Session, case: Case, wanted: Wanted, units: tuple[int, ...], asker: int, secret: str, now: datetime
) -> Done:
    row = Removal(id=random_id(), about_id=case.id, kind=wanted.kind, asked_by_id=asker, removed_at=now,
                  sealed_order=b"", sealed_rows=None)  # fmt: skip
    told = f"{wanted.order}\n{wanted.why}"
    row.sealed_order = seal(_key(secret), told, f"removal.sealed_order.{row.id}")
    session.add(row)
    if wanted.kind == "SEAL":
        row.sealed_rows, row.units = _closed(read_rows(session, case), row.id, secret), sorted(units)
    session.flush()  # the triggers look for it
    counts = forget_in_sheets(session, case)
    placed = session.scalars(select(Enrollment.id).where(Enrollment.case_id == case.id)).all()
    if drafts := forget_places(session, placed):
        counts["grid_draft"] = drafts
    if last_of(session, case) and (alerts := conflicts.forget(session, case.person_id, secret)):
        counts["conflict_alert"] = alerts
    session.expunge(case)
    row.counts = dict(sorted((counts | delete_rows(session, case)).items()))
    session.flush()
    return Done(row.id, row.counts)


def _return(session: Session, row: Removal, secret: str, now: datetime) -> Done:
    assert row.sealed_rows is not None
    kept = _opened(row.sealed_rows, row.id, secret)
    put_back(session, kept)
    row.returned_at, row.sealed_rows = now, None
    session.add(Dirty(case_id=row.about_id))
    session.flush()
    return Done(row.id, {name: len(rows) for name, rows in sorted(kept.items())})


def _destroy(row: Removal) -> Done:
    """A sealed case expunged: its bytes go, and which sheets told of it."""
    row.kind, row.sealed_rows, row.units = "EXPUNGE", None, []
    return Done(row.id, row.counts)


def sealed_numbers(session: Session, secret: str) -> frozenset[str]:
    """In capitals, every number of cases that are sealed today, by court and police: read in memory, told to nobody."""
    found: set[str] = set()
    for row in session.scalars(
        select(Removal).where(Removal.sealed_rows.is_not(None), Removal.returned_at.is_(None))
    ):
        assert row.sealed_rows is not None
        kept = _opened(row.sealed_rows, row.id, secret)
        found |= {str(one["number"]).upper() for name in ("court_case", "incident") for one in kept.get(name, ())}
    return frozenset(found)


def _askers(session: Session, email: str, now: datetime) -> list[Membership]:
    found = roles_held(session, email, MAY_ASK, now)
    if not found:
        raise RemovalError("Only a clerk or a privacy officer with a live account asks for this: --by their address.")
    return found


def _subject(session: Session, wanted: Wanted) -> Case | Removal:
    """The case, locked against whoever evaluates or reviews it; or a sealed one by the number printed at sealing."""
    if wanted.kind != "RETURN":
        asked = select(Case).join(Court, Court.id == Case.court_id).where(Case.number == wanted.case)
        asked = asked.where(Court.code == wanted.court) if wanted.court else asked
        cases = session.scalars(asked.with_for_update(of=Case)).all()
        if len(cases) > 1:
            raise RemovalError("Several courts have a case of this number: say which with --court.")
        if cases:
            return cases[0]
    number = int(wanted.case) if wanted.case.isascii() and wanted.case.isdigit() and len(wanted.case) < 20 else 0
    found = session.scalar(
        select(Removal).where(Removal.id == number, Removal.sealed_rows.is_not(None), Removal.returned_at.is_(None))
    )
    if found is None or wanted.kind == "SEAL":
        raise RemovalError(NO_CASE)
    return found


def where_of(session: Session, subject: Case | Removal, secret: str) -> Where:
    """A sealed case is read for it: its agencies and walls lie in the rows that the seal keeps."""
    if isinstance(subject, Case):
        walls = select(Wall.user_id).where(Wall.person_id == subject.person_id, Wall.ended_at.is_(None))
        return Where(second_person.agencies_of(session, subject.id), frozenset(session.scalars(walls)))
    assert subject.sealed_rows is not None
    kept = _opened(subject.sealed_rows, subject.id, secret)
    shared = [row["agency_id"] for row in kept.get("case_agency", ()) if row["until_on"] is None]
    of_case = select(Agency.id).where(Agency.id.in_(shared), Agency.kind.in_(second_person.OF_THE_CASE))
    courts = select(Court.agency_id).where(Court.id.in_([row["court_id"] for row in kept["court_case"]]))
    walled = {row["user_id"] for row in kept.get("wall", ()) if row["ended_at"] is None}
    return Where(frozenset(session.scalars(of_case)) | frozenset(session.scalars(courts)), frozenset(walled))


def _ask(
    session: Session, wanted: Wanted, subject: Case | Removal, asker: Membership, where: Where, secret: str,
    now: datetime,
) -> None:  # fmt: skip
    waits = session.scalar(
        select(ApprovalRequest.id).where(
            ApprovalRequest.act == ACTS[wanted.kind], ApprovalRequest.subject_id == subject.id,
            ApprovalRequest.asked_by_id == asker.user_id, ApprovalRequest.outcome.is_(None),
            ApprovalRequest.until_at > now,
        )
    )  # fmt: skip
    if waits is None:
        act = ACTS[wanted.kind]
        if not second_person.able(session, act, asker.user_id, now, where.agencies, without=where.walled):
            raise RemovalError(NOBODY)
        words = f"{wanted.case}: order {wanted.order}. {wanted.why}"
        asked = Ask(
            act=act, subject_id=subject.id, why=words, agencies=where.agencies, walled=where.walled,
            person_id=subject.person_id if isinstance(subject, Case) else None,
        )  # fmt: skip
        second_person.ask(session, asker, asked, secret, now)


def _closed(kept: Kept, removal: int, secret: str) -> bytes:
    return seal(_key(secret), msgspec.json.encode(kept).decode(), _place(removal))


def _opened(sealed: bytes, removal: int, secret: str) -> Kept:
    return msgspec.json.decode(unseal(_key(secret), sealed, _place(removal)), type=Kept)


def _key(secret: str) -> SealingKeys:
    return sealing_keys(secret, "removals")


def _place(removal: int) -> str:
    return f"removal.sealed_rows.{removal}"
