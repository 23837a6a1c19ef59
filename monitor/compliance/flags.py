"""Flags: the spans that hold now, kept for a person to review.

A flag keeps its key as long as its span lives, so what a person decided outlives new evidence and dies with the span.
Nothing here decides anything about anybody (safeguard F2): it opens questions and closes those that facts answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from monitor.models import Agency, Case, CaseAgency, Flag, Span, random_id

# an answer that is not known is nobody's flag; the reporter's own flag says what is missing
FLAGGED = ("CERTAIN", "CANNOT_EVALUATE")
UNDECIDED = ("OPEN", "ACKNOWLEDGED")


class Upkeep(msgspec.Struct):
    """What happened to flags: opened, changed in content, cleared by facts, withdrawn by a correction."""

    opened: int = 0
    changed: int = 0
    cleared: int = 0
    withdrawn: int = 0


def refresh_flags(session: Session, cases: Sequence[int], now: datetime) -> Upkeep:
    """Bring the flags of ``cases`` to what their kept spans say at ``now``."""
    upkeep = Upkeep()
    for start in range(0, len(cases), 2_000):
        _refresh(session, cases[start : start + 2_000], now, upkeep)
    return upkeep


def _refresh(session: Session, cases: Sequence[int], now: datetime, upkeep: Upkeep) -> None:
    spans = _spans(session, cases)
    holding = {span.key: span for span in spans if _holds(span, now)}
    alive = {span.key for span in spans}
    flags = {flag.key: flag for flag in _flags(session, cases)}
    desks = _desks(session, cases)
    opened = [_new(span, desks, now) for key, span in holding.items() if key not in flags]
    if opened:
        session.execute(insert(Flag), opened)
        upkeep.opened += len(opened)
    for key, flag in flags.items():
        changes = _held(flag, holding[key]) if key in holding else _ended(flag, key in alive, now)
        if changes:
            session.execute(update(Flag).where(Flag.id == flag.id).values(**changes))
            _count(upkeep, changes)


def _holds(span: Any, now: datetime) -> bool:
    return bool(span.starts_at <= now and (span.ends_at is None or now < span.ends_at))


def _spans(session: Session, cases: Sequence[int]) -> list[Any]:
    columns = (
        Span.id, Span.case_id, Span.key, Span.version, Span.code, Span.owner, Span.response_class, Span.severity,
        Span.starts_on, Span.due_on, Span.starts_at, Span.ends_at,
    )  # fmt: skip
    here = select(*columns).where(Span.case_id.in_(cases), Span.known_until.is_(None), Span.certainty.in_(FLAGGED))
    return list(session.execute(here.order_by(Span.starts_at, Span.id)))


def _flags(session: Session, cases: Sequence[int]) -> Iterable[Any]:
    columns = (Flag.id, Flag.key, Flag.state, Flag.version, Flag.span_id, Flag.closed_at)
    return session.execute(select(*columns).where(Flag.case_id.in_(cases)))


def _desks(session: Session, cases: Sequence[int]) -> dict[int, dict[str, int]]:
    """For each case, whose people review: the probation office that shares it, and the court's own agency."""
    desks = {
        case: {"court": court}
        for case, court in session.execute(select(Case.id, Case.agency_id).where(Case.id.in_(cases)))
    }
    offices = (
        select(CaseAgency.case_id, CaseAgency.agency_id)
        .join(Agency, Agency.id == CaseAgency.agency_id)
        .where(CaseAgency.case_id.in_(cases), CaseAgency.until_on.is_(None), Agency.kind == "probation")
    )
    for case, office in session.execute(offices):
        desks[case]["probation"] = office
    return desks


def _new(span: Any, desks: dict[int, dict[str, int]], now: datetime) -> dict[str, Any]:
    desk = desks[span.case_id]
    agency = desk["court"] if span.owner == "court" else desk.get("probation", desk["court"])
    return {
        "id": random_id(), "case_id": span.case_id, "agency_id": agency, "key": span.key, "span_id": span.id,
        "version": span.version, "code": span.code, "owner": span.owner, "response_class": span.response_class,
        "severity": span.severity, "state": "OPEN", "first_on": span.starts_on, "due_on": span.due_on,
        "opened_at": now, "contested": False,
    }  # fmt: skip


def _held(flag: Any, span: Any) -> dict[str, Any]:
    """Changes to a flag whose span holds: new content, and open again after it had ended."""
    changes: dict[str, Any] = {}
    if flag.version != span.version or flag.span_id != span.id:
        changes |= {
            "version": span.version, "span_id": span.id, "severity": span.severity, "first_on": span.starts_on,
            "due_on": span.due_on, "response_class": span.response_class,
        }  # fmt: skip
    if flag.state in ("CLEARED", "WITHDRAWN"):
        changes |= {"state": "OPEN"}
    if flag.closed_at is not None:
        changes |= {"closed_at": None}
    return changes


def _ended(flag: Any, alive: bool, now: datetime) -> dict[str, Any]:
    """Changes to a flag whose span no longer holds: cleared by facts, or withdrawn because it never held."""
    if not alive and flag.state not in ("WITHDRAWN", "DISMISSED", "EXCUSED"):
        return {"state": "WITHDRAWN", "closed_at": now}
    if flag.closed_at is not None:
        return {}
    return {"closed_at": now, **({"state": "CLEARED"} if flag.state in UNDECIDED else {})}


def _count(upkeep: Upkeep, changes: dict[str, Any]) -> None:
    match changes.get("state"):
        case "WITHDRAWN":
            upkeep.withdrawn += 1
        case "OPEN":
            upkeep.opened += 1
        case _ if changes.get("closed_at"):
            upkeep.cleared += 1
        case _:
            upkeep.changed += 1
