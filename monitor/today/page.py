"""Today as frozen Structs."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from monitor.concerns import ConcernPage
from monitor.today.people import MOST_COUNTED
from monitor.wording import count


class Question(msgspec.Struct, frozen=True):
    """One open question about a person, for a person to review. ``more``: paths and days of others just like it."""

    path: str
    title: str
    sentence: str
    since: date
    due_on: date | None
    response_class: str | None
    seen: bool
    contested: bool
    more: tuple[tuple[str, str], ...] = ()

    @property
    def may_wait(self) -> bool:
        """Whether it may be put away until a day; what is about safety may not."""
        return self.path.startswith("/flags/") and self.response_class not in ("D", "E")


class Item(msgspec.Struct, frozen=True):
    """One line of the list. Either about a person (``person`` filled), or a program's or this system's own matter.

    ``rank`` orders: 0 grave danger, 1 safety, 2 not enrolled, 3 first miss, 4 repeat, 5 a program's, 6 a level out of
    date, 7 the rest, 8 good to know, 9 gaps in the record.
    """

    rank: int
    why: str
    about: str
    path: str
    number: str
    officer: str
    court_at: datetime | None
    questions: tuple[Question, ...]
    is_person: bool = True

    @property
    def log_path(self) -> str:
        """Where a contact with this person is logged."""
        return self.path.replace("?", "/contacts?")


class Hidden(msgspec.Struct, frozen=True):
    """A question that the office put away until a day: who did, and why."""

    id: int
    path: str
    title: str
    person: str
    number: str
    officer: str
    until_on: date
    reason: str
    by: str
    at: datetime


class ToDecide(msgspec.Struct, frozen=True):
    """An absence on which nobody has decided."""

    case_id: int
    path: str
    person: str
    number: str
    officer: str
    on: date
    program: str
    due_on: date | None
    waits_for_evidence: bool
    late: bool


class ToLog(msgspec.Struct, frozen=True):
    """A contact that was planned for ``on``, and of which nobody has said how it went."""

    path: str
    person: str
    number: str
    officer: str
    on: date
    what: str


class Due(msgspec.Struct, frozen=True):
    """What falls due if nothing is done."""

    on: date
    path: str
    person: str
    what: str
    owner: str


class News(msgspec.Struct, frozen=True):
    """Something that became known."""

    text: str
    at: datetime
    path: str = ""


class CourtDay(msgspec.Struct, frozen=True):
    """People of this list who are in court at one time and place."""

    starts_at: datetime
    zone: str
    court: str
    room: str
    people: tuple[tuple[str, str, str], ...]


class Owed(msgspec.Struct, frozen=True):
    """What is still missing before a date. ``who``: whose it is to do."""

    who: str
    what: str
    path: str


class ReviewAhead(msgspec.Struct, frozen=True):
    """A person who is before the court within three days; ``owed``: what is missing for it, empty if nothing is."""

    path: str
    person: str
    number: str
    officer: str
    starts_at: datetime
    zone: str
    kind: str
    room: str
    owed: tuple[Owed, ...]


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The officer's first page. ``people``: how many cases the list covers; ``team``: the whole office's;
    ``officer``: whose cases alone, where a colleague's list is looked at; ``stands_in``: for whom the reader stands in,
    until when."""

    day: date
    zone: str
    team: bool
    people: int
    concerns: tuple[ConcernPage, ...]
    overdue: tuple[Item, ...]
    reviews: tuple[ReviewAhead, ...]
    also: tuple[Item, ...]
    hidden: tuple[Hidden, ...]
    to_decide: tuple[ToDecide, ...]
    to_log: tuple[ToLog, ...]
    this_week: tuple[Due, ...]
    this_month: tuple[Due, ...]
    news: tuple[News, ...]
    looked: date | None
    court: tuple[CourtDay, ...]
    next_line: str
    officer: str
    stands_in: tuple[str, ...]

    @property
    def covers(self) -> str:
        """How many people the list covers, in words; a large office's are not counted to the last."""
        if self.team and not self.officer and self.people > MOST_COUNTED:
            return f"more than {count(MOST_COUNTED, 'person', 'people')}"
        return count(self.people, "person", "people")

    @property
    def nothing_waits(self) -> bool:
        """Whether there is nothing overdue, nothing asked, nothing to decide and nothing to log."""
        return not self.overdue and not self.concerns and not self.to_decide and not self.to_log
