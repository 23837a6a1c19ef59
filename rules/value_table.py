"""The values of packs as one table: each with the orders it is for, its dates, and what it is cited as.

Source: rules/packs.md. `known_from` hides values that nobody could know yet. A pack may hold values of one court or
county beside those of the state.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from rules.calendar_table import day_number
from rules.levels import RANK
from rules.pack_files import Cadence, Rule, Term, Value
from rules.values import ALWAYS, CITES, LEVELED, NEVER


def numeric(value: Value) -> bool:
    """Whether a value is a number or a cadence (others are words, lists, yes or no)."""
    return isinstance(value.value, Cadence) or (isinstance(value.value, int) and not isinstance(value.value, bool))


def usable(value: Value) -> bool:
    """A value from memory stays off until a named person of the site has read the text and says so."""
    return value.cite.confidence != "memory_unverified" or value.confirmed is not None


def value_table(
    groups: list[list[Rule]], asks: list[dict[str, int]], known_on: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(TABLE: the values of all packs with their dates, what each `vid` is cited as). Row n has `vid` n.

    `asks`: of each group of rules the numbers of its terms.
    """
    rows = [
        {**row, "ask": own[name]}
        for rules, own in zip(groups, asks, strict=True)
        for rule in rules
        for name, term in rule.terms.items()
        for row in rows_of(rule, name, term, known_on)
    ]
    numbered = [{**row, "vid": i} for i, row in enumerate(rows)]
    table = pl.DataFrame([{k: row[k] for k in TABLE} for row in numbered], schema=TABLE, orient="row")
    told = [{**{k: row[k] for k in CITES}, "basis": row["source"]} for row in numbered]
    return table, pl.DataFrame(told, schema=CITES, orient="row")


# Which orders a value is for.
TESTED: Final = ("anchor", "low", "high", "is_word", "court", "county")
# One value of a pack: for which orders (`anchor` and its test, `court`, `county`, all in lower case), and from when.
TABLE: Final = {
    "pack": pl.String, **{k: v for k, v in LEVELED.items() if k != "order"}, "governed_by": pl.String,
    "anchor": pl.String, "low": pl.Int64, "high": pl.Int64, "is_word": pl.String, "court": pl.String,
    "county": pl.String,
}  # fmt: skip


def rows_of(rule: Rule, name: str, term: Term, known_on: date) -> Iterator[dict[str, Any]]:
    """One dict per value of a term, with its end: the start of the next value for the same orders."""
    seen = [v for v in term.values if usable(v) and (v.known_from is None or v.known_from <= known_on)]
    for value in (v for v in seen if v.value is not None):
        after = [v for v in seen if v.from_ and v.from_ > (value.from_ or date.min) and place_of(v) == place_of(value)]
        later = [v.from_ for v in after if v.when == value.when] or [
            v.from_ for v in after if v.version != value.version
        ]
        ends = [day for day in later if day]
        level, anchor, test = selector(value)
        source, place = place_of(value)
        yield {
            "pack": rule.pack, "term": name, **number_of(value), "unit": value.unit or term.unit,
            "basis": "law" if place is None else "local_policy", "level": level, "version": value.version,
            "from_day": day_number(value.from_) if value.from_ else NEVER,
            "to_day": day_number(min(ends)) if ends else ALWAYS,
            "program": None, "source": source, "rank": 0 if place is None else RANK[source] - 1,
            "court": place if source == "court_policy" else None,
            "county": place if source == "county_policy" else None,
            "is_law": value.cite.confidence != "engine_policy",
            "governed_by": term.governed_by, "anchor": anchor, **test, "stricter": term.stricter,
            "value": text_of(value), "from": value.from_, "cite": cited(value), "confidence": value.cite.confidence,
        }  # fmt: skip


def place_of(value: Value) -> tuple[str, str | None]:
    """(law, county_policy or court_policy; the place in lower case)."""
    if value.court is not None:
        return "court_policy", value.court.lower()
    return ("county_policy", value.county.lower()) if value.county is not None else ("law", None)


def cited(value: Value) -> str:
    """Where a value was read; one from memory also names who of the site read the text and switched it on."""
    if value.confirmed is None:
        return value.cite.text
    sure = value.confirmed
    return f"{value.cite.text} (confirmed by {sure.by}, {sure.day.isoformat()}: {sure.text})"


def number_of(value: Value) -> dict[str, Any]:
    """n and periods of a value that is a number, `word` of any other."""
    if isinstance(value.value, Cadence):
        c = value.value
        return {"n": c.count, "period_days": c.period_days, "period_months": c.period_months, "word": None}
    number = numeric(value)
    blank = {"period_days": None, "period_months": None}
    return {**blank, "n": value.value if number else None, "word": None if number else as_word(value.value)}


def as_word(value: Any) -> str:
    """A word as itself; yes, no and a list as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def read_word(word: str | None) -> Any:
    """What `as_word` wrote; null where there is no value."""
    return json.loads(word) if word is not None and (word in ("true", "false") or word.startswith("[")) else word


def text_of(value: Value) -> str:
    """A value as it is printed beside its citation."""
    if isinstance(value.value, Cadence):
        c = value.value
        return f"{c.count} in {c.period_days} days" if c.period_days else f"{c.count} in {c.period_months} months"
    return str(value.value)


def selector(value: Value) -> tuple[str | None, str | None, dict[str, Any]]:
    """(level, anchor, test) of the `when` of a value. At most one anchor beside the level."""
    test: dict[str, Any] = {"low": None, "high": None, "is_word": None}
    level, anchor = None, None
    for name, want in value.when.items():
        if name == "level":
            level = str(want)
            continue
        anchor = name
        if isinstance(want, list):
            test["low"], test["high"] = want[0], want[1]
        else:
            test["is_word"] = str(want).lower()
    return level, anchor, test
