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

FEE = re.compile(r"(?:\s+|(?<=\w)/\s*|\s*[-–,]\s*(?=\$))?\(?\$?\s?(\d+(?:\.\d\d)?)\)?\Z")
MAKE_UP = re.compile(
    r"(?:make[- ]?up|m/u|mu|m)(?![a-z])[\s(]*+[-:]?+\s*+(?:for|of)?+\s*+\(?+([^()\d]*+\d[^()]*+)\)?\Z"
)
LONGEST = 400  # letters: what is longer is no status, and no pattern is asked about it
MINUTES = r"(?:m|min|mins|minutes|minutos)\.?"
CAME = r"(?:present\s*[-–—,/(]*\s*)?"
LATE = re.compile(rf"{CAME}(?:l|late|tardy|tarde)\s*[-:]?\s*\(?(\d{{1,3}})\s*({MINUTES})?(?: late)?\)?\Z")
# half of something, or one of two: it says nothing of who came
PART_OF = re.compile(r"\d{1,3}\s*/\s*\d{1,3}")
LATE_ES = re.compile(rf"lleg[oó] (\d{{1,3}})\s*({MINUTES}) tarde\Z")
LATE_AFTER = re.compile(rf"(\d{{1,3}})\s*({MINUTES})?\s*(?:late|tardy|tarde)\Z")
# "Excused (doctor)", "E - doctor": what follows is the reason, unless it says something else of the status
REASONED = re.compile(r"(.{1,24}?)\s*(?:\((.{1,120})\)|\s[-–—]\s*(.{1,120})|[:;,]\s+(.{1,120}))\Z")
EDGES = " .*\"'“”‘’"


class Says(msgspec.Struct, frozen=True):
    """``code`` is a key of `LABELS`, ``?``, ``DISCH``, or empty where the word is not known. ``word``: as compared."""

    code: str
    word: str
    minutes_late: int | None = None
    makeup_for: date | None = None
    fee: str = ""
    reason: str = ""


def fold_word(text: str) -> str:
    """Lower case, single spaces, nothing around."""
    return re.sub(r"\s+", " ", text.strip().lower()).strip(EDGES)


def read_status(
    text: str, today: date, known: Mapping[str, str], *, day_first: bool = False, fees: bool = False
) -> Says | None:
    """None for an empty cell. ``known``: words that the sheet's own key, or a person, has explained.

    ``day_first``: how a make-up's day is written. ``fees``: numbers beside a status are money on this sheet, so a bare
    one beside "late" is not taken for minutes.
    """
    word = fold_word(text)
    if not word:
        return Says(status_codes().get(text.strip(), ""), text.strip()) if text.strip() else None
    if word in known:
        return Says(known[word], word)
    if "*" in text and "*" in known:  # the sheet's key gives the star a meaning: "P*" is not simply P
        return Says("", word)
    if len(word) > LONGEST:
        return Says("", word)
    read = _plain(word, today, day_first, fees)
    if read.word in known:
        return msgspec.structs.replace(read, code=known[read.word])
    return read if read.code else _reasoned(text, word, today, known, read)


@lru_cache(maxsize=4096)
def _plain(word: str, today: date, day_first: bool, fees: bool) -> Says:
    codes = status_codes()
    if PART_OF.fullmatch(word):
        return Says("", word)
    if (match := MAKE_UP.match(word)) and word not in codes:
        missed = read_date(match[1].strip(), today, day_first=day_first).on
        if missed:
            return Says("M", word, makeup_for=missed)
    if match := LATE.match(word) or LATE_AFTER.match(word) or LATE_ES.match(word):
        if not int(match[1]):
            return Says("", word)  # nobody is late by nothing: a cell that nobody filled in
        return Says("L", word, minutes_late=int(match[1]) if match[2] or not fees else None)
    bare = FEE.sub("", word).strip()
    fee = FEE.search(word)
    if word not in codes and bare in codes and fee:
        return Says(codes[bare], bare, fee=fee[1])
    return Says(codes.get(word, "") or _in_two_languages(word, codes), word)


def _in_two_languages(word: str, codes: Mapping[str, str]) -> str:
    """"ausente / absent": both halves say the same."""
    halves = {codes.get(half.strip(), "") for half in word.split("/")} if "/" in word else {""}
    code = halves.pop() if len(halves) == 1 else ""
    return "" if code in (AMBIGUOUS, DISCHARGE) else code


def _reasoned(text: str, word: str, today: date, known: Mapping[str, str], read: Says) -> Says:
    """A status with a reason beside it. A reason that itself speaks of attendance leaves the cell not understood."""
    match = REASONED.match(word)
    if not match:
        return read
    bare, beside = match[1].strip(), next(part for part in match.groups()[1:] if part)
    code = known.get(bare) or status_codes().get(bare, "")
    if code in ("", AMBIGUOUS, DISCHARGE) or _speaks_of_attendance(beside, code, known):
        return read
    if of_program(code, bare, beside):
        return read
    start = word.rfind(beside)
    original = re.sub(r"\s+", " ", text.strip())
    at = original.lower().rfind(beside)
    reason = original[at : at + len(beside)] if at >= 0 else word[start:]
    return Says(code, word, reason=reason.strip(EDGES))


STAFF = r"(?:facilitator|instructor|counsel\w+|clinician|therapist|teacher|staff|provider)"
# beside "cancelled": then it was not the participant who cancelled
OF_PROGRAM = re.compile(
    rf"\b(?:{STAFF}|program|group|class|building|weather|snow|ice|storm|power|holiday|closed|closure|no heat|us|agency"
    r"|office)\b"
)
# beside any absence: the class was not held, so nobody was absent from it
NOT_HELD = re.compile(
    rf"\b(?:no (?:class|group|session|meeting|heat|power|{STAFF})|clos(?:ed|ure)|cancel\w*|resched\w*|postponed"
    rf"|{STAFF}(?: \w+){{0,2}} (?:out|ill|sick|absent|away|unavailable|vacation|leave)|not held"
    r"|did(?:n[’']?t| not) meet|snow\w*|ice|blizzard|storm|hurricane|flood\w*|weather|holiday|outage|evacuat\w*"
    r"|fire alarm)\b"
)
# what they cancelled themselves
THEIR_OWN = re.compile(
    r"\b(?:(?:client|participant|he|she|they)(?: has| had)? (?:cancel\w*|resched\w*)|late cancel\w*"
    r"|called(?: in)? to (?:cancel|reschedule)|(?:cancel\w*|resched\w*) by (?:client|participant))\b"
)
TELLING = re.compile(r"\b(?:late|left|early|absent|present|attend\w*|excus\w*|unexcus\w*|show\w*|credit|jail|custody|"
                     r"cancel\w*|make ?-?up|discharg\w*|terminat\w*|transfer\w*|tarde|ausente|presente)\b")  # fmt: skip


# "U - now E": the mark was taken back
TURNED = re.compile(r"\b(?:now|was|is|should be|(?:changed?|corrected|updated|revised) to|ahora|era|es|cambiad[ao] a)"
                    r"(?: an?| una?)? (\w{1,12})\b")  # fmt: skip


def of_program(code: str, word: str, beside: str) -> str:
    """The words beside an absence that say that it was the program's lapse: then it is nobody's, and is asked."""
    if code not in ("ABS", "U"):
        return ""
    held = THEIR_OWN.sub(" ", beside)
    found = NOT_HELD.search(held) or (OF_PROGRAM.search(held) if word.startswith("cancel") else None)
    return found[0] if found else ""


def _speaks_of_attendance(beside: str, code: str, known: Mapping[str, str]) -> bool:
    bare = re.sub(r"^[^\w]+|[^\w]+$", "", beside)
    said = known.get(bare) or status_codes().get(bare)
    turned = TURNED.search(beside)
    if turned and (known.get(turned[1]) or status_codes().get(turned[1], code)) != code:
        return True
    return (said is not None and said != code) or bool(TELLING.search(beside)) or bool(re.search(r"[>→/]", beside))


def takes_back(before: str, after: str) -> bool:
    """Whether the change removes what the program had said against the person."""
    return before in AGAINST and after not in AGAINST
