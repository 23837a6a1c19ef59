"""What a program has in front of it: its uploads, and one file checked. Frozen; made for pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.intake.answers import Answers, Choice
from monitor.intake.cells.headers import fold_header
from monitor.intake.cells.statuses import ABSENT, LABELS, takes_back
from monitor.intake.check import Check, Message, Question
from monitor.intake.judging.messages import in_words
from monitor.intake.layouts import LAYOUTS, REPORTS
from monitor.intake.memory import Kind, kind_for, kinds_of, told, visible
from monitor.intake.receiver import Receiver
from monitor.intake.record.standing import ProgramLine, programs_of, read_roster
from monitor.intake.record.undoing import why_not_undo
from monitor.intake.uploads import OPEN, answers_of, check_of
from monitor.models import Group, Upload, UploadRow
from monitor.safety_lint import is_clean

PAGE = 100
SHOWN = ("new", "same", "held", "skipped")
STATES = {
    "READING": "Being read", "REFUSED": "Could not be used", "NEEDS_ANSWERS": "Needs your answer",
    "READY": "Checked, not saved yet", "SAVED": "Saved", "UNDONE": "Undone", "DISCARDED": "Deleted",
}  # fmt: skip


class UploadLine(msgspec.Struct, frozen=True):
    """One upload in the list."""

    id: int
    file_name: str
    state: str
    state_words: str
    uploaded_at: datetime
    receipt: str | None
    new: int
    same: int
    waiting: int


class GroupLine(msgspec.Struct, frozen=True):
    """A group to choose from."""

    id: int
    code: str
    program_id: int


class UploadsPage(msgspec.Struct, frozen=True):
    """The list, and what the upload form offers."""

    programs: tuple[ProgramLine, ...]
    groups: tuple[GroupLine, ...]
    uploads: tuple[UploadLine, ...]


class Change(msgspec.Struct, frozen=True):
    """A value on record that the file would change."""

    key: str
    name: str
    day: str
    before: str
    after: str
    needs_reason: bool
    row: int
    choice: Choice
    trouble: str


class ColumnLine(msgspec.Struct, frozen=True):
    """A column that a person may name: its header, how an answer calls it, and what it is read as now."""

    header: str
    key: str
    field: str


# what a person may say that a column is
FIELDS = {
    "name": "The name", "last_name": "The last name", "first_name": "The first name", "participant_id": "Your number",
    "case_number": "The case number", "session_date": "The date of the class", "status": "Whether the person came",
    "time_in": "When the person arrived", "signature": "A signature", "group": "The group", "reason": "The reason",
    "note": "A note", "ignored": "Nothing of these",
}  # fmt: skip


class KindPage(msgspec.Struct, frozen=True):
    """One kind of sheet and what was settled about it; ``people``: a name and whom it means, in words."""

    kind: Kind
    program: str
    people: tuple[tuple[str, str], ...]
    meanings: tuple[tuple[str, str], ...] = tuple(LABELS.items())


class RowLine(msgspec.Struct, frozen=True):
    """One cell of the file in a list."""

    sheet: str
    row: int
    name: str
    day: str
    says: str
    note: str
    ours: int | None = None
    differs: bool = False


class RowsPage(msgspec.Struct, frozen=True):
    """One page of the rows with one outcome; ``page`` counts from 1."""

    outcome: str
    rows: tuple[RowLine, ...]
    page: int
    pages: int
    total: int


class Problem(msgspec.Struct, frozen=True):
    """An error, and in how many more rows the same answer is missing, or of the same row the same is wrong."""

    message: Message
    more: int


class CheckPage(msgspec.Struct, frozen=True, kw_only=True):
    """One file: what it would do, what needs a person, what was done."""

    id: int
    file_name: str
    state: str
    state_words: str
    uploaded_at: datetime
    layout: str
    check: Check
    answers: Answers
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]
    more_problems: int
    changes: tuple[Change, ...]
    warnings: tuple[Problem, ...]
    rows: RowsPage
    saves: int
    can_undo: bool
    why_not_undo: str
    receipt: str | None
    saved_at: datetime | None
    saved: int
    has_problem_file: bool
    remembered: tuple[str, ...] = ()
    columns: tuple[ColumnLine, ...] = ()
    absences: int = 0

    @property
    def heading(self) -> str:
        """What the page is called."""
        if self.is_open:
            return "Check your file"
        return "This file could not be used" if self.state == "REFUSED" else f"Upload {self.receipt or ''}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered, saved or deleted."""
        return self.state in OPEN

    @property
    def has_drafts(self) -> bool:
        """Whether the file holds reports or totals, and no attendance."""
        return self.check.layout in ("C", "R")

    @property
    def need_you(self) -> int:
        """How many things wait for a person."""
        return len(self.questions) + len(self.problems) + self.more_problems + bool(self.columns)


def uploads_page(session: Session, agency_id: int) -> UploadsPage:
    """The newest fifty uploads of the agency; deleted ones are not shown."""
    rows = session.execute(
        select(Upload.id, Upload.file_name, Upload.state, Upload.uploaded_at, Upload.receipt, Upload.check)
        .where(Upload.state != "DISCARDED")
        .order_by(Upload.uploaded_at.desc())
        .limit(50)
    )
    programs = tuple(programs_of(session, agency_id))
    groups = session.execute(
        select(Group.id, Group.code, Group.program_id)
        .where(Group.program_id.in_([program.id for program in programs]))
        .order_by(Group.code)
    )
    return UploadsPage(programs, tuple(GroupLine(*row) for row in groups), tuple(_line(*row) for row in rows))


def kinds_page(session: Session, agency_id: int) -> tuple[KindPage, ...]:
    """What the agency's programs have settled once, a kind of sheet each."""
    names = {program.id: program.name for program in programs_of(session, agency_id)}
    return tuple(_kind_page(session, kind, names) for kind in kinds_of(session, agency_id))


def _kind_page(session: Session, kind: Kind, names: Mapping[int, str]) -> KindPage:
    roster = read_roster(session, kind.program_id)
    named = {member.code: member.name for member in roster.members}
    shown = visible(kind.remembered, roster)
    people = tuple((name, named.get(alias.code, "not on your roster")) for name, alias in shown.items())
    return KindPage(kind, names.get(kind.program_id, ""), people)


def _line(key: int, file_name: str, state: str, at: datetime, receipt: str | None, check: dict[str, int]) -> UploadLine:
    waiting = check.get("held", 0) + check.get("changed", 0) + len(check.get("errors", ()))  # type: ignore[arg-type]
    return UploadLine(
        key, file_name, state, STATES[state], at, receipt, check.get("new", 0), check.get("same", 0),
        waiting if state in OPEN else 0,
    )  # fmt: skip


def check_page(session: Session, upload: Upload, by: Receiver, shown: str = "new", number: int = 1) -> CheckPage:
    """One upload as its page shows it. ``shown``: which rows are listed; ``number``: which hundred of them."""
    check, answers = check_of(upload), answers_of(upload)
    asked = [message for message in check.errors if message.options]
    others = _by_row(message for message in check.errors if not message.ask)
    changes = _changes(session, upload, answers)
    counts = Counter(message.ask for message in check.errors)
    undoable = why_not_undo(session, upload, by) if upload.state == "SAVED" else ""
    return CheckPage(
        id=upload.id, file_name=upload.file_name, state=upload.state, state_words=STATES[upload.state],
        uploaded_at=upload.uploaded_at, layout=_layout(check), check=check, answers=answers,
        questions=check.questions,
        problems=(
            *(Problem(message, counts[message.ask] - 1) for message in asked),
            *others[:PAGE],
        ),
        more_problems=max(0, len(others) - PAGE), changes=changes, warnings=_warnings(check.warnings),
        rows=_rows(session, upload, shown if shown in SHOWN else "new", number),
        saves=check.new + sum(change.choice.use for change in changes),
        can_undo=upload.state == "SAVED" and not undoable, why_not_undo=undoable,
        receipt=upload.receipt, saved_at=upload.saved_at, saved=_saved(session, upload),
        has_problem_file=bool(upload.content and (check.errors or check.held)),
        columns=_columns(check, answers), absences=_absences(session, upload),
        remembered=told(kind_for(session, upload.program_id, check.shape), answers),
    )  # fmt: skip


def _columns(check: Check, answers: Answers) -> tuple[ColumnLine, ...]:
    fields = {header: field for field, header in check.mapping.items() if isinstance(header, str)}
    return tuple(
        ColumnLine(header, fold_header(header), answers.columns.get(fold_header(header), fields.get(header, "")))
        for header in check.matchable
    )


def _layout(check: Check) -> str:
    return next((layout.title for layout in (*LAYOUTS, REPORTS) if layout.letter == check.layout), "")


def _saved(session: Session, upload: Upload) -> int:
    if upload.state not in ("SAVED", "UNDONE"):
        return 0
    written = [UploadRow.upload_id == upload.id, UploadRow.outcome.in_(("new", "changed"))]
    if check_of(upload).layout not in ("C", "R"):
        written.append(UploadRow.attendance_id.is_not(None))
    return session.scalar(select(func.count(UploadRow.id)).where(*written)) or 0


def _absences(session: Session, upload: Upload) -> int:
    """How many of the saved records are absences: they lie before the officers, and nothing else is told of them."""
    if upload.state != "SAVED":
        return 0
    rows = select(func.count(UploadRow.id)).where(
        UploadRow.upload_id == upload.id, UploadRow.attendance_id.is_not(None), UploadRow.says.in_(ABSENT),
        UploadRow.outcome.in_(("new", "changed")),
    )
    return session.scalar(rows) or 0


def _by_row(errors: Iterable[Message]) -> list[Problem]:
    """The same words about one row, of which each class is refused for the same reason, are one problem."""
    found: dict[tuple[str, int, str, str], list[Message]] = {}
    for message in errors:
        found.setdefault((message.sheet, message.row, message.code, message.what), []).append(message)
    return [Problem(messages[0], len(messages) - 1) for messages in found.values()]


def _warnings(warnings: Sequence[Message]) -> tuple[Problem, ...]:
    """Each once: the same words about the same person in many rows are one line with a count."""
    found: dict[tuple[str, str], list[Message]] = {}
    for message in warnings:
        found.setdefault((message.code, message.what), []).append(message)
    return tuple(Problem(messages[0], len(messages) - 1) for messages in found.values())[:PAGE]


def _changes(session: Session, upload: Upload, answers: Answers) -> tuple[Change, ...]:
    rows = session.execute(
        select(UploadRow.row, UploadRow.says, UploadRow.occurred_on, UploadRow.content)
        .where(UploadRow.upload_id == upload.id, UploadRow.outcome == "changed")
        .order_by(UploadRow.sheet, UploadRow.row, UploadRow.id)
        .limit(PAGE)
    )
    return tuple(_change(row, says or "", on, content, answers) for row, says, on, content in rows)


def _change(row: int, says: str, on: date | None, content: dict[str, str], answers: Answers) -> Change:
    choice = answers.changes.get(content["key"], Choice())
    needed = takes_back(content["before"], says)
    return Change(
        key=content["key"], name=content["name"], day=in_words(on), before=LABELS.get(content["before"], ""),
        after=LABELS.get(says, says), needs_reason=needed, row=row, choice=choice,
        trouble=_trouble(choice, needed),
    )  # fmt: skip


def _trouble(choice: Choice, needs_reason: bool) -> str:
    """What is wrong with a chosen change's reason."""
    if choice.use and needs_reason and not choice.reason.strip():
        return "Say in a few words why this changes."
    if choice.use and not is_clean(choice.reason):
        return "Leave out victims and partners, addresses and numbers."
    return ""


def _rows(session: Session, upload: Upload, outcome: str, number: int) -> RowsPage:
    here = (UploadRow.upload_id == upload.id, UploadRow.outcome == outcome)
    total = session.scalar(select(func.count(UploadRow.id)).where(*here)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    rows = session.execute(
        select(UploadRow.sheet, UploadRow.row, UploadRow.occurred_on, UploadRow.says, UploadRow.content)
        .where(*here)
        .order_by(UploadRow.sheet, UploadRow.row, UploadRow.occurred_on, UploadRow.id)
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    lines = tuple(
        RowLine(sheet, row, content["name"], in_words(on), LABELS.get(says or "", content["found"]), content["note"],
                content.get("ours"), content.get("differs", False))
        for sheet, row, on, says, content in rows
    )
    return RowsPage(outcome, lines, number, pages, total)
