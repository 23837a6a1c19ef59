"""From what is observed to what a court finds: the steps, who may take each, and what none of them is called.

Safeguards F1, F2 and F4 as data. The machine asks (a span becomes a flag) and takes its question back; any other step
is a named person's: a reviewer reviews and reports, a supervisor approves, and a finding is the court's. The same
rules stand in the database (migrations 0016, 0021): a flag is beyond a question only while the review of a named user
stands, and before the court only while a second person's approval does, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class By(StrEnum):
    """Whose step it is."""

    MACHINE = "machine"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    COURT = "court"


# Where a flag stands, in the words of safeguard F1. What a court says is a step of the allegation, no state of a flag.
STANDS: Final[Mapping[str, str]] = {
    "OPEN": "flag", "ACKNOWLEDGED": "under review", "DISMISSED": "dismissed", "EXCUSED": "excused",
    "HANDLED": "handled at agency level", "REPORTED": "under review", "ACTED": "alleged", "CLEARED": "over",
    "WITHDRAWN": "withdrawn",
}  # fmt: skip
OPEN: Final = ("OPEN", "ACKNOWLEDGED")
BY_REVIEW: Final[Mapping[str, str]] = {
    "ACKNOWLEDGE": "ACKNOWLEDGED", "DISMISS": "DISMISSED", "EXCUSE": "EXCUSED", "HANDLE": "HANDLED", "ACT": "REPORTED",
}  # fmt: skip
DECIDED: Final = frozenset(BY_REVIEW.values()) | {"ACTED"}

# (where it stands, where it goes): whose step that is; what is not here is not done
STEPS: Final[Mapping[tuple[str, str], By]] = {
    **{("", state): By.MACHINE for state in ("OPEN", "CLEARED")},
    **{(state, "CLEARED"): By.MACHINE for state in ("OPEN", "ACKNOWLEDGED")},
    **{
        (state, "WITHDRAWN"): By.MACHINE
        for state in ("OPEN", "ACKNOWLEDGED", "HANDLED", "REPORTED", "ACTED", "CLEARED")
    },
    # asked anew, from the beginning: nothing that somebody decided before is taken for a decision now
    **{
        (state, "OPEN"): By.MACHINE
        for state in ("CLEARED", "WITHDRAWN", "DISMISSED", "EXCUSED", "HANDLED", "REPORTED", "ACTED")
    },
    **{(state, after): By.REVIEWER for state in OPEN for after in BY_REVIEW.values()},
    ("REPORTED", "ACTED"): By.SUPERVISOR,
    # an undone review, a report taken back: to where it was before
    **{(after, "ACKNOWLEDGED"): By.REVIEWER for after in ("DISMISSED", "EXCUSED", "HANDLED", "REPORTED", "ACTED")},
}  # fmt: skip

# Where an allegation stands, in the words of people.
ALLEGATIONS: Final[Mapping[str, str]] = {
    "DRAFT": "Draft", "WAITING": "Waits for a supervisor", "RETURNED": "Returned with a reason", "DROPPED": "Dropped",
    "FILED": "Before the court", "WITHDRAWN": "Withdrawn", "FOUND": "Found by the court",
    "NOT_FOUND": "Not found by the court", "ADMITTED": "Admitted before the court",
}  # fmt: skip
UNSENT: Final = ("DRAFT", "RETURNED", "WAITING")
FINDINGS: Final = ("FOUND", "NOT_FOUND", "ADMITTED")
ENDED_BY_COURT: Final = (*FINDINGS, "WITHDRAWN")

NOTICE: Final = ("NOTICED", "SERVED")

# (where it stands, what is done): who may do it, where it stands then
ALLEGATION_MOVES: Final[Mapping[tuple[str, str], tuple[frozenset[By], str]]] = {
    ("", "MADE"): (frozenset({By.REVIEWER}), "DRAFT"),
    **{(state, "SAVED"): (frozenset({By.REVIEWER}), "DRAFT") for state in UNSENT},
    **{(state, "SUBMITTED"): (frozenset({By.REVIEWER}), "WAITING") for state in ("DRAFT", "RETURNED")},
    **{(state, "DROPPED"): (frozenset({By.REVIEWER}), "DROPPED") for state in UNSENT},
    ("WAITING", "RETURNED"): (frozenset({By.SUPERVISOR}), "RETURNED"),
    ("WAITING", "APPROVED"): (frozenset({By.SUPERVISOR}), "FILED"),
    # written notice of a report before the court, and word to the same person that it was withdrawn
    **{(state, kind): (frozenset({By.REVIEWER}), state) for state in ("FILED", "WITHDRAWN") for kind in NOTICE},
    **{("FILED", kind): (frozenset({By.REVIEWER, By.COURT}), "FILED") for kind in ("CONTESTED", "ANSWERED")},
    ("FILED", "WITHDRAWN"): (frozenset({By.REVIEWER, By.COURT}), "WITHDRAWN"),
    **{("FILED", kind): (frozenset({By.COURT}), kind) for kind in FINDINGS},
    # a finding that was entered wrongly is taken back by the court that entered it
    **{(state, "REOPENED"): (frozenset({By.COURT}), "FILED") for state in FINDINGS},
}


def may_go(before: str, after: str, by: By) -> bool:
    """Whether ``by`` may take a flag from one state to another; a reviewer may also undo what a reviewer did."""
    if before == after:
        return True
    if by is By.REVIEWER and before in DECIDED and after in OPEN:
        return True
    return STEPS.get((before, after)) is by


def after_step(before: str, kind: str, by: By) -> str | None:
    """Where an allegation stands after ``by`` did ``kind``; None: that is not theirs to do, or not now."""
    who, after = ALLEGATION_MOVES.get((before, kind), (frozenset(), ""))
    return after if by in who else None
