"""The whole way of a serious question, as that of a police report at night: until a court has heard it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.handoffs.asking import KNOWN_AT, Cases, asked
from monitor.handoffs.gaps import Gap
from monitor.handoffs.hearings_held import held_by_case
from monitor.handoffs.reports import standing_reports
from monitor.models import AllegationFlag, Case, Flag, Review

DANGER: Final = ("D", "E")
# decided otherwise, or gone by itself: nothing is left that a court should hear
ENDED: Final = ("DISMISSED", "EXCUSED", "HANDLED", "CLEARED", "WITHDRAWN")


def _raised() -> tuple[Any, Any]:
    columns = Flag.id, Flag.case_id, Flag.opened_at, Flag.closed_at, Flag.state, Flag.response_class, Case.agency_id
    told = select(*columns).join(Case, Case.id == Flag.case_id)
    return told.where(Flag.response_class.in_(DANGER), Flag.opened_at <= KNOWN_AT), Flag.case_id


def _part_of() -> tuple[Any, Any]:
    columns = Review.flag_id, AllegationFlag.allegation_id
    told = select(*columns).join(AllegationFlag, AllegationFlag.review_id == Review.id)
    return told.where(Review.undone_at.is_(None), Review.decided_at <= KNOWN_AT), Review.case_id


def _dropped() -> tuple[Any, Any]:
    """When a person decided otherwise: a flag that was handled says no day of its own."""
    ends = Review.decision.in_(("DISMISS", "EXCUSE", "HANDLE")), Review.undone_at.is_(None)
    return select(Review.flag_id, Review.decided_at).where(*ends, Review.decided_at <= KNOWN_AT), Review.case_id


def brought(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """R2: from a question of class D or E to the first hearing held after the report on it was approved."""
    raised = asked(session, _raised, cases, known_at)
    if not raised:
        return
    reports = {report["APPROVED"].allegation_id: report for report in standing_reports(session, cases, known_at)}
    of_flag: dict[int, list[int]] = defaultdict(list)
    for row in asked(session, _part_of, cases, known_at):
        of_flag[row.flag_id].append(row.allegation_id)
    dropped = {row.flag_id: row.decided_at for row in asked(session, _dropped, cases, known_at)}
    held = held_by_case(session, cases, known_at)
    for row in raised:
        mine = [reports[one] for one in of_flag[row.id] if one in reports]
        heard = (one.starts_at for report in mine for one in held.get(row.case_id, ())
                 if one.starts_at > report["APPROVED"].at)  # fmt: skip
        gone = [report["WITHDRAWN"].at for report in mine if "WITHDRAWN" in report]
        if row.state in ENDED:
            gone += [at for at in (row.closed_at, dropped.get(row.id)) if at]
        yield Gap(measure="R2", case_id=row.case_id, owner_id=row.agency_id, started_at=row.opened_at,
                  done_at=min(heard, default=None), stopped_at=min(gone, default=None),
                  response_class=row.response_class or "")  # fmt: skip
