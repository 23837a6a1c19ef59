"""Ask once, remember: what a program has settled about a kind of sheet, used where nothing has changed since.

What was settled about a name holds only as long as nobody has joined who could be meant by it too. The date of week 1
holds only where the sheet goes on with classes that are on record: a new term's sheet looks the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.intake.answers import Answers
from monitor.intake.cells.dates import read_date
from monitor.intake.cells.headers import session_header
from monitor.intake.cells.people import fold
from monitor.intake.cells.statuses import LABELS
from monitor.intake.check import Check, Judged
from monitor.intake.judging.beside import is_of_one_note
from monitor.intake.judging.messages import in_words
from monitor.intake.roster import BORN, NOBODY, Roster
from monitor.intake.shapes import Shape
from monitor.models import SheetProfile, Upload

MOST = 500
MAPS = ("values", "columns")


class Alias(msgspec.Struct, frozen=True):
    """Whom a name means; ``among``: who bore one of its words when it was settled."""

    code: str
    among: tuple[str, ...] = ()


class Remembered(msgspec.Struct, frozen=True):
    """Answers that outlive one file."""

    values: dict[str, str] = {}
    columns: dict[str, str] = {}
    people: dict[str, Alias] = {}
    day_first: bool | None = None
    week_one: date | None = None


class Kind(msgspec.Struct, frozen=True):
    """One kind of sheet in the program's list."""

    id: int
    program_id: int
    columns: str
    remembered: Remembered
    settled_at: datetime
    used_at: datetime | None


def kinds_of(session: Session, agency_id: int) -> list[Kind]:
    """Every kind that the agency's programs have settled anything about, the newest first."""
    rows = session.scalars(
        select(SheetProfile).where(SheetProfile.agency_id == agency_id).order_by(SheetProfile.settled_at.desc())
    )
    return [_kind(row) for row in rows]


def find_kind(session: Session, kind_id: int) -> SheetProfile | None:
    """One of them, within reach."""
    return session.scalar(select(SheetProfile).where(SheetProfile.id == kind_id))


def remembered_of(profile: SheetProfile) -> Remembered:
    """What is remembered of a kind."""
    return msgspec.convert(profile.answers, Remembered, strict=False)


def recall(session: Session, program_id: int, signature: str, roster: Roster) -> Answers:
    """What still holds of what was settled about this kind of sheet."""
    profile = _find(session, program_id, signature)
    if profile is None:
        return Answers()
    kept = remembered_of(profile)
    people = {name: alias.code for name, alias in kept.people.items() if alias.among == _bearers(name, roster)}
    return Answers(values=kept.values, people=people, columns=kept.columns, day_first=kept.day_first,
                   week_one=kept.week_one)  # fmt: skip


def still_holding(recalled: Answers, check: Check, rows: Iterable[Judged], today: date) -> Answers:
    """Without what this sheet shows not to hold for it: the date of week 1, where it does not go on with classes on
    record or contradicts one; the order of day and month, where a day is one only the other way round."""
    goes_on = check.same > 0 and check.changed == 0
    refused = [_day_in(one.found, today) for one in rows if one.code == "R-DATE-UNREADABLE"]
    turned = recalled.day_first is not None and any(
        read_date(text, today, day_first=not recalled.day_first).on for text in refused
    )
    return msgspec.structs.replace(
        recalled, week_one=recalled.week_one if goes_on else None, day_first=None if turned else recalled.day_first
    )


def _day_in(text: str, today: date) -> str:
    """The day in the name of a column: "Week 3 (16/11)"."""
    column = session_header(text, today)
    return column.day if column and column.day else text


def remember(session: Session, upload: Upload, before: Answers, after: Answers, shape: Shape, roster: Roster,
             now: datetime) -> None:  # fmt: skip
    """Keep what was settled between ``before`` and ``after`` for the next sheet of this kind."""
    fresh = _fresh(before, after, roster)
    if not shape.signature or fresh == Remembered():
        return
    profile = _find(session, upload.program_id, shape.signature)
    if profile is None:
        profile = SheetProfile(
            agency_id=upload.agency_id, program_id=upload.program_id, signature=shape.signature, columns=shape.columns,
            answers={}, settled_at=now, settled_by_id=upload.uploaded_by_id, used_at=now,
        )  # fmt: skip
        session.add(profile)
    settle(profile, _joined(remembered_of(profile), fresh), now, upload.uploaded_by_id)
    session.flush()


def settle(profile: SheetProfile, remembered: Remembered, now: datetime, user_id: int | None) -> None:
    """Write what is remembered of a kind from now on."""
    profile.answers = msgspec.to_builtins(remembered)
    profile.settled_at, profile.settled_by_id = now, user_id


def visible(remembered: Remembered, roster: Roster) -> dict[str, Alias]:
    """The names that whoever looks may read of: of nobody, and of people who are there for them."""
    codes = {member.code for member in roster.members}
    return {name: alias for name, alias in remembered.people.items() if alias.code in codes or alias.code == NOBODY}


def changed(remembered: Remembered, form: Mapping[str, str], week_one: date | None, roster: Roster) -> Remembered:
    """What the page of kinds was sent: an emptied field forgets that answer; nothing new can be added there.

    Names that whoever edits may not read of stay as they are.
    """
    shown = visible(remembered, roster)
    values = {sign: form.get(f"values.{sign}", "") for sign in remembered.values}
    people = {name: form.get(f"people.{name}", "") for name in remembered.people}
    said = {"yes": True, "no": False}.get(form.get("day_first", ""))
    return Remembered(
        values={sign: code for sign, code in values.items() if code in LABELS},
        columns=remembered.columns if form.get("columns", "keep") == "keep" else {},
        people={name: remembered.people[name] for name, keep in people.items() if keep == "keep" or name not in shown},
        day_first=said if remembered.day_first is not None else None,
        week_one=week_one if remembered.week_one is not None else None,
    )  # fmt: skip


def told(remembered: Remembered, answers: Answers) -> tuple[str, ...]:
    """What of an upload's answers comes from an earlier sheet, in words."""
    found = [f"“{sign.upper()}” means {LABELS.get(code, code)}" for sign, code in remembered.values.items()
             if answers.values.get(sign) == code]  # fmt: skip
    found += [
        f"“{name.title()}” is {'not on your roster' if alias.code == NOBODY else alias.code}"
        for name, alias in remembered.people.items() if answers.people.get(name) == alias.code
    ]  # fmt: skip
    if remembered.day_first is not None and answers.day_first == remembered.day_first:
        found.append("dates are day/month" if remembered.day_first else "dates are month/day")
    if remembered.week_one is not None and answers.week_one == remembered.week_one:
        found.append(f"week 1 is {in_words(remembered.week_one)}")
    return tuple(found)


def _fresh(before: Answers, after: Answers, roster: Roster) -> Remembered:
    values, columns = (
        {key: said for key, said in getattr(after, name).items() if getattr(before, name).get(key) != said}
        for name in MAPS
    )
    values = {sign: said for sign, said in values.items() if not is_of_one_note(sign)}
    people = {
        name: Alias(code, _bearers(name, roster))
        for name, code in after.people.items() if before.people.get(name) != code and f"({BORN}" not in name
    }  # fmt: skip
    return Remembered(
        values, columns, people, after.day_first if after.day_first != before.day_first else None,
        after.week_one if after.week_one != before.week_one else None,
    )  # fmt: skip


def _joined(old: Remembered, new: Remembered) -> Remembered:
    def few(items: dict[str, Any]) -> dict[str, Any]:
        return dict(list(items.items())[-MOST:])

    return Remembered(
        few(old.values | new.values), few(old.columns | new.columns), few(old.people | new.people),
        old.day_first if new.day_first is None else new.day_first, new.week_one or old.week_one,
    )  # fmt: skip


def _bearers(name: str, roster: Roster) -> tuple[str, ...]:
    """Members who bear one of the words of a folded name."""
    words = set(name.split())
    return tuple(sorted(
        member.code for member in roster.members
        if words & {*fold(member.last).split(), *fold(member.first).split()}
    ))  # fmt: skip


def _find(session: Session, program_id: int, signature: str) -> SheetProfile | None:
    return session.scalar(
        select(SheetProfile).where(SheetProfile.program_id == program_id, SheetProfile.signature == signature)
    )


def kind_for(session: Session, program_id: int, signature: str) -> Remembered:
    """What is remembered of a shape; nothing where nothing was settled."""
    profile = _find(session, program_id, signature) if signature else None
    return remembered_of(profile) if profile else Remembered()


def _kind(row: SheetProfile) -> Kind:
    return Kind(row.id, row.program_id, row.columns, remembered_of(row), row.settled_at, row.used_at)
