"""From a checked file to attendance on the record: exactly what the check said, all of it or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.group_days import Turn, group_days, turn_on
from monitor.intake.answers import Answers
from monitor.intake.cells.statuses import takes_back
from monitor.intake.check import Check, Judged
from monitor.intake.examine import Examined
from monitor.intake.portions import AT_ONCE, let_go, parts
from monitor.intake.receiver import Receiver
from monitor.intake.record.covering import cover
from monitor.intake.record.deciding import decide_by_policy
from monitor.intake.record.standing import lock_program
from monitor.intake.uploads import OPEN, NotOpen, answers_of, check_of, examine_kept, keep_check
from monitor.models import Attendance, Enrollment, Group, GroupSession, Upload, UploadRow, random_id
from monitor.safety_lint import is_clean
from monitor.webhooks.announcing import announce

OUTCOMES = {
    "P": "PRESENT", "M": "PRESENT", "I": "PRESENT", "L": "PRESENT_LATE", "LN": "LEFT_EARLY", "D": "SENT_AWAY_BEHAVIOUR",
    "SX": "SENT_AWAY_PROVIDER", "E": "ABSENT", "U": "ABSENT", "ABS": "ABSENT", "J": "ABSENT", "C": "SESSION_CANCELLED",
}  # fmt: skip
FULL_CLASS = frozenset({"P", "M"})


class Saved(msgspec.Struct, frozen=True):
    """What was done. ``check_again``: the record has changed since the check; nothing was saved, the check is new.

    ``reasons_missing`` and ``reasons_unsafe``: keys of chosen changes whose reason has to be given, or given in other
    words; nothing was saved. ``drafts``: what was kept are drafts of reports, no attendance.
    """

    count: int = 0
    receipt: str = ""
    check_again: bool = False
    reasons_missing: tuple[str, ...] = ()
    reasons_unsafe: tuple[str, ...] = ()
    drafts: bool = False


class Place(msgspec.Struct, frozen=True):
    """What an attendance row needs to know of an enrollment. ``minutes``: how long a class takes, by group."""

    case_id: int
    turns: tuple[Turn, ...]
    minutes: Mapping[int | None, int]

    def group_on(self, day: date) -> int | None:
        """Its group on a day."""
        return turn_on(self.turns, day).group_id

    def minutes_on(self, day: date) -> int | None:
        """How long the class of its group takes on a day."""
        return self.minutes.get(self.group_on(day))


def save(session: Session, upload: Upload, by: Receiver) -> Saved:
    """Write new rows, and changed ones that a person chose to take from the file. Call in a write transaction.

    Raises `NotOpen` where it was saved or dropped before. Bad rows do not stop good ones.
    """
    session.flush()
    lock_program(session, upload.program_id)
    session.refresh(upload)
    if upload.state not in OPEN:
        raise NotOpen
    examined = examine_kept(session, upload, by.today, line_by_line=by.line_by_line)
    answers = answers_of(upload)
    if _differs(examined.check, check_of(upload)):
        keep_check(session, upload, examined)
        return Saved(check_again=True)
    if examined.drafts:
        return _keep_drafts(session, upload, examined, by)
    missing, unsafe = reasons_missing(examined.rows, answers), reasons_unsafe(answers)
    if missing or unsafe:
        return Saved(reasons_missing=missing, reasons_unsafe=unsafe)
    return _write(session, upload, examined, answers, by)


def _keep_drafts(session: Session, upload: Upload, examined: Examined, by: Receiver) -> Saved:
    """Drafts of reports stay with the upload until somebody reviews and signs them; no attendance is written."""
    upload.receipt, upload.state, upload.saved_at = new_receipt(), "SAVED", by.now
    if not examined.check.errors:
        upload.content = None
    _told(session, upload, by)
    return Saved(len(examined.drafts), upload.receipt, drafts=True)


def _told(session: Session, upload: Upload, by: Receiver) -> None:
    """The program's own software may ask our API for this very sheet."""
    session.flush()
    announce(session, [by.agency_id], "sheet.saved", f"sheet:{upload.id}", by.now, about=upload.id)


def reasons_missing(rows: Sequence[Judged], answers: Answers) -> tuple[str, ...]:
    """Keys of chosen changes that take back an absence without saying why."""
    return tuple(
        one.key
        for one in rows
        if one.outcome == "changed" and takes_back(one.before, one.says)
        and (choice := answers.changes.get(one.key)) and choice.use and not choice.reason.strip()
    )  # fmt: skip


def reasons_unsafe(answers: Answers) -> tuple[str, ...]:
    """Keys of choices whose reason may tell of a protected person (safeguard T-A2)."""
    return tuple(key for key, choice in answers.changes.items() if choice.use and not is_clean(choice.reason))


def _differs(now: Check, before: Check) -> bool:
    """Whether the check a person saw is no longer true."""
    told = ("new", "same", "changed", "held", "skipped", "records")
    return any(getattr(now, name) != getattr(before, name) for name in told)


def _write(session: Session, upload: Upload, examined: Examined, answers: Answers, by: Receiver) -> Saved:
    chosen = [one for one in examined.rows if is_chosen(one, answers) and one.member is not None and one.on is not None]
    upload.receipt, upload.state, upload.saved_at = new_receipt(), "SAVED", by.now
    if not (examined.check.errors or examined.check.held):
        upload.content = None  # the problem file is all that it would still be needed for
    _told(session, upload, by)
    places, meetings = read_places(session, upload.program_id), _meetings(session, upload.program_id)
    made: dict[tuple[str, int, str], int] = {}
    for part in parts(chosen):
        facts = [_fact(upload, one, places[one.member.key], meetings, answers, by) for one in part if one.member]
        session.add_all(facts)
        session.flush()
        decide_by_policy(session, facts, by)
        made |= {(one.sheet[:60], one.row, one.column[:60]): fact.id for one, fact in zip(part, facts, strict=True)}
        let_go(session, facts)
    _point_rows(session, upload, made)
    if answers.everyone:
        cover(session, upload, examined.rows, by)
    session.flush()
    return Saved(len(chosen), upload.receipt)


def is_chosen(one: Judged, answers: Answers) -> bool:
    """Whether saving writes this row."""
    choice = answers.changes.get(one.key)
    return one.outcome == "new" or (one.outcome == "changed" and choice is not None and choice.use)


def _fact(
    upload: Upload, one: Judged, place: Place, meetings: Mapping[tuple[int | None, date], int], answers: Answers,
    by: Receiver,
) -> Attendance:  # fmt: skip
    choice, on = answers.changes.get(one.key), one.on
    if one.member is None or on is None:
        raise ValueError("only a row of somebody and of a day is written")
    return Attendance(
        id=random_id(), case_id=place.case_id, agency_id=upload.agency_id, enrollment_id=one.member.key,
        group_session_id=meetings.get((place.group_on(on), on)), occurred_on=on, number=one.number,
        outcome=OUTCOMES[one.says], program_says=one.says, minutes_late=one.minutes_late,
        session_kind="INTAKE" if one.says == "I" else "GROUP", makeup_for_on=one.makeup_for,
        minutes=place.minutes_on(on) if one.says in FULL_CLASS else None, note=one.note or None,
        source=f"{upload.file_name[-100:]}:{one.row}", upload_id=upload.id, recorded_at=by.now,
        recorded_by_id=by.user_id, supersedes_id=one.replaces if one.outcome == "changed" else None,
        reason=choice.reason.strip()[:300] or None if choice and one.outcome == "changed" else None,
    )  # fmt: skip


def read_places(session: Session, program_id: int) -> dict[int, Place]:
    """By enrollment: its case, its groups and how long a class takes."""
    rows = session.execute(
        select(Enrollment.id, Enrollment.case_id, Enrollment.group_id).where(Enrollment.program_id == program_id)
    ).all()
    lasting = session.execute(select(Group.id, Group.minutes).where(Group.program_id == program_id))
    minutes: dict[int | None, int] = {group: long for group, long in lasting}
    turns = group_days(session, {row.id: row.group_id for row in rows})
    return {row.id: Place(row.case_id, turns[row.id], minutes) for row in rows}


def _meetings(session: Session, program_id: int) -> dict[tuple[int | None, date], int]:
    rows = session.execute(
        select(GroupSession.group_id, GroupSession.held_on, GroupSession.id)
        .join(Group, Group.id == GroupSession.group_id)
        .where(Group.program_id == program_id, GroupSession.number == 1)
    )
    return {(group_id, held_on): key for group_id, held_on, key in rows}


def _point_rows(session: Session, upload: Upload, made: Mapping[tuple[str, int, str], int]) -> None:
    """Link each row of the file to the record it became, some at a time."""
    wanted = UploadRow.upload_id == upload.id, UploadRow.outcome.in_(("new", "changed"))
    last = -1
    while rows := session.scalars(
        select(UploadRow).where(*wanted, UploadRow.id > last).order_by(UploadRow.id).limit(AT_ONCE)
    ).all():
        for row in rows:
            row.attendance_id = made.get((row.sheet, row.row, row.column))
        last = rows[-1].id
        session.flush()
        let_go(session, rows)


def new_receipt() -> str:
    """A number to read over the telephone: "3F9A2C-207"."""
    return f"{secrets.token_hex(3).upper()}-{secrets.randbelow(900) + 100}"

