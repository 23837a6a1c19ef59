"""Facts without a database: a folder of Parquet partitions, each a folder with one file a frame.

    facts/holidays.parquet              frames without a person may lie beside the partitions, for all of them
    facts/part-0000/orders.parquet      all facts of some people: a person is in one partition only
    facts/part-0000/sessions.parquet    a frame without a file is empty

People go to partitions by a hash of their number. Rows are sorted once, when they are written: facts by person, day
and id, all else by order. Order never changes an answer; sorted rows are only read and joined faster.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from rules.frames import FACTS, SCHEMAS, FactFrames, empty

SHARED: Final = ("holidays",)
OF_ORDERS: Final = ("levels", "terms")
_WORD: Final = 2**64 - 1


def mixed(number: pl.Expr, salt: int = 0) -> pl.Expr:
    """UInt64: a number well stirred (the finisher of splitmix64), another stir for every `salt`.

    Our own, because the hash of a Polars version is not that of the next.
    """
    x = number.cast(pl.UInt64) * _whole(0x9E3779B97F4A7C15) + _whole((salt + 1) * 0xD1B54A32D192ED03)
    x = (x ^ (x // _whole(2**30))) * _whole(0xBF58476D1CE4E5B9)
    x = (x ^ (x // _whole(2**27))) * _whole(0x94D049BB133111EB)
    return x ^ (x // _whole(2**31))


def _whole(number: int) -> pl.Expr:
    return pl.lit(number & _WORD, dtype=pl.UInt64)


def partition_of(person: pl.Expr, partitions: int) -> pl.Expr:
    """UInt64 from 0 to below `partitions`: where a person's facts are kept."""
    return mixed(person) % partitions


def name_of(partition: int) -> str:
    """The folder of a partition."""
    return f"part-{partition:04d}"


def in_order(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as partitions keep it."""
    keys = ("person", "on", "id") if name in FACTS else tuple(c for c in ("order", "court") if c in frame.columns)
    return frame.sort(keys, maintain_order=True)


def write_partition(folder: Path, facts: FactFrames, *, sort: bool = True) -> None:
    """Write one partition; empty frames leave no file. `sort=False` only for rows that are in order already."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in facts.items():
        if name not in SHARED and not frame.is_empty():
            (in_order(name, frame) if sort else frame).write_parquet(folder / f"{name}.parquet", compression="zstd")


def write_shared(folder: Path, facts: FactFrames) -> None:
    """Write the frames that all partitions share."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHARED:
        in_order(name, getattr(facts, name)).write_parquet(folder / f"{name}.parquet", compression="zstd")


def partitions_of(folder: Path) -> list[Path]:
    """The partitions in a folder, in the order of their names; the folder itself if it holds an `orders` file."""
    if (folder / "orders.parquet").exists():
        return [folder]
    return sorted(path.parent for path in folder.glob("*/orders.parquet"))


def unread(folder: Path) -> list[str]:
    """Files of facts that no partition reads: of a kind that no frame has, or beside no orders."""
    places = partitions_of(folder)
    left = []
    for file in sorted([*folder.glob("*.parquet"), *folder.glob("*/*.parquet")]):
        kind, known = file.stem, file.stem in SCHEMAS
        if file.parent in places:
            lost = not known
        else:  # a folder of something else, such as spans, holds no file that is named like a frame
            lost = kind not in SHARED if file.parent == folder else known
        if lost:
            left.append(str(file.relative_to(folder)))
    return left


def read_partition(folder: Path, partition: Path) -> FactFrames:
    """All frames of one partition, with the shared ones of `folder`. Columns and types are checked by `evaluate`."""
    return FactFrames.of({name: _read(name, partition, folder) for name in SCHEMAS})


def _read(name: str, partition: Path, folder: Path) -> pl.DataFrame:
    for place in (partition, folder) if name in SHARED else (partition,):
        file = place / f"{name}.parquet"
        if file.exists():
            return pl.read_parquet(file)
    return empty(name)


def split(facts: FactFrames, partitions: int) -> list[FactFrames]:
    """Facts cut by person; orders' levels and terms go with the order's person, shared frames to every part."""
    person_of = facts.orders.select("order", "person").unique("order")
    parts = []
    for number in range(partitions):
        here = partition_of(pl.col("person"), partitions) == number
        orders = person_of.filter(here).get_column("order")
        cut = {
            name: frame if name in SHARED
            else frame.filter(pl.col("order").is_in(orders.implode())) if name in OF_ORDERS
            else frame.filter(here)
            for name, frame in facts.items()
        }  # fmt: skip
        parts.append(FactFrames.of(cut))
    return parts
