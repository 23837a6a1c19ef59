"""Whether a field meant for a code holds a code: no phone number, ZIP code, home or words pass for one (A1, A2, A4)."""

from __future__ import annotations

import re
from typing import Final

from monitor.safety_lint import lint

# one group of letters at most, and that of three: CAD26-1187
INCIDENT: Final = re.compile(r"(?=.*[0-9])[0-9/-]*[A-Z]{0,3}[0-9/-]*")
# a section of a code of law: 166, 273.5(A), 9A.36.041
OFFENCE: Final = re.compile(r"[0-9]{1,5}[A-Z]?(?:[.-][0-9]{1,5}[A-Z]?){0,3}[A-Z]?(?:\([0-9A-Z]{1,2}\)){0,4}")
# as the police write it on paper: 25-1234, PD/26/1187
POLICE: Final = re.compile(r"(?=.*[0-9])[A-Z0-9][A-Z0-9/-]{2,23}")
LETTERS: Final = re.compile(r"[A-Z]+")
MOST_LETTERS: Final = 3  # PD, CR, CAD: one group of them, and none is a word or a street
# ten digits in a row, however many follow; or those of a telephone alone, with a 1 before them or not
RUN: Final = re.compile(r"[0-9]{10}")
TEN: Final = re.compile(r"(?<![0-9])1?[0-9]{10}(?![0-9])")
PHONE: Final = re.compile(r"(?<![0-9])(?:1 )?[0-9]{3} [0-9]{3} ?[0-9]{4}(?![0-9])")
ZIP: Final = re.compile(r"(?<![0-9])[0-9]{5} [0-9]{4}(?![0-9])")


def is_incident(text: str) -> bool:
    """Whether this may be the number of a call or report. ``text``: in capitals, without spaces around it."""
    return INCIDENT.fullmatch(text) is not None and _tells_nothing(text)


def is_offence(text: str) -> bool:
    """Whether this may be the section of a code of law."""
    return OFFENCE.fullmatch(text) is not None and _tells_nothing(text)


def is_police_number(text: str) -> bool:
    """Whether this may be a case number of the police, who write longer rows of digits than a call has.

    Its parts are not read as words: 25-CT-000044 is no street.
    """
    groups = LETTERS.findall(text)
    plain = len(groups) <= 1 and all(len(one) <= MOST_LETTERS for one in groups)
    told = TEN.search(text) or _reaches(_parted(text)) or lint(text)
    return POLICE.fullmatch(text) is not None and plain and not told


def _tells_nothing(text: str) -> bool:
    parted = _parted(text)
    return not (RUN.search(text) or _reaches(parted) or lint(text) or lint(parted))


def _reaches(parted: str) -> bool:
    return bool(PHONE.search(parted) or ZIP.search(parted))


def _parted(text: str) -> str:
    return re.sub(r"[^0-9A-Z]+", " ", text).strip()
