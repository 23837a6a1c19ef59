"""One line of evidence: what, when, whose record, and how its source knows it (safeguards B4, F13)."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from monitor.flag_review.rows import Row
from monitor.wording import day_in
from rules.sayings import Language

# how the source of a row knows what the row says. Whether a kept record is hearsay is a question of local law.
FIRST, RECORD, TOLD, POLICE = "FIRST", "RECORD", "TOLD", "POLICE"
HOW: Final = {
    "contact": FIRST, "attendance": RECORD, "check_in": RECORD, "test": RECORD, "decision": RECORD, "service": RECORD,
    "firearm": RECORD, "place": RECORD, "pause": RECORD, "coverage": RECORD, "report": TOLD, "letter": TOLD,
    "incident": POLICE,  # as one that is typed in: `typed.HOW`
}  # fmt: skip
MARKS: Final = {
    "en": {
        FIRST: "seen at first hand", RECORD: "from a record kept at the time", TOLD: "said by others (hearsay)",
        # "others" would tell him that somebody spoke, also where police themselves saw it (safeguards B3, B5)
        POLICE: "as the police report has it", "": "",
    },
    "es": {
        FIRST: "visto de primera mano", RECORD: "de un registro hecho entonces", TOLD: "dicho por otros",
        POLICE: "según el informe de la policía", "": "",
    },
}  # fmt: skip
UNSEEN: Final = frozenset({TOLD, POLICE})  # nobody in it saw what it says; for the warning of F13
# what is on file whether or not a protected person ever said a word; never a decision of our own office
INDEPENDENT: Final = frozenset(HOW) - {"letter"}


class Line(msgspec.Struct, frozen=True):
    """``name``: the kind of row; ``mark``: how its source knows it ("" no evidence by itself)."""

    text: str
    on: date | None
    source: str
    name: str = ""
    mark: str = ""
    language: Language = "en"

    @property
    def words(self) -> str:
        """Class: absent, Mon, Feb 23, 2026 (North Star, sheet.csv:4); from a record kept at the time."""
        day = f", {day_in(self.on, self.language)}" if self.on else ""
        source = f" ({self.source})" if self.source else ""
        return f"{self.text}{day}{source}{'; ' if self.mark else ''}{MARKS[self.language][self.mark]}"

    @property
    def is_independent(self) -> bool:
        """Whether it would exist without anybody's word to probation."""
        return self.name in INDEPENDENT


def line_of(row: Row, language: Language = "en") -> Line:
    """A row behind a flag."""
    why = f", {row.why}" if row.why else ""
    struck = ("" if row.stands else ", corrected since" if language == "en" else ", corregido después") + why
    return Line(f"{row.what}{struck}", row.on, row.source, row.name, HOW.get(row.name, ""), language)
