"""What a report to the court says, assembled from the record: never typed, so that it can be compared and hashed.

Every row relied on, the rows that were looked at and do not count, and whatever else in the file speaks for the person
(safeguard F6). Each line says its source and how that source knows it (F13).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.helps import dismissed_before, helps
from monitor.allegations.lines import Line, line_of
from monitor.flag_review.reading import flag_page
from monitor.wording import short_day
from rules.sayings import Language

ASKED_FOR: Final = {
    "title": "what it is called", "code": "its code", "response_class": "its class", "provision": "the rule",
    "first_on": "its day", "due_on": "the day it was due",
}  # fmt: skip
_ENCODER = msgspec.json.Encoder(order="sorted")


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """One reviewed flag, in words."""

    flag_id: int
    version: str
    code: str
    response_class: str | None
    title: str
    sentence: str
    provision: str
    first_on: date
    due_on: date | None
    rows: tuple[Line, ...]
    not_counted: tuple[Line, ...]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything assembled. ``helps``: what speaks for the person; ``dismissed``: like questions, dismissed before."""

    matters: tuple[Matter, ...]
    helps: tuple[Line, ...]
    dismissed: tuple[Line, ...]

    @property
    def hash(self) -> str:
        """SHA-256 of the whole content: a draft made on other facts has another."""
        return hashlib.sha256(_ENCODER.encode(self)).hexdigest()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it relies on, as evidence."""
        return tuple(line for matter in self.matters for line in matter.rows)


def facts_of(
    session: ScopedSession, flags: Sequence[int], case_id: int, zone: str, now: datetime, language: Language = "en"
) -> Facts:
    """Assemble what the record says now of reviewed flags of one case."""
    return Facts(
        matters=matters_of(session, flags, now, language),
        helps=helps(session, case_id, zone, language), dismissed=dismissed_before(session, case_id, flags, now, zone),
    )  # fmt: skip


def matters_of(
    session: ScopedSession, flags: Sequence[int], now: datetime, language: Language = "en"
) -> tuple[Matter, ...]:
    """What the record says now of flags, each in words."""
    matters = (_matter(session, flag_id, now, language) for flag_id in flags)
    return tuple(matter for matter in matters if matter is not None)


def of_matters(matters: Sequence[Matter]) -> Facts:
    """Matters alone, to compare with others."""
    return Facts(matters=tuple(matters), helps=(), dismissed=())


def _matter(session: ScopedSession, flag_id: int, now: datetime, language: Language) -> Matter | None:
    page = flag_page(session, flag_id, now, language=language)
    if page is None:
        return None
    return Matter(
        flag_id=page.id, version=page.version, code=page.code, response_class=page.response_class, title=page.title,
        sentence=page.sentence, provision=page.provision, first_on=page.first_on, due_on=page.due_on,
        rows=tuple(line_of(row, language) for row in page.counting),
        not_counted=tuple(line_of(row, language) for row in page.not_counting),
    )  # fmt: skip


def kept(facts: Facts) -> dict[str, Any]:
    """As a step keeps it."""
    return {"facts": msgspec.to_builtins(facts), "hash": facts.hash}


def read(content: Mapping[str, Any]) -> Facts | None:
    """What a step kept; None: it kept none."""
    return msgspec.convert(content["facts"], Facts) if content and "facts" in content else None


def changes(before: Facts, now: Facts) -> tuple[str, ...]:
    """What differs between two assemblies, in sentences; empty: nothing."""
    return tuple(_changes(before, now)) if before.hash != now.hash else ()


def _changes(before: Facts, now: Facts) -> Iterator[str]:
    was = {matter.flag_id: matter for matter in before.matters}
    stands = {matter.flag_id: matter for matter in now.matters}
    for number in was.keys() - stands.keys():
        yield f"No longer part of it: {was[number].title}."
    for number in stands.keys() - was.keys():
        yield f"New in it: {stands[number].title}."
    for number in sorted(was.keys() & stands.keys()):
        yield from _of_matter(was[number], stands[number])
    old, new = _lines(before), _lines(now)
    yield from (f"No longer so: {line}" for line in old if line not in new)
    yield from (f"New: {line}" for line in new if line not in old)


def _of_matter(was: Matter, now: Matter) -> Iterator[str]:
    """Whatever of one matter an approval is given for: its class and its days as well as its words."""
    if was.sentence != now.sentence:
        yield f"It said: {was.sentence} It now says: {now.sentence}"
    for name, words in ASKED_FOR.items():
        if (before := getattr(was, name)) != (after := getattr(now, name)):
            yield f"{was.title}: {words} was {_value(before)}, and is {_value(after)}."
    if was.version != now.version:
        yield f"{was.title}: the question behind it has changed since. Read it again."


def _value(value: date | str | None) -> str:
    return short_day(value) if isinstance(value, date) else value or "none"


def _lines(facts: Facts) -> list[str]:
    counted = [line.words for matter in facts.matters for line in matter.rows]
    apart = [f"does not count: {line.words}" for matter in facts.matters for line in matter.not_counted]
    return [*counted, *apart, *(line.words for line in (*facts.helps, *facts.dismissed))]
