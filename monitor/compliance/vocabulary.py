"""How the record's words read in the rule frames, in one place. Words that are not here go through in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

OUTCOMES: Final[Mapping[str, str]] = {
    "PRESENT": "attended",
    "PRESENT_LATE": "late",
    "SESSION_CANCELLED": "cancelled_by_provider",
}
PARTIES: Final[Mapping[str, str]] = {"PERSON": "offender", "PROGRAM": "provider"}
DECIDERS: Final[Mapping[str, str]] = {"OFFICER": "probation", "PROGRAM": "provider"}
CONTACT_KINDS: Final[Mapping[str, str]] = {"BOTH": "direct"}
CONTACT_PLACES: Final[Mapping[str, str]] = {"LAW_ENFORCEMENT": "other"}
DISCHARGES: Final[Mapping[str, str]] = {"ADMINISTRATIVE": "other", "DECEASED": "other"}
ORDER_KINDS: Final[Mapping[str, str]] = {
    "CONDITIONAL_DISCHARGE": "probation",
    "PRETRIAL_RELEASE": "probation",
    "SENTENCE_MODIFICATION": "probation",
    "EXTREME_RISK": "civil_protection",
}
ORDER_EVENTS: Final[Mapping[str, str]] = {"NEW": "issued", "EXTENDED": "modified"}
# which codes of conditions a police report touches, as rules know acts: others they know nothing of
THREATENED, APPROACHED, CONTACTED = ("01", "02"), ("03", "04", "STAY_AWAY"), ("05", "NO_CONTACT")
# Events of a place in a program that no rule reads: a referral is the court's act, a change of group is nobody's.
UNREAD_ENROLLMENT_EVENTS: Final = ("REFERRED", "GROUP_CHANGED")


def word(value: str | None, table: Mapping[str, str] | None = None) -> str | None:
    """The frames' word for one of the record's; None stays None."""
    if value is None:
        return None
    return (table or {}).get(value, value.lower())


def exception(told: Any) -> str:
    """The frames' word for an exception of an order, which the record holds as a word or as who, what, when, where."""
    return str(told.get("what", "")) if isinstance(told, Mapping) else str(told)
