"""What is wrong with a rule file, by file and line, before it is let in beside the others.

A fatal fault leaves the file out, so that what ran before goes on; the other faults are only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl

from rules.calendar import known_zones
from rules.catalogue import CATALOGUE, RESERVED
from rules.evaluate import KINDS
from rules.frames import FACTS, SCHEMAS
from rules.pack_files import (
    Cadence,
    Confirmation,
    DutyFile,
    Fault,
    PackFile,
    RuleFile,
    Term,
    Value,
    line_of,
    short,
    spec_of,
)
from rules.words import FORBIDDEN_READS

# Columns that a spec or a `when` may name beside the anchors of an order.
OTHER_COLUMNS: Final = frozenset(
    {"level", "levels", "certificate", "treatment_started_on"} | {c for own in FACTS.values() for c in own}
)
# A text that nobody has looked at for two years may have been amended: two sessions of most legislatures.
STALE: Final = timedelta(days=2 * 365)
ANCHORS: Final = frozenset(SCHEMAS["orders"])
DERIVED: Final = frozenset({"absence", "decided", "attended", "release", "release_after_service", "exit_summary"})


def rule_faults(place: Path, rule: RuleFile, duties: dict[str, DutyFile], stale_before: date | None) -> Iterator[Fault]:
    """Every fault of one rule file."""

    def fault(key: str, reason: str, fatal: bool = True) -> Fault:
        return Fault(short(place), line_of(place, f"$.{key}"), reason, fatal)

    if rule.code == RESERVED or rule.code not in CATALOGUE:
        yield fault("code", f"{rule.code} is no code of the catalogue")
        return
    if place.stem != rule.code.lower():
        yield fault("code", f"the file of {rule.code} is named {rule.code.lower()}.yaml")
    if not (rule.provision or "").strip() and place.parent.name != "base" and not cited(rule):
        yield fault("code", "no provision and no cited value: quote the text that the duty comes from")
    yield from (fault("spec", reason) for reason in spec_faults(rule, duties[rule.code]))
    for name, term in rule.terms.items():
        for reason, fatal in term_faults(term, stale_before):
            yield Fault(short(place), line_in_term(place, name), f"{name}: {reason}", fatal)
    yield from (fault("needs", reason) for need in rule.needs for reason in read_faults(need.anchor))


def cited(rule: RuleFile) -> bool:
    """Whether any value of a rule is cited."""
    return any(value.cite.text.strip() for term in rule.terms.values() for value in term.values)


def line_in_term(place: Path, name: str) -> int:
    """The line on which a term begins."""
    for number, line in enumerate(place.read_text("utf-8").splitlines(), 1):
        if line.strip().startswith(f"{name}:"):
            return number
    return 1


def spec_faults(rule: RuleFile, duty: DutyFile) -> Iterator[str]:
    """Whether the spec fits its kind, and reads nothing that a rule may not read."""
    spec = spec_of(duty, [rule])
    kind = rule.kind or CATALOGUE[rule.code].kind
    try:
        msgspec.convert(spec, KINDS[kind][0])
    except msgspec.ValidationError as error:
        yield f"does not fit {kind}: {error}"
    for word in named_columns(spec):
        yield from read_faults(word)
    for event in named_events(spec):
        if event not in FACTS and event not in DERIVED:
            yield f"{event} is no family of facts"


def named_columns(spec: Any) -> Iterator[str]:
    """Columns that a spec names: anchors, and the keys of `is`, `only`, `except`, `pick`."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("anchor", "start") and isinstance(value, str):
                yield value
            elif key in ("is", "only", "except", "pick", "class_none") and isinstance(value, dict):
                yield from value
            else:
                yield from named_columns(value)
    elif isinstance(spec, list):
        for item in spec:
            yield from named_columns(item)


def named_events(spec: Any) -> Iterator[str]:
    """Families of facts that a spec names."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key == "event" and isinstance(value, str):
                yield value
            elif key not in ("is", "only", "except", "pick", "class_none"):
                yield from named_events(value)
    elif isinstance(spec, list):
        for item in spec:
            yield from named_events(item)


def read_faults(column: str) -> Iterator[str]:
    """Why a rule may not read a column."""
    if any(part in column for part in FORBIDDEN_READS):
        yield f"a rule may not read {column}: no names, traits, addresses, nothing of a protected person"
    elif column not in ANCHORS and column not in OTHER_COLUMNS:
        yield f"{column} is neither an anchor nor a column of a fact"


def term_faults(term: Term, stale_before: date | None) -> Iterator[tuple[str, bool]]:
    """(reason, fatal) of each fault in the values of a term."""
    groups: dict[str, list[Value]] = {}
    for value in term.values:
        groups.setdefault(repr((sorted(value.when.items()), value.court, value.county)), []).append(value)
        yield from value_faults(value, stale_before)
        yield from ((reason, True) for reason in number_faults(value.unit or term.unit, value.value))
    for same in groups.values():
        yield from ((reason, True) for reason in order_faults(same))
    for anchor in {name for value in term.values for name, want in value.when.items() if isinstance(want, list)}:
        yield from ((reason, True) for reason in range_faults(anchor, term.values))


def value_faults(value: Value, stale_before: date | None) -> Iterator[tuple[str, bool]]:
    """(reason, fatal) of each fault of one value."""
    if value.cite.confidence == "memory_unverified" and value.confirmed is None:
        yield "a value from memory stays off until a named person of the site has read the text (confirmed)", True
    if value.confirmed is not None and not named(value.confirmed):
        yield BLANK, True
    yield from ((reason, True) for reason in place_faults(value))
    if not value.cite.text.strip():
        yield "a value without a citation", True
    if isinstance(value.value, Cadence) and not (value.value.period_days or value.value.period_months):
        yield "a cadence without a period", True
    if stale_before is not None and value.cite.checked < stale_before:
        yield f"checked on {value.cite.checked}: look at the text again", False
    if stale_before is not None and value.cite.checked > stale_before + STALE:
        yield f"checked on {value.cite.checked}, a day that is yet to come: it would never grow old", False
    for anchor, want in value.when.items():
        yield from ((reason, True) for reason in (*read_faults(anchor), *word_faults(anchor, want)))


def word_faults(anchor: str, want: Any) -> Iterator[str]:
    """A word that an anchor never has: a value for it would never decide, and nobody would see why."""
    kind = SCHEMAS["orders"].get(anchor)
    if isinstance(kind, pl.Enum) and want not in kind.categories.to_list():
        yield f"{anchor} is never {want}: {', '.join(kind.categories)}"


def number_faults(unit: str, value: Any) -> Iterator[str]:
    """Whether a value is a number where its unit asks for one, and none below zero: as a word it would never decide."""
    if unit == "words":
        if isinstance(value, Cadence) or type(value) is int:
            yield "a number where a word must stand: name its unit"
        return
    counts = [value.count - 1, value.period_days, value.period_months] if isinstance(value, Cadence) else [value]
    told = [one for one in counts if one is not None]
    if any(type(one) is not int for one in told):
        yield f"{value} is no number of {unit.replace('_', ' ')}"
    elif any(one < 0 for one in told) or (isinstance(value, Cadence) and 0 in told[1:]):
        yield "a number below zero, or none where there must be one"


BLANK: Final = "a confirmation says who read which text: `by` and `text` are not blank"


def named(confirmed: Confirmation) -> bool:
    """Whether a confirmation says who read which text."""
    return bool(confirmed.by.strip() and confirmed.text.strip())


def place_faults(value: Value) -> Iterator[str]:
    """What is wrong with the court or county of a value."""
    if value.court is not None and value.county is not None:
        yield "a value is of a court or of a county, not of both"
    if "" in (value.court, value.county):
        yield "a court or county without a name"


def order_faults(values: list[Value]) -> Iterator[str]:
    """Gaps and overlaps among values for the same orders. One without `from` holds from the beginning."""
    starts = [value.from_ or date.min for value in values]
    if len(set(starts)) < len(starts):
        yield "two values begin on the same day"
    if starts != sorted(starts):
        yield "values must stand in order of their dates"
    if any(value.value is None for value in values[:-1]):
        yield "a repealed value (null) followed by another leaves a gap: begin the new one where the old one ends"


def range_faults(anchor: str, values: list[Value]) -> Iterator[str]:
    """Gaps and overlaps among the ranges of an anchor, for values that begin on the same day and in the same place."""
    sets: dict[str, list[list[int | None]]] = {}
    for value in values:
        want, rest = value.when.get(anchor), {k: v for k, v in value.when.items() if k != anchor}
        if isinstance(want, list):
            alike = repr((value.from_, value.court, value.county, sorted(rest.items())))
            sets.setdefault(alike, []).append(want)
    for ranges in sets.values():
        ranges.sort(key=lambda pair: (pair[0] is not None, pair[0]))
        for (_, high), (low, _) in pairwise(ranges):
            if high is None or low is None or low <= high:
                yield f"two ranges of {anchor} overlap: an order would have two values"
            elif low > high + 1:
                yield f"a gap between {high} and {low} of {anchor}: an order between them would have no value"


def pack_faults(place: Path, head: PackFile, names: set[str]) -> Iterator[Fault]:
    """Every fault of one pack.yaml."""
    if head.zone is not None and head.zone not in known_zones():
        yield Fault(short(place), line_of(place, "$.zone"), f"{head.zone} is no time zone")
    if head.local_policy is not None and not named(head.local_policy.chosen):
        yield Fault(short(place), line_of(place, "$.local_policy"), BLANK)
    if head.inherits is not None and head.inherits not in names:
        yield Fault(short(place), line_of(place, "$.inherits"), f"there is no pack {head.inherits} to inherit")
