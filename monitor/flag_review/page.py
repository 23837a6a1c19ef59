"""The page of one flag, as frozen Structs: everything a reviewer needs before deciding, and what they may decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from monitor.flag_review.rows import Row
from monitor.response_matrix.applying import Range


class Value(msgspec.Struct, frozen=True):
    """A value that the rule used: whose it is, where it was read, and how sure that is."""

    term: str
    value: str
    basis: str
    cite: str
    confidence: str


class ReviewLine(msgspec.Struct, frozen=True):
    """What somebody decided, when, in their own words."""

    id: int
    decision: str
    said: str
    words: str
    who: str
    at: datetime
    undone_at: datetime | None
    barriers: tuple[tuple[str, str], ...]
    may_undo: bool
    class_said: str = ""


class ToldLine(msgspec.Struct, frozen=True):
    """Who of the reader's own agency was told of the flag, by which act, and when first."""

    who: str
    act: str
    at: datetime


class Withdrawal(msgspec.Struct, frozen=True):
    """What a correction did to a flag: what it said, when that ended, and what became known ("" not to be told)."""

    said: str
    at: datetime
    because: str


class FlagPage(msgspec.Struct, frozen=True, kw_only=True):
    """One flag. ``token`` names the content and the last review that this page shows; a decision must bring it back.

    ``decisions`` are those that this reader may take now; ``closed_why`` says why there is none. ``counting`` and
    ``not_counting`` are the rows it rests on and the rows that were looked at and do not count.
    """

    id: int
    case_id: int
    person_id: int
    person: str
    number: str
    zone: str
    agency: str
    code: str
    owner: str
    owner_words: str
    response_class: str | None  # as set by the reviewer, else as proposed
    proposed_class: str | None
    may_set_class: bool
    class_words: str
    severity: str
    certain: bool
    state: str
    contested: bool
    first_on: date
    due_on: date | None
    clears_on: date | None
    version: str
    token: str
    key: str
    title: str
    sentence: str
    clears: str
    unknown: tuple[str, ...]
    wrong: tuple[str, ...]
    rule: str
    provision: str
    values: tuple[Value, ...]
    counting: tuple[Row, ...]
    not_counting: tuple[Row, ...]
    rows_elsewhere: int
    about_id: int | None
    reviews: tuple[ReviewLine, ...]
    decisions: tuple[str, ...]
    closed_why: str
    barriers_needed: bool
    barriers_said: str
    only_reporter: bool
    content: dict[str, Any]
    told: tuple[ToldLine, ...] = ()
    withdrawal: Withdrawal | None = None
    not_sure: tuple[str, ...] = ()
    allegation_id: int | None = None
    steps_before: int = 0
    of_late: tuple[str, ...] = ()
    gap: str = ""  # what is in the way, of a question that was moved to the system's gaps
    range: Range | None = None  # what is suggested here
    kept_range: Range | None = None  # what the matrix says, for the record, whether or not it is suggested (G4)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in ("OPEN", "ACKNOWLEDGED")

    @property
    def barriers_asked(self) -> tuple[str, ...]:
        """The decisions that ask the six questions, by the class proposed as well as the one that is meant."""
        asking = ("ACT", "HANDLE", "GAP") if self.barriers_needed else ("GAP",)
        return tuple(one for one in asking if one in self.decisions)

    @property
    def class_is_set(self) -> bool:
        """Whether a review that stands set another class than the rule's; one that is only meant is not set yet."""
        return self.response_class != self.proposed_class and not self.may_set_class

    @property
    def class_on_record(self) -> str | None:
        """The class set, or the rule's: never one that is only meant."""
        return self.response_class if self.class_is_set else self.proposed_class

    @property
    def asks_who_first(self) -> bool:
        """Whether somebody is asked who needs to know first: of class D or E, while it may be decided."""
        return self.response_class in ("D", "E") and bool(self.decisions)

    @property
    def is_told(self) -> bool:
        """Whether this page tells its reader that the flag holds, or held."""
        return self.withdrawal is None


TOLD = {
    "SEEN": "saw it on a page", "PRINTED": "printed it", "DOCKET": "saw it on a docket", "PACKET": "got it in a packet",
    "REPORTED": "was told by a report", "EXPORTED": "took it out",
}  # fmt: skip
STATES = {
    "OPEN": "Waits for a decision", "ACKNOWLEDGED": "Seen, and still open", "DISMISSED": "Dismissed",
    "EXCUSED": "Excused", "HANDLED": "Handled by this office",
    "REPORTED": "In a report that no supervisor has approved",
    "ACTED": "Reported to the court", "CLEARED": "Cleared by the record",
    "WITHDRAWN": "Withdrawn after a correction",
}  # fmt: skip
SAID = {
    "ACKNOWLEDGE": "marked it as seen", "DISMISS": "dismissed it", "EXCUSE": "excused the absence",
    "HANDLE": "handled it here", "ACT": "put it into a report to the court", "REOPEN": "opened it again",
}  # fmt: skip
