"""What would this do? The flags that an upload would open or close if it were saved now; nothing is written.

Told is only what follows from the program's own records and the orders (`monitor.compliance.what_if`), about people of
its own roster: a program sees what it reported itself and nothing that another office knows (access matrix, row 11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy.orm import Session

from monitor.compliance.what_if import Effect, Pending, effects
from monitor.flag_review.words import tell
from monitor.intake.answers import Answers
from monitor.intake.check import Judged
from monitor.intake.record.saving import FULL_CLASS, OUTCOMES, Place, is_chosen, read_places
from monitor.intake.uploads import answers_of, examine_kept
from monitor.models import Upload, random_id
from rules.pack_files import Packs

MOST_PEOPLE = 60


class EffectLine(msgspec.Struct, frozen=True):
    """One flag in words: whose, what it is called, what it says, and whether it would open or close."""

    name: str
    title: str
    sentence: str
    opens: bool


class Effects(msgspec.Struct, frozen=True):
    """``too_many``: the upload is about more people than are looked at before saving."""

    lines: tuple[EffectLine, ...] = ()
    people: int = 0
    too_many: bool = False

    @property
    def opened(self) -> int:
        """How many flags would open."""
        return sum(line.opens for line in self.lines)

    @property
    def closed(self) -> int:
        """How many flags would close."""
        return len(self.lines) - self.opened


class Asked(msgspec.Struct, frozen=True):
    """Classes that would be written, and the names of the people by case."""

    pending: tuple[Pending, ...]
    names: Mapping[int, str]


def would_write(session: Session, upload: Upload, today: date) -> Asked:
    """What saving would write. Call with the program's own session: it sees whom the program sees."""
    rows = examine_kept(session, upload, today).rows
    return pending_of(rows, answers_of(upload), read_places(session, upload.program_id))


def pending_of(rows: Sequence[Judged], answers: Answers, places: Mapping[int, Place]) -> Asked:
    """The chosen rows as the record would hold them."""
    pending, names = [], {}
    for one in rows:
        if not is_chosen(one, answers) or one.member is None or one.on is None:
            continue
        place = places[one.member.key]
        names[place.case_id] = one.member.name
        pending.append(
            Pending(
                id=random_id(), case_id=place.case_id, enrollment_id=one.member.key, on=one.on, number=one.number,
                outcome=OUTCOMES[one.says], kind="INTAKE" if one.says == "I" else "GROUP",
                supersedes=one.replaces if one.outcome == "changed" else None,
                minutes=place.minutes_on(one.on) if one.says in FULL_CLASS else None, minutes_late=one.minutes_late,
                makeup_for=one.makeup_for,
            )
        )  # fmt: skip
    return Asked(tuple(pending), names)


def effects_of(session: Session, asked: Asked, agency_id: int, packs: Packs, now: datetime) -> Effects:
    """The flags, in words. ``session``: the machine's own, reading; what it hands on is narrowed by `what_if`."""
    if len(asked.names) > MOST_PEOPLE:
        return Effects(people=len(asked.names), too_many=True)
    found = effects(session, agency_id, asked.pending, packs, now)
    return Effects(tuple(_line(one, asked.names, now) for one in found), len(asked.names))


def _line(effect: Effect, names: Mapping[int, str], now: datetime) -> EffectLine:
    told = tell(effect.code, effect.content, now)
    return EffectLine(names[effect.case_id], told.title, told.sentence, effect.opens)
