"""The record laid before the rules: every frame of some cases, or of all.

Subject of evaluation: an order that carries requirements. `person` in the frames is the case, so that what one case
tells never counts in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.chunks import in_chunks, recorded_by
from monitor.compliance.orders import load_orders
from monitor.compliance.sources import Source, Words, sources
from monitor.compliance.vocabulary import word
from monitor.models import CourtHoliday
from rules.frames import SCHEMAS, FactFrames, build


def load_facts(
    session: Session, cases: Sequence[int] | None = None, known_at: datetime | None = None
) -> FactFrames:
    """The frames of ``cases`` (None: of all), every version of every fact recorded by ``known_at`` (None: ever).

    What was recorded later stays at the door: here rows are also looked up in one another, such as the class that a
    make-up names, and a later row must not change what an earlier one meant.
    """
    frames = {name: _frame(session, name, source, cases, known_at) for name, source in sources().items()}
    frames |= load_orders(session, cases, known_at)
    frames["holidays"] = _holidays(session, known_at)
    return FactFrames.of(frames)


def _frame(
    session: Session, name: str, source: Source, cases: Sequence[int] | None, known_at: datetime | None
) -> pl.DataFrame:
    rows: list[Sequence[Any]] = []
    for statement in in_chunks(recorded_by(source.statement, known_at), cases):
        rows.extend(session.execute(statement).all())
    names = [column["name"] for column in source.statement.column_descriptions]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {name: () for name in names}
    return _typed(name, columns, source.words)


def _typed(name: str, columns: dict[str, Sequence[Any]], words: Words) -> pl.DataFrame:
    for column, table in words.items():
        turned = {value: word(value, table) for value in set(columns[column])}
        columns[column] = [turned[value] for value in columns[column]]
    zones = columns.pop("zone")
    schema = SCHEMAS[name]
    series = [pl.Series(own, columns.get(own) or [None] * len(zones), _plain(schema[own])) for own in schema]
    frame = pl.DataFrame(series).with_columns(zone=pl.Series("zone", zones, pl.String))
    if name == "sessions":
        frame = _with_makeups(frame, columns)
    return _with_days(frame).select(pl.col(own).cast(schema[own]) for own in schema)


def _plain(dtype: Any) -> Any:
    return pl.String if isinstance(dtype, pl.Enum) else dtype


def _with_days(frame: pl.DataFrame) -> pl.DataFrame:
    """The local court day of facts that have an instant only."""
    if frame["on"].null_count() == 0:
        return frame
    local = pl.col("on")
    for zone in frame["zone"].unique():
        here = pl.col("at").dt.convert_time_zone(zone).dt.date()
        local = pl.when(pl.col("on").is_null() & (pl.col("zone") == zone)).then(here).otherwise(local)
    return frame.with_columns(on=local)


def _with_makeups(frame: pl.DataFrame, columns: dict[str, Sequence[Any]]) -> pl.DataFrame:
    """The missed session that a make-up names by its day; and an instant where a day had two sessions."""
    frame = frame.with_columns(
        pl.Series("makeup_for_on", columns["makeup_for_on"], pl.Date), pl.Series("number", columns["number"], pl.Int64)
    )
    if frame["makeup_for_on"].null_count() < frame.height:
        missed = _missed(frame).select("person", "program", pl.col("on").alias("makeup_for_on"), makeup="root")
        frame = frame.join(missed, on=["person", "program", "makeup_for_on"], how="left", maintain_order="left")
        frame = frame.with_columns(makeup_for="makeup")
    # two sessions on one day are told apart by an instant; noon and the hours after it stand for first, second
    several = pl.col("number").max().over("person", "program", "on") > 1
    noon = pl.col("on").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(hours=11 + pl.col("number"))
    return frame.with_columns(at=pl.when(several).then(noon))


def _missed(frame: pl.DataFrame) -> pl.DataFrame:
    """One missed class per person, program and day, by the first id of its chain of corrections: that one stays."""
    before = dict(frame.filter(pl.col("supersedes").is_not_null()).select("id", "supersedes").iter_rows())

    def root(number: int) -> int:
        while number in before:
            number = before[number]
        return number

    absent = frame.filter((pl.col("outcome") == "absent") & ~pl.col("retracted"))
    roots = pl.Series("root", [root(number) for number in absent["id"]], pl.Int64)
    absent = absent.with_columns(roots).sort("recorded_at", "root")
    return absent.unique(["person", "program", "on"], keep="last", maintain_order=True)


def _holidays(session: Session, known_at: datetime | None) -> pl.DataFrame:
    told = select(CourtHoliday.court_id, CourtHoliday.closed_on, CourtHoliday.recorded_at)
    rows = session.execute(recorded_by(told, known_at)).all()
    return build("holidays", ({"court": court, "on": day, "recorded_at": at} for court, day, at in rows))
