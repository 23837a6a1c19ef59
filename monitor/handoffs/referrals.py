"""Gaps of referrals from one agency to another: from sending to the answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.clock import end_of_day
from monitor.handoffs.asking import KNOWN_AT, Cases, asked
from monitor.handoffs.gaps import Gap
from monitor.models import Case, Court, ReferralOut

ANSWERED: Final = ("ACCEPTED", "DECLINED")


def _sent() -> tuple[Any, Any]:
    columns = (ReferralOut.case_id, ReferralOut.agency_id, ReferralOut.sent_at, ReferralOut.release_until_on,
               ReferralOut.answer, ReferralOut.answered_at, Case.closed_on, Court.zone)  # fmt: skip
    with_court = select(*columns).join(Case, Case.id == ReferralOut.case_id).join(Court, Court.id == Case.court_id)
    return with_court.where(ReferralOut.sent_at <= KNOWN_AT), ReferralOut.case_id


SENT: Final = (_sent,)


def referred_out(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """R1: from a referral to another agency to its answer; taken back, released no longer, case closed: stopped."""
    for row in asked(session, _sent, cases, known_at):
        stops = [end_of_day(day, row.zone) for day in (row.release_until_on, row.closed_on) if day]
        stops += [row.answered_at] if row.answer == "TAKEN_BACK" else []
        yield Gap(measure="R1", case_id=row.case_id, owner_id=row.agency_id, started_at=row.sent_at,
                  done_at=row.answered_at if row.answer in ANSWERED else None,
                  stopped_at=min(stops, default=None))  # fmt: skip
