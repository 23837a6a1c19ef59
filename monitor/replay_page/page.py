"""The look back as frozen Structs: three views of one case, and the list of differences between two of them."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from monitor.person_page.page import ConditionLine, Heading

HOW = {
    "CORRECTED": "Corrected", "LATE": "Arrived late", "RETRACTED": "Taken back", "RESTORED": "Put back",
    "WITHDRAWN": "Withdrawn", "NEW": "New question", "SAYS_OTHERWISE": "Says otherwise",
}  # fmt: skip


class Moment(msgspec.Struct, frozen=True):
    """An instant that can be chosen: a hearing held, or a packet taken for one. ``at`` is what was known until."""

    at: datetime
    title: str
    kind: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the record told otherwise, or a flag that it leads to.

    ``how``: a key of `HOW`. ``then`` and ``now``: what it said, "" nothing. ``on``: the day it is about; ``known_at``:
    when the difference became known. ``source``: by which kind of source, never who. ``because``: the reason given with
    a correction, where this reader may see it. ``rows``: the rows concerned; they are not printed.
    """

    how: str
    what: str
    then: str
    now: str
    on: date
    known_at: datetime
    source: str
    clause: str = ""
    because: str = ""
    rows: tuple[int, ...] = ()

    @property
    def how_words(self) -> str:
        """Corrected."""
        return HOW[self.how]


class Duty(msgspec.Struct, frozen=True):
    """One duty in three views; None where the view does not have it."""

    title: str
    then: ConditionLine | None
    about_then: ConditionLine | None
    today: ConditionLine | None

    @property
    def differs(self) -> bool:
        """Whether what is known now of that day reads otherwise than what was known then."""
        return self.then != self.about_then


class Question(msgspec.Struct, frozen=True):
    """A flag that held on the day asked for: as then known, as now known, and now (each "" if it did not)."""

    title: str
    then: str
    about_then: str
    today: str


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """``knower``: "the court" where a hearing or packet was chosen, else "the record".

    ``headlines``: counts that differ, each as one sentence. ``questions`` None: this reader sees no open questions.
    ``ground_changed``: the rules or local policies are others now than when the packet was taken.
    """

    heading: Heading
    known_at: datetime
    as_of: datetime
    now: datetime
    knower: str
    chosen: str
    moments: tuple[Moment, ...]
    headlines: tuple[str, ...]
    changes: tuple[Change, ...]
    duties: tuple[Duty, ...]
    questions: tuple[Question, ...] | None
    ground_changed: bool

    @property
    def nothing_changed(self) -> bool:
        """Whether the record tells that day as it told it then."""
        return not (self.headlines or self.changes)
