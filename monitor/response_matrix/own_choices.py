"""What one officer chose before in the same cell: for that officer, and for the supervisor who reads their case.

Nobody else reads it, and nobody is compared by it: no figure of the office or of a colleague stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import func, select

from monitor.access.scoped_session import ScopedSession
from monitor.models import Assignment, Response, Review, User
from monitor.wording import count

WITHIN: Final = timedelta(days=365)
SUPERVISOR: Final = "officer_supervisor"
WAYS: Final[Mapping[str, str]] = {"UP": "stronger than the range", "DOWN": "milder than the range"}


class OwnChoices(msgspec.Struct, frozen=True):
    """``who``: "" the reader. ``told``: what was chosen and how often, most often first."""

    who: str
    told: tuple[tuple[str, int], ...]

    @property
    def words(self) -> str:
        """Your own choices here in the last 12 months: “Contact in 2 days”, 2 times; stronger than the range, once."""
        whose = f"{self.who}: choices" if self.who else "Your own choices"
        said = "; ".join(f"{words}, {count(many, 'time') if many > 1 else 'once'}" for words, many in self.told)
        return f"{whose} here in the last 12 months: {said}."


def own_choices(session: ScopedSession, case_id: int, cell: str, now: datetime) -> OwnChoices | None:
    """Of the reader, or of the officer whose case it is where a supervisor reads; None: nothing was chosen here."""
    who, name = session.scope.user_id, ""
    if session.scope.role == SUPERVISOR:
        held = session.execute(_officer(case_id, session.scope.agency_id)).first()
        if held is not None:
            who, name = held.id, held.name
    told = (
        select(Response.chosen, Response.outside, func.count(Response.id).label("many"))
        .join(Review, Review.id == Response.review_id)
        .where(
            Response.cell == cell, Response.agency_id == session.scope.agency_id, Response.by_user_id == who,
            Response.decided_at > now - WITHIN, Response.decided_at <= now, Review.undone_at.is_(None),
        ).group_by(Response.chosen, Response.outside)
    )  # fmt: skip
    found = [(WAYS.get(row.outside) or f"“{row.chosen}”", row.many) for row in session.execute(told)]
    ordered = tuple(sorted(found, key=lambda one: (-one[1], one[0])))
    return OwnChoices("" if who == session.scope.user_id else name, ordered) if ordered else None


def _officer(case_id: int, agency_id: int) -> Any:
    holds = Assignment.case_id == case_id, Assignment.agency_id == agency_id, Assignment.until_on.is_(None)
    return select(User.id, User.name).join(Assignment, Assignment.user_id == User.id).where(*holds).limit(1)
