"""The site's file as it is written: TOML, every entry with the code or name by which it is found again.

What a site needs before anybody can sign in or sit: agencies, counties, courts with judges and closed days, programs
with groups, and the numbers that courts, counties and programs set themselves (docs/terms.md).
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from monitor.config import SettingsError
from monitor.models.program import USUAL_MINUTES

Code = Annotated[str, Meta(min_length=1, max_length=40)]
NEW_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")  # it stands in addresses; older ones stay as they are
Name = Annotated[str, Meta(min_length=1, max_length=120)]
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Kind = Literal[
    "court", "probation", "program", "prosecution", "victim_witness", "law_enforcement", "dispatch", "advocacy",
    "medical", "coordination", "administration",
]  # fmt: skip


class SiteFileError(SettingsError):
    """The file cannot be read; one sentence for the person who wrote it."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_on": "from"}):
    """An entry of the file. A field that nobody knows is a fault: it would be passed over unseen."""


class AgencyPart(Part, frozen=True):
    """``kind`` decides which roles its people may hold."""

    code: Code
    kind: Kind
    name: Name
    zone: str


class CountyPart(Part, frozen=True):
    """``state``: two capital letters."""

    state: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    name: Annotated[str, Meta(min_length=1, max_length=60)]


class JudgePart(Part, frozen=True):
    """``account``: the e-mail address with which the judge signs in, once there is one."""

    name: Name
    account: str = ""


class ClosedDay(Part, frozen=True):
    """A day on which the court is closed, besides Saturdays and Sundays."""

    on: date
    title: Annotated[str, Meta(min_length=1, max_length=80)]


class CourtPart(Part, frozen=True):
    """``agency``: the code of its agency; ``pack``: the jurisdiction's rules; ``county``: "CA Lake"."""

    code: Code
    agency: Code
    name: Name
    zone: str
    pack: str
    county: str = ""
    judges: tuple[JudgePart, ...] = ()
    closed: tuple[ClosedDay, ...] = ()


class GroupPart(Part, frozen=True):
    """``code``: what the program writes on its sheets."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    weekday: Weekday
    starts_at: time
    minutes: Annotated[int, Meta(ge=15, le=600)] = USUAL_MINUTES
    language: Literal["en", "es"] | None = None


class ProgramPart(Part, frozen=True):
    """A batterer intervention program of an agency of kind program."""

    code: Code
    agency: Code
    name: Name
    groups: tuple[GroupPart, ...] = ()


class Cadence(Part, frozen=True):
    """So many in a period."""

    count: Annotated[int, Meta(ge=1)]
    period_days: Annotated[int, Meta(ge=1)] | None = None
    period_months: Annotated[int, Meta(ge=1)] | None = None

    def __post_init__(self) -> None:
        if (self.period_days is None) == (self.period_months is None):
            raise ValueError("a count stands beside one period, in days or in months")


class PolicyPart(Part, frozen=True):
    """A number or word of a court's, a county's or a program's own, from a day on; exactly one of the three.

    ``taken_back`` in place of a value: from that day on the next level decides again. ``cite``: where it is written.
    """

    term: Annotated[str, Meta(min_length=1, max_length=40)]
    from_on: date
    cite: Annotated[str, Meta(min_length=3, max_length=200)]
    value: int | str | Cadence | None = None
    taken_back: bool = False
    court: str = ""
    county: str = ""
    program: str = ""


    @property
    def whose(self) -> str:
        """The court, county or program, as the file names it."""
        return self.court or self.county or self.program


class SiteFile(Part, frozen=True):
    """The whole file."""

    agencies: tuple[AgencyPart, ...] = ()
    counties: tuple[CountyPart, ...] = ()
    courts: tuple[CourtPart, ...] = ()
    programs: tuple[ProgramPart, ...] = ()
    policies: tuple[PolicyPart, ...] = ()


def read_site_file(path: Path) -> SiteFile:
    """Raises `SiteFileError`, which says what is wrong and where."""
    try:
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(told, SiteFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SiteFileError(f"The site's file cannot be read: {error}.") from None
