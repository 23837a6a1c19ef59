"""Names as they stand on sheets: folded for comparing, split into family and given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from monitor.intake.vocabulary import given_names, suffixes

NOT_A_LETTER = re.compile(r"[^\w ]|_")
BRACKETS = re.compile(r"\(.*?\)")
# "1. James Whitefeather", "2) Dwayne O'Neal"
LONGEST = 300  # letters: no name is longer, and two that differ only beyond are one
NUMBERING = re.compile(r"\d{1,3}[.)]\s+")
# "James Roe (facilitator)": whoever leads the class may be called like somebody on the roster
STAFF = r"(?:co-?\s?)?(?:facilitator|instructor|counselor|therapist|staff|intern|observer|volunteer|facilitadora?)s?"
OF_STAFF = re.compile(rf"\(\s*{STAFF}\s*\)", re.IGNORECASE)
LEADS = re.compile(r"(?:co-?\s?)?facilitad?t?ora?:?", re.IGNORECASE)
QUOTES = re.compile(r"[\"“”]")
APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")
# letters that Unicode does not take apart
PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case without accents, apostrophes and marks; hyphens become spaces. Letters of any script stay."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(APOSTROPHES))
    bare = "".join(c for c in apart if not unicodedata.combining(c)).translate(PLAIN)
    return " ".join(NOT_A_LETTER.sub(" ", bare).split())


@lru_cache(maxsize=65_536)
def split_name(text: str) -> tuple[str, str]:
    """(family, given), folded: "Smith, Robert J" and "Robert J Smith" alike; suffixes and brackets fall away."""
    bare = QUOTES.sub("", BRACKETS.sub("", NUMBERING.sub("", text.strip()[:LONGEST]))).strip(" ,")
    if "," in bare:
        family, _, given = bare.partition(",")
        return _without_suffix(fold(family)), _without_suffix(fold(given))
    # an untouched hyphen keeps a double family name in one piece
    words = [word for word in bare.split() if fold(word) not in suffixes()]
    if len(words) < 2:
        return fold(" ".join(words)), ""
    return fold(words[-1]), fold(" ".join(words[:-1]))


def is_staff(text: str) -> bool:
    """Whether a cell in the place of a name says that it is one of whoever leads the class."""
    return bool(OF_STAFF.search(text[:LONGEST]))


def with_role(name: str, cells: Iterable[str]) -> str:
    """The name as one of whoever leads the class, where a cell of its own says so: "Co-facilitator", "Roe, James"."""
    role = next((cell for cell in cells if LEADS.fullmatch(cell)), "") if name else ""
    return f"{name} (facilitator)" if role and role != name else name


def _without_suffix(folded: str) -> str:
    words = folded.split()
    kept = [word for word in words if word not in suffixes()]
    return " ".join(kept or words)


def initials_of(family: str, given: str) -> frozenset[str]:
    """The ways to write somebody's initials, from a folded name: all of them, or first and last either way round."""
    letters = "".join(part[:1] for part in f"{given} {family}".split())
    short, pair = letters[:1] + letters[-1:], given[:1] + family[:1]
    ways = (letters, short, short[::-1], pair, pair[::-1])
    return frozenset(ways) if len(letters) > 1 else frozenset()


def may_stand_for(short: str, full: str) -> bool:
    """Whether one given name is a usual short form of the other."""
    known = given_names()
    return full in known.get(short, ()) or short in known.get(full, ())


def plain_number(text: str) -> str:
    """The parts of a case number, without the zeros in front of any: what may be meant by "24-CR-1872"."""
    return " ".join(part.lstrip("0") or "0" for part in re.findall(r"\d+|[a-z]+", text[:LONGEST].lower()))


def fold_number(text: str) -> str:
    """A case or participant number without punctuation."""
    return re.sub(r"[^0-9a-z]", "", text.lower())
