"""System gaps: what stood in a person's way and nobody has fixed is the system's to close, never the person's.

Response matrix, exception 7, and safeguard G2. A reviewer who answers one of the six questions with a yes moves the
question: from then on it is this system's on every page, has no class and no response, counts toward no step, and
stands among what the office has to close. Closed, it is asked again; the move is undone like any review. No state of
its own: it stays open, and the rules withdraw or clear it as ever; new content asks the person's question anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from monitor.flag_review import barriers

MOVE, BACK = "GAP", "BACK"
SYSTEM, PERSON = "system", "offender"
IN_THE_WAY: Final = {
    "language": "the language", "disability": "a disability or health", "work_shift": "a shift at work",
    "transport": "no way to get there", "child_care": "nobody to look after a child",
    "program_seats": "the program was closed or full, or turned the person away",
}  # fmt: skip
FIRST: Final = (
    "Something is in the way and not fixed: this is a gap of the system first, and not the person's. Move it to the"
    " system's gaps, or answer that it is fixed."
)
# of a class that was set: the rule's own question is none that can be a gap
NOT_AS_SET: Final = (
    "Something is in the way and not fixed: until it is, no response of class B is recorded. Decide it as the rule"
    " proposes, or answer that it is fixed."
)


def is_moved(owner: str, rule_owner: str, certainty: str) -> bool:
    """Whether a question that the rule asked of the person was moved to the system by a reviewer."""
    return owner == SYSTEM and rule_owner == PERSON and certainty == "CERTAIN"


def must_move(classes: set[str | None], answers: Mapping[str, str]) -> bool:
    """Whether no response is recorded: of class B, as proposed or set, with something in the way."""
    return "B" in classes and bool(barriers.in_the_way(answers))


def faults_of(decision: str, answers: Mapping[str, str]) -> dict[str, str]:
    """What is missing of a move."""
    if decision == MOVE and not barriers.in_the_way(answers):
        return {"barrier_language": "Say of one of the six at least that it is in the way."}
    return {}


def kept(decision: str, answers: Mapping[str, str]) -> dict[str, Any]:
    """What a review keeps of it."""
    if decision == MOVE:
        return {"gap": barriers.in_the_way(answers), "barriers": barriers.said(answers), "owner_was": PERSON}
    return {"gap_closed": True, "owner_was": SYSTEM} if decision == BACK else {}


def said_of(content: Mapping[str, Any] | None, otherwise: str) -> str:
    """What a reviewer did, in words."""
    told = content or {}
    if told.get("gap"):
        return "moved it to the system's gaps"
    return "asked again, the gap being closed" if told.get("gap_closed") else otherwise


def in_words(content: Mapping[str, Any] | None) -> str:
    """In the way: no way to get there; the language."""
    names = (content or {}).get("gap") or ()
    told = "; ".join(IN_THE_WAY[name] for name in names if name in IN_THE_WAY)
    return f"In the way: {told}." if told else ""
