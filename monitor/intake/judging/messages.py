"""Stable codes into sentences: what was found, why it matters, how to go on. The words: vocabulary/messages.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import msgspec

from monitor.intake.vocabulary import load


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the catalogue, with slots in braces."""

    level: str
    what: str
    why: str = ""
    how: str = ""


class Told(msgspec.Struct, frozen=True):
    """A message in words."""

    level: str
    what: str
    why: str = ""
    how: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(part for part in (self.what, self.why, self.how) if part)


class _Slots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


@cache
def catalogue() -> Mapping[str, Wording]:
    """Code, or code.variant, to wording."""
    return msgspec.convert(load("messages.yaml"), dict[str, Wording])


def tell(code: str, detail: str = "", **slots: str) -> Told:
    """The message for ``code``. A ``detail`` like "columns|500|400" chooses the variant and fills {one} and {two}."""
    variant, *numbers = detail.split("|")
    wording = catalogue().get(f"{code}.{variant}") or catalogue()[code]
    if f"{code}.{variant}" not in catalogue():
        numbers = detail.split("|")
    one, two = [*numbers, "", ""][:2]
    filled = _Slots(slots, detail=detail, one=one, two=two)
    what, why, how = (part.format_map(filled).strip() for part in (wording.what, wording.why, wording.how))
    return Told(wording.level, what, why, how)


def in_words(day: date | None) -> str:
    """"Nov 2, 2026"."""
    return f"{day:%b} {day.day}, {day.year}" if day else ""


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
