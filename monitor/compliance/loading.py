"""The record laid before the rules: every frame of some cases, or of all.

Subject of evaluation: an order that carries requirements. `person` in the frames is the case, so that what one case
tells never counts in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.compliance.columns import Asked, read_columns
from monitor.compliance.orders import load_orders
from monitor.compliance.sources import Source, programs, sources
from monitor.compliance.vocabulary import word
from monitor.db import SystemSession
from monitor.models import Case, CourtHoliday
from rules.frames import SCHEMAS, FactFrames, empty

_PROGRAMS = programs()
_HOLIDAYS: Any = select(
    CourtHoliday.court_id.label("court"), CourtHoliday.closed_on.label("on"), CourtHoliday.recorded_at,
)  # fmt: skip


def load_facts(
    session: Session, cases: Sequence[int] | None = None, known_at: datetime | None = None
) -> FactFrames:
    """The frames of ``cases`` (None: of all), every version of every fact recorded by ``known_at`` (None: ever).

    What was recorded later stays at the door: here rows are also looked up in one another, such as the class that a
    make-up names, and a later row must not change what an earlier one meant.
    """
    asked = _asked(session, cases, known_at)
    told = {name: read_columns(session, source.statement, asked) for name, source in sources().items()}
    programs = programs_of(session, told.values())
    frames = {name: frame_of(name, source, told[name], programs) for name, source in sources().items()}
    frames |= load_orders(session, asked)
    frames["holidays"] = holidays(session, known_at)
    return FactFrames.of(frames)


def holidays(session: Session, known_at: datetime | None = None) -> pl.DataFrame:
    """The closed days of every court."""
    return read_columns(session, _HOLIDAYS, Asked(known_at=known_at))


def _asked(session: Session, cases: Sequence[int] | None, known_at: datetime | None) -> Asked:
    """How to ask for ``cases``: all there are need not be looked for, most are found by reading through."""
    if cases is None:
        return Asked(known_at=known_at)
    there = session.scalar(select(func.count()).select_from(Case)) or 0
    # only the machine's own session sees every case: in another one these would not say what a table shows
    whole = isinstance(session, SystemSession) and len(cases) == there
    if whole and set(cases) == set(session.scalars(select(Case.id))):
        return Asked(known_at=known_at)
    return Asked(cases, known_at, 4 * len(cases) >= there)


def programs_of(session: Session, told: Iterable[pl.DataFrame]) -> pl.DataFrame:
    named = [frame["enrollment"].unique() for frame in told if "enrollment" in frame.columns]
    numbers = pl.concat(named).drop_nulls().unique().to_list()
    return read_columns(session, _PROGRAMS, Asked(numbers)).rename({"person": "enrollment"})


def frame_of(name: str, source: Source, told: pl.DataFrame, programs: pl.DataFrame) -> pl.DataFrame:
    if told.is_empty():
        return empty(name)
    frame = told.with_columns(_in_frames_words(told, column, table) for column, table in source.words.items())
    frame = frame.with_columns(pl.lit(said).alias(own) for own, said in source.always.items())
    frame = frame.with_columns(pl.col(own).str.split(",") for own in source.lists)
    if "enrollment" in frame.columns:
        frame = frame.join(programs, on="enrollment", how="left", maintain_order="left")
    schema = SCHEMAS[name]
    frame = frame.with_columns(pl.lit(None, _plain(schema[own])).alias(own) for own in schema if own not in frame)
    if name == "sessions":
        frame = _with_makeups(frame)
    return _with_days(frame).select(pl.col(own).cast(schema[own]) for own in schema)


def _in_frames_words(frame: pl.DataFrame, column: str, table: Mapping[str, str] | None) -> pl.Series:
    turned = {value: word(value, table) for value in frame[column].unique()}
    return frame[column].replace_strict(turned, return_dtype=pl.String)


def _plain(dtype: Any) -> Any:
    return pl.String if isinstance(dtype, pl.Enum) else dtype


def _with_days(frame: pl.DataFrame) -> pl.DataFrame:
    """The local court day of facts that have an instant only."""
    if "zone" not in frame.columns:
        return frame
    local = pl.col("on")
    for zone in frame["zone"].unique():
        here = pl.col("at").dt.convert_time_zone(zone).dt.date()
        local = pl.when(pl.col("zone") == zone).then(here).otherwise(local)
    return frame.with_columns(on=local)


def _with_makeups(frame: pl.DataFrame) -> pl.DataFrame:
    """The missed session that a make-up names by its day; and an instant where a day had two sessions."""
    if frame["makeup_for_on"].null_count() < frame.height:
        missed = _missed(frame).select("person", "program", pl.col("on").alias("makeup_for_on"), makeup="root")
        frame = frame.join(missed, on=["person", "program", "makeup_for_on"], how="left", maintain_order="left")
        frame = frame.with_columns(makeup_for="makeup")
    # two sessions on one day are told apart by an instant; noon and the hours after it stand for first, second
    day = ["person", "program", "on"]
    several = frame.filter(pl.col("number") > 1).select(day).unique().with_columns(several=pl.lit(True))
    if several.is_empty():
        return frame
    noon = pl.col("on").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(hours=11 + pl.col("number"))
    frame = frame.join(several, on=day, how="left", maintain_order="left")
    return frame.with_columns(at=pl.when("several").then(noon))


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
