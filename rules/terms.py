"""Which value governs one order: the court's own order, then local policy, then the pack; and from which day.

Source: rules/packs.md, rules/scenarios/FORMAT.md section 5. A provider's policy fills what the pack leaves dormant;
where the law has a value only a stricter policy counts, and a weaker one is told apart (POLICY_WEAKER_THAN_LAW).
`governed_by` says which date picks the version; `known_from` hides values that nobody could know yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from rules.calendar_table import day_number
from rules.ground import Ground
from rules.packs import Cadence, Need, Rule, Term, Value

NEVER: Final = -(2**30)
ALWAYS: Final = 2**30
VALUES: Final[dict[str, Any]] = {
    "order": pl.Int64,
    "term": pl.String,
    "n": pl.Int64,
    "period_days": pl.Int32,
    "period_months": pl.Int32,
    "word": pl.String,
    "unit": pl.String,
    "basis": pl.String,
    "level": pl.String,
    "version": pl.String,
    "from_day": pl.Int32,
    "to_day": pl.Int32,
    "vid": pl.Int32,
}
MISSING: Final[dict[str, Any]] = {"order": pl.Int64, "term": pl.String, "anchor": pl.String}
WEAKER: Final[dict[str, Any]] = {"order": pl.Int64, "term": pl.String, "n": pl.Int64, "law": pl.Int64}
DATED: Final = ("event_date", "period_start", "evaluation_date")
STRICTNESS: Final = {"order": 3, "local_policy": 2}


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
    schema = {
        "pack": pl.String, **{k: v for k, v in VALUES.items() if k != "order"}, "governed_by": pl.String,
        "anchor": pl.String, "low": pl.Int64, "high": pl.Int64, "is_word": pl.String, "stricter": pl.String,
    }  # fmt: skip
    table = pl.DataFrame([{k: row[k] for k in schema} for row in numbered], schema=schema, orient="row")
    cites = pl.DataFrame([{k: row[k] for k in CITES} for row in numbered], schema=CITES, orient="row")
    return table, cites


CITES: Final[dict[str, Any]] = {
    "vid": pl.Int32, "term": pl.String, "value": pl.String, "unit": pl.String, "basis": pl.String, "from": pl.Date,
    "governed_by": pl.String, "cite": pl.String, "confidence": pl.String,
}  # fmt: skip


def rows_of(rule: Rule, name: str, term: Term, known_on: date) -> Iterator[dict[str, Any]]:
    """One dict per numeric value of a term, with its end: the start of the next value for the same orders."""
    seen = [v for v in term.values if numeric(v) and usable(v) and (v.known_from is None or v.known_from <= known_on)]
    for value in seen:
        later = [v.from_ for v in seen if v.from_ and v.when == value.when and v.from_ > (value.from_ or date.min)]
        level, anchor, test = selector(value)
        ends = later or [
            v.from_ for v in seen if v.from_ and v.version != value.version and v.from_ > (value.from_ or date.min)
        ]
        yield {
            "pack": rule.pack, "term": name, **number_of(value), "word": None, "unit": value.unit or term.unit,
            "basis": "law", "level": level, "version": value.version,
            "from_day": day_number(value.from_) if value.from_ else NEVER,
            "to_day": day_number(min(ends)) if ends else ALWAYS,
            "governed_by": term.governed_by, "anchor": anchor, **test, "stricter": term.stricter,
            "value": text_of(value), "from": value.from_, "cite": value.cite.text, "confidence": value.cite.confidence,
        }  # fmt: skip


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
    """(VALUES rows of each order from its pack, plus `stricter`; order, term, anchor where an anchor is missing)."""
    if table.is_empty():
        return pl.DataFrame(schema=VALUES | {"stricter": pl.String}), pl.DataFrame(schema=MISSING)
    anchors = [a for a in table.get_column("anchor").drop_nulls().unique().to_list() if a in orders.columns]
    base = orders.select("order", "pack", "ordered_on", *anchors)
    rows = base.join(table, on="pack")
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
    return dated(rows, starts, ground).select(*VALUES, "stricter"), missing


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


def overridden(
    ground: Ground, orders: pl.DataFrame, dealt: pl.DataFrame, rules: list[Rule], cites: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(values after the order, policies and court decisions; provider's values weaker than law; citations of all)."""
    names = sorted({name for rule in rules for name in rule.terms})
    if ground.terms_named.isdisjoint(names):
        values, granted = with_good_cause(ground, dealt.select(list(VALUES)), orders, names, len(cites))
        weaker = pl.DataFrame(schema=WEAKER)
        return values.sort("order", "term", "from_day", "vid"), weaker, pl.concat([cites, granted])
    own = set_values(ground, orders, names, unit_table(rules), len(cites))
    law = dealt.drop("stricter")
    own_values = own.select(*VALUES, "source")
    courts = own_values.filter(pl.col("source") != "provider_policy").with_columns(
        rank=pl.col("source").replace_strict(STRICTNESS, return_dtype=pl.Int8)
    )
    courts = courts.filter(pl.col("rank") == pl.col("rank").max().over("order", "term")).select(list(VALUES))
    providers = own_values.filter(pl.col("source") == "provider_policy").join(courts, on=["order", "term"], how="anti")
    told = dealt.select("order", "term", "stricter", law="n", law_unit="unit")
    compared = providers.join(told, on=["order", "term"], how="left").with_columns(
        own_size=size("n", "unit", "law_unit"), law_size=size("law", "law_unit", "unit")
    )
    lower = pl.col("stricter") == "lower"
    above, below = pl.col("own_size") > pl.col("law_size"), pl.col("own_size") < pl.col("law_size")
    tougher = pl.when(lower).then(below).otherwise(above)
    milder = pl.when(lower).then(above).otherwise(below)
    known = pl.col("law").is_not_null() & pl.col("stricter").is_not_null()
    policies = compared.filter(pl.col("law").is_null() | (known & tougher)).select(list(VALUES))
    weaker = compared.filter(known & milder).select("order", "term", "n", "law").unique()
    replacing = pl.concat([courts, policies])
    values = pl.concat([law.join(replacing, on=["order", "term"], how="anti"), replacing])
    values, granted = with_good_cause(ground, values, orders, names, len(cites) + len(own))
    more = pl.concat([cites, own.select(list(CITES)), granted])
    return values.sort("order", "term", "from_day", "vid"), weaker, more


# Twelfths of a day, so that a month is a whole number of them: a twelfth of 365 days. Only lengths in unlike units
# are compared so, never counted so; no value of ours lies within a day of another in an unlike unit.
TWELFTHS: Final = {"days": 12, "weeks": 84, "months": 365, "years": 4380}


def size(number: str, unit: str, other: str) -> pl.Expr:
    """A number as it can be compared with one in another unit: eight weeks are less than three months."""
    scale = pl.col(unit).replace_strict(TWELFTHS, default=1, return_dtype=pl.Int64)
    return pl.col(number) * pl.when(pl.col(unit) == pl.col(other)).then(1).otherwise(scale)


def unit_table(rules: Iterable[Rule]) -> pl.DataFrame:
    """term, unit: what a number that an order or a policy sets is counted in."""
    found = {name: OWN_UNITS.get(name, term.unit) for rule in rules for name, term in rule.terms.items()}
    return pl.DataFrame(
        [{"term": name, "unit": unit} for name, unit in sorted(found.items())],
        schema={"term": pl.String, "unit": pl.String}, orient="row",
    )  # fmt: skip


# Units of values set outside the packs (FORMAT.md section 5), where a pack counts the same term in another unit.
OWN_UNITS: Final = {
    "bip.length_min": "weeks",
    "bip.completion_deadline": "months",
    "report.immediately_means": "business_days",
}


def set_values(
    ground: Ground, orders: pl.DataFrame, names: list[str], units: pl.DataFrame, first_vid: int
) -> pl.DataFrame:
    """What orders and policies themselves set, as VALUES rows with `source` and the columns of CITES."""
    known = ground.terms.filter(pl.col("term").is_in(names))
    known = known.join(orders.select("order"), on="order", how="semi").join(units, on="term", how="left")
    known = known.sort("order", "term", "source", "from", "recorded_at", nulls_last=False)
    known = known.unique(["order", "term", "source", "from"], keep="last", maintain_order=True)
    same = (
        (pl.col("order") == pl.col("order").shift(-1))
        & (pl.col("term") == pl.col("term").shift(-1))
        & (pl.col("source") == pl.col("source").shift(-1))
    )
    day = pl.col("from").cast(pl.Int32)
    source = pl.col("source").cast(pl.String)
    return known.with_columns(
        source=source, basis=source, n=pl.col("number"), level=pl.lit(None, pl.String), version=pl.lit(None, pl.String),
        from_day=day.fill_null(NEVER), to_day=pl.when(same).then(day.shift(-1)).fill_null(ALWAYS).cast(pl.Int32),
        vid=(pl.int_range(pl.len()) + first_vid).cast(pl.Int32),
        value=pl.coalesce(pl.col("number").cast(pl.String), "word"), governed_by=pl.lit(None, pl.String),
        confidence=pl.lit(None, pl.String),
    )  # fmt: skip


def with_good_cause(
    ground: Ground, values: pl.DataFrame, orders: pl.DataFrame, names: list[str], first_vid: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A court that finds good cause sets a new value from its date on."""
    if ground.good_causes.is_empty():
        return values, pl.DataFrame(schema=CITES)
    found = ground.good_causes.filter(pl.col("term").is_in(names))
    found = found.join(orders.select("order"), on="order", how="semi").sort("order", "term", "t")
    found = found.unique(["order", "term"], keep="last", maintain_order=True)
    if found.is_empty():
        return values, pl.DataFrame(schema=CITES)
    found = found.with_columns(vid=(pl.int_range(pl.len()) + first_vid).cast(pl.Int32))
    keys = found.select("order", "term", granted="on", number="number", new_vid="vid")
    joined = values.join(keys, on=["order", "term"], how="left")
    old = joined.with_columns(to_day=pl.min_horizontal("to_day", "granted")).filter(
        pl.col("from_day") < pl.col("to_day")
    )
    new = joined.filter(pl.col("granted").is_not_null() & (pl.col("to_day") > pl.col("granted"))).with_columns(
        n=pl.col("number"),
        basis=pl.lit("order"),
        from_day=pl.max_horizontal("from_day", "granted"),
        vid=pl.col("new_vid"),
    )
    cites = found.select(
        "vid", "term", value=pl.col("number").cast(pl.String), unit=pl.lit(None, pl.String), basis=pl.lit("order"),
        **{"from": pl.col("on").cast(pl.Date)}, governed_by=pl.lit(None, pl.String),
        cite=pl.lit("court decision: good cause"), confidence=pl.lit(None, pl.String),
    )  # fmt: skip
    return pl.concat([old.select(list(VALUES)), new.select(list(VALUES))]), cites.select(list(CITES))
