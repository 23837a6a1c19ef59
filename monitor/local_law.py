"""What only a site's own court and counsel can say, read from one file (`MONITOR_LOCAL_LAW_FILE`); without it: off.

Each is an open legal question that this program decides for nobody: the court's wording of the right to counsel and of
how a report is contested (safeguard F5), when an allegation that was withdrawn or not found leaves everyday view (H3),
after how long a closed case is due to be handed over or deleted (H6, by court), and which order templates and warnings
that were written from memory a named person has read in the primary text. See docs/operate.md.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from monitor.clock import local_day
from monitor.config import SettingsError


class LocalLawError(SettingsError):
    """The file cannot be read; one sentence for the person who wrote it."""


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The site's own sentences in one language, printed as they are."""

    counsel: str
    contest: str
    help: str


class Sealing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_on": "from"}):
    """From a day on: withdrawn and not-found allegations leave everyday view ``days`` after (0: at once)."""

    from_on: date
    days: int = 0


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_on": "from"}):
    """From a day on: a case closed ``days`` ago is due to leave, by the citation of local law."""

    from_on: date
    days: int
    citation: str


class Forgetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_on": "from"}):
    """From a day on: what is kept under no case is deleted ``days`` after it came, by the citation of local law."""

    from_on: date
    days: int
    citation: str

    def __post_init__(self) -> None:
        if self.days < 1 or not self.citation.strip():
            raise ValueError("days of keeping are 1 or more, and `citation` says which law sets them")


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who of the site read which edition of ours in the primary text, when, and what was read."""

    edition: str
    by: str
    day: date
    text: str

    def __post_init__(self) -> None:
        if not (self.by.strip() and self.text.strip()):
            raise ValueError("a confirmation says who read which text: `by` and `text` are not blank")

    def holds(self, edition: str, today: date) -> bool:
        """Of this edition alone, and from its day on."""
        return self.edition == edition and self.day <= today


class Offices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which office of a kind has the cases of a court: codes of agencies; empty: the site has not said."""

    prosecution: str = ""
    victim_witness: str = ""


class LocalLaw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. ``contest_days``: days from hand-over to contest, 0: until the hearing. ``close``: by court code.

    ``orders``: order templates that are confirmed, by code; ``warnings``: those of protective orders. ``custodian``:
    how the keeper of a record certifies it, printed as it is; ``disclose_days``: days from the decision to file to the
    hand-over to the defense, 0: no day is set.
    ``record_notices``: when a notice that a record exists is deleted if no case of the record has its number.
    ``offices``: by court code, who shares its cases (`monitor.case_sharing`).
    ``notices_unasked``: the law gives notice of court events also where nobody asked for it (safeguard E4).
    """

    notice: dict[str, Wording] = {}
    contest_days: int = 0
    seal: Sealing | None = None
    close: dict[str, Closing] = {}
    orders: dict[str, Confirmed] = {}
    warnings: Confirmed | None = None
    custodian: str = ""
    disclose_days: int = 0
    notices_unasked: bool = False
    record_notices: Forgetting | None = None
    offices: dict[str, Offices] = {}

    def office(self, court: str, kind: str) -> str:
        """The code of the office of ``kind`` that has this court's cases; "": the site has not said."""
        named = self.offices.get(court, Offices())
        return {"prosecution": named.prosecution, "victim_witness": named.victim_witness}[kind]

    def seals(self, kind: str, at: datetime, now: datetime, zone: str = "UTC") -> bool:
        """Whether an allegation that ended so at ``at`` has left everyday view (safeguard H3)."""
        if self.seal is None or kind not in ("WITHDRAWN", "NOT_FOUND"):
            return False
        return local_day(now, zone) >= self.seal.from_on and now >= at + timedelta(days=self.seal.days)

    def leaves_on(self, court: str, closed_on: date) -> date | None:
        """The day on which a closed case is due to leave (safeguard H6); None: this court has set none."""
        closing = self.close.get(court)
        return max(closing.from_on, closed_on + timedelta(days=closing.days)) if closing else None


NOTHING_SET = LocalLaw()


def local_law(file: str) -> LocalLaw:
    """Read the site's file; an empty name is a site that has set nothing. Raises `LocalLawError`."""
    if not file:
        return LocalLaw()
    try:
        return msgspec.convert(tomllib.loads(Path(file).read_text(encoding="utf-8")), LocalLaw)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LocalLawError(f"The file of local law cannot be read: {error}.") from None
