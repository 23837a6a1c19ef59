"""What a person adds to the assembled facts: what probation asks, in whose words, and evidence from outside the record.

What a protected person or an advocate said has no field here, and never stands in one (safeguards B3, A4).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import msgspec

from monitor.allegations.lines import FIRST, POLICE, RECORD, TOLD, Line

ASKS: Final = {
    "REVIEW": "Take it up at the next review", "EXPLAINED": "Treat it as explained",
    "CLOSER": "Closer report-in", "SOONER": "Return to court sooner", "MODIFY": "Modify a condition",
    "FIREARMS": "Demand proof that firearms are given up", "CUSTODY": "Decide on custody",
    "WARRANT": "Issue a warrant", "REVOCATION": "Hear whether probation ends", "DEVICE_OFF": "Take a device off",
}  # fmt: skip
# steps that are likely to raise danger: nobody takes them before the safety stop (safeguard E5)
RISKY: Final = frozenset({"FIREARMS", "CUSTODY", "WARRANT", "REVOCATION", "DEVICE_OFF"})
IMMINENT: Final = "IMMINENT"
SAFETY: Final = {
    "DONE": "The office that gives safety notices has finished its step",
    IMMINENT: "Imminent danger: I go on without waiting",
}  # fmt: skip
# answers of before, which told what was asked or answered: nobody reads them again (safeguard E4)
OF_BEFORE: Final = ("NOT_REACHABLE", "NONE_ASKED")
EXHIBITS: Final = {
    "RECORD": "A record that an agency keeps", "POLICE": "A police report (by its number)",
    "DEVICE": "A device alert that a person has checked",
}  # fmt: skip
# what was entered before nobody could enter it any more: read still, and on no paper (safeguard B3)
OF_OLD: Final = {"TOLD": "What somebody else said"}
# whose office saw it or checked it; a name would tell who spoke
SEEN_BY: Final = {
    "OFFICER": "an officer", "PROGRAM_STAFF": "program staff", "POLICE": "police", "COURT_STAFF": "court staff",
}  # fmt: skip
MOST_EXHIBITS: Final = 6
MOST_SHOWN: Final = 200  # characters: a line of what was seen, no account
HOW: Final = {"RECORD": RECORD, "POLICE": POLICE, "DEVICE": RECORD, "TOLD": TOLD}
# what somebody said is no evidence of this kind, in either language of the office
SAYING: Final = re.compile(r"\b(said|told|asked|according to|dijo|cont[oó]|pidi[oó]|preguntó)\b", re.IGNORECASE)


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence from outside the record. ``seen_by``: a key of `SEEN_BY`, whose office saw it or checked the alert."""

    kind: str
    on: date
    words: str
    seen_by: str
    first_hand: bool = False
    gaps: str = ""

    @property
    def is_independent(self) -> bool:
        """Whether it would exist without anybody's word to probation (safeguard B4)."""
        return self.kind != "TOLD"

    @property
    def line(self) -> Line:
        """As it stands in the report."""
        seen = SEEN_BY.get(self.seen_by, "")  # a name of old is shown nowhere
        checked = f"; checked by {seen}; power and coverage: {self.gaps}" if self.kind == "DEVICE" else ""
        source = f"seen by {seen}" if seen and self.kind != "DEVICE" else ""
        mark = FIRST if self.first_hand else HOW[self.kind]
        return Line(f"{(EXHIBITS | OF_OLD)[self.kind]}: {self.words}{checked}", self.on, source, "exhibit", mark)


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """The draft. ``safety`` is the answer to the safety stop: the office's alone, in no report, print or notice.

    ``safety_by``: the user's id who gave it; ``safety_for``: what was asked then. Another ask asks anew.
    """

    ask: str = ""
    words: str = ""
    safety: str = ""
    safety_by: str = ""
    safety_for: str = ""
    exhibits: tuple[Exhibit, ...] = ()

    @property
    def needs_safety_stop(self) -> bool:
        """Whether what is asked of the court is likely to raise danger."""
        return self.ask in RISKY

    @property
    def unanswered(self) -> Typed:
        """Without the answer to the safety stop."""
        return msgspec.structs.replace(self, safety="", safety_by="", safety_for="")

    def saved_by(self, user_id: int) -> Typed:
        """As it is kept: a new answer with who gave it and for which ask; one for another ask goes."""
        if not self.safety or (self.safety_by and self.safety_for != self.ask):
            return self.unanswered
        if self.safety_by:
            return self
        return msgspec.structs.replace(self, safety_by=str(user_id), safety_for=self.ask)


def typed_of(content: dict[str, Any] | None) -> Typed:
    """What a step kept of it; an answer of which nobody is named is none."""
    found = msgspec.convert((content or {}).get("typed", {}), Typed)
    if found.safety in OF_BEFORE:
        found = msgspec.structs.replace(found, safety="DONE")
    return found if found.safety_by else found.unanswered


def faults_of_exhibit(kind: str, on: date | None, words: str, seen_by: str, gaps: str) -> dict[str, str]:
    """What is missing or wrong of a piece of evidence, by field (safeguards B3, F12, F13)."""
    faults: dict[str, str] = {}
    if kind not in EXHIBITS:
        faults["kind"] = "Choose what kind of evidence it is."
    if on is None:
        faults["on"] = "Give the day that it is about."
    if not words.strip():
        faults["shows"] = "Say what it shows, in a line."
    elif len(words.strip()) > MOST_SHOWN:
        faults["shows"] = f"One line of at most {MOST_SHOWN} characters."
    elif SAYING.search(words):
        faults["shows"] = "Only what an officer, program staff or police saw, or what a record shows."
    if seen_by not in SEEN_BY:
        faults["seen_by"] = "Choose whose office saw it; of a device alert, whose checked device, map and time."
    if kind == "DEVICE" and not gaps.strip():
        faults["gaps"] = "Name gaps in power or coverage around that time, or write: none."
    return faults
