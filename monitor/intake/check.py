"""The check page's content: what a file would do, before anything is saved (contract.md 3)."""

from __future__ import annotations

from datetime import date

import msgspec

from monitor.intake.roster import Member

# codes about a file that say nothing without the column, the sign or the number they are about
NAMING = frozenset({
    "I-PREAMBLE", "I-LEGEND-USED", "I-COLUMN-IGNORED", "W-COLUMN-UNKNOWN", "W-COLUMN-VICTIM", "H-DUPLICATE",
    "W-SHEET-NOT-READ", "H-TWO-DATES",
})  # fmt: skip


# what naming a column can mend
NAMEABLE = frozenset({"H-NO-WHO", "H-NO-STATUS", "H-NO-SESSIONS", "H-TWO-COLUMNS"})


class Option(msgspec.Struct, frozen=True):
    """One answer to choose: what is sent, what is read; ``es``: the same in Spanish, names stay as they are."""

    value: str
    label: str
    es: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to know: ``row`` and ``code`` for machines; where, what, why and how for people.

    ``es``: the same in Spanish, where the sheet is in Spanish. ``classes``: how many classes of the row wait for who it
    is about, where it is more than one.
    """

    row: int
    code: str
    detail: str = ""
    sheet: str = ""
    column: str = ""
    level: str = ""
    found: str = ""
    where: str = ""
    what: str = ""
    why: str = ""
    how: str = ""
    ask: str = ""
    options: tuple[Option, ...] = ()
    es: str = ""
    classes: int = 0

    @property
    def text(self) -> str:
        """The whole message in one line."""
        place = f"{self.where}:" if self.where else ""
        return " ".join(part for part in (place, self.what, self.why, self.how) if part)


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question for the whole file. ``values``: the words it is about; ``ask`` and ``key``: the answer's place."""

    code: str
    values: tuple[str, ...]
    row: int = 0
    count: int = 0
    suggest: str = ""
    ask: str = ""
    key: str = ""
    where: str = ""
    what: str = ""
    why: str = ""
    how: str = ""
    options: tuple[Option, ...] = ()
    es: str = ""


class LeftOut(msgspec.Struct, frozen=True):
    """A line below a header that was taken to tell of nobody, and how it begins."""

    sheet: str
    row: int
    text: str


class Remark(msgspec.Struct, frozen=True):
    """A comment on a cell that could be the row's reason; it is kept only if somebody takes it."""

    key: str
    name: str
    where: str
    text: str


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """Names and counts are the contract's. ``records`` are (participant code, day, status or "old->new")."""

    file: str
    layout: str | None = None
    new: int = 0
    same: int = 0
    changed: int = 0
    held: int = 0
    skipped: int = 0
    questions: tuple[Question, ...] = ()
    errors: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    records: tuple[tuple[str, ...], ...] = ()
    messages: tuple[Message, ...] = ()
    mapping: dict[str, str | int] = {}
    refused: bool = False
    shape: str = ""
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def file_messages(self) -> list[str]:
        """Codes about the whole file, with what they name where a code alone would say nothing."""
        return [
            f"{message.code}:{message.detail}" if message.code in NAMING and message.detail else message.code
            for message in self.messages
        ]

    @property
    def usable(self) -> bool:
        """Whether anything could be read at all."""
        return not self.refused and self.layout is not None

    @property
    def matchable(self) -> tuple[str, ...]:
        """Headers that a person could name where the file lacks a column, or two claim the same; else none."""
        if self.usable or self.refused or not any(message.code in NAMEABLE for message in self.messages):
            return ()
        loose = [one.detail for one in self.messages if one.code in ("W-COLUMN-UNKNOWN", "H-DUPLICATE") and one.detail]
        return tuple(dict.fromkeys([*loose, *(name for name in self.mapping.values() if isinstance(name, str))]))

    @property
    def needs_person(self) -> bool:
        """Whether something waits for an answer, a choice or a correction."""
        return bool(self.questions or self.errors or self.changed or self.held)


class Stored(msgspec.Struct, frozen=True):
    """What the record holds for one person and class now."""

    attendance_id: int
    says: str
    minutes_late: int | None = None
    makeup_for: date | None = None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of attendance and what would become of it. ``asked``: what an answer is about, where it is not ``found``
    alone."""

    sheet: str
    row: int
    column: str
    written: str
    found: str
    outcome: str
    code: str = ""
    detail: str = ""
    member: Member | None = None
    on: date | None = None
    number: int = 1
    says: str = ""
    before: str = ""
    replaces: int | None = None
    group: str = ""
    session_number: str = ""
    minutes_late: int | None = None
    makeup_for: date | None = None
    note: str = ""
    warnings: tuple[tuple[str, str], ...] = ()
    remark: str = ""
    choices: tuple[Member, ...] = ()
    folded: str = ""
    asked: str = ""

    @property
    def key(self) -> str:
        """The record it is about, as answers name it."""
        return f"{self.member.code}/{self.on}/{self.number}" if self.member else ""
