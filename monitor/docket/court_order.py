"""In which order a court has its docket listed: its own setting, by whom and since when, as known at an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.statements import KNOWN_AT
from monitor.bench_page.words import weekday_words
from monitor.clock import local_day
from monitor.docket.page import ORDER_WORDS, DocketLine
from monitor.models import DocketOrder, User, random_id

DEFAULT: Final = "pressing"
ORDERS: dict[str, Callable[[DocketLine], Any]] = {
    "pressing": lambda line: (line.rank, line.starts_at, line.respondent, line.hearing_id),
    "time": lambda line: (line.starts_at, line.respondent, line.hearing_id),
    "on-track": lambda line: (-line.rank, line.starts_at, line.respondent, line.hearing_id),
    "name": lambda line: (line.respondent, line.starts_at, line.hearing_id),
}


class CourtOrder(msgspec.Struct, frozen=True):
    """The court's order: a key of `ORDERS`; since which of its days and by whom, None and "" if nobody chose."""

    code: str
    since: date | None = None
    by: str = ""

    def words(self, chosen: str) -> str:
        """What a list ordered by ``chosen`` says of its order, so that two prints of a day can be laid side by side."""
        whose = f"set by {self.by}, {weekday_words(self.since)}" if self.since else "as no court has set another"
        if chosen == self.code:
            return f"Order: {ORDER_WORDS[chosen].lower()} ({whose})."
        own = f"the court's own is {ORDER_WORDS[self.code].lower()}, {whose}"
        return f"Order: {ORDER_WORDS[chosen].lower()}, chosen for this list ({own})."


def court_order(session: Session, court_id: int, zone: str, known_at: datetime) -> CourtOrder:
    """The newest choice known then."""
    row = session.execute(_newest(), {"court": court_id, "known_at": known_at}).first()
    return CourtOrder(row.listed_by, local_day(row.set_at, zone), row.name) if row else CourtOrder(DEFAULT)


@cache
def _newest() -> Any:
    return (
        select(DocketOrder.listed_by, DocketOrder.set_at, User.name).join(User, User.id == DocketOrder.set_by_id)
        .where(DocketOrder.court_id == bindparam("court"), DocketOrder.set_at <= KNOWN_AT)
        .order_by(DocketOrder.set_at.desc(), DocketOrder.id.desc()).limit(1)
    )  # fmt: skip


def set_court_order(session: ScopedSession, court_id: int, code: str, now: datetime) -> bool:
    """Write the court's choice; False: there is no such order. ``court_id``: a court of the person's own agency."""
    if code not in ORDERS:
        return False
    session.add(
        DocketOrder(
            id=random_id(), agency_id=session.scope.agency_id, court_id=court_id, listed_by=code, set_at=now,
            set_by_id=session.scope.user_id,
        )
    )  # fmt: skip
    session.flush()
    return True
