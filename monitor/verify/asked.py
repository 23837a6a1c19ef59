"""What somebody typed: a name or a number, and what goes with it. Nothing of it is kept or logged but the incident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from monitor.coded import is_incident
from monitor.names import Key, first_last, joined, key_of, sides_of, wide_keys, words_of


class Asked(msgspec.Struct, frozen=True):
    """One question. Opaque in text: what was typed is not printed."""

    words: str
    born_on: date | None = None
    incident: str = ""

    @property
    def number(self) -> str | None:
        """The case or order number, if it is one: anything with a digit in it."""
        return self.words.strip() if any(letter.isdigit() for letter in self.words) else None

    @property
    def key(self) -> Key | None:
        """The name as it compares. One word is a name where a comma, or FNU, says that it is all: nobody is looked for
        by half a name."""
        found = None if self.number else key_of(self.words)
        whole = "," in self.words or len(words_of(self.words)) > 1
        return found if whole else None

    @property
    def keys(self) -> frozenset[str]:
        """What is looked for: the name as it was typed."""
        return frozenset((first_last(*self.key), self._as_before)) if self.key else frozenset()

    @property
    def wider(self) -> frozenset[str]:
        """And the same words in another order or joined: people who may be somebody else."""
        return wide_keys(self.words) - self.keys if self.key else frozenset()

    @property
    def _as_before(self) -> str:
        """The key of a row that was written before letters like ı were folded, or FNU left out (`name_keys`)."""
        return first_last(*key_of(self.words, {}, frozenset()) or ())

    def is_name(self, given: str, middle: str | None, family: str) -> bool:
        """Whether this is the whole name and not only one like it; the middle name may be left out.

        A comma says which is the family name: swapped it is another. Without one either may go first.
        """
        givens = {joined(given), joined(given, middle)}
        if sides_of(self.words):
            before, _, after = self.words.partition(",")
            return joined(before) == joined(family) and joined(after) in givens
        last = joined(family)
        return joined(self.words) in {either for one in givens for either in (one + last, last + one)}

    def agrees(self, given: str, middle: str | None, family: str, suffix: str | None = None) -> bool:
        """Whether somebody born on that day is meant for sure: the whole last name and the first given one, and no
        further word that says another. Further given names may be left out on either side, or be initials."""
        lasts = {joined(family), joined(family, suffix)}
        known = [*words_of(given), *words_of(middle or "")]
        return self.is_name(given, middle, family) or any(
            last in lasts and _same_givens(typed, known) for last, typed in self._cuts()
        )

    def _cuts(self) -> Iterator[tuple[str, list[str]]]:
        """The last name, joined, and the given ones: as a comma says, or each way to cut the words in two."""
        if sides := sides_of(self.words):
            yield "".join(sides[0]), sides[1]
            return
        words = words_of(self.words)
        for at in range(1, len(words)):
            yield "".join(words[:at]), words[at:]
            yield "".join(words[at:]), words[:at]

    def __repr__(self) -> str:
        return "<asked>"


def _same_givens(typed: list[str], known: list[str]) -> bool:
    pairs = list(zip(typed, known, strict=False))
    return pairs[:1] == [(one, one) for one in typed[:1]] and all(
        one == other or (one[0] == other[0] and 1 in (len(one), len(other))) for one, other in pairs
    )


def _day(text: str) -> date | None:
    """As people say it here, month first and the year whole, or as a machine does."""
    for form in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def read(words: str, born: str, incident: str) -> tuple[Asked | None, dict[str, str]]:
    """The question, or what is wrong with it by field."""
    wrong, born_on = {}, None
    if born.strip():
        born_on = _day(born.strip())
        if born_on is None:
            wrong["born"] = "Give the date of birth as month/day/year, like 5/17/1990, or leave it out."
    call = incident.strip().upper()
    if call and not is_incident(call):
        wrong["incident"] = "Give the incident number alone, like 26-1187, or leave it out."
    asked = Asked(words, born_on, call[:24])
    if asked.number is None and asked.key is None:
        wrong["words"] = "Type a name as Last, First (with one name: Last and a comma), or a case or order number."
    return (None, wrong) if wrong else (asked, {})
