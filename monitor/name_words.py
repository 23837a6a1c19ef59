"""Two names held against each other word by word, where one was said aloud: with or without a comma, a title, a suffix.

A name without a comma does not tell which of its middle words are given names, and nobody guesses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from monitor.names import (
    BETWEEN,
    BY_DAY,
    HEADS,
    UNTOLD,
    Key,
    column_key,
    first_last,
    long_words_of,
    other_column_key,
    short,
    words_of,
)
from monitor.names import SUFFIXES as SHORT

SUFFIXES = SHORT | {"junior", "senior"}
TITLES = frozenset(("ms", "mrs", "mr", "miss", "dr"))
GLUED = HEADS | {"fitz"}  # a part of the word that follows: O Neal is O'Neal and not Neal
MOST_SAID = 6  # words of a name that is tried
MOST_HALF = 4  # words of which each may agree; of a longer name the last two last names do

Unit = frozenset[str]  # one name in every way it is written: De La Cruz, Delacruz, Cruz


class Words(msgspec.Struct, frozen=True):
    """A name as it compares. ``middle``: given or last names, for no comma says which; ``turned``: its names in the
    order in which they stand if the last name came first. Opaque in text."""

    givens: tuple[Unit, ...]
    middle: tuple[Unit, ...]
    lasts: tuple[Unit, ...]
    turned: tuple[Unit, ...]
    letters: str

    def __repr__(self) -> str:
        return "<words of a name>"

    @property
    def several(self) -> bool:
        """Whether both given and last name are there."""
        return bool(self.givens and self.lasts)

    @property
    def many(self) -> int:
        """How many names it has."""
        return len(self.givens) + len(self.middle) + len(self.lasts)


def words(name: str) -> Words:
    """The name in parts, without title and suffix. Somebody with one name has it as last name."""
    family, comma, given = name.partition(",")
    before, after = _bare(words_of(family)), _bare(words_of(given))
    long = dict(zip(words_of(name), long_words_of(name), strict=False))
    if comma and before and after:
        givens, lasts = _units(after, long), _units(before, long)
        return Words(givens, (), lasts, (*givens, *lasts), "".join((*after, *before)))
    told = _bare(words_of(f"{family} {given}")) or words_of(name)  # FNU LNU: that is what the order says
    turned, letters = _units(told, long), "".join(told)
    if len(told) < 2 or comma:  # a comma and nothing behind it: last names alone
        return Words((), (), turned, turned, letters)
    first = _ways(told[:1], long)  # Al Smith: a given name comes first, whatever it looks like
    units = (first, *_units(told[1:], long))
    return Words(units[:1], units[1:-1], units[-1:], turned, letters)


def agrees(kept: Words, said: Words) -> bool:
    """Whether ``said`` is this name: first given name, and each last name that was said or the only one there is."""
    if kept.letters and kept.letters == said.letters:
        return True
    if not kept.several or not said.several:
        return kept.many == said.many == 1 and bool(kept.lasts[0] & said.lasts[0])
    if not kept.givens[0] & said.givens[0]:
        return False
    last = said.lasts[-1:] if len(kept.lasts) == 1 else said.lasts
    return all(_among(one, kept.lasts) for one in last) or _written_otherwise(kept, said)


def agrees_in_part(kept: Words, said: Words) -> bool:
    """Whether given name and a last name are on it, and something else is not, or nobody knows which is which."""
    if not kept.several:
        return said.many <= MOST_HALF and any(_near(one, kept.lasts) for one in (said.givens[:1] + said.lasts[-1:]))
    givens, lasts = (*kept.givens, *kept.middle), (*kept.lasts, *kept.middle)
    names = (*said.middle, *said.lasts)
    names = names if said.many <= MOST_HALF else (*said.lasts[:1], *names[-2:])
    called = {said.givens[0], said.givens[-1]} if said.givens else set()
    if any(_near(one, givens) for one in called) and any(_near(one, lasts) for one in names):
        return True
    return said.several and _near(said.lasts[-1], givens) and _near(said.turned[0], lasts)


def too_long(said: str) -> bool:
    """Whether so many words were said that they may be several names."""
    return len([word for word in words_of(said) if word not in BETWEEN]) > MOST_SAID


def is_whole(said: Words) -> bool:
    """Whether a given and a last name were said, and neither as a letter alone."""
    if not said.several or len(said.turned) < 2:
        return False
    return all(len(max(one, key=len)) > 1 for one in (said.givens[0], said.lasts[-1]))


def keys_among(name: str) -> frozenset[Key]:
    """Each first and last name under which somebody may be known: an account, a respondent, somebody protected."""
    told = words(name)
    if not told.several:
        return frozenset(("", way) for unit in told.lasts for way in unit)
    pairs = [(one, last) for one in (*told.givens, *told.middle) for last in told.lasts]
    pairs += [(told.givens[0], last) for last in told.middle]
    whole = _letters((*told.middle, *told.lasts))
    return frozenset((a, b) for one, last in pairs for a in one for b in last) | {(a, whole) for a in told.givens[0]}


def looked_up_by(given: str, family: str) -> frozenset[str]:
    """The keys of somebody on record that stand for the name alone, without the day of birth."""
    both = column_key(given, family), other_column_key(given, family)
    return frozenset(key for key in both if key and not key.startswith(BY_DAY))


def stored(given: str, family: str) -> str:
    """A name in the form in which it is kept: Last, First. A comma that was typed into a part says nothing of these."""
    first, last = (" ".join(one.replace(",", " ").split()) for one in (given, family))
    return f"{last}, {first}" if first and last else last or first


def printed(name: str) -> str:
    """A name that is kept as Last, First in the order in which it is printed: First Last."""
    family, _comma, given = name.partition(",")
    told = [word for word in words_of(given) if word not in SUFFIXES]
    return first_last(given.strip(), family.strip()) if told else name.strip()


def _bare(told: Sequence[str]) -> list[str]:
    """Without title, suffix and what stands for a name that nobody knows; as it is where nothing else is left."""
    known = [word for word in told if word not in UNTOLD]
    while len(known) > 1 and known[0] in TITLES:
        known = known[1:]
    while len(known) > 1 and known[-1] in SUFFIXES:
        known = known[:-1]
    return known


def _units(told: Iterable[str], long: dict[str, str]) -> tuple[Unit, ...]:
    """The words as names: de, la, Van or O belong to the one that follows them. ``long``: ue for the ü of a word."""
    found: list[Unit] = []
    before: list[str] = []
    for word in told:
        before.append(word)
        if word not in BETWEEN and word not in GLUED:
            found.append(_ways(before, long))
            before = []
    return (*found, *(frozenset((word,)) for word in before))


def _ways(told: list[str], long: dict[str, str]) -> Unit:
    start = next((number for number, word in enumerate(told) if word in GLUED), len(told) - 1)
    spelled = told, [long.get(word, word) for word in told]
    return frozenset("".join(one[first:]) for one in spelled for first in range(start + 1))


def _among(one: Unit, names: Iterable[Unit]) -> bool:
    return any(one & name for name in names)


def _near(one: Unit, names: Iterable[Unit]) -> bool:
    """The same, or the same where ue may stand for a u, or on the order stands the first letter alone."""
    said = {short(way) for way in one}
    return any(said & {short(way) for way in name} or any(len(way) == 1 and any(each[0] == way for each in said)
               for way in name) for name in names)  # fmt: skip


def _written_otherwise(kept: Words, said: Words) -> bool:
    """Whether the last names are the same letters, as one word or as several."""
    whole = _letters(kept.lasts)
    names = (*said.middle, *said.lasts)
    starts = range(len(names)) if said.middle else (0,)
    return any(_letters(names[start:]) == whole for start in starts)


def _letters(names: Iterable[Unit]) -> str:
    """The letters of names in a row, each in its longest way and without the e that stands for an umlaut."""
    return "".join(max(one, key=lambda way: (len(short(way)), -len(way))) for one in names)
