"""The judge's one page as frozen Structs: what the screen, the paper and the PDF all show, word for word.

Facts by condition, never a score. Nothing here comes from a protected person or an advocate (safeguard B3), and no flag
that nobody reviewed (F10).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from monitor.bench_page.words import REVIEW, time_words, weekday_words


class StatusWord(StrEnum):
    """The only words about a duty. "Violation" is a court's word and stands nowhere on this page."""

    MET = "MET"
    PARTLY_MET = "PARTLY MET"
    NOT_MET = "NOT MET"
    NO_REPORT = "NO REPORT"
    NOT_YET_DUE = "NOT YET DUE"


class Letter(StrEnum):
    """Who says so."""

    PROGRAM = "P"
    PROBATION = "O"
    COURT = "C"
    LAW_ENFORCEMENT = "L"
    TEST = "T"
    DEVICE = "D"


SOURCE_KEY = "Sources: P program, O probation, C court, L law enforcement, T test, D device."


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said on the page. ``text`` names its day; ``source`` is a `Letter`, "" where nobody claims anything.

    ``corrected`` says since when a row reads differently ("corrected 8 Mar"). ``contested`` prints in the same line and
    size. ``rows`` are the ids of the rows it stands on; they are not printed.
    """

    text: str
    source: str = ""
    on: date | None = None
    contested: bool = False
    corrected: str = ""
    rows: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """The sentence as every form of the page prints it."""
        source = f" ({self.source})" if self.source else ""
        corrected = f", {self.corrected}" if self.corrected else ""
        return f"{self.text}{corrected}{source}" + (" CONTESTED" if self.contested else "")


class Mark(msgspec.Struct, frozen=True):
    """One class day of the strip: its day in words and one letter (see `STRIP_KEY`)."""

    day: str
    letter: str


STRIP_KEY = "y attended, l late, M missed, E excused, u not yet decided, - not held, ? not reported, x sources disagree"


class ConditionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One duty: when it is due, its status, and the facts. ``status`` None: not reviewed here, ``instead`` says so."""

    title: str
    due: str
    status: StatusWord | None
    instead: str = ""
    facts: tuple[Said, ...] = ()
    strip: tuple[Mark, ...] = ()

    @property
    def word(self) -> str:
        """What stands in the status column."""
        return self.status.value if self.status else self.instead

    @property
    def strip_words(self) -> str:
        """The last classes, oldest first: 28 Jan y, 4 Feb y, 11 Feb M."""
        return ", ".join(f"{mark.day} {mark.letter}" for mark in self.strip)


class Allegation(msgspec.Struct, frozen=True, kw_only=True):
    """What probation reported to the court after review. A question for the court, not a finding.

    ``evidence`` holds what helps the respondent as plainly as what hurts.
    """

    title: Said
    evidence: tuple[Said, ...]
    code: str
    response_class: str


class Heading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which person, case and hearing this is. ``title``: what is heard; a kept page without one is a review."""

    court: str
    court_code: str
    room: str
    judge: str
    starts_at: datetime
    zone: str
    day: date
    respondent: str
    number: str
    review_no: int | None
    custody: str
    interpreter: str
    title: str = REVIEW


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """What of a bench page its line on the docket is made of, in the same words: each field is as on `BenchPage`.

    Only the evidence behind ``alleged`` is left out.
    """

    hearing_id: int
    heading: Heading
    known_at: datetime
    missing: tuple[str, ...]
    late: tuple[str, ...]
    last_report: str
    conditions: tuple[ConditionLine, ...]
    alleged: tuple[Allegation, ...]
    withdrawn: tuple[Said, ...]
    shown: str

    @property
    def flags(self) -> tuple[int, ...]:
        """As on the page."""
        return flags_of(self.alleged)


class BenchPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case on one side of paper: freshness first, then the eight blocks, then the foot.

    ``last_report``: how long ago a program last sent anything, ``shown``: when the defense last got a copy; both stand
    on the docket only. ``withdrawn``: what lies before the court and no longer holds by a correction. ``matrix``: the
    version of the local matrix that the options come from, or "" where none is adopted. ``form``: which look it prints
    in (`monitor.documents.bench.FORMS`), so that a packet prints in its own for good. A field that says nothing, and
    the first form, is left out of a packet, so that older packets read the same.
    """

    hearing_id: int
    case_id: int
    heading: Heading
    known_at: datetime
    as_of: str
    missing: tuple[str, ...]
    late: tuple[str, ...]
    last_report: str
    orders: tuple[Said, ...]
    safety: tuple[Said, ...]
    conditions: tuple[ConditionLine, ...]
    last_review: str
    since: tuple[Said, ...]
    alleged: tuple[Allegation, ...]
    before: tuple[Said, ...]
    in_the_way: tuple[Said, ...]
    asks: tuple[Said, ...]
    options: tuple[str, ...]
    foot: tuple[str, ...]
    withdrawn: tuple[Said, ...] = ()
    matrix: str = ""
    shown: str = ""
    form: int = 1

    @property
    def flags(self) -> tuple[int, ...]:
        """The flags that it tells of: what was reported to the court and is not answered yet."""
        return flags_of(self.alleged)

    @property
    def review_words(self) -> str:
        """Review #3, or "" where the hearing is not a numbered review."""
        return f"Review #{self.heading.review_no}" if self.heading.review_no else ""

    @property
    def day_words(self) -> str:
        """Mon 9 Mar 2026"""
        return weekday_words(self.heading.day)

    @property
    def time_words(self) -> str:
        """13:30"""
        return time_words(self.heading.starts_at, self.heading.zone)

    @property
    def key(self) -> str:
        """What the letters mean: sources, and classes where any duty shows them one by one."""
        return f"{SOURCE_KEY} Classes: {STRIP_KEY}." if any(line.strip for line in self.conditions) else SOURCE_KEY

    @property
    def alleged_lines(self) -> tuple[str, ...]:
        """Block 5 line by line: what is alleged, then its evidence; at last what a correction took back."""
        said = [(one.title.line, *(fact.line for fact in one.evidence)) for one in self.alleged]
        gone = [one.line for one in self.withdrawn]
        return (*(line for lines in said for line in lines), *gone) or ("Nothing",)

    @property
    def freshness(self) -> str:
        """As of; what is missing; who is late: one line, at the top."""
        missing, late = "; ".join(self.missing) or "none", "; ".join(self.late) or "none"
        interpreter = self.heading.interpreter or "no"
        return f"As of {self.as_of}. MISSING: {missing}. LATE REPORT: {late}. Interpreter: {interpreter}."


def flags_of(alleged: tuple[Allegation, ...]) -> tuple[int, ...]:
    """The flags that allegations are about."""
    return tuple(row for one in alleged for row in one.title.rows)


OPTIONS = (
    "continue", "review in ___ days", "excused", "closer report-in", "modify condition ____", "set hearing",
)  # fmt: skip
