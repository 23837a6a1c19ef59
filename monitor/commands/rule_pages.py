"""The rules as text: a line each, or one in full with every value, where it was read, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from rules.packs import Cadence, Packs, Rule, Term, Value
from rules.terms import usable


def lines_of_list(packs: Packs) -> Iterator[str]:
    """One line for each rule that a pack itself has; values inherited from base are under base."""
    for name, rules in packs.rules.items():
        yield f"{name}: {packs.packs[name].title}"
        for rule in rules:
            if rule.id.startswith(f"{name}."):
                yield f"  {rule.id}  {rule.duty}  [{_cites(rule) or rule.provision or 'engine policy'}]"


def found(packs: Packs, wanted: str) -> list[Rule]:
    """The rules that a code (ABSENCE_UNEXCUSED) or an id (us_ca.absence_unexcused) names."""
    every = {rule.id: rule for rules in packs.rules.values() for rule in rules}
    return [rule for rule in every.values() if wanted.lower() in (rule.id, rule.code.lower())]


def lines_of_rule(packs: Packs, rule: Rule) -> Iterator[str]:
    """One rule in full."""
    words = packs.duties[rule.code]
    yield f"{rule.id}: {words.title.en}"
    yield f"  Duty: {rule.duty}"
    if rule.provision:
        yield f"  Provision: {rule.provision}"
    yield f"  What it means: {words.what.en}"
    yield f"  What clears it: {words.clears.en}"
    yield f"  When data is missing: {words.unknown.en}"
    for name, term in sorted(rule.terms.items()):
        yield f"  {name} ({term.unit}; decided by {term.governed_by.replace('_', ' ')})"
        yield from _values(term)


def _values(term: Term) -> Iterator[str]:
    if not term.values:
        yield "    dormant: acts only where an order or a policy sets it"
    for value in term.values:
        since = f" from {value.from_}" if value.from_ else ""
        off = "" if usable(value) else "  OFF until somebody confirms it in the primary text"
        yield f"    {_shown(value)}{_when(value)}{since}: {value.cite.text}"
        yield f"      {value.cite.confidence.replace('_', ' ')}, looked at {value.cite.checked}{off}"


def _shown(value: Value) -> str:
    if isinstance(value.value, Cadence):
        months, days = value.value.period_months, value.value.period_days
        return f"{value.value.count} in {f'{months} months' if months else f'{days} days'}"
    return "none" if value.value is None else str(value.value)


def _when(value: Value) -> str:
    told = ", ".join(f"{key} {want}" for key, want in value.when.items())
    return f" when {told}" if told else ""


def _cites(rule: Rule) -> str:
    cites = {value.cite.text: None for name in sorted(rule.own) for value in rule.terms[name].values}
    return "; ".join(cites)
