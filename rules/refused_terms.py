"""Terms that nobody can go by: told of on their order until a later record puts them right, and read by no rule.

One that no rule of the order's law has, a misspelt one for instance; two values that contradict each other; a number
below zero; a cadence without its one period. A later record of the same term and day puts right what stood there, and
a record without a value takes the term back from its day on: that is how an order's next version leaves one out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from rules.calendar import known_zones, start_of_day
from rules.frames import INSTANT
from rules.pack_files import Packs

PLACE: Final = ["order", "source", "program", "term"]  # whose word a row is, on what
SAID: Final = ["number", "period_days", "period_months", "word"]
# What the court itself says of its order is said under its own law. A program's or a county's policy is laid on orders
# under several laws, so each of them may lack some of its terms.
OF_ONE_LAW: Final = ("order", "court_policy")


def read_terms(
    terms: pl.DataFrame, orders: pl.DataFrame, packs: Packs, known_at: datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(terms that rules can go by, those that they cannot, with `problem` and `over_at`, of those known by then)."""
    read, unknown = known_terms(terms, orders, packs)
    good, doubtful = without_contradictions(read)
    told = pl.concat([unknown, doubtful])
    if told.is_empty():
        return good, told.with_columns(over_at=pl.lit(None, INSTANT))
    by_then = pl.col("recorded_at") <= known_at
    return good, put_right(told.filter(by_then), terms.filter(by_then), orders)


def known_terms(terms: pl.DataFrame, orders: pl.DataFrame, packs: Packs) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(terms that some rule of their law has, the others with `problem`): a misspelt one would be read by nobody.

    A term taken back asks for nothing, whatever it is called.
    """
    of_pack = {pack: {term for rule in rules for term in rule.terms} for pack, rules in packs.rules.items()}
    laws = orders.select("order", "pack").unique("order", keep="last", maintain_order=True)
    pack = terms.select("order").join(laws, on="order", how="left", maintain_order="left").get_column("pack")
    own = pl.lit(False)
    for name in pack.unique().drop_nulls().sort():
        own = own | ((pl.lit(pack) == name) & pl.col("term").is_in(of_pack.get(name, set())))
    anywhere = pl.col("term").is_in(set().union(*of_pack.values()))
    apart = pl.col("source").is_in(OF_ONE_LAW) & pl.lit(pack).is_not_null()
    read = pl.when(apart).then(own).otherwise(anywhere)
    wrong = ~read & ~_taken_back()
    return terms.filter(~wrong), terms.filter(wrong).with_columns(problem=pl.col("term"))


def _taken_back() -> pl.Expr:
    return pl.all_horizontal(pl.col(c).is_null() for c in SAID)


def without_contradictions(terms: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(terms that say one thing, those with `problem`).

    Of what is recorded later than another the later one counts. What was recorded at one instant, from one day on, and
    says two things says neither: the next level decides (rules.levels), and the order is told of. So is a number below
    zero, and a cadence without a period or with two.
    """
    place = [*PLACE, "from", "recorded_at"]
    days, months = pl.col("period_days"), pl.col("period_months")
    periods = days.is_not_null().cast(pl.Int8) + months.is_not_null().cast(pl.Int8)
    cadence = (pl.col("term") == "contact.face_to_face") & pl.col("number").is_not_null()
    wrong = (pl.col("number") < 0) | (days <= 0) | (months <= 0) | (cadence & (periods != 1))
    seen = terms.with_columns(bad=wrong.fill_null(False))
    ways = seen.unique([*place, *SAID]).group_by(place).agg(ways=pl.len())
    seen = seen.join(ways, on=place, how="left", nulls_equal=True, maintain_order="left")
    # the problem is named by its term: each is a flag of its own
    seen = seen.with_columns(problem=pl.when(pl.col("bad") | (pl.col("ways") > 1)).then("term")).drop("bad", "ways")
    good = seen.filter(pl.col("problem").is_null()).drop("problem")
    return good, seen.filter(pl.col("problem").is_not_null())


def put_right(told: pl.DataFrame, terms: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """`told` with `over_at`: when a later record of the day came in, or that day began on which one takes it back."""
    zones = orders.select("order", "zone").unique("order", keep="last", maintain_order=True)
    later = terms.select(*PLACE, back_on="from", later_at="recorded_at", back=_taken_back())
    later = later.join(zones, on="order")
    begins = later.select("back_on", "zone").drop_nulls().unique().filter(pl.col("zone").is_in(known_zones()))
    began = [start_of_day(day, zone) for day, zone in begins.iter_rows()]
    later = later.join(begins.with_columns(began=pl.Series(began, dtype=INSTANT)), on=["back_on", "zone"], how="left")
    rows = told.with_row_index("_row")
    same_day = pl.col("back_on").eq_missing(pl.col("from"))
    anew = same_day & (pl.col("later_at") > pl.col("recorded_at"))
    back = pl.col("back") & ~same_day & (pl.col("later_at") >= pl.col("recorded_at"))
    ends = rows.join(later, on=PLACE, nulls_equal=True).filter(anew | back).select(
        "_row", over_at=pl.when(same_day).then("later_at").otherwise(pl.max_horizontal("later_at", "began"))
    )  # fmt: skip
    ends = ends.group_by("_row").agg(pl.col("over_at").min())
    return rows.join(ends, on="_row", how="left", maintain_order="left").drop("_row")
