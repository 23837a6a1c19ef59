"""What each code of an order means, how a change is asked for, and what to do if it is broken: a sheet about nobody.

In plain English and Spanish, at grade 8 or lower. It tells no law of a state: what a breach is there, and who may
arrest, is for the site's counsel to confirm before the sheet is handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from monitor.condition_words import english, spanish

LANGUAGES: Final = {"en": "English", "es": "Español"}
# whom a breach is a matter for: police at once, the court, or the office that supervises
POLICE, COURT, OFFICE = "police", "court", "office"
FOR: Final[Mapping[str, str]] = {
    "01": POLICE, "02": POLICE, "03": POLICE, "04": POLICE, "05": POLICE, "06": COURT, "07": POLICE, "08": COURT,
    "09": COURT, "BIP": OFFICE, "CHECK_IN": OFFICE, "TESTING": OFFICE, "ALCOHOL_ABSTAIN": OFFICE,
    "FIREARM_SURRENDER": POLICE, "FIREARM_PROHIBITION": POLICE, "NO_CONTACT": POLICE, "STAY_AWAY": POLICE,
    "REPORT_TO_PROBATION": OFFICE, "NOTIFY_CHANGE": OFFICE, "FINES_FEES": OFFICE, "OTHER_BESPOKE": COURT,
}  # fmt: skip


class Code(msgspec.Struct, frozen=True):
    """One code: its short name, what it means, and what to do if it is broken."""

    code: str
    name: str
    means: str
    broken: str


class Sheet(msgspec.Struct, frozen=True):
    """The sheet in one language. ``change`` holds for every code."""

    language: str
    title: str
    intro: str
    heads: tuple[str, str, str]
    change: str
    codes: tuple[Code, ...]
    end: str


def sheet(language: str) -> Sheet:
    """The sheet; ``language`` of `LANGUAGES`."""
    words = spanish if language == "es" else english
    told = ((code, whose, *words.CODES[code]) for code, whose in FOR.items())
    codes = tuple(Code(code, name, means, words.BROKEN[whose]) for code, whose, name, means in told)
    return Sheet(language, words.TITLE, words.INTRO, words.HEADS, words.CHANGE, codes, words.END)
