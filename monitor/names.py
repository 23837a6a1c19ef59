"""How names compare: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

Key = tuple[str, str]
MOST_WORDS = 6  # of a name, where its words are tried in every order
BETWEEN = frozenset("de del la las los el y e da das do dos di van von der den ter al bin ibn".split())  # no last name
APOSTROPHES = re.compile("['’‘ʼ`´]")  # O'Neal is Oneal: on a call nobody says which


# letters that are no letter with an accent, and stand as these where a keyboard has none of them
LETTERS = str.maketrans({
    "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
})  # fmt: skip
# what papers write in the place of a name that somebody does not have: first, last or middle name unknown
UNTOLD = frozenset(("fnu", "lnu", "nfn", "nln", "nmn"))


def last_first(family: str, given: str, middle: str | None = None, suffix: str | None = None) -> str:
    """Family name first, as dockets and rosters print it. Somebody with one name has it as family name."""
    first = first_last(given, middle)
    last = first_last(family, suffix)
    return f"{last}, {first}" if first else last


def first_last(*names: str | None) -> str:
    """The names that there are, in a row as they are said."""
    return " ".join(name for name in names if name)


def words_of(text: str, letters: dict[int, str] = LETTERS) -> list[str]:
    """The words of a name, as they compare. ``letters``: what is written for those that keyboards lack."""
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold().translate(letters)
    return re.findall(r"[^\W\d_]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def key_of(name: str, letters: dict[int, str] = LETTERS, untold: frozenset[str] = UNTOLD) -> Key | None:
    """First given and family name without case, accents and punctuation; of one name ("", that); None of none."""
    family, comma, given = name.partition(",")
    before, after = _told(family, letters, untold), _told(given, letters, untold)
    if comma and before and after:
        return after[0], before[-1]
    words = _told(name, letters, untold)
    if not words and untold:
        return key_of(name, letters, frozenset())  # nobody's name is known
    return (words[0] if len(words) > 1 else "", words[-1]) if words else None


def _told(text: str, letters: dict[int, str] = LETTERS, untold: frozenset[str] = UNTOLD) -> list[str]:
    return [word for word in words_of(text, letters) if word not in untold]


def sides_of(name: str) -> tuple[list[str], list[str]] | None:
    """The words before and after the comma, family name first; None where no comma says which is which."""
    family, comma, given = name.partition(",")
    sides = words_of(family), words_of(given)
    return sides if comma and all(sides) else None


def keys_of(name: str) -> frozenset[Key]:
    """The keys under which somebody is known: with two last names by each, where a comma says that both are last names.

    Without one the word before the last may be a second given name, and stands for nothing (Mary Ann Smith).
    """
    sides, key = sides_of(name), key_of(name)
    if sides is None or key is None:
        return frozenset((key,)) if key else frozenset()
    return frozenset((key, *((key[0], last) for last in [word for word in sides[0] if word not in BETWEEN][-2:])))


def joined(*names: str | None) -> str:
    """The letters of these names in a row: O Brien as O'Brien."""
    return "".join(word for name in names for word in _told(name or ""))


def wide_keys(name: str) -> frozenset[str]:
    """Every `column_key` that the words of ``name`` can make: names swapped, several of them, O Brien for O'Brien."""
    words = words_of(name)[:MOST_WORDS]
    pieces = [
        (start, end, "".join(words[start:end]))
        for start in range(len(words)) for end in range(start + 1, min(start + 3, len(words)) + 1)
    ]
    return frozenset(
        f"{given} {family}" for start, end, given in pieces for begin, stop, family in pieces
        if end <= begin or stop <= start
    )


def column_key(given_name: str, family_name: str) -> str | None:
    """The key of a person as the column `Person.name_key` holds it."""
    found = key_of(f"{family_name}, {given_name}")
    return first_last(*found) if found else None


def other_column_key(given_name: str, family_name: str) -> str | None:
    """The key by the first of several last names, as the column `Person.other_name_key` holds it.

    `column_key` goes by the last one; many go by the first (García of García Ortiz). None: there is one alone.
    """
    givens, lasts = _told(given_name), [word for word in words_of(family_name) if word not in BETWEEN]
    return f"{givens[0]} {lasts[0]}" if givens and len(lasts) > 1 and lasts[0] != lasts[-1] else None
