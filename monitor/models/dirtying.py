"""New knowledge about a case marks it for evaluation, in the same transaction: nothing is learned unnoticed."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session, UOWTransaction

from monitor.models.base import Fact
from monitor.models.case import CaseAgency
from monitor.models.enrollment import Enrollment
from monitor.models.hearing import Hearing
from monitor.models.job_run import Dirty
from monitor.models.order import Condition, Order, OrderVersion, Requirement
from monitor.models.order_step import OrderStep

# who shares a case decides on whose desk its flags lie
KNOWLEDGE = (Fact, Order, OrderVersion, Condition, Requirement, OrderStep, Enrollment, Hearing, CaseAgency)


def mark_dirty(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Add one `Dirty` row per case that a new or changed row tells something about."""
    cases = {row.case_id for row in (*session.new, *session.dirty) if isinstance(row, KNOWLEDGE)}
    marked = {row.case_id for row in session.new if isinstance(row, Dirty)}
    session.add_all(Dirty(case_id=case_id) for case_id in cases - marked)
