"""A reason or a note that says something else than the mark beside it: which of the two holds, a person says.

The question is about the two together. An answer about "NS" alone would make of every other no-show of the file what
holds of this one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

import msgspec

from monitor.intake.cells.statuses import Says, fold_word, of_program
from monitor.intake.sheet import Entry
from monitor.intake.vocabulary import status_codes

NOT = (
    r"(?<!not )(?<!never )(?<!n't )(?<!n’t )(?<!last )(?<!be )(?<!(?:not|n't|n’t) been )(?<!not yet )(?<!yet to be )"
    r"(?<!never been )(?<!not an )(?<!n't an )(?<!n’t an )"
)
CAME = rf"{NOT}\b(?:attended|was (?:here|present)|is present|showed up|marked? present|came but)\b(?!\s*\d)"
FROM_AFAR = (
    rf"{NOT}\b(?:here|present|attending|joined) (?:by|via|on|over) (?:phone|telephone|zoom|video)\b"
    rf"|{NOT}\bpresent online\b"
)
KIND = re.compile(r"exc|justif")
AMISS = (
    r"\b(?:my|our|clerical|entry|data entry) (?:error|mistake)\b|"
    r"\bshould (?:be|have been)\b(?! (?:done|finished|completed?|through|over|ready|back|able|discharged|eligible)\b)"
    r"|\bby mistake\b|\bin error\b"
)
# said of an absence, it is another kind of one, or none
OF_ABSENCE = re.compile(
    rf"{CAME}|{FROM_AFAR}|{AMISS}|{NOT}\b(?:excused|approved|justificad[ao])\b(?! absences? (?:remaining|left|allowed))"
    r"|\b(?:in|at) (?:the )?(?:county )?jail\b|\bjailed\b|\bturned away\b"
    r"|\bincarcerated\b|\bin custody\b|\barrested\b|\bleave of absence\b|\bon leave\b|\berror\b"
)
OF_EXCUSED = re.compile(
    rf"{CAME}|{FROM_AFAR}|{AMISS}|\bunexcused\b|(?:\b(?:not|never)|n[’']t)(?: been| yet| an)? excused\b|\bno excuse\b"
    r"|\binjustificad[ao]\b|(?:\b(?:not|never)|n[’']t)(?: been| yet)? (?:approved|verified|accepted)\b"
    r"|\b(?:denied|declined|rejected|disapproved)\b"
    # an excuse that nobody has shown or granted yet is none
    r"|\b(?:pending|pendiente|awaiting|waiting (?:for|on)|unverified)\b"
    r"|\b(?:needs?|no) (?:docs?|documents?|documentation|proof)\b"
)
# said of whoever came, it takes the class or its credit back
OF_PRESENCE = re.compile(
    rf"{AMISS}|\b(?:was|is|marked?|actually) absent\b|\babsent\W*\Z|\A\W*absent\b|\bno[- ]?show\b"
    r"|\bdid(?:n[’']?t| not) (?:attend|come|show)\b|\bnot (?:here|present|in attendance|allowed|admitted)\b"
    r"|\bunexcused\b|\bexcused absence\b(?!s? (?:remaining|left|allowed))|\bno credit\b"
    r"|\bnot (?:be )?(?:given|receive|get|earn)\w* (?:any )?credit\b"
    r"|\bcredit (?:denied|not given)\b"
    r"|\bleft (?:early|(?:at|after) \d(?![^;,.]* when (?:class|group) (?:ended|was over)))"
    rf"|{NOT}\b(?:walked (?:out|off)|stormed (?:out|off)|kicked out|ejected|drunk|intoxicated|under the influence)\b"
    r"|\A\W*(?:as (?:an )?)?(?:observers?|observing|observed|visitor|visiting)(?: only)?[\W;]*\Z"
    r"|\bsent home\b|\basked to leave\b|\bturned away\b"
    r"|\b(?:class|group|session) (?:was |is |got )?(?:cancell?ed|not held)\b"
)
OF_CANCELLED = re.compile(rf"{CAME}|{FROM_AFAR}|{AMISS}")
# of another day, where it stands in the same part of the note
ELSEWHEN = re.compile(
    r"(?<!since )\blast (?:week|class|session|time|month)|\bprevious(?!ly (?:excused|approved))"
    r"|\bprior\b(?! (?:notice|approval|to)\b)|\bnext (?:week|class|session)"
)
PART = re.compile(r"[;,.]")
DAY_BEHIND = re.compile(r"s?(?: (?:on|of|from))? (\d{1,2})[/-](\d{1,2})\b")
SAID = {
    "U": OF_ABSENCE, "ABS": OF_ABSENCE, "E": OF_EXCUSED, "P": OF_PRESENCE, "M": OF_PRESENCE, "I": OF_PRESENCE,
    "L": OF_PRESENCE, "C": OF_CANCELLED,
}  # fmt: skip
DIGITS = 12
PAIR = re.compile(rf".* \+ .* #[0-9a-f]{{{DIGITS}}}", re.DOTALL)


def against(entry: Entry, says: Says | None) -> str:
    """The words of a reason or note that do not fit the mark; empty where nothing speaks against it.

    Only those: the rest of a note may tell of somebody's partner and is nobody's answer to keep.
    """
    beside = _beside(entry)
    if says is None or not (entry.reason or entry.note):
        return ""
    if lapse := of_program(says.code, says.word, beside):
        return lapse
    pattern = SAID.get(says.code)
    for found in pattern.finditer(beside) if pattern else ():
        if not _is_of_another_day(found, entry.date.on, of_presence=pattern is OF_PRESENCE):
            return found[0].strip(" ;")
    return ""


def _is_of_another_day(found: re.Match[str], on: date | None, *, of_presence: bool) -> bool:
    """Whether the part of a note in which the words stand tells of another class than the one of the line."""
    before, behind = PART.split(found.string[: found.start()])[-1], PART.split(found.string[found.end() :])[0]
    if ELSEWHEN.search(before + found[0] + behind):
        return True
    # "no show 11/2": behind "excused" a day may be the one on which it was
    day = DAY_BEHIND.match(behind) if of_presence else None
    return day is not None and on is not None and {int(day[1]), int(day[2])} != {on.month, on.day}


def _beside(entry: Entry) -> str:
    return f"{entry.reason} ; {entry.note}".lower()


def unless_denied(entry: Entry, says: Says | None) -> Says | None:
    """A mark whose own cell goes on with what does not fit it ("P - entered in error") is not understood."""
    pattern = SAID.get(says.code) if says is not None and says.reason else None
    if says is None or pattern is None or pattern is OF_CANCELLED:
        return says
    told = pattern.finditer(says.reason.lower())
    denied = any(not _is_of_another_day(found, entry.date.on, of_presence=pattern is OF_PRESENCE) for found in told)
    return Says("", says.word) if denied else says


def kind_of_absence(entry: Entry, says: Says | None) -> str:
    """E or U, where the column of reasons names which of the two an absence is and nothing else."""
    if says is None or says.code != "ABS" or says.word.startswith(("cancel", "resched")):
        return ""
    code = status_codes().get(fold_word(entry.reason), "") if KIND.search(entry.reason.lower()) else ""
    return code if code in ("E", "U") else ""


def together(entry: Entry, words: str, known: Mapping[str, str]) -> tuple[Entry, Says]:
    """The entry with its mark and what stands beside it as one, and what a person said that the two mean.

    The answer is about lines of this file with the same whole note: of "says he was excused" and "excused by PO" the
    same words speak against the mark. Of the note no more than a digest is kept.
    """
    said = f"{entry.status} + {words}"
    whole = sha256(fold_word(_beside(entry)).encode()).hexdigest()[:DIGITS]
    word = f"{fold_word(said)} #{whole}"
    return msgspec.structs.replace(entry, status=said, beside=words), Says(known.get(word, ""), word)


def is_of_one_note(sign: str) -> bool:
    """Whether an answer is about a mark together with one note: of another file's lines it says nothing."""
    return PAIR.fullmatch(sign) is not None
