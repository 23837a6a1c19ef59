"""How names compare: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

Key = tuple[str, str]
MOST_WORDS = 6  # of a name, where its words are tried in every order
BETWEEN = frozenset("de del la las los el y e da das do dos di van von der den ter al bin ibn".split())  # no last name
# O'Neal is Oneal: on a call nobody says which; \u02bb is the okina, and its relatives write the hamza
APOSTROPHES = re.compile("['\u2019\u2018\u201b\u02b9\u02bb\u02bc\u02bd\u02be\u02bf`\u00b4\u2032\uff07]")
APOSTROPHES_BEFORE = re.compile("['\u2019\u2018\u02bc`\u00b4]")  # as rows of an earlier version have them


# letters that are no letter with an accent, and stand as these where a keyboard has none of them
LETTERS = str.maketrans({
    "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
})  # fmt: skip
# what papers write in the place of a name that somebody does not have: first, last or middle name unknown
UNTOLD = frozenset(("fnu", "lnu", "nfn", "nln", "nmn", "nmi", "unk", "unknown"))
NO_NAME = frozenset(("-", "–", "—"))  # in the place of a given name: somebody has one name alone
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))  # no name; V is more often an initial
ORDINALS = {"2": "ii", "3": "iii", "4": "iv"}  # John Smith 3rd
ORDINAL = re.compile(r"(?<!\w)([234])(?:nd|rd|th)(?!\w)", re.IGNORECASE)
ZERO = re.compile(r"(?<!\w)0(?=[^\W\d_]{2})")  # 0'Neal, as hands type it
HEADS = frozenset(("st", "saint", "mc", "mac", "o"))  # begin a last name and are none: St. John, Mc Donald
BY_DAY = "+"  # before a second key that stands for a look with the day of birth alone; no name has this sign
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe"})
DIGRAPHS = re.compile("([aou])e")


def last_first(family: str, given: str, middle: str | None = None, suffix: str | None = None) -> str:
    """Family name first, as dockets and rosters print it. Somebody with one name has it as family name."""
    first = first_last(given, middle)
    last = first_last(family, suffix)
    return f"{last}, {first}" if first else last


def first_last(*names: str | None) -> str:
    """The names that there are, in a row as they are said."""
    return " ".join(name for name in names if name and name.strip() not in NO_NAME)


def as_said(text: str) -> str:
    """Without apostrophes, and with letters for the figures that stand in names: 0'Neal, Smith 3rd."""
    return ORDINAL.sub(lambda found: ORDINALS[found[1]], ZERO.sub("o", APOSTROPHES.sub("", text)))


def words_of(text: str, letters: dict[int, str] = LETTERS) -> list[str]:
    """The words of a name, as they compare. ``letters``: what is written for those that keyboards lack."""
    if text.isascii() and text.isalpha():  # most names: one word, and nothing of what follows to do
        return [text.lower()]
    said = as_said(text) if letters else APOSTROPHES_BEFORE.sub("", text)
    plain = unicodedata.normalize("NFKD", said).casefold().translate(letters)
    return re.findall(r"[^\W\d_]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def long_words_of(text: str) -> list[str]:
    """The same words with ae, oe and ue for umlauts."""
    return words_of(_long(text))


def short(word: str) -> str:
    """A word with u for ue, o for oe and a for ae, which may stand for an umlaut."""
    return DIGRAPHS.sub(r"\1", word)


def _long(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().translate(UMLAUTS)


def key_of(name: str, letters: dict[int, str] = LETTERS, untold: frozenset[str] = UNTOLD) -> Key | None:
    """First given and family name without case, accents and punctuation; of one name ("", that); None of none."""
    family, comma, given = name.partition(",")
    before, after = _named(family, letters, untold), _named(given, letters, untold)
    if comma and before and after:
        return after[0], before[-1]
    words = _named(name, letters, untold)
    if not words and untold:
        return key_of(name, letters, frozenset())  # nobody's name is known
    return (words[0] if len(words) > 1 else "", words[-1]) if words else None


def _named(text: str, letters: dict[int, str], untold: frozenset[str]) -> list[str]:
    words = [word for word in words_of(text, letters) if word not in untold]
    return without_suffix(words) if untold else words


def told(text: str) -> list[str]:
    """The words of a name without those that say that it is not known."""
    return [word for word in words_of(text) if word not in UNTOLD]


def without_suffix(words: list[str]) -> list[str]:
    """Without Jr. and its like, unless that is all there is: Ii is a last name, too."""
    return [word for word in words if word not in SUFFIXES] or words


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
    lasts = [word for word in without_suffix(sides[0]) if word not in BETWEEN]
    return frozenset((key, *((key[0], last) for last in lasts[-2:])))


def joined(*names: str | None) -> str:
    """The letters of these names in a row: O Brien as O'Brien."""
    return "".join(word for name in names for word in told(name or ""))


def wide_keys(name: str) -> frozenset[str]:
    """Every `column_key` that the words of ``name`` can make: names swapped, several of them, O Brien for O'Brien."""
    words = words_of(name)
    if len(words) > MOST_WORDS:
        words = [word for word in told(name) if word not in BETWEEN | SUFFIXES]
    if len(words) > MOST_WORDS:
        words = words[: MOST_WORDS // 2] + words[-MOST_WORDS // 2 :]  # the given name may stand at either end
    pieces = [
        (start, end, "".join(words[start:end]))
        for start in range(len(words)) for end in range(start + 1, min(start + 3, len(words)) + 1)
    ]
    return frozenset(
        f"{given} {family}" for start, end, given in pieces for begin, stop, family in pieces
        if end <= begin or stop <= start
    )


def spelled_keys(name: str) -> frozenset[str]:
    """The key in other spellings: ue for ü and u for ue, and Rahman of Abdulrahman, recorded in two words."""
    key = key_of(name)
    long = key_of(_long(name))
    if key is None or long is None:
        return frozenset()
    first, last = ({one, other, short(one)} for one, other in zip(key, long, strict=True))
    last |= {one.removeprefix("abdul") for one in last if len(one) > len("abdul") + 2}
    return frozenset(first_last(given, family) for given in first for family in last)


def column_key(given_name: str, family_name: str) -> str | None:
    """The key of a person as the column `Person.name_key` holds it."""
    found = key_of(f"{family_name}, {given_name}")
    return first_last(*found) if found else None


def other_column_key(given_name: str, family_name: str) -> str | None:
    """The second key, as the column `Person.other_name_key` holds it: there is room for one.

    `column_key` goes by the last one of several last names; many go by the first (García of García Ortiz). Of one last
    name in several words it is by all of them joined (Vandyke), and of one alone by the last of several given names,
    for a look with the day of birth (Minh of Nguyễn Văn Minh). None: there is nothing else to go by.
    """
    givens, words = without_suffix(told(given_name)), without_suffix(told(family_name))
    lasts = [word for word in words if word not in BETWEEN | HEADS]
    if not givens or not words:
        return None
    if len(lasts) > 1 and lasts[0] != lasts[-1]:
        return f"{givens[0]} {lasts[0]}"
    if len(words) > 1:
        return f"{givens[0]} {''.join(words)}"
    return f"{BY_DAY}{givens[-1]} {words[0]}" if len(givens) > 1 else None
