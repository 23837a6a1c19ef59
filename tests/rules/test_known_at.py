"""What is on record later is not there yet: every frame, on its own, changes nothing at an earlier instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from rules.evaluate import evaluate
from rules.frames import SCHEMAS, FactFrames, build
from rules.pack_files import Packs
from rules.packs import load
from rules.population import Recipe, population

T = datetime(2026, 5, 4, 16, tzinfo=UTC)
LATER = T + timedelta(days=30)
# frames that the population does not fill: one row that would be read, recorded after T about days before it
ROWS = {
    "letters": {"on": date(2026, 4, 1), "kind": "waitlist", "by": "provider", "seat_on": date(2026, 6, 1)},
    "leaves": {"on": date(2026, 4, 1), "covers_on": date(2026, 4, 13), "approved_by": ["probation"]},
    "transfers": {
        "on": date(2026, 4, 1), "from_program": 1, "to_program": 2, "reason": "moved", "authorized_by": ["court"],
    },
    "levels": {"from": date(2026, 4, 1), "level": "high"},
}  # fmt: skip
# frames that the population records in good time: every other row of them is recorded after T here
TOO_EARLY = ("orders", "terms", "schedules", "pauses", "order_events", "incidents", "firearms", "fees")


@cache
def facts() -> FactFrames:
    made = population(Recipe(people=60, seed=7, until=date(2026, 6, 30)))
    first = made.orders.row(0, named=True)
    frames = dict(made.items())
    for name, row in ROWS.items():
        own = {"id": 1, "person": first["person"], "order": first["order"], "recorded_at": LATER, **row}
        frames[name] = build(name, [own])
    late = build("holidays", [{"court": court, "on": date(2026, 4, 15), "recorded_at": LATER} for court in range(1, 9)])
    frames["holidays"] = pl.concat([frames["holidays"], late])
    for name in TOO_EARLY:
        every_other = pl.int_range(pl.len()) % 2 == 1
        when = pl.when(every_other).then(pl.lit(LATER)).otherwise("recorded_at")
        frames[name] = frames[name].with_columns(recorded_at=when)
    return FactFrames.of(frames)


@cache
def packs() -> Packs:
    return load()


def known(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("recorded_at").is_null() | (pl.col("recorded_at") <= T))


@cache
def as_it_stood() -> pl.DataFrame:
    return evaluate(FactFrames.of({name: known(frame) for name, frame in facts().items()}), packs(), T)


def test_with_every_later_row_of_every_frame_in_it_the_answer_is_what_it_was_then() -> None:
    assert as_it_stood().height > 100
    assert evaluate(facts(), packs(), T).equals(as_it_stood())


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_frame_has_rows_on_both_sides_of_the_instant(name: str) -> None:
    frame = getattr(facts(), name)
    assert known(frame).height < frame.height, "nothing comes later: the test above says nothing about this frame"


def test_rows_that_cannot_be_read_are_told_of_from_their_own_record_on() -> None:
    late = pl.DataFrame({"person": [1], "recorded_at": [LATER], "outcome": ["slept"]})
    whole = FactFrames.of(dict(facts().items()) | {"sessions": late.cast({"recorded_at": pl.Datetime("us", "UTC")})})
    told = {at: set(evaluate(whole, packs(), at).select("code", "note").iter_rows()) for at in (T, LATER)}
    assert ("INPUT_MISSING", "sessions.outcome") in told[LATER] - told[T]

