"""Where a report stands with the prosecution: the last of the steps that were taken about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.models import Agency, ChargingDecision, User

# where a report stands after each kind of step; without any it waits
STANDS: Final[Mapping[str, str]] = {
    "FILE": "FILED", "DECLINE": "DECLINED", "REFER_BACK": "BACK", "TAKEN_BACK": "WAITING", "ANSWERED": "WAITING",
}  # fmt: skip
STATES: Final = {
    "WAITING": "Waits for a decision", "FILED": "To be filed", "DECLINED": "Declined",
    "BACK": "Referred back to probation",
}  # fmt: skip
DID: Final = {
    "FILE": "decided to file", "DECLINE": "declined", "REFER_BACK": "referred it back to probation",
    "TAKEN_BACK": "took the decision back", "ANSWERED": "answered for probation",
}  # fmt: skip
# the officer reads them: none may tell that a context question was asked (safeguard G4)
REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "FILE": {
        "VIOLATION": "As a breach of supervision", "CONTEMPT": "As contempt of the order", "CHARGE": "As a new charge",
    },
    "DECLINE": {
        "EVIDENCE": "What is on file does not prove it", "EXPLAINED": "It is explained",
        "RESPONDED": "Probation's own response is enough", "INTEREST": "It would serve nobody",
        "OTHER": "Something else",
    },
    "REFER_BACK": {
        "RECORD": "A record or paper is missing", "DAYS": "Days or rows do not agree",
        "CORRECTED": "The record was corrected since", "BARRIER": "What was in the way was not asked",
        "OTHER": "Something else",
    },
}  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """One step in words. ``reason``: its code in words; ``due_on``: by when an answer is asked for."""

    number: int
    kind: str
    reason: str
    words: str
    who: str
    office: str
    by_user_id: int
    at: datetime
    due_on: date | None

    @property
    def did(self) -> str:
        """decided to file"""
        return DID[self.kind]


class Standing(msgspec.Struct, frozen=True):
    """``since``: since when it stands so; None: since it was sent."""

    state: str
    since: datetime | None
    steps: tuple[Step, ...] = ()

    @property
    def words(self) -> str:
        """Waits for a decision"""
        return STATES[self.state]

    @property
    def last(self) -> Step | None:
        """The newest step."""
        return self.steps[-1] if self.steps else None

    @property
    def token(self) -> str:
        """Names what somebody saw: who decides must bring it back."""
        return str(self.steps[-1].number if self.steps else 0)


NOBODY: Final = Standing("WAITING", None)


def standings(session: ScopedSession, reports: Iterable[int]) -> dict[int, Standing]:
    """By report; one that nobody decided about is not there."""
    found: dict[int, list[Step]] = {}
    columns = (
        ChargingDecision.allegation_id, ChargingDecision.number, ChargingDecision.kind, ChargingDecision.reason,
        ChargingDecision.words, User.name, Agency.name.label("office"), ChargingDecision.by_user_id,
        ChargingDecision.at, ChargingDecision.due_on,
    )  # fmt: skip
    told = select(*columns).join(User, User.id == ChargingDecision.by_user_id)
    told = told.join(Agency, Agency.id == ChargingDecision.agency_id)
    told = told.where(ChargingDecision.allegation_id.in_(list(reports)))
    for row in session.execute(told.order_by(ChargingDecision.allegation_id, ChargingDecision.number)):
        reason = REASONS.get(row.kind, {}).get(row.reason, "")
        step = Step(
            row.number, row.kind, reason, row.words, row.name, row.office, row.by_user_id, row.at, row.due_on
        )
        found.setdefault(row.allegation_id, []).append(step)
    return {number: standing_of(steps) for number, steps in found.items()}


def standing_of(steps: Sequence[Step]) -> Standing:
    """Folded from its steps, oldest first."""
    return Standing(STANDS[steps[-1].kind], steps[-1].at, tuple(steps)) if steps else NOBODY


def standing(session: ScopedSession, report: int) -> Standing:
    """Of one report."""
    return standings(session, [report]).get(report, NOBODY)
