"""From the pieces that a kind found to spans: whose matter, since when, by what authority, under which two ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import polars as pl

from rules.catalogue import CATALOGUE
from rules.frames import AUTHORITY, INSTANT, SPANS
from rules.ground import Ground
from rules.known import FOREVER
from rules.pack_files import Rule
from rules.pieces import together
from rules.signing import LAW, law_of, versions_of
from rules.terms import Duty

ROUTES: Final = {"unsupervised": "prosecutor", "none": "court"}
A_PART: Final = 4_000  # rows that are worth a part of their own
KEPT: Final = ("law", "duty")
ORDERLY: Final = ("order", "key", "starts_at")  # a key begins with its code
BLANK: Final = {"certainty": pl.String, "severity": pl.String, "response_class": pl.String}


class Found(NamedTuple):
    """What one duty found (`pieces`: columns of PIECE), and the rules that it stands for."""

    duty: Duty
    rules: list[Rule]
    pieces: pl.DataFrame


def spans_of(ground: Ground, cites: pl.DataFrame, found: list[Found], signed: bool = False) -> pl.DataFrame:
    """Spans of all duties, by order, code, key and start. Pieces without length are dropped.

    `cites`: what each `vid` is cited as. What many spans share is numbered and looked up, so that rows stay slim while
    they are sorted.
    """
    if not found:
        return pl.DataFrame(schema=SPANS)
    rows = together([one.pieces.with_columns(duty=pl.lit(n, pl.UInt32)) for n, one in enumerate(found)])
    rows = rows.select(column for column in rows if column.null_count() < rows.height or column.name in NEEDED)
    rows = with_key(with_duties(with_moments(ground, rows), found))
    laws = Laws(ground, cites, found)
    rows = rows.with_columns(law=laws.of(rows))
    lasts = rows.select((pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)).fill_null(False)).to_series()
    place = rows.select(pl.arg_sort_by(ORDERLY)).to_series()
    rows = rows.select(c for c in (*SPANS, *KEPT) if c in rows.columns)
    if signed:
        rows = rows.with_columns(version=versions_of(by_duty(laws.with_hash(rows))))
    rows = rows[place.filter(lasts.gather(place))]
    rows = rows.with_columns(laws.words.get_column(c).gather(rows.get_column("law")) for c in LAW)
    return rows.select(_as_span(c, k, rows) for c, k in SPANS.items())


# Columns of pieces that are read here whether a kind filled them or not.
NEEDED: Final = (
    "order", "under", "about", "program", "keyed", "from_on", "from_t", "to_on", "to_t", "first_on", "first_t",
    "due_at_t", "counted_in", "certainty", "severity", "response_class", "window_from", "vid", "duty",
)  # fmt: skip


def with_moments(ground: Ground, rows: pl.DataFrame) -> pl.DataFrame:
    """Pieces with what their order says, and `from_t`, `to_t`, `first_t` and `first_on`."""
    orders = ground.orders.select(
        "person", "zone", "zone_ix", "pack",
        route_to=pl.col("supervision").cast(pl.String).replace_strict(ROUTES, default=None, return_dtype=pl.String),
    )  # fmt: skip
    number = ground.orders.select("order", place=pl.int_range(pl.len(), dtype=pl.UInt32))
    place = rows.select("order").join(number, on="order", how="left", maintain_order="left").get_column("place")
    rows = rows.with_columns(column.gather(place) for column in orders)
    rows = rows.with_columns(
        from_t=pl.coalesce("from_t", ground.day_start("from_on")), to_t=pl.coalesce("to_t", ground.day_start("to_on"))
    )
    rows = rows.with_columns(first_t=pl.coalesce("first_t", "from_t"))
    return rows.with_columns(first_on=pl.coalesce(pl.col("first_on"), ground.of_local(pl.col("first_t"))))


def with_duties(rows: pl.DataFrame, found: list[Found]) -> pl.DataFrame:
    """`code`, `owner` and what else is usual for a piece's duty, as columns of SPANS; instants stay numbers."""
    entries = [CATALOGUE[one.duty.code] for one in found]
    duty = rows.get_column("duty")

    def usual(words: list[str]) -> pl.Expr:
        return pl.lit(pl.Series(words, dtype=pl.String).gather(duty))

    hourly = pl.col("due_at_t").is_not_null()
    return rows.with_columns(
        code=usual([one.duty.code for one in found]),
        owner=usual([entry.owner for entry in entries]),
        certainty=pl.col("certainty").fill_null("CERTAIN"),
        severity=pl.coalesce("severity", usual([entry.severity for entry in entries])),
        response_class=pl.coalesce("response_class", usual([entry.response_class for entry in entries])),
        first_at=pl.when(hourly).then("first_t"),
        due_at="due_at_t",
        starts_at="from_t",
        ends_at=pl.when(pl.col("to_t") < FOREVER).then("to_t"),
        unit="counted_in",
        order=pl.coalesce("under", "order"),
    )


def with_key(rows: pl.DataFrame) -> pl.DataFrame:
    """`key`: the id that outlives new evidence."""
    first = pl.coalesce("keyed", "about", "window_from", pl.col("first_on").cast(pl.Int64))
    sure = pl.when(pl.col("certainty") != "CERTAIN").then(pl.lit("?")).otherwise(pl.lit(""))
    return rows.with_columns(
        key=pl.concat_str(["code", "order", pl.col("program").fill_null(0), first, sure], separator=":")
    )


class Laws:
    """What pieces rest on: the rule of the order's pack, and the value that decided. Each such pair has a number."""

    def __init__(self, ground: Ground, cites: pl.DataFrame, found: list[Found]) -> None:
        self.packs = sorted(ground.orders.get_column("pack").unique())
        held = [{rule.pack: rule for rule in one.rules} for one in found]
        rules = [rules.get(pack) for rules in held for pack in self.packs]
        self.rules = pl.DataFrame(
            [(rule.id, rule.provision) if rule else (None, None) for rule in rules],
            schema={"rule": pl.String, "provision": pl.String}, orient="row",
        )  # fmt: skip
        fields = [field.name for field in AUTHORITY.fields]
        self.cites = cites.select(
            authority=pl.concat_list(pl.struct(fields).cast(AUTHORITY))
        )
        self.words = pl.DataFrame()

    def of(self, rows: pl.DataFrame) -> pl.Series:
        """The number of what each row rests on: its place in `words`."""
        pack = pl.col("pack").replace_strict({pack: n for n, pack in enumerate(self.packs)}, return_dtype=pl.UInt32)
        rule = pl.col("duty") * len(self.packs) + pack
        cite = pl.col("vid").cast(pl.Int64).fill_null(2**32 - 1)
        both = rows.select(rule.cast(pl.Int64) * 2**32 + cite).to_series()
        different = both.unique().sort()
        place = (different % 2**32).cast(pl.UInt32)
        cited = place.set(place == 2**32 - 1, None)
        self.words = self.rules.select(pl.all().gather((different // 2**32).cast(pl.UInt32))).with_columns(
            self.cites.get_column("authority").gather(cited)
        )
        return different.search_sorted(both).cast(pl.UInt32)

    def with_hash(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`law` as a hash."""
        return rows.with_columns(law=law_of(self.words).gather(rows.get_column("law")))


def by_duty(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of each duty, which lie together; those of duties that found little with their neighbours."""
    start = end = 0
    for length in rows.get_column("duty").rle().struct.field("len").to_list():
        end += length
        if end - start >= A_PART or end == rows.height:
            yield rows[start:end]
            start = end


def _as_span(column: str, kind: Any, rows: pl.DataFrame) -> pl.Expr:
    if column not in rows.columns:
        return pl.lit(None, kind).alias(column)
    if kind == INSTANT and rows.schema[column] == pl.Int64:
        return pl.col(column).cast(INSTANT)
    return pl.col(column).cast(kind)
