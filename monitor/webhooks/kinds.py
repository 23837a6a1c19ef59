"""The kinds of word that an agency's software may be told. None holds a name, a number of a case or what was decided.

Whatever receives one may be read by people who may not read the record, so each says only that it is time to look.
Matters that are nobody's business by their very existence (walls, call-back requests, record notices, conflicts, opened
cases, safety steps) have no kind, and community advocates, victim/witness staff and medical staff no endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

PING: Final = "ping"
# agencies whose software may be told anything at all
KINDS_OF_AGENCY: Final = ("program", "probation", "prosecution")


class Kind(msgspec.Struct, frozen=True):
    """``label``: for the administrator. ``why``: sent along; what caused it. ``agencies``: whose it can be."""

    label: str
    why: str
    agencies: tuple[str, ...]


KINDS: Final[Mapping[str, Kind]] = {
    "sheet.saved": Kind("A sheet of this program is on record", "A sheet of your program was saved.", ("program",)),
    "sheet.missing": Kind(
        "A sheet of a class that is over has not come", "A class is over and its sheet has not come.", ("program",)
    ),
    "item.waiting": Kind(
        "Something new waits on this agency's desk", "Somebody of your agency has something new to look at.",
        KINDS_OF_AGENCY,
    ),
}  # fmt: skip
WHY_PING: Final = "An administrator asked for a test."


def why_of(kind: str) -> str:
    """What caused word of ``kind``, as it is sent along."""
    return WHY_PING if kind == PING else KINDS[kind].why


def fits(kind: str, agency_kind: str) -> bool:
    """Whether an agency of that kind may be told this."""
    return kind in KINDS and agency_kind in KINDS[kind].agencies
