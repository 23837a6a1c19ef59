"""Gaps of reports to the court: approved, decided about by the prosecution, heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.handoffs.asking import KNOWN_AT, Cases, asked
from monitor.handoffs.gaps import Gap
from monitor.handoffs.hearings_held import held_by_case, of_cases
from monitor.handoffs.kept import kept
from monitor.models import (
    Agency,
    AllegationFlag,
    AllegationStep,
    Case,
    CaseAgency,
    ChargingDecision,
    Flag,
    Review,
)

SERIOUS: Final = ("C", "D", "E")
GONE: Final = ("WITHDRAWN", "NOT_FOUND")
DECIDED: Final = ("FILE", "DECLINE", "REFER_BACK")


def _approved() -> tuple[Any, Any]:
    of_report = AllegationStep.allegation_id == AllegationFlag.allegation_id
    steps = select(AllegationFlag.review_id, AllegationStep.at).join(AllegationStep, of_report)
    return steps.where(AllegationStep.kind == "APPROVED", AllegationStep.at <= KNOWN_AT), AllegationStep.case_id


def _for_the_court() -> tuple[Any, Any]:
    columns = Review.id, Review.case_id, Review.agency_id, Flag.opened_at, Flag.response_class
    acted = Review.decision == "ACT", Review.undone_at.is_(None), Review.decided_at <= KNOWN_AT
    told = select(*columns).join(Flag, Flag.id == Review.flag_id)
    return told.where(*acted, Flag.response_class.in_(SERIOUS)), Review.case_id


def filed(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M13: serious questions of which an officer decided that the court hears, until a supervisor approved."""
    approved: dict[int, datetime] = {}
    for_the_court = asked(session, _for_the_court, cases, known_at)
    for row in asked(session, _approved, cases, known_at) if for_the_court else ():
        approved[row.review_id] = min(row.at, approved.get(row.review_id, row.at))
    for row in for_the_court:
        yield Gap(measure="M13", case_id=row.case_id, owner_id=row.agency_id, started_at=row.opened_at,
                  done_at=approved.get(row.id), response_class=row.response_class or "")  # fmt: skip


def _owners() -> tuple[Any, Any]:
    return select(Case.id, Case.agency_id), Case.id


def heard(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M14: from an approved report to the first hearing held after it; a report withdrawn waits no more."""
    held = kept(held_by_case, session, cases, known_at)
    reports = list(standing_reports(session, cases, known_at))
    courts = {row.id: row.agency_id for row in asked(session, _owners, cases, known_at)} if reports else {}
    for report in reports:
        approved = report["APPROVED"]
        after = (one.starts_at for one in held.get(approved.case_id, ()) if one.starts_at > approved.at)
        gone = report["WITHDRAWN"].at if "WITHDRAWN" in report else None
        yield Gap(measure="M14", case_id=approved.case_id, owner_id=courts.get(approved.case_id, 0),
                  started_at=approved.at, stopped_at=gone, done_at=min(after, default=None))  # fmt: skip


def _steps() -> tuple[Any, Any]:
    columns = (AllegationStep.allegation_id, AllegationStep.case_id, AllegationStep.kind, AllegationStep.at,
               AllegationStep.number)  # fmt: skip
    moved = AllegationStep.kind.in_(("APPROVED", *GONE, "REOPENED")), AllegationStep.at <= KNOWN_AT
    return select(*columns).where(*moved), AllegationStep.case_id


def standing_reports(session: Session, cases: Cases, known_at: datetime) -> Iterator[dict[str, Any]]:
    """Approved reports, each by its kinds of steps; on a case none that came to nothing (safeguard H3)."""
    reports: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in sorted(asked(session, _steps, cases, known_at), key=lambda one: one.number):
        if row.kind == "REOPENED":
            for kind in GONE:
                reports[row.allegation_id].pop(kind, None)
        else:
            reports[row.allegation_id].setdefault(row.kind, row)
    for report in reports.values():
        came_to_nothing = any(kind in report for kind in GONE)
        if "APPROVED" in report and not (cases is not None and came_to_nothing):
            yield report


def decided(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M2: from an approved report to the prosecution's first decision, in cases that a prosecution shares."""
    first: dict[int, tuple[datetime, int]] = {}
    steps = select(ChargingDecision.allegation_id, ChargingDecision.at, ChargingDecision.agency_id).where(
        ChargingDecision.kind.in_(DECIDED), ChargingDecision.at <= known_at
    ).order_by(ChargingDecision.number)  # fmt: skip
    for row in session.execute(of_cases(steps, ChargingDecision.case_id, cases)):
        first.setdefault(row.allegation_id, (row.at, row.agency_id))
    offices = _prosecutions(session, cases)
    classes: dict[int, str] = defaultdict(str)
    matters = select(AllegationFlag.allegation_id, Flag.response_class).join(Flag, Flag.id == AllegationFlag.flag_id)
    for row in session.execute(of_cases(matters, AllegationFlag.case_id, cases)):
        classes[row.allegation_id] = max(classes[row.allegation_id], row.response_class or "")
    for report in standing_reports(session, cases, known_at):
        approved, at = report["APPROVED"], first.get(report["APPROVED"].allegation_id)
        office = at[1] if at else offices.get(approved.case_id, 0)
        if cases is None and not office:
            continue
        yield Gap(measure="M2", case_id=approved.case_id, owner_id=office, started_at=approved.at,
                  stopped_at=report["WITHDRAWN"].at if "WITHDRAWN" in report else None, done_at=at[0] if at else None,
                  response_class=classes[approved.allegation_id])  # fmt: skip


def _prosecutions(session: Session, cases: Cases) -> dict[int, int]:
    """By case the prosecution that shares it: of a reader's own agency, or of all."""
    shared = select(CaseAgency.case_id, CaseAgency.agency_id).join(Agency, Agency.id == CaseAgency.agency_id).where(
        Agency.kind == "prosecution", CaseAgency.until_on.is_(None)
    )  # fmt: skip
    return {row.case_id: row.agency_id for row in session.execute(of_cases(shared, CaseAgency.case_id, cases))}


STEPS: Final = (_steps,)
FILED: Final = (_for_the_court, _approved)
HEARD: Final = (_steps, _owners)
