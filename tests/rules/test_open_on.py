"""What is open at the end of a day, by the clock of each order's court, and what a run over a folder counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from rules.folder import Counts, open_on, refused
from rules.frames import SPANS, FactFrames, build

CHICAGO, NEW_YORK = "America/Chicago", "America/New_York"
DAY = date(2026, 6, 9)
MIDNIGHT = datetime(2026, 6, 10, 5, tzinfo=UTC)  # the first instant of 10 June in Chicago
BEFORE = datetime(2026, 6, 10, 4, 59, 59, 999_999, tzinfo=UTC)


def span(starts_at: datetime, ends_at: datetime | None = None, zone: str | None = CHICAGO) -> pl.DataFrame:
    told: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at, "zone": zone, "certainty": "CERTAIN"}
    return pl.DataFrame([{c: told.get(c) for c in SPANS}], schema=SPANS)


@pytest.mark.parametrize(
    ("one", "is_open"),
    [
        ((MIDNIGHT,), False),
        ((BEFORE,), True),
        ((datetime(2026, 1, 1, tzinfo=UTC), MIDNIGHT), True),
        ((datetime(2026, 1, 1, tzinfo=UTC), BEFORE), False),
        ((datetime(2026, 6, 10, 4, tzinfo=UTC), None, NEW_YORK), False),
        ((datetime(2026, 6, 10, 4, tzinfo=UTC),), True),
        ((datetime(2026, 6, 9, 23, 59, tzinfo=UTC), None, None), True),
        ((datetime(2026, 6, 10, tzinfo=UTC), None, None), False),
    ],
    ids=[
        "from the next day on", "from the last instant of the day", "until the day is over", "until just before",
        "the next day has begun further east", "but not here", "without a zone it goes by UTC", "and is over then",
    ],
)  # fmt: skip
def test_a_day_is_over_when_it_is_over_at_the_court(one: tuple[Any, ...], is_open: bool) -> None:
    assert open_on(span(*one), DAY).height == is_open


def test_rows_that_do_not_fit_are_counted_by_frame() -> None:
    good = {"order": 1, "person": 1, "pack": "us_ca", "zone": CHICAGO, "recorded_at": MIDNIGHT}
    orders = build("orders", [good, good | {"order": 2}])
    lost = orders.with_columns(zone=pl.when(pl.col("order") == 2).then(None).otherwise("zone"))
    assert list(refused(FactFrames.of({"orders": orders}))) == []
    assert list(refused(FactFrames.of({"orders": lost}))) == [("orders", 1)]


def test_counts_of_partitions_add_up() -> None:
    one = Counts(1, 20, 300, 4, {"orders": 1, "terms": 2}, {"sessions": 1}, ["part-0001: cut off"])
    two = Counts(1, 10, 100, 1, {"terms": 3, "levels": 5}, {"sessions": 2}, ["part-0002: empty"])
    assert one.with_part(two) == Counts(
        2, 30, 400, 5, {"levels": 5, "orders": 1, "terms": 5}, {"sessions": 3},
        ["part-0001: cut off", "part-0002: empty"],
    )  # fmt: skip
    assert list(one.with_part(two).refused) == ["levels", "orders", "terms"]
