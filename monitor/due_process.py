"""From what is observed to what a court finds: the steps, who may take each, and what none of them is called.

Safeguards F1 and F2 as data. The machine asks (a span becomes a flag) and takes its question back; any other step is a
named person's, and a finding is the court's. The same rule stands in the database (migration 0008): a flag goes beyond
a question only while the review of a named user stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class By(StrEnum):
    """Whose step it is."""

    MACHINE = "machine"
    REVIEWER = "reviewer"
    COURT = "court"


# Where a flag stands, in the words of safeguard F1. "Handled at agency level" is not offered yet; what a court does
# with what it was told is the court's own record (`CourtDecision`), and no state of a flag.
STANDS: Final[Mapping[str, str]] = {
    "OPEN": "flag", "ACKNOWLEDGED": "under review", "DISMISSED": "dismissed", "EXCUSED": "excused", "ACTED": "alleged",
    "CLEARED": "over", "WITHDRAWN": "withdrawn",
}  # fmt: skip
OPEN: Final = ("OPEN", "ACKNOWLEDGED")
BY_REVIEW: Final[Mapping[str, str]] = {
    "ACKNOWLEDGE": "ACKNOWLEDGED", "DISMISS": "DISMISSED", "EXCUSE": "EXCUSED", "ACT": "ACTED",
}  # fmt: skip
DECIDED: Final = frozenset(BY_REVIEW.values())

# (where it stands, where it goes): whose step that is; what is not here is not done
STEPS: Final[Mapping[tuple[str, str], By]] = {
    **{("", state): By.MACHINE for state in ("OPEN", "CLEARED")},
    **{(state, "CLEARED"): By.MACHINE for state in ("OPEN", "ACKNOWLEDGED")},
    **{(state, "WITHDRAWN"): By.MACHINE for state in ("OPEN", "ACKNOWLEDGED", "ACTED", "CLEARED")},
    # asked anew, from the beginning: nothing that somebody decided before is taken for a decision now
    **{(state, "OPEN"): By.MACHINE for state in ("CLEARED", "WITHDRAWN", "DISMISSED", "EXCUSED", "ACTED")},
    **{(state, after): By.REVIEWER for state in OPEN for after in DECIDED},
    # an undone review: back to where it was before
    **{(after, "ACKNOWLEDGED"): By.REVIEWER for after in ("DISMISSED", "EXCUSED", "ACTED")},
}


def may_go(before: str, after: str, by: By) -> bool:
    """Whether ``by`` may take a flag from one state to another; a reviewer may also undo what a reviewer did."""
    if before == after:
        return True
    if by is By.REVIEWER and before in DECIDED and after in OPEN:
        return True
    return STEPS.get((before, after)) is by
