"""Which values a pack has for one order, and which of their versions governs; `rules.levels` says whose value decides.

Source: rules/packs.md. `governed_by` says which date picks the version; `known_from` hides values that nobody could
know yet. A pack may hold values of one court or county beside those of the state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from rules.calendar_table import day_number
from rules.ground import Ground
from rules.levels import RANK, overridden
from rules.packs import Cadence, Need, Rule, Term, Value
from rules.values import ALWAYS, CITES, DATED, LEVELED, MISSING, NEVER


@dataclass(frozen=True)
class Duty:
    """One code with one spec, for all orders whose packs share it: what a kind needs to know."""

    code: str
    spec: dict[str, Any]
    words: dict[str, Any]
    orders: pl.DataFrame
    values: pl.DataFrame
    missing: pl.DataFrame
    weaker: pl.DataFrame
    cites: pl.DataFrame
    needs: list[Need]
    kind: str
    rolls: bool
    key: str

    def of(self, term: str) -> pl.DataFrame:
        """The rows of one term: VALUES without `term`."""
        return self.values.filter(pl.col("term") == term).drop("term")

    def at(self, frame: pl.DataFrame, term: str, day: str = "on") -> pl.DataFrame:
        """`frame` (with `order`) joined with the value of `term` in force on `day`; orders without one fall out."""
        rows = self.of(term)
        joined = frame.join(rows, on="order", maintain_order="left")
        return joined.filter((pl.col("from_day") <= pl.col(day)) & (pl.col(day) < pl.col("to_day")))


def resolve(ground: Ground, rules: list[Rule], starts: pl.DataFrame) -> Duty:
    """Terms of one code over the packs that share its spec. `starts`: order, start_day (first day of treatment)."""
    packs = [rule.pack for rule in rules]
    orders = ground.orders_of(tuple(packs))
    table, cites = value_table(rules, ground.known_at.date())
    dealt, missing = by_pack(orders, table, starts, ground)
    values, weaker, more = overridden(ground, orders, dealt, rules, cites)
    first = rules[0]
    return Duty(
        code=first.code, spec=first.spec, words=words_of(first), orders=orders, values=values, missing=missing,
        weaker=weaker, cites=more, needs=first.needs, kind=first.kind, rolls=any(rule.rolls for rule in rules),
        key=first.code + " " + " ".join(packs),
    )  # fmt: skip


def numeric(value: Value) -> bool:
    """Whether a value is a number or a cadence (other values are words, and part of the rule itself)."""
    return isinstance(value.value, Cadence) or (isinstance(value.value, int) and not isinstance(value.value, bool))


def words_of(rule: Rule) -> dict[str, Any]:
    """The values of a rule that are no numbers: lists, words, yes and no. The last one read counts."""
    return {
        name: value.value
        for name, term in rule.terms.items()
        for value in term.values
        if not numeric(value) and usable(value)
    }


def usable(value: Value) -> bool:
    """A value from memory stays off until a named person of the site has read the text and says so."""
    return value.cite.confidence != "memory_unverified" or value.confirmed is not None


def value_table(rules: list[Rule], known_on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(numeric values of all packs with their dates, what each `vid` is cited as)."""
    rows = [row for rule in rules for name, term in rule.terms.items() for row in rows_of(rule, name, term, known_on)]
    numbered = [{**row, "vid": i} for i, row in enumerate(rows)]
    table = pl.DataFrame([{k: row[k] for k in TABLE} for row in numbered], schema=TABLE, orient="row")
    told = [{**{k: row[k] for k in CITES}, "basis": row["source"]} for row in numbered]
    return table, pl.DataFrame(told, schema=CITES, orient="row")


# One value of a pack: for which orders (`anchor` and its test, `court`, `county`, all in lower case), and from when.
TABLE: Final = {
    "pack": pl.String, **{k: v for k, v in LEVELED.items() if k != "order"}, "governed_by": pl.String,
    "anchor": pl.String, "low": pl.Int64, "high": pl.Int64, "is_word": pl.String, "court": pl.String,
    "county": pl.String,
}  # fmt: skip


def rows_of(rule: Rule, name: str, term: Term, known_on: date) -> Iterator[dict[str, Any]]:
    """One dict per numeric value of a term, with its end: the start of the next value for the same orders."""
    seen = [v for v in term.values if usable(v) and (v.known_from is None or v.known_from <= known_on)]
    for value in (v for v in seen if numeric(v)):
        after = [v for v in seen if v.from_ and v.from_ > (value.from_ or date.min) and place_of(v) == place_of(value)]
        later = [v.from_ for v in after if v.when == value.when] or [
            v.from_ for v in after if v.version != value.version
        ]
        ends = [day for day in later if day]
        level, anchor, test = selector(value)
        source, place = place_of(value)
        yield {
            "pack": rule.pack, "term": name, **number_of(value), "word": None, "unit": value.unit or term.unit,
            "basis": "law" if place is None else "local_policy", "level": level, "version": value.version,
            "from_day": day_number(value.from_) if value.from_ else NEVER,
            "to_day": day_number(min(ends)) if ends else ALWAYS,
            "source": source, "rank": 0 if place is None else RANK[source] - 1,
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
    """n and periods of a numeric value."""
    if isinstance(value.value, Cadence):
        c = value.value
        return {"n": c.count, "period_days": c.period_days, "period_months": c.period_months}
    return {"n": value.value, "period_days": None, "period_months": None}


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


def by_pack(
    orders: pl.DataFrame, table: pl.DataFrame, starts: pl.DataFrame, ground: Ground
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(LEVELED rows of each order from its pack; order, term, anchor where an anchor is missing)."""
    if table.is_empty():
        return pl.DataFrame(schema=LEVELED), pl.DataFrame(schema=MISSING)
    anchors = [a for a in table.get_column("anchor").drop_nulls().unique().to_list() if a in orders.columns]
    here = [pl.col(c).str.to_lowercase().alias(f"{c}_here") for c in ("court_code", "county")]
    base = orders.select("order", "pack", "ordered_on", *(a for a in anchors if a != "county"), "county", *here)
    rows = in_place(base.join(table.rename({"county": "for_county"}), on="pack"))
    cases: list[pl.Expr] = [pl.lit(None, pl.String)]
    cases += [pl.when(pl.col("anchor") == a).then(pl.col(a).cast(pl.String).str.to_lowercase()) for a in anchors]
    told = pl.coalesce(cases)
    rows = rows.with_columns(told=told)
    lost = pl.col("anchor").is_not_null() & pl.col("told").is_null()
    missing = rows.filter(lost).select("order", "term", "anchor").unique()
    number = pl.col("told").cast(pl.Int64, strict=False)
    fits = (
        pl.col("anchor").is_null()
        | (pl.col("told") == pl.col("is_word")).fill_null(False)
        | (
            (number >= pl.col("low").fill_null(NEVER))
            & (number <= pl.col("high").fill_null(ALWAYS))
            & pl.col("is_word").is_null()
        ).fill_null(False)
    )
    rows = rows.filter(fits & ~lost)
    return dated(rows, starts, ground).select(list(LEVELED)), missing


def in_place(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the state, and those of the order's own court and county."""
    if rows.get_column("rank").max() in (0, None):
        return rows
    court = pl.col("court").is_null() | (pl.col("court") == pl.col("court_code_here")).fill_null(False)
    county = pl.col("for_county").is_null() | (pl.col("for_county") == pl.col("county_here")).fill_null(False)
    return rows.filter(court & county)


def dated(rows: pl.DataFrame, starts: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """The version that governs: picked by the order's date, left on the axis of events, or chosen by a person."""
    many = (rows.get_column("from_day") > NEVER).any() or (rows.get_column("to_day") < ALWAYS).any()
    if not many:
        return rows
    by_order = rows.filter(
        (pl.col("governed_by") == "order_date")
        & (pl.col("from_day") <= pl.col("ordered_on"))
        & (pl.col("ordered_on") < pl.col("to_day"))
    ).with_columns(from_day=pl.lit(NEVER, pl.Int32), to_day=pl.lit(ALWAYS, pl.Int32))
    by_event = rows.filter(pl.col("governed_by").is_in(DATED))
    unsettled = rows.filter(pl.col("governed_by") == "undetermined")
    return pl.concat([by_order, by_event, chosen(unsettled, starts, ground)])


def chosen(rows: pl.DataFrame, starts: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Where no text says which version governs a running case: the old one until the change, then a person's choice."""
    if rows.is_empty():
        return rows
    columns = rows.columns
    rows = rows.join(starts, on="order", how="left")
    settled = rows.filter((pl.col("start_day") >= pl.col("from_day")) & (pl.col("start_day") < pl.col("to_day")))
    whole = settled.filter(pl.col("to_day") == ALWAYS).with_columns(from_day=pl.lit(NEVER, pl.Int32))
    running = settled.filter(pl.col("to_day") < ALWAYS).with_columns(from_day=pl.lit(NEVER, pl.Int32))
    choices = version_choices(ground)
    picked = (
        rows.join(running.select("order").unique(), on="order", how="semi")
        .join(choices, left_on=["order", "version"], right_on=["order", "word"])
        .with_columns(from_day=pl.col("on"), to_day=pl.lit(ALWAYS, pl.Int32))
        .drop("on")
    )
    return pl.concat([whole.select(columns), running.select(columns), picked.select(columns)])


def version_choices(ground: Ground) -> pl.DataFrame:
    """The last recorded choice of a rule version per order: order, word, on."""
    made = ground.laid("decisions").filter(pl.col("kind") == "rule_version_chosen")
    return made.sort("order", "t").unique("order", keep="last", maintain_order=True).select("order", "word", "on")
