"""Which level decides a term of one order: the order itself, its program, court, county, the pack; and from which day.

Source: rules/packs.md, rules/scenarios/FORMAT.md section 5; docs/terms.md tells it at length. A level decides from its
own first day on; before it, and after it was withdrawn, the next one does. A program's policy fills what nobody else
sets; where the law has a value only a stricter policy counts, and a weaker one is told apart (POLICY_WEAKER_THAN_LAW).
A pack may put the program before court and county (`program: decides`), and a site may choose that local policy, too,
counts only where it is stricter than the law (`local_policy` in pack.yaml).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import polars as pl

from rules.ground import Ground
from rules.pack_files import Rule, Term
from rules.programs import stricter_of_two, while_enrolled
from rules.values import ALWAYS, CITES, LEVELED, NEVER, OF_PROGRAMS, UNCLEAR, VALUES, WEAKER, size

# The higher one decides. What the record holds of a court or county goes before what a pack holds of it.
RANK: Final = {
    "law": 0, "provider_policy": 1, "county_policy": 3, "local_policy": 5, "court_policy": 7, "order": 11,
}  # fmt: skip
DECIDING_PROGRAM: Final = 9
LOCAL: Final = ("county_policy", "local_policy", "court_policy")
# A flag says in one of four words where its number came from (FORMAT.md); its citation names the level.
BASES: Final = {"court_policy": "local_policy", "county_policy": "local_policy"}
KEY: Final = ["order", "ask"]
# Units of values set outside the packs (FORMAT.md section 5), where a pack counts the same term in another unit.
OWN_UNITS: Final = {
    "bip.length_min": "weeks",
    "bip.completion_deadline": "months",
    "report.immediately_means": "business_days",
}
TERM: Final = {
    "pack": pl.String, "term": pl.String, "ask": pl.Int64, "unit": pl.String, "governed_by": pl.String,
    "stricter": pl.String, "decides": pl.Boolean, "strict": pl.Boolean,
}  # fmt: skip


class Decided(NamedTuple):
    """What the terms of all duties come to.

    `values`: VALUES for an order as a whole; `of_programs`: OF_PROGRAMS for what belongs to one program, where two of a
    person's set a term; WEAKER rows with `term`; UNCLEAR rows; the citations of all. Values lie by `ask`, order, day.
    """

    values: pl.DataFrame
    of_programs: pl.DataFrame
    weaker: pl.DataFrame
    unclear: pl.DataFrame
    cites: pl.DataFrame


def overridden(ground: Ground, dealt: pl.DataFrame, terms: pl.DataFrame, cites: pl.DataFrame) -> Decided:
    """What decides after all levels and court decisions. `dealt`: LEVELED rows of packs; `terms`: TERM."""
    values, weaker, unclear = dealt, pl.DataFrame(schema=WEAKER), pl.DataFrame(schema=UNCLEAR)
    apart = pl.DataFrame(schema=OF_PROGRAMS)
    names = terms.select("ask", "term").unique("ask")
    if not ground.terms.is_empty() or (dealt.get_column("rank") > 0).any():
        own, own_cites = set_values(ground, terms, len(cites))
        strict = of_strict(ground, terms)
        apart = program_by_program(dealt, own, strict)
        values, weaker, unclear = settled(pl.concat([dealt, while_enrolled(own, ground)]), strict)
        cites = pl.concat([cites, own_cites])
    values, granted = with_good_cause(ground, values.select(list(VALUES)), names, len(cites))
    apart, _ = with_good_cause(ground, apart, names, len(cites))
    values = values.sort("ask", "order", "from_day", "vid")
    return Decided(values, apart, weaker.join(names, on="ask"), unclear, pl.concat([cites, granted]))


def settled(told: pl.DataFrame, strict: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(LEVELED rows that decide, WEAKER rows, UNCLEAR rows) of what all levels say."""
    several = told.filter(pl.col("rank") > 0).select(KEY).unique()
    may, weaker = against_law(in_segments(told.join(several, on=KEY, how="semi")), strict)
    one, unclear = stricter_of_two(may)
    return pl.concat([told.join(several, on=KEY, how="anti"), whole(highest(one))]), weaker, unclear


def program_by_program(dealt: pl.DataFrame, own: pl.DataFrame, strict: pl.DataFrame) -> pl.DataFrame:
    """OF_PROGRAMS rows: what decides for each of several programs whose policies set one term of an order.

    A row without a program stands for every other program: what would decide if no program had a policy.
    """
    policies = own.filter(pl.col("program").is_not_null()).select(*KEY, "program").unique()
    several = policies.filter(pl.col("program").n_unique().over(KEY) > 1)
    if several.is_empty():
        return pl.DataFrame(schema=OF_PROGRAMS)
    told = pl.concat([dealt, own]).join(several, on=KEY, how="semi")
    found = []
    for program in [*several.get_column("program").unique().sort(), None]:
        lanes = several if program is None else several.filter(program=program)
        rows = told.join(lanes, on=KEY, how="semi")
        rows = rows.filter(pl.col("program").is_null() | pl.col("program").eq_missing(pl.lit(program, pl.Int64)))
        decided = settled(rows, strict)[0].with_columns(program=pl.lit(program, pl.Int64))
        found.append(decided.select(list(OF_PROGRAMS)))
    return pl.concat(found)


def named_terms(groups: list[list[Rule]], asks: list[dict[str, int]]) -> pl.DataFrame:
    """TERM rows of every term of every rule."""
    told = [
        term_row(rule, name, own[name], term)
        for rules, own in zip(groups, asks, strict=True)
        for rule in rules
        for name, term in rule.terms.items()
    ]
    return pl.DataFrame(told, schema=TERM, orient="row")


def term_row(rule: Rule, name: str, ask: int, term: Term) -> tuple[str | int | bool | None, ...]:
    """A TERM row."""
    strict = rule.local_policy == "stricter"
    unit = OWN_UNITS.get(name, term.unit)
    return rule.pack, name, ask, unit, term.governed_by, term.stricter, term.program == "decides", strict


def of_strict(ground: Ground, terms: pl.DataFrame) -> pl.DataFrame:
    """order, ask: where a site chose that local policy counts only if it is stricter than the law."""
    chosen = terms.filter("strict").select("pack", "ask")
    return ground.orders.select("order", "pack").join(chosen, on="pack").select(KEY)


def set_values(ground: Ground, terms: pl.DataFrame, first_vid: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(LEVELED rows, CITES) of what orders and policies themselves set."""
    known = ground.terms.join(ground.orders.select("order", "ordered_on", "pack"), on="order")
    setter = [*KEY, "source", "program"]
    known = known.join(terms, on=["pack", "term"]).sort(*setter, "from", "recorded_at", nulls_last=False)
    known = known.unique([*setter, "from"], keep="last", maintain_order=True)
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(c).shift(-1)) for c in setter)
    day, source = pl.col("from").cast(pl.Int32), pl.col("source").cast(pl.String)
    known = known.with_columns(
        source=source, basis=source.replace(BASES), n=pl.col("number"), level=pl.lit(None, pl.String),
        version=pl.lit(None, pl.String), from_day=day.fill_null(NEVER),
        to_day=pl.when(same).then(day.shift(-1)).fill_null(ALWAYS).cast(pl.Int32),
        vid=(pl.int_range(pl.len()) + first_vid).cast(pl.Int32), is_law=pl.lit(False),
        rank=pl.when((source == "provider_policy") & pl.col("decides")).then(DECIDING_PROGRAM)
        .otherwise(source.replace_strict(RANK, return_dtype=pl.Int64)).cast(pl.Int8),
    )  # fmt: skip
    cites = known.select(
        "vid", "term", "unit", "from", "cite", value=pl.coalesce(pl.col("number").cast(pl.String), "word"),
        basis="source", governed_by=pl.lit(None, pl.String), confidence=pl.lit(None, pl.String),
    )  # fmt: skip
    # a value taken back ends the one before it and leaves the term to the next level
    standing = by_order_date(known).filter(pl.col("n").is_not_null() | pl.col("word").is_not_null())
    return standing.select(list(LEVELED)), cites.select(list(CITES))


def by_order_date(known: pl.DataFrame) -> pl.DataFrame:
    """Of policies whose term is governed by the order's date, the version of that day, for good. An order's own text
    acts from its own day."""
    picked = (pl.col("governed_by") == "order_date") & (pl.col("source") != "order")
    axis = known.filter(~picked)
    then = known.filter(
        picked & (pl.col("from_day") <= pl.col("ordered_on")) & (pl.col("ordered_on") < pl.col("to_day"))
    )
    return pl.concat(
        [axis, then.with_columns(from_day=pl.lit(NEVER, pl.Int32), to_day=pl.lit(ALWAYS, pl.Int32))]
    )


def in_segments(rows: pl.DataFrame) -> pl.DataFrame:
    """LEVELED rows cut at every day on which a level of their order and term begins or ends."""
    if rows.select(((pl.col("from_day") == NEVER) & (pl.col("to_day") == ALWAYS)).all()).item():
        return rows.select(list(LEVELED))  # no level begins or ends
    edges = pl.concat([rows.select(*KEY, day="from_day"), rows.select(*KEY, day="to_day")]).unique().sort(*KEY, "day")
    edges = edges.with_columns(until=pl.col("day").shift(-1).over(KEY)).drop_nulls("until")
    cut = rows.join(edges, on=KEY).filter(
        (pl.col("from_day") <= pl.col("day")) & (pl.col("until") <= pl.col("to_day"))
    )
    return cut.with_columns(from_day="day", to_day="until").select(list(LEVELED))


def against_law(rows: pl.DataFrame, strict: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(LEVELED rows that may decide, WEAKER rows): a policy that is compared stands only where it is stricter.

    `strict`: order, ask where the local ones are compared too.
    Where the law differs by level of supervision, a policy is compared, and stands, level by level.
    """
    chosen = rows.join(strict, on=KEY, how="semi").filter(pl.col("source").is_in(LOCAL))
    policies = pl.concat([rows.filter(pl.col("source") == "provider_policy"), chosen])
    others = rows.join(chosen, on=[*KEY, "vid"], how="anti").filter(pl.col("source") != "provider_policy")
    law = rows.filter(pl.col("source") == "law").select(
        *KEY, "from_day", "stricter", "is_law", law_level="level", law="n", law_unit="unit", law_vid="vid"
    )
    told = policies.rename({"stricter": "own_stricter"}).drop("is_law").join(law, on=[*KEY, "from_day"], how="left")
    # a local policy goes before a design rule of ours, which is no law
    bound = pl.col("law_vid").is_not_null() & (pl.col("is_law") | (pl.col("source") == "provider_policy"))
    told = told.with_columns(law=pl.when(bound).then("law"), bound=bound)
    own, its = size("n", "unit", "law_unit"), size("law", "law_unit", "unit")
    lower = pl.col("stricter") == "lower"
    stricter = pl.when(lower).then(own < its).otherwise(own > its)
    milder = pl.when(lower).then(own > its).otherwise(own < its)
    # a word is neither stricter nor milder than another: the law's stands before a program's
    open_ = ~pl.col("bound") | (pl.col("stricter").is_null() & pl.col("source").is_in(LOCAL))
    stands = told.filter(open_ | (pl.col("stricter").is_not_null() & stricter))
    stands = stands.with_columns(level=pl.when(pl.col("law").is_not_null()).then("law_level"), stricter="own_stricter")
    weaker = told.filter(~open_ & pl.col("stricter").is_not_null() & milder)
    return pl.concat([others, stands.select(list(LEVELED))]), weaker.select(list(WEAKER)).unique()


def highest(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows above which no other stands in their segment, for all levels of supervision or for their own."""
    segment = [*KEY, "from_day"]
    above_all = pl.col("rank").filter(pl.col("level").is_null()).max().over(segment).fill_null(-1)
    above = pl.col("rank").max().over([*segment, "level"])
    return rows.filter((pl.col("rank") >= above_all) & (pl.col("rank") >= above))


def whole(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one value that follow one another, as one row."""
    rows = rows.unique([*KEY, "vid", "level", "from_day"]).sort(*KEY, "vid", "level", "from_day")
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(c).shift(1)) for c in (*KEY, "vid", "level"))
    begins = ~(same & (pl.col("from_day") == pl.col("to_day").shift(1))).fill_null(False)
    runs = rows.with_columns(run=begins.cast(pl.Int64).cum_sum(), begins=begins)  # once: ends are moved below
    return runs.with_columns(to_day=pl.col("to_day").last().over("run")).filter("begins").select(list(LEVELED))


def with_good_cause(
    ground: Ground, values: pl.DataFrame, names: pl.DataFrame, first_vid: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A court that finds good cause sets a new value from its date on. `names`: ask, term."""
    found = ground.good_causes
    if found.is_empty():
        return values, pl.DataFrame(schema=CITES)
    found = found.join(names, on="term").sort(*KEY, "t")
    found = found.unique(KEY, keep="last", maintain_order=True)
    found = found.with_columns(vid=(pl.int_range(pl.len()) + first_vid).cast(pl.Int32))
    keys = found.select(*KEY, granted="on", number="number", new_vid="vid")
    joined = values.join(keys, on=KEY, how="left")
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
    return pl.concat([old.select(values.columns), new.select(values.columns)]), cites.select(list(CITES))
