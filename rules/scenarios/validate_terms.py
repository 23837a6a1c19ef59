"""Each term has a value of its own unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.scenarios.document import Document, Place, Problem
from rules.scenarios.shape import ContactTerm, Scenario

WORDS = {"calendar.week_starts": {"monday", "sunday"}, "bip.lateness_counts_as": {"absence", "attendance"}}


def terms_have_their_unit(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Counts are whole numbers from 0, a word is one of its words, a contact term has a count and a period."""
    for source in ("order", "local_policy", "provider_policy"):
        values = getattr(scenario.terms, source, None) or {}
        yield from _values(document, ("terms", source), values)
    for program, values in (getattr(scenario.terms, "programs", None) or {}).items():
        yield from _values(document, ("terms", "programs", program), values)
    for number, order in enumerate(scenario.orders or []):
        yield from _values(document, ("orders", number, "terms"), order.terms or {})


def _values(document: Document, place: Place, values: Mapping[Any, object]) -> Iterator[Problem]:
    for name, value in values.items():
        if not _fits(name, value):
            yield document.problem((*place, name), f"The value of {name} does not fit its unit.")


def _fits(name: str, value: object) -> bool:
    if name in WORDS:
        return value in WORDS[name]
    if name == "contact.face_to_face":
        return isinstance(value, ContactTerm)
    return isinstance(value, int) and value >= 0
