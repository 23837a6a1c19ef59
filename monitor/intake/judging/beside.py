"""A reason or a note that says something else than the mark beside it: which of the two holds, a person says.

The question is about the two together. An answer about "NS" alone would make of every other no-show of the file what
holds of this one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from monitor.intake.cells.statuses import Says, fold_word, of_program
from monitor.intake.sheet import Entry
from monitor.intake.vocabulary import status_codes

NOT = r"(?<!not )(?<!never )(?<!n't )(?<!n’t )(?<!last )(?<!be )"
CAME = rf"{NOT}\b(?:attended|was (?:here|present)|is present|showed up|marked? present)\b(?!\s*\d)"
KIND = re.compile(r"exc|justif")
AMISS = r"\bshould (?:be|have been)\b|\bby mistake\b|\bin error\b"
# said of an absence, it is another kind of one, or none
OF_ABSENCE = re.compile(
    rf"{CAME}|{AMISS}|{NOT}\b(?:excused|approved|justificad[ao])\b|\b(?:in|at) (?:the )?(?:county )?jail\b|\bjailed\b"
    r"|\bincarcerated\b|\bin custody\b|\barrested\b|\bleave of absence\b|\bon leave\b|\berror\b"
)
OF_EXCUSED = re.compile(rf"{CAME}|{AMISS}|\bunexcused\b|\bnot excused\b|\bno excuse\b|\binjustificad[ao]\b")
# said of whoever came, it takes the class or its credit back
OF_PRESENCE = re.compile(
    rf"{AMISS}|\b(?:was|is|marked?|actually) absent\b|\babsent\W*\Z|\A\W*absent\b|\bno[- ]?show\b"
    r"|\bdid(?:n[’']?t| not) (?:attend|come|show)\b|\bnot (?:here|present|in attendance|allowed|admitted)\b"
    r"|\bunexcused\b|\bexcused absence\b|\bno credit\b"
    r"|\bnot (?:be )?(?:given|receive|get|earn)\w* (?:any )?credit\b"
    r"|\bcredit (?:denied|not given)\b|\bleft (?:early|(?:at|after) \d)|\bsent home\b|\basked to leave\b"
    r"|\bturned away\b"
)
# of another day
ELSEWHEN = re.compile(r"\blast (?:week|class|session|time|month)|\bprevious|\bprior\b|\bnext (?:week|class|session)")
SAID = {"U": OF_ABSENCE, "ABS": OF_ABSENCE, "E": OF_EXCUSED, "P": OF_PRESENCE, "M": OF_PRESENCE, "I": OF_PRESENCE}


def against(entry: Entry, says: Says | None) -> str:
    """The words of a reason or note that do not fit the mark; empty where nothing speaks against it.

    Only those: the rest of a note may tell of somebody's partner and is nobody's answer to keep.
    """
    beside = f"{entry.reason} ; {entry.note}".lower()
    if says is None or not (entry.reason or entry.note):
        return ""
    if lapse := of_program(says.code, says.word, beside):
        return lapse
    pattern = SAID.get(says.code)
    found = pattern.search(beside) if pattern and not ELSEWHEN.search(beside) else None
    return found[0].strip(" ;") if found else ""


def kind_of_absence(entry: Entry, says: Says | None) -> str:
    """E or U, where the column of reasons names which of the two an absence is and nothing else."""
    if says is None or says.code != "ABS" or says.word.startswith(("cancel", "resched")):
        return ""
    code = status_codes().get(fold_word(entry.reason), "") if KIND.search(entry.reason.lower()) else ""
    return code if code in ("E", "U") else ""


def together(entry: Entry, words: str, known: Mapping[str, str]) -> tuple[Entry, Says]:
    """The entry with its mark and what stands beside it as one, and what a person said that the two mean."""
    said = f"{entry.status} + {words}"
    word = fold_word(said)
    return msgspec.structs.replace(entry, status=said, beside=words), Says(known.get(word, ""), word)
