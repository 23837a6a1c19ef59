"""Whether a field meant for a code holds a code: no phone number, ZIP code, home or words pass for one (A1, A2, A4)."""

from __future__ import annotations

import re
from typing import Final

from monitor.safety_lint import lint

# one group of letters at most, and that of three: CAD26-1187
INCIDENT: Final = re.compile(r"(?=.*[0-9])[0-9/-]*[A-Z]{0,3}[0-9/-]*")
# a section of a code of law: 166, 273.5(A), 9A.36.041
OFFENCE: Final = re.compile(r"[0-9]{1,5}[A-Z]?(?:[.-][0-9]{1,5}[A-Z]?){0,3}[A-Z]?(?:\([0-9A-Z]{1,2}\)){0,4}")
PHONE: Final = re.compile(r"[0-9]{10}|(?<![0-9])(?:1 )?[0-9]{3} [0-9]{3} ?[0-9]{4}(?![0-9])")
ZIP: Final = re.compile(r"(?<![0-9])[0-9]{5} [0-9]{4}(?![0-9])")


def is_incident(text: str) -> bool:
    """Whether this may be the number of a call or report. ``text``: in capitals, without spaces around it."""
    return INCIDENT.fullmatch(text) is not None and _tells_nothing(text)


def is_offence(text: str) -> bool:
    """Whether this may be the section of a code of law."""
    return OFFENCE.fullmatch(text) is not None and _tells_nothing(text)


def _tells_nothing(text: str) -> bool:
    parted = re.sub(r"[^0-9A-Z]+", " ", text).strip()
    return not (lint(text) or lint(parted) or PHONE.search(parted) or ZIP.search(parted))
