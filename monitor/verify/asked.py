"""What somebody typed: a name or a number, and what goes with it. Nothing of it is kept or logged but the incident."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

import msgspec

from monitor.coded import is_incident
from monitor.names import (
    BETWEEN,
    BY_DAY,
    SUFFIXES,
    UNTOLD,
    Key,
    as_said,
    first_last,
    joined,
    key_of,
    sides_of,
    spelled_keys,
    told,
    wide_keys,
    without_suffix,
    words_of,
)
from monitor.verify.run_together import both_keys, headless_keys

A_DAY = re.compile(r"(?<=[\s,])(?:(?:dob|born)\W*)?(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})\s*$", re.IGNORECASE)
LETTERS_OF_A_NUMBER = 3  # CR 2024 0012: no name


class Asked(msgspec.Struct, frozen=True):
    """One question. Opaque in text: what was typed is not printed."""

    words: str
    born_on: date | None = None
    incident: str = ""

    @property
    def number(self) -> str | None:
        """The case or order number, if it is one: something with a figure in it that is not in or behind a name."""
        return self.words.strip() if self.figures and not self._is_named else None

    @property
    def figures(self) -> bool:
        """Whether there is a figure other than in 0'Neal or Smith 3rd."""
        return any(letter.isdigit() for letter in as_said(self.words))

    @property
    def _is_named(self) -> bool:
        words = [word for word in self.words.split() if not any(letter.isdigit() for letter in word)]
        letters = [count for word in words if (count := sum(map(str.isalpha, word))) > 1]
        return "," in self.words or len(letters) > 1 or any(count > LETTERS_OF_A_NUMBER for count in letters)

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
        """And the same words in another order, joined or spelled otherwise: people who may be somebody else."""
        return (wide_keys(self.words) | spelled_keys(self.words)) - self.keys if self.key else frozenset()

    @property
    def run_together(self) -> tuple[frozenset[str], frozenset[str]]:
        """And, of those who have both keys, one of the first and one of the second: two names typed as one."""
        return both_keys(self.words) if self.key else (frozenset(), frozenset())

    @property
    def headless(self) -> frozenset[str]:
        """And, of those with several last names, one of them: Delacruz is de la Cruz García, too."""
        return headless_keys(self.words) - self.keys if self.key else frozenset()

    @property
    def by_day(self) -> frozenset[str]:
        """And, of those born on the day that was typed: somebody of whom one name is on record, or who goes by the
        last of several given names."""
        if self.key is None or self.born_on is None:
            return frozenset()
        bare = {word for word in without_suffix(told(self.words)) if word not in BETWEEN}
        return frozenset((*bare, BY_DAY + first_last(*self.key)))

    @property
    def _as_before(self) -> str:
        """The key of a row that was written before letters like ı were folded, or FNU left out (`name_keys`)."""
        return first_last(*key_of(self.words, {}, frozenset()) or ())

    def is_name(self, given: str, middle: str | None, family: str) -> bool:
        """Whether this is the whole name and not only one like it; the middle name may be left out.

        A comma says which is the family name: swapped it is another. Without one either may go first. Somebody of whom
        half a name is on record (FNU) is never meant for sure by that half.
        """
        half = UNTOLD & {*words_of(given), *words_of(family)}
        return not half and self._is_whole(given, middle, family, joined)

    def agrees(self, given: str, middle: str | None, family: str, suffix: str | None = None) -> bool:
        """Whether somebody born on that day is meant for sure: the whole last name and the first given one, and no
        further word that says another. Further given names may be left out on either side, or be initials, and so may
        Jr.; another suffix is another man, and small words (y, de) between last names say nothing."""
        typed = _suffixes(*self.words.split(",", 1)) if sides_of(self.words) else _suffixes(self.words)
        known = _suffixes(family, given, middle or "") | (SUFFIXES & {*words_of(suffix or "")})
        if typed and known and typed != known:
            return False
        last, givens = without_suffix(told(family)), [*without_suffix(told(given)), *_middle(middle)]
        lasts = [last, [*last, *words_of(suffix or "")]]
        return any(self._is_whole(given, middle, family, join) for join in (joined, _joined_plain)) or any(
            any(_same_last(cut, one) for one in lasts) and _same_givens(rest, givens) for cut, rest in self._cuts()
        )

    def _is_whole(self, given: str, middle: str | None, family: str, join: Callable[..., str]) -> bool:
        givens, last = {join(given), join(given, middle)}, join(family)
        if sides_of(self.words):
            before, _, after = self.words.partition(",")
            return join(before) == last and join(after) in givens
        return join(self.words) in {either for one in givens for either in (one + last, last + one)}

    def _cuts(self) -> Iterator[tuple[list[str], list[str]]]:
        """The last name and the given ones: as a comma says, or each way to cut the words in two."""
        if sides_of(self.words):
            before, _, after = self.words.partition(",")
            yield without_suffix(told(before)), without_suffix(told(after))
            return
        words = without_suffix(told(self.words))
        for at in range(1, len(words)):
            yield words[:at], words[at:]
            yield words[at:], words[:at]

    def __repr__(self) -> str:
        return "<asked>"


def _suffixes(*parts: str) -> frozenset[str]:
    """The suffix words beside names: of a part that is nothing else it is the name."""
    words = [told(part) for part in parts]
    return frozenset(word for part in words if not SUFFIXES.issuperset(part) for word in part if word in SUFFIXES)


def _middle(name: str | None) -> list[str]:
    return [word for word in told(name or "") if word not in SUFFIXES]


def _joined_plain(*names: str | None) -> str:
    return "".join(word for name in names for word in without_suffix(told(name or "")))


def _same_last(typed: list[str], known: list[str]) -> bool:
    return "".join(typed) == "".join(known) or bool(typed) and _without_between(typed) == _without_between(known)


def _without_between(words: list[str]) -> str:
    """Garcia Ortiz of García y Ortiz; de la Cruz is de la Cruz, for its beginning stands between none."""
    first = next((at for at, word in enumerate(words) if word not in BETWEEN), 0)
    return "".join([*words[:first], *(word for word in words[first:] if word not in BETWEEN)])


def _same_givens(typed: list[str], known: list[str]) -> bool:
    pairs = list(zip(typed, known, strict=False))
    return bool(pairs) and pairs[0][0] == pairs[0][1] and all(
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


def _day_apart(words: str, born: str) -> tuple[str, str]:
    """A date of birth behind a name, in the field of its own if nothing stands there: two of them are asked about."""
    day = A_DAY.search(words)
    alone = Asked(words[: day.start()].rstrip() if day else "")
    if day is None or alone.figures or alone.key is None or (born.strip() and _day(born.strip()) != _day(day[1])):
        return words, born
    return alone.words, day[1]


def read(words: str, born: str, incident: str) -> tuple[Asked | None, dict[str, str]]:
    """The question, or what is wrong with it by field."""
    wrong, born_on = {}, None
    words, born = _day_apart(words, born)
    if born.strip():
        born_on = _day(born.strip())
        if born_on is None:
            wrong["born"] = "Give the date of birth as month/day/year, like 5/17/1990, or leave it out."
    call = incident.strip().upper()
    if call and not is_incident(call):
        wrong["incident"] = "Give the incident number alone, like 26-1187, or leave it out."
    asked = Asked(words, born_on, call[:24])
    if asked.number is None and asked.figures:
        wrong["words"] = "Type the name without figures, with the date of birth in its own field, or the number alone."
    elif asked.number is None and asked.key is None:
        wrong["words"] = "Type a name as Last, First (with one name: Last and a comma), or a case or order number."
    return (None, wrong) if wrong else (asked, {})
