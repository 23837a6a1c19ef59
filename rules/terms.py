"""What each order has of each term of the rules: from its pack, and from whichever level decides (rules.levels).

Source: rules/packs.md. `governed_by` says which date picks the version of a value. All duties are settled in one
pass: each term of each of them has a number, `ask`, by which its rows are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import polars as pl

from rules.dated import conditions_of, orders_with
from rules.ground import Ground
from rules.levels import Decided, named_terms, overridden
from rules.pack_files import Need, Rule
from rules.value_table import TESTED, read_word, value_table
from rules.values import ALWAYS, DATED, LEVELED, NEVER, VALUES

UNSET: Final = pl.DataFrame(schema={c: t for c, t in VALUES.items() if c != "ask"})


@dataclass(frozen=True)
class Duty:
    """One code with one spec, for all orders whose packs share it: what a kind needs to know.

    `terms`: VALUES of its orders without `ask`, by the name of the term; `of_programs`: of those terms that several
    programs of a person set, what each of them has, with `program`.
    """

    code: str
    spec: dict[str, Any]
    orders: pl.DataFrame
    terms: dict[str, pl.DataFrame]
    of_programs: dict[str, pl.DataFrame]
    weaker: pl.DataFrame
    unclear: pl.DataFrame
    needs: list[Need]
    kind: str
    rolls: bool
    packs: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells one duty from all others."""
        return " ".join([self.code, *self.packs])

    def of(self, term: str) -> pl.DataFrame:
        """The rows of one term, by order and day."""
        return self.terms.get(term, UNSET)

    def beside(self, frame: pl.DataFrame, term: str, program: str = "program") -> pl.DataFrame:
        """`frame` (with `order`) joined with every value of `term`; orders without one fall out.

        Where two programs of a person set the term, a row that belongs to a program goes by that program's own.
        """
        apart = self.of_programs.get(term)
        if apart is None or program not in frame.columns:
            return frame.join(self.of(term), on="order", maintain_order="left")
        place = frame.with_row_index("_place").with_columns(_lane=pl.lit(None, pl.Int64))
        of_one = place.filter(pl.col(program).fill_null(0) != 0)
        of_one = of_one.join(apart.select("order").unique(), on="order", how="semi")
        theirs = apart.select("order", "program").unique().rename({"program": program})
        own = of_one.join(theirs, on=["order", program], how="semi").with_columns(_lane=program)
        told = pl.concat([own, of_one.join(own, on="_place", how="anti")])
        told = told.join(apart.rename({"program": "_lane"}), on=["order", "_lane"], nulls_equal=True)
        plain = place.join(of_one, on="_place", how="anti").join(self.of(term), on="order")
        both = pl.concat([plain, told.select(plain.columns)])
        return both.sort("_place", maintain_order=True).drop("_place", "_lane")

    def said(self, frame: pl.DataFrame, term: str, day: str = "on") -> list[tuple[Any, pl.DataFrame]]:
        """`frame` (with `order`) in parts: those rows on whose `day` a value that is a word, a list, yes or no is in
        force, with that value; last those without one, with None. A row without a day goes by the newest value."""
        rows = frame.with_row_index("_row")
        asked = rows.select("_row", "order", *(c for c in ("program",) if c in rows.columns), day=pl.col(day))
        held = self.at(asked.with_columns(pl.col("day").fill_null(ALWAYS - 1)), term, "day")
        held = held.drop_nulls("word").unique("_row", keep="first", maintain_order=True)
        parts = [
            (read_word(word), rows.join(held.filter(word=word), on="_row", how="semi", maintain_order="left"))
            for word in held.get_column("word").unique().sort()
        ]
        parts.append((None, rows.join(held, on="_row", how="anti", maintain_order="left")))
        return [(value, part.drop("_row")) for value, part in parts]

    def at(self, frame: pl.DataFrame, term: str, day: str = "on") -> pl.DataFrame:
        """`frame` (with `order`) joined with the value of `term` in force on `day`; orders without one fall out."""
        joined = self.beside(frame, term)
        return joined.filter((pl.col("from_day") <= pl.col(day)) & (pl.col(day) < pl.col("to_day")))


def resolved(ground: Ground, groups: list[list[Rule]], starts: pl.DataFrame) -> tuple[list[Duty], pl.DataFrame]:
    """A duty for each group of rules that packs share, and what every `vid` is cited as: CITES.

    `starts`: order, start_day (first day of treatment).
    """
    asks = numbered(groups)
    table, cites = value_table(groups, asks, ground.known_at.date())
    dealt = by_pack(ground.orders, table, starts, ground)
    decided = overridden(ground, dealt, named_terms(groups, asks), cites)
    begins, values = bounds(decided.values, asks), decided.values.drop("ask")
    duties = []
    for rules, own in zip(groups, asks, strict=True):
        terms = {name: values[begins[n] : begins[n + 1]] for name, n in own.items()}
        duties.append(duty_of(ground, rules, own, terms, decided))
    return duties, decided.cites


def numbered(groups: list[list[Rule]]) -> list[dict[str, int]]:
    """The number of each term of each group of rules; within a group by name, for so its values lie."""
    names = [sorted({name for rule in rules for name in rule.terms}) for rules in groups]
    first = accumulate(map(len, names), initial=0)
    return [{name: n for n, name in enumerate(own, begin)} for own, begin in zip(names, first, strict=False)]


def bounds(values: pl.DataFrame, asks: list[dict[str, int]]) -> list[int]:
    """Where the rows of each `ask` begin in `values`, which lies by `ask`; and the end of all."""
    every = pl.int_range(sum(map(len, asks)) + 1, eager=True)
    return values.get_column("ask").search_sorted(every).to_list()


def duty_of(
    ground: Ground, rules: list[Rule], asks: dict[str, int], terms: dict[str, pl.DataFrame], decided: Decided
) -> Duty:
    """What rules that packs share come to, with the rows of each of their terms."""
    first, packs = rules[0], tuple(rule.pack for rule in rules)
    asked = conditions_of(first.code, first.spec)
    apart = about(decided.of_programs, asks)
    several = set(apart.get_column("ask"))
    return Duty(
        code=first.code, spec=first.spec, orders=orders_with(ground, ground.orders_of(packs), asked), terms=terms,
        of_programs={name: apart.filter(ask=n).drop("ask") for name, n in asks.items() if n in several},
        weaker=about(decided.weaker, asks), unclear=about(decided.unclear, asks), needs=first.needs, kind=first.kind,
        rolls=any(rule.rolls for rule in rules), packs=packs,
    )  # fmt: skip


def about(rows: pl.DataFrame, asks: dict[str, int]) -> pl.DataFrame:
    """The rows of some terms. Mostly there are none of any."""
    return rows.filter(pl.col("ask").is_in(list(asks.values()))) if rows.height else rows


def by_pack(orders: pl.DataFrame, table: pl.DataFrame, starts: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """LEVELED rows of each order from its pack. Where an anchor is missing there is none."""
    anchors = [a for a in table.get_column("anchor").drop_nulls().unique().to_list() if a in orders.columns]
    here = {a: f"{a}_here" for a in (*anchors, "court_code", "county")}
    base = orders.select(
        "order", "pack", "ordered_on", *(pl.col(a).cast(pl.String).str.to_lowercase().alias(b) for a, b in here.items())
    )
    pairs = base.join(table.select("pack", "vid", "rank", *TESTED).rename({"county": "for_county"}), on="pack")
    pairs = in_place(pairs).with_columns(
        told=pl.coalesce(pl.lit(None, pl.String), *(pl.when(pl.col("anchor") == a).then(here[a]) for a in anchors))
    )
    few = pairs.filter(fits()).select("order", "ordered_on", "vid")
    rows = few.with_columns(table.drop("pack", "vid")[few.get_column("vid")].get_columns())
    return dated(rows, starts, ground).select(list(LEVELED))


def fits() -> pl.Expr:
    """Whether a value is for an order of which `told` is said: all of them, those in a range, or of a word."""
    number = pl.col("told").cast(pl.Int64, strict=False)
    low, high = pl.col("low").fill_null(NEVER), pl.col("high").fill_null(ALWAYS)
    inside = (number >= low) & (number <= high) & pl.col("is_word").is_null()
    return pl.col("anchor").is_null() | (pl.col("told") == pl.col("is_word")) | inside


def in_place(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the state, and those of the order's own court and county."""
    if rows.get_column("rank").max() in (0, None):
        return rows
    court = pl.col("court").is_null() | (pl.col("court") == pl.col("court_code_here")).fill_null(False)
    county = pl.col("for_county").is_null() | (pl.col("for_county") == pl.col("county_here")).fill_null(False)
    return rows.filter(court & county)


def dated(rows: pl.DataFrame, starts: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """The version that governs: picked by the order's date, left on the axis of events, or chosen by a person."""
    ever = (pl.col("from_day") == NEVER) & (pl.col("to_day") == ALWAYS)
    whole, rows = rows.filter(ever), rows.filter(~ever)
    if rows.is_empty():
        return whole
    by_order = rows.filter(
        (pl.col("governed_by") == "order_date")
        & (pl.col("from_day") <= pl.col("ordered_on"))
        & (pl.col("ordered_on") < pl.col("to_day"))
    ).with_columns(from_day=pl.lit(NEVER, pl.Int32), to_day=pl.lit(ALWAYS, pl.Int32))
    by_event = rows.filter(pl.col("governed_by").is_in(DATED))
    unsettled = rows.filter(pl.col("governed_by") == "undetermined")
    return pl.concat([whole, by_order, by_event, chosen(unsettled, starts, ground)])


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
        rows.join(running.select("order", "ask").unique(), on=["order", "ask"], how="semi")
        .join(choices, left_on=["order", "version"], right_on=["order", "word"])
        .with_columns(from_day=pl.col("on"), to_day=pl.lit(ALWAYS, pl.Int32))
        .drop("on")
    )
    return pl.concat([whole.select(columns), running.select(columns), picked.select(columns)])


def version_choices(ground: Ground) -> pl.DataFrame:
    """The last recorded choice of a rule version per order: order, word, on."""
    made = ground.laid("decisions").filter(pl.col("kind") == "rule_version_chosen")
    return made.sort("order", "t").unique("order", keep="last", maintain_order=True).select("order", "word", "on")
