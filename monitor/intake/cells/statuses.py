"""What a cell says happened, in our fourteen codes. Signs that mean opposite things are never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import msgspec

from monitor.intake.cells.dates import read_date
from monitor.intake.vocabulary import status_codes

AMBIGUOUS, DISCHARGE = "?", "DISCH"
LABELS = {
    "P": "Present", "L": "Present, late", "LN": "Late or left early, no credit", "D": "Attended, did not comply",
    "SX": "Sent home, program's reason", "E": "Excused absence", "U": "No show", "ABS": "Absent, reason not given",
    "M": "Make-up attended", "C": "Group cancelled by program", "N": "Not scheduled", "J": "In custody",
    "I": "Intake or orientation",
}  # fmt: skip
ABSENT = frozenset({"E", "U", "ABS", "J"})
# what the program's word holds against the person; taking it back needs a reason
AGAINST = frozenset({"U", "ABS", "LN", "D"})
NO_MEETING = frozenset({"N", "C"})
OFF_SCHEDULE = frozenset({"M", "I", "N", "C"})

FEE = re.compile(r"\s*\(?\$?\s?(\d+(?:\.\d\d)?)\)?\Z")
MAKE_UP = re.compile(r"(?:m|mu|m/u|make[- ]?up)\s*(?:for)?\s*(\d{1,2}/\d{1,2}(?:/\d{2,4})?)\Z")
LATE = re.compile(r"(?:l|late)\s*[-:]?\s*\(?(\d{1,3})\s*(?:m|min|mins|minutes)?(?: late)?\)?\Z")
EDGES = " .*\"'“”‘’"


class Says(msgspec.Struct, frozen=True):
    """``code`` is a key of `LABELS`, ``?``, ``DISCH``, or empty where the word is not known. ``word``: as compared."""

    code: str
    word: str
    minutes_late: int | None = None
    makeup_for: date | None = None
    fee: str = ""


def fold_word(text: str) -> str:
    """Lower case, single spaces, nothing around."""
    return re.sub(r"\s+", " ", text.strip().lower()).strip(EDGES)


def read_status(text: str, today: date, known: Mapping[str, str]) -> Says | None:
    """None for an empty cell. ``known``: words that the sheet's own key, or a person, has explained."""
    word = fold_word(text)
    if not word:
        return Says(status_codes().get(text.strip(), ""), text.strip()) if text.strip() else None
    if word in known:
        return Says(known[word], word)
    read = _plain(word, today)
    return Says(known[read.word], read.word, fee=read.fee) if read.word in known else read


@lru_cache(maxsize=4096)
def _plain(word: str, today: date) -> Says:
    if match := MAKE_UP.match(word):
        return Says("M", word, makeup_for=read_date(match[1], today).on)
    codes = status_codes()
    bare = FEE.sub("", word).strip()
    if match := LATE.match(word):
        return Says("L", word, minutes_late=int(match[1]))
    fee = FEE.search(word)
    if word not in codes and bare in codes and fee:
        return Says(codes[bare], bare, fee=fee[1])
    return Says(codes.get(word, ""), word)


def takes_back(before: str, after: str) -> bool:
    """Whether the change removes what the program had said against the person."""
    return before in AGAINST and after not in AGAINST
