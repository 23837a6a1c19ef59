"""`version`: the content hash of a span, which is blake2b of everything that it says, in one canonical text.

A line a field that is filled, in the order of rules.frames.SPANS: `name=value`. Days are numbers since 1970-01-01,
instants microseconds since then, lists have commas. `order` and `code` stand in the key. What many spans share (rule,
provision, authority) stands in it as `law`, a hash of its own (of its JSON), which is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import polars as pl

from rules.frames import SPANS

LAW: Final = ("rule", "provision", "authority")
UNTOLD: Final = ("order", "code", "version", *LAW)
TOLD: Final = (*(name for name in SPANS if name not in UNTOLD), "law")
SIGNED_AT_ONCE: Final = 50_000


def with_versions(spans: pl.DataFrame) -> pl.DataFrame:
    """Spans with their `version`, a part at a time."""
    signed = [part.with_columns(version=hashed(text_of(part.with_columns(law=law_of(part)))))
              for part in spans.iter_slices(SIGNED_AT_ONCE)]  # fmt: skip
    return pl.concat(signed) if signed else spans


def law_of(rows: pl.DataFrame) -> pl.Series:
    """The hash of what each row rests on; null where it rests on nothing."""
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in LAW)
    return hashed(rows.select(pl.when(some).then(pl.struct(LAW).struct.json_encode())).to_series())


def versions_of(parts: Iterable[pl.DataFrame]) -> pl.Series:
    """The versions of many rows, from parts of them (a duty each) in which mostly the same fields are filled."""
    texts = [text_of(part) for part in parts]
    return pl.concat([hashed(text) for text in texts])


def text_of(rows: pl.DataFrame) -> pl.Series:
    """The canonical text of each row. A field that no row fills, or every row, costs least."""
    told: list[pl.Expr] = []
    for name in TOLD:
        if name not in rows.columns or rows.get_column(name).null_count() == rows.height:
            continue
        line = [pl.lit(f"\n{name}="), written(name, rows.schema[name])]
        # what is null makes the whole line null, and is left out
        told += [pl.concat_str(line)] if rows.get_column(name).null_count() else line
    return rows.select(pl.concat_str(told, ignore_nulls=True)).to_series()


def written(name: str, kind: pl.DataType) -> pl.Expr:
    """A field as text."""
    if isinstance(kind, pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.join(",")
    return (pl.col(name).to_physical() if kind.is_temporal() else pl.col(name)).cast(pl.String)


def hashed(texts: pl.Series) -> pl.Series:
    """blake2b of each text (24 hexadecimal digits); null stays null."""
    plain = texts.cast(pl.Binary).to_list()
    made = [None if text is None else blake2b(text, digest_size=12).digest() for text in plain]
    return pl.Series(made, dtype=pl.Binary).bin.encode("hex")
