"""A court's list of one day as frozen Structs. Columns and order: who must be heard first, and what is asked."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from monitor.bench_page.words import weekday_words
from monitor.docket.owed import Owed

HEADS = (
    "Time", "Case", "Respondent", "Review", "Custody", "What the judge must decide", "Conditions", "Last report",
    "Contested", "Interpreter", "Shown to defense",
)  # fmt: skip
ORDER_WORDS = {
    "pressing": "Most pressing first", "time": "By time", "on-track": "On track first", "name": "By name",
}  # fmt: skip
RANKS = (
    "In custody",
    "Safety matter alleged, or firearm proof not on file",
    "Not enrolled by the first review",
    "Other matters reported to the court",
    "No report from the program",
    "Routine",
)


class DocketLine(msgspec.Struct, frozen=True, kw_only=True):
    """One case. ``decide``: what the judge is asked, most pressing first. ``rank``: index in `RANKS`.

    ``statuses``: how many duties stand at each status word, the words of the bench page. ``last_report``: how long ago
    the program last sent anything. ``ready``: whether the page went to the defense. ``flags``: those it tells of.
    ``kind``: what is heard, where it is no review.
    """

    hearing_id: int
    starts_at: datetime
    time: str
    number: str
    respondent: str
    review_no: int | None
    custody: str
    decide: tuple[str, ...]
    statuses: tuple[tuple[str, int], ...]
    classes: str
    last_report: str
    contested: bool
    interpreter: str
    ready: str
    rank: int
    outcome: str
    kind: str = ""
    flags: tuple[int, ...] = ()

    @property
    def standing(self) -> str:
        """1 not met, 4 met: a sentence, never a score."""
        return ", ".join(f"{count} {word.lower()}" for word, count in self.statuses) or "nothing due yet"

    @property
    def progress(self) -> str:
        """The standing and the classes: 1 not met, 4 met; classes 19 of 21."""
        return f"{self.standing}; classes {self.classes}" if self.classes else self.standing

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns of `HEADS`, in words."""
        review = f"#{self.review_no}" if self.review_no else ""
        kind = f"{self.kind}: " if self.kind else ""
        heard = f" Heard: {self.outcome}." if self.outcome else ""
        return (
            self.time, self.number, self.respondent, review, self.custody, kind + "; ".join(self.decide) + heard,
            self.progress, self.last_report, "CONTESTED" if self.contested else "no",
            self.interpreter or "no", self.ready,
        )  # fmt: skip


class NearDay(msgspec.Struct, frozen=True):
    """Another day of this court with hearings, how many, and from when the staff is told who still owes a report."""

    day: date
    count: int
    owed_from: date

    @property
    def words(self) -> str:
        """Thu 3 Dec 2026 (11)"""
        return f"{weekday_words(self.day)} ({self.count})"


class Docket(msgspec.Struct, frozen=True, kw_only=True):
    """One court's day. ``late``: programs that owe word, and of how many cases. ``strip``: the court's own delays.

    ``order``: a key of `ORDER_WORDS`; ``order_words``: the same with whose choice it is. ``owed``: what is missing, by
    who owes it, which staff is told from ``owed_from`` on.
    """

    court: str
    court_code: str
    day: date
    zone: str
    known_at: datetime
    as_of: str
    rooms: tuple[str, ...]
    lines: tuple[DocketLine, ...]
    late: tuple[str, ...]
    strip: tuple[str, ...]
    order: str
    order_words: str
    owed: tuple[Owed, ...]
    owed_from: date
    previous: NearDay | None
    following: NearDay | None

    @property
    def count_words(self) -> str:
        """14 cases; 1 case."""
        return f"{len(self.lines)} case{'' if len(self.lines) == 1 else 's'}"

    @property
    def day_words(self) -> str:
        """Fri 27 Nov 2026"""
        return weekday_words(self.day)

    @property
    def first_open(self) -> DocketLine:
        """The first case without an outcome yet; the first of all once every one has."""
        return next((line for line in self.lines if not line.outcome), self.lines[0])

    @property
    def empty_words(self) -> str:
        """What a day without hearings says, and when the next ones are."""
        none = f"No DV reviews on {weekday_words(self.day)}."
        near = self.following
        return f"{none} Next: {near.words}." if near else f"{none} No later date is set."
