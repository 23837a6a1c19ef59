"""The class that a reviewer sets: the rule only proposes one (response matrix, "Classes" and exceptions 11 and 12).

Of a question about the person alone: what a program or an office left undone is never given a class of the person.
Where the page shows no range none can be set: trying five classes would tell a waiting question apart (safeguard G4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from monitor.flag_review.words import class_words
from monitor.response_matrix.content import CLASSES
from monitor.response_matrix.reasons import REASONS

SETBACK: Final = "TEST_NONCOMPLIANT"
ABOVE_SETBACK: Final = ("C", "D", "E")


class ClassSet(msgspec.Struct, frozen=True):
    """``name``: A to E, or "" as proposed. ``why``: of `REASONS`; ``words``: in a line."""

    name: str = ""
    why: str = ""
    words: str = ""

    def differs(self, proposed: str | None) -> bool:
        """Whether it is another class than the rule's."""
        return bool(self.name) and self.name != proposed


def may_set(owner: str, proposed: str | None, certain: bool) -> bool:
    """Whether a question can be given a class by its reviewer at all."""
    return owner == "offender" and bool(proposed) and certain


def faults_of(given: ClassSet, proposed: str | None, allowed: bool, code: str) -> dict[str, str]:
    """What is missing or refused, by field."""
    if not given.differs(proposed):
        return {}
    if not allowed:
        return {"set_class": "No other class can be set for this question."}
    if given.name not in CLASSES:
        return {"set_class": "Choose a class from A to E."}
    if code == SETBACK and given.name in ABOVE_SETBACK and given.why != "ORDER":
        return {"class_why": "A test alone is class B at most, unless the order ties sobriety to safety: then say so."}
    faults = {}
    if given.why not in REASONS:
        faults["class_why"] = "Choose why you set another class."
    if not given.words.strip():
        faults["class_words"] = "Say in a line what makes it another class."
    return faults


def kept(given: ClassSet, proposed: str | None) -> dict[str, Any]:
    """What of it a review keeps; empty: the class is the rule's."""
    if not given.differs(proposed):
        return {}
    told = {"set": given.name, "proposed": proposed, "why": REASONS[given.why], "words": given.words.strip()}
    return {"class": told}


def class_of(content: Mapping[str, Any] | None, proposed: str | None) -> str | None:
    """The class that a standing review answered: the one set in it, or the rule's."""
    told = (content or {}).get("class")
    return str(told["set"]) if told else proposed


def raised(content: Mapping[str, Any] | None) -> bool:
    """Whether a review set a higher class than the rule's."""
    told = (content or {}).get("class")
    return told is not None and str(told["set"]) > str(told["proposed"])


def in_words(content: Mapping[str, Any] | None) -> str:
    """Class C set, B proposed. Something else: “…”; "" where none was set."""
    told = (content or {}).get("class")
    return f"Class {told['set']} set, {told['proposed']} proposed. {told['why']}: “{told['words']}”" if told else ""


def choices() -> Iterable[tuple[str, str]]:
    """The classes, in words."""
    return [(name, class_words(name)) for name in CLASSES]
