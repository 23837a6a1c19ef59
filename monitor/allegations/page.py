"""One report to the court as frozen Structs: what it says, where it stands, and what this reader may do with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from monitor.allegations.facts import Facts
from monitor.allegations.lines import Line
from monitor.allegations.typed import Typed
from monitor.response_matrix.clocks import LastDay

DONE: Final = {
    "MADE": "began the report", "SAVED": "saved the draft", "SUBMITTED": "sent it to a supervisor",
    "RETURNED": "returned it", "DROPPED": "dropped it", "APPROVED": "approved it: it went to the court",
    "NOTICED": "made the written notice", "SERVED": "recorded that the notice was handed over",
    "CONTESTED": "entered that the person contests it", "ANSWERED": "entered that the person no longer contests it",
    "WITHDRAWN": "withdrew it", "FOUND": "recorded: the court found it", "ADMITTED": "recorded: admitted in court",
    "NOT_FOUND": "recorded: the court did not find it", "REOPENED": "took the recorded word of the court back",
}  # fmt: skip
HEARSAY: Final = (
    "It rests on hearsay alone: on reports, and on nothing that an office saw. "
    "Whether that is enough is a question for counsel."
)


NEVER: Final = 9999  # days to the end of a clock that stands still: after all that have a day


class Clock(msgspec.Struct, frozen=True):
    """The office's own clock for a class: by when a report should be with the court. Never the person's lapse."""

    response_class: str
    due_on: date | None  # None: it stands still
    days_over: int
    paused: str = ""

    @classmethod
    def of(cls, response_class: str, last: LastDay, today: date) -> Clock:
        """As it stands on a day."""
        return cls(response_class, last.on, (today - last.on).days if last.on else -NEVER, last.paused(today))

    @property
    def words(self) -> str:
        """Class C: ..."""
        late = f"This office is {self.days_over} {'day' if self.days_over == 1 else 'days'} over its own clock."
        return late if self.days_over > 0 else "Within this office's own clock."


class StepLine(msgspec.Struct, frozen=True):
    """What somebody did, when, in their own words."""

    who: str
    did: str
    at: datetime
    words: str
    number: int
    kind: str


class AllegationPage(msgspec.Struct, frozen=True, kw_only=True):
    """``may``: kinds of step that this reader may take now. ``closed_why``: why a supervisor may not approve it.

    ``changed``: what became known since the draft was saved, or since it was sent. ``token`` names the facts and the
    last step that this page shows; whoever acts must bring it back.
    """

    id: int
    case_id: int
    person_id: int
    person: str
    number: str
    zone: str
    court: str
    agency: str
    state: str
    state_words: str
    contested: bool
    made_by: str
    made_at: datetime
    facts: Facts
    typed: Typed
    changed: tuple[str, ...]
    refused: tuple[str, ...]
    warnings: tuple[str, ...]
    clocks: tuple[Clock, ...]
    steps: tuple[StepLine, ...]
    may: frozenset[str]
    closed_why: str
    token: str
    safety_mine: bool
    ground_gone: bool
    notices: tuple[str, ...] = ()
    without_matrix: bool = False  # no local matrix was adopted by then: no clock
    desk: bool = False  # an office with victim/witness staff shares the case, and takes the safety step
    step_waits: bool = False  # it is not finished
    since: tuple[str, ...] = ()  # what reads differently now than it was approved

    @property
    def evidence(self) -> tuple[Line, ...]:
        """Rows of the record and what was added to them."""
        return (*self.facts.lines, *(one.line for one in self.typed.exhibits))

    @property
    def served(self) -> bool:
        """Whether a written notice was handed to the person."""
        return any(step.kind == "SERVED" for step in self.steps)

    @property
    def is_draft(self) -> bool:
        """Whether it can still be worked on."""
        return self.state in ("DRAFT", "RETURNED", "WAITING")

    @property
    def is_before_the_court(self) -> bool:
        """Whether it was approved, whatever became of it."""
        return self.state not in ("DRAFT", "RETURNED", "WAITING", "DROPPED")
