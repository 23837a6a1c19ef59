"""Versions of the matrix: a draft, signed by named people, in force from a day, and never changed after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Date, bindparam, func, select
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.models import ResponseMatrix, User
from monitor.models.assessment import LEVELS as ENTERED
from monitor.models.base import UtcInstant, is_id, random_id
from monitor.response_matrix.content import (
    CLOCKS,
    LEVELS,
    NO_CLOCK,
    Cell,
    ClassText,
    Content,
    clock_fault,
    keys,
    lines_fault,
    lines_of,
    read,
    stored,
)
from monitor.response_matrix.default import CITATION, DEFAULT
from monitor.safety_lint import lint
from monitor.wording import short_day

AHEAD: Final = timedelta(days=2 * 365)
FEWEST = 2  # who sign, of two agencies at least: a matrix is the team's and not one office's


class Changed(Exception):
    """The version moved meanwhile, or is not one's own to move. Nothing was written."""


class Signature(msgspec.Struct, frozen=True):
    """Who signed, for whom, and on which day."""

    name: str
    agency: str
    on: date


class SignOff(msgspec.Struct, frozen=True):
    """What is said when a version comes into force: from which day, and when it was and is reviewed."""

    from_on: date | None = None
    review_on: date | None = None
    disparity_on: date | None = None
    why: str = ""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version. ``number`` 0: a draft. ``id`` 0: the sample that nobody adopted. ``ours``: the reader's to move."""

    id: int
    number: int
    content: Content
    source: str
    what_changed: str
    made_at: datetime | None
    made_by: str
    made_by_id: int
    signed: tuple[Signature, ...]
    from_on: date | None
    put_at: datetime | None
    put_by: str
    agency_id: int
    disparity_on: date | None = None
    review_on: date | None = None

    @property
    def adopted(self) -> bool:
        """Whether it is, was or will be in force."""
        return self.number > 0

    @property
    def title(self) -> str:
        """Local matrix version 4, in force from Mon, Mar 2"""
        if not self.id:
            return "Sample matrix, a default to adopt"
        if self.from_on is None:
            return "Signed draft" if self.signed else "Draft"
        return f"Local matrix version {self.number}, in force from {short_day(self.from_on)}"


SAMPLE = Version(
    id=0, number=0, content=DEFAULT, source=CITATION, what_changed="", made_at=None, made_by="", made_by_id=0,
    signed=(), from_on=None, put_at=None, put_by="", agency_id=0,
)  # fmt: skip


def versions(session: Session) -> list[Version]:
    """Every version: drafts first, then by number, the newest first."""
    rows = session.execute(
        select(ResponseMatrix, User.name).join(User, User.id == ResponseMatrix.made_by_id)
        .order_by(ResponseMatrix.number.desc(), ResponseMatrix.made_at.desc())
    ).all()  # fmt: skip
    names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(
        User.id.in_([one.put_by_id for one, _name in rows if one.put_by_id])
    ))}  # fmt: skip
    found = [_version(one, name, names.get(one.put_by_id or 0, "")) for one, name in rows]
    return sorted(found, key=lambda one: (one.adopted, -one.number))


def _version(row: ResponseMatrix, made_by: str, put_by: str) -> Version:
    return Version(
        id=row.id, number=row.number or 0, content=read(row.content), source=row.source,
        what_changed=row.what_changed, made_at=row.made_at, made_by=made_by, made_by_id=row.made_by_id,
        signed=tuple(msgspec.convert(one, Signature) for one in row.signed), from_on=row.in_force_from,
        put_at=row.put_at, put_by=put_by, agency_id=row.agency_id, disparity_on=row.disparity_on,
        review_on=row.review_on,
    )  # fmt: skip


def version(session: Session, matrix_id: int) -> Version | None:
    """One version; None: there is none."""
    return next((one for one in versions(session) if one.id == matrix_id), None) if is_id(matrix_id) else None


def in_force(session: Session, day: date, known_at: datetime | None = None) -> Version:
    """The version in force on a day, of those put in force by ``known_at``; the sample where there is none."""
    if known_at is None:
        row = session.scalars(_in_force(), {"day": day}).first()
    else:
        row = session.scalars(_in_force(known=True), {"day": day, "known_at": known_at}).first()
    return _version(row, "", "") if row else SAMPLE


def review_due(session: ScopedSession, today: date) -> Version | None:
    """The newest version, where it is the reader's office's own and the day of its next review has come."""
    newest = select(ResponseMatrix).where(ResponseMatrix.number.is_not(None)).order_by(ResponseMatrix.number.desc())
    row = session.scalars(newest.limit(1)).first()
    if row is None or row.agency_id != session.scope.agency_id or row.review_on is None or row.review_on > today:
        return None
    return _version(row, "", "")


def number_in_force(session: Session, day: date, known_at: datetime) -> tuple[int, date] | None:
    """Number and first day of the version in force on ``day``, as far as it was put in force by ``known_at``."""
    row = session.execute(_number_in_force(), {"day": day, "known_at": known_at}).first()
    return (row.number, row.in_force_from) if row and row.number and row.in_force_from else None


@cache
def _in_force(*, known: bool = False) -> Any:
    told = select(ResponseMatrix).where(ResponseMatrix.in_force_from <= bindparam("day", type_=Date))
    if known:
        told = told.where(ResponseMatrix.put_at <= bindparam("known_at", type_=UtcInstant()))
    return told.order_by(ResponseMatrix.in_force_from.desc(), ResponseMatrix.number.desc()).limit(1)


@cache
def _number_in_force() -> Any:
    told = ResponseMatrix.in_force_from <= bindparam("day", type_=Date)
    known = ResponseMatrix.put_at <= bindparam("known_at", type_=UtcInstant())
    newest = ResponseMatrix.in_force_from.desc(), ResponseMatrix.number.desc()
    return select(ResponseMatrix.number, ResponseMatrix.in_force_from).where(told, known).order_by(*newest).limit(1)


def draft(session: ScopedSession, zone: str, now: datetime) -> int:
    """Begin a draft from the version in force today, or from the sample; its id."""
    base = in_force(session, local_day(now, zone))
    source = CITATION if not base.id else f"Drawn from version {base.number}."
    row = ResponseMatrix(
        id=random_id(), agency_id=session.scope.agency_id, number=None, content=stored(base.content), source=source,
        what_changed="", made_at=now, made_by_id=session.scope.user_id, signed=[], in_force_from=None, put_at=None,
        put_by_id=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _own_draft(session: ScopedSession, matrix_id: int) -> ResponseMatrix:
    row = session.get(ResponseMatrix, matrix_id, with_for_update=True) if is_id(matrix_id) else None
    if row is None or row.put_at is not None or row.agency_id != session.scope.agency_id:
        raise Changed
    return row


def edit_class(session: ScopedSession, matrix_id: int, name: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Write one class of a draft as typed, or return what is wrong, by field; raises `Changed`."""
    row = _own_draft(session, matrix_id)
    if row.signed:
        raise Changed
    content, faults, cells = read(row.content), dict[str, str](), dict[str, Cell]()
    for field in ("meaning", "examples"):
        if not typed.get(field, "").strip():
            faults[field] = "Say it in a few words."
    clocks = {clock: " ".join(typed.get(f"clock.{clock}", "").lower().split()) for clock in CLOCKS}
    clocks["decide"] = clocks["decide"] or NO_CLOCK  # a team without a prosecutor leaves it empty
    faults |= {f"clock.{clock}": fault for clock, text in clocks.items() if (fault := clock_fault(text))}
    for level, step, key in keys(name):
        before = content.cells.get(key, Cell())
        here, court = (lines_of(typed.get(f"{where}.{level}.{step}", "")) for where in ("here", "court"))
        for where, lines in (("here", here), ("court", court)):
            if fault := lines_fault(lines) or _unsafe(lines):
                faults[f"{where}.{level}.{step}"] = fault
        cells[key] = Cell(here, court, before.becomes if not here and not court else "")
    if faults:
        return faults
    text = ClassText(typed["meaning"].strip(), typed["examples"].strip(), clocks)
    written = msgspec.structs.replace(
        content, classes={**content.classes, name: text}, cells={**content.cells, **cells}
    )
    row.content = stored(written)
    session.flush()
    return {}


def edit_good_side(
    session: ScopedSession, matrix_id: int, steps: str, incentives: str, columns: Mapping[str, str]
) -> dict[str, str]:
    """Write the good side and the column of each level, or return what is wrong; raises `Changed`."""
    row = _own_draft(session, matrix_id)
    if row.signed:
        raise Changed
    lines = {"steps_met": lines_of(steps), "incentives": lines_of(incentives)}
    faults = {name: fault for name, each in lines.items() if (fault := lines_fault(each) or _unsafe(each))}
    faults |= {name: "Leave at least one." for name, each in lines.items() if not each}
    if not faults:
        told = {level: column for level, column in columns.items() if level in ENTERED and column in LEVELS}
        row.content = stored(msgspec.structs.replace(read(row.content), **lines, columns=told))
        session.flush()
    return faults


def _unsafe(lines: tuple[str, ...]) -> str:
    return "A line may not tell of the protected person." if any(lint(line) for line in lines) else ""


def sign(session: ScopedSession, matrix_id: int, name: str, agency: str, on: date) -> None:
    """Record that somebody of the team signed this text. Raises `Changed`."""
    row = _own_draft(session, matrix_id)
    one = {"name": " ".join(name.split()), "agency": " ".join(agency.split()), "on": on.isoformat()}
    if any((each["name"], each["agency"]) == (one["name"], one["agency"]) for each in row.signed):
        raise Changed
    row.signed, row.signatures = [*row.signed, one], len(row.signed) + 1
    session.flush()


def unsign(session: ScopedSession, matrix_id: int) -> None:
    """Take all signatures off, so that the text can be edited again. Raises `Changed`."""
    row = _own_draft(session, matrix_id)
    row.signed, row.signatures = [], 0
    session.flush()


def force_faults(found: Version, user_id: int, block: SignOff, today: date) -> dict[str, str]:
    """What keeps a draft from coming into force, by field."""
    from_on = block.from_on
    faults, signed = {}, [one for one in found.signed if one.name.strip() and one.agency.strip()]
    if len(signed) < FEWEST or len({one.agency.strip().casefold() for one in signed}) < FEWEST:
        faults["name"] = "At least two people of two agencies sign first: the matrix is the team's."
    if found.made_by_id == user_id:
        faults["from_on"] = "A colleague puts it in force: whoever drafted it does not."
    elif from_on is None:
        faults["from_on"] = "Type the first day as month/day/year."
    elif not today <= from_on <= today + AHEAD:
        passed = "That day has passed. What was decided before goes by the version of then."
        faults["from_on"] = passed if from_on < today else "Choose a first day within two years."
    if not block.why.strip():
        faults["what_changed"] = "Say what changed and why."
    return faults | _review_faults(block, today)


def _review_faults(block: SignOff, today: date) -> dict[str, str]:
    """Of the days of its reviews: the next one lies after its first day, the last one for disparity not ahead."""
    first, faults = block.from_on or today, {}
    if block.review_on is None:
        faults["review_on"] = "Type the day of the next review as month/day/year."
    elif not first < block.review_on <= first + AHEAD:
        faults["review_on"] = "Choose a day after its first one and within two years of it."
    if block.disparity_on is not None and block.disparity_on > today:
        faults["disparity_on"] = "That day has yet to come. Leave it empty until somebody has looked."
    return faults


def put_in_force(session: ScopedSession, matrix_id: int, block: SignOff, zone: str, now: datetime) -> int:
    """From a day on, for good; its number. Raises `Changed`."""
    row = _own_draft(session, matrix_id)
    found = _version(row, "", "")
    if force_faults(found, session.scope.user_id, block, local_day(now, zone)):
        raise Changed
    row.number = (session.scalar(select(func.max(ResponseMatrix.number))) or 0) + 1
    row.what_changed, row.in_force_from = block.why.strip(), block.from_on
    row.review_on, row.disparity_on = block.review_on, block.disparity_on
    row.put_at, row.put_by_id = now, session.scope.user_id
    session.flush()
    return row.number


def drop(session: ScopedSession, matrix_id: int) -> None:
    """Throw a draft away. Raises `Changed`."""
    session.delete(_own_draft(session, matrix_id))
    session.flush()

