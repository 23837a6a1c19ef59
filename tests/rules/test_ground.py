"""The ground: stretches between two edges, facts laid beside the orders they belong to, rows that lack a column."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from rules.calendar_table import day_number, instant_number
from rules.cells import read_as
from rules.frames import FactFrames, build, conform
from rules.ground import DAY, Ground
from rules.intervals import stretches

WEST, EAST, NOWHERE = "America/Los_Angeles", "America/New_York", "UTC"
KNOWN_AT = datetime(2026, 6, 1, tzinfo=UTC)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def edges(*told: tuple[int, str, str, int], keep: str = "kind") -> list[tuple[Any, ...]]:
    """Stretches of (order, kind, start or end, day); the day stands for the instant, too."""
    frame = pl.DataFrame(
        [{"order": o, "kind": k, "event": e, "on": d, "t": d * DAY, "id": n} for n, (o, k, e, d) in enumerate(told)],
        schema_overrides={"on": pl.Int32},
    )
    found = stretches(frame, ["order", "kind"], pl.col("event") == "start", ("id",))
    assert found.columns == ["order", "kind", "id", "from_on", "from_t", "to_on", "to_t"]
    assert found.filter(pl.col("from_t") != pl.col("from_on").cast(pl.Int64) * DAY).is_empty()
    return found.select("order", "kind", "id", "from_on", "to_on").rows()


def test_a_jail_stay_runs_from_its_start_to_its_end_and_one_without_an_end_still_runs() -> None:
    assert edges((1, "custody", "start", 10), (1, "custody", "end", 20)) == [(1, "custody", 0, 10, 20)]
    assert edges((1, "custody", "start", 10)) == [(1, "custody", 0, 10, None)]


def test_a_second_start_inside_a_stay_changes_nothing_and_an_end_without_a_start_is_none() -> None:
    told = [(1, "custody", "start", 10), (1, "custody", "start", 12), (1, "custody", "end", 20)]
    assert edges(*told) == [(1, "custody", 0, 10, 20)]
    assert edges((1, "custody", "end", 5), *told[:1]) == [(1, "custody", 1, 10, None)]
    assert edges(*told, (1, "custody", "end", 25), (1, "custody", "start", 30)) == [
        (1, "custody", 0, 10, 20), (1, "custody", 4, 30, None),
    ]  # fmt: skip


def test_one_kind_of_pause_never_ends_another_nor_one_orders_pause_anothers() -> None:
    told = [(1, "custody", "start", 10), (1, "hospital", "start", 11), (1, "hospital", "end", 15)]
    assert edges(*told, (2, "custody", "end", 9)) == [(1, "custody", 0, 10, None), (1, "hospital", 1, 11, 15)]


def order(number: int, person: int, zone: str, **more: Any) -> dict[str, Any]:
    return {
        "order": number, "person": person, "pack": "base", "zone": zone, "recorded_at": EARLY,
        "ordered_on": date(2026, 1, 5), **more,
    }  # fmt: skip


def ground(orders: list[dict[str, Any]], **facts: list[dict[str, Any]]) -> Ground:
    frames = {"orders": build("orders", orders)} | {name: build(name, rows) for name, rows in facts.items()}
    return Ground(FactFrames.of(frames), KNOWN_AT, date(2027, 12, 31))


def checked_in(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    return {"id": number, "person": 1, "on": at.date(), "at": at, "recorded_at": at, **more}


def test_a_fact_is_laid_at_every_order_of_its_person_or_at_the_one_it_names() -> None:
    late = datetime(2026, 3, 2, 12, tzinfo=UTC)
    facts = [checked_in(7, late), checked_in(8, late, order=11), checked_in(9, late, person=2)]
    laid = ground([order(10, 1, WEST), order(11, 1, EAST), order(12, 2, EAST)], check_ins=facts).laid("check_ins")
    assert sorted(laid.select("id", "order").rows()) == [(7, 10), (7, 11), (8, 11), (9, 12)]
    assert laid["t"].unique().to_list() == [int(late.timestamp()) * 1_000_000]


def test_a_day_without_an_hour_begins_where_each_orders_court_begins_it() -> None:
    fact = {"id": 7, "person": 1, "on": date(2026, 3, 2), "recorded_at": EARLY}
    laid = ground([order(10, 1, WEST), order(11, 1, EAST)], check_ins=[fact]).laid("check_ins").sort("order")
    assert laid["on"].to_list() == [day_number(date(2026, 3, 2))] * 2
    hours = [(t - day_number(date(2026, 3, 2)) * DAY) // 3_600_000_000 for t in laid["t"]]
    assert hours == [8, 5]


def test_the_local_day_of_an_instant_is_that_of_the_orders_court_around_both_midnights() -> None:
    instants = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (4, 5, 7, 8)]
    seen = ground([order(10, 1, WEST), order(11, 1, EAST), order(12, 1, NOWHERE)])
    rows = seen.orders.select("order", "zone_ix").join(
        pl.DataFrame({"t": [int(at.timestamp()) * 1_000_000 for at in instants]}), how="cross"
    )
    days = rows.with_columns(day=seen.of_local(pl.col("t")) - day_number(date(2026, 3, 2))).sort("order", "t")
    assert days["day"].to_list() == [-1, -1, -1, 0, -1, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("zones", [(WEST, EAST), (NOWHERE,), ("Pacific/Guam",), ("Pacific/Guam", WEST)])
def test_the_local_day_is_the_same_west_and_east_of_greenwich_in_every_hour_around_a_clock_change(
    zones: tuple[str, ...],
) -> None:
    begin = datetime(2026, 3, 6, tzinfo=UTC)
    instants = [begin + timedelta(hours=hour, microseconds=less) for hour in range(96) for less in (-1, 0)]
    seen = ground([order(10 + n, 1, zone) for n, zone in enumerate(zones)])
    at = pl.DataFrame({"t": [instant_number(one) for one in instants]})
    rows = seen.orders.select("zone", "zone_ix").join(at, how="cross").with_columns(day=seen.of_local(pl.col("t")))
    for zone, own in rows.group_by("zone"):
        said = [day_number(one.astimezone(ZoneInfo(str(zone[0]))).date()) for one in instants]
        assert own.sort("t")["day"].to_list() == sorted(said)


def test_a_feed_without_the_column_of_retractions_retracts_nothing_and_a_blank_in_it_is_refused() -> None:
    row = {"id": 1, "person": 1, "on": date(2026, 3, 2), "recorded_at": EARLY, "result": "negative"}
    good, bad = conform("tests", pl.DataFrame([row]))
    assert (good["retracted"].to_list(), bad.height) == ([False], 0)
    both = pl.DataFrame([row | {"retracted": None}, row | {"id": 2, "retracted": True}])
    good, bad = conform("tests", both)
    assert (good["retracted"].to_list(), bad["problem"].to_list()) == ([True], ["retracted"])
    assert conform("levels", pl.DataFrame([{"order": 1, "from": date(2026, 1, 1), "level": "high"}]))[0].height == 1


def test_a_word_outside_the_lists_a_blank_and_a_day_beyond_the_calendars_are_each_refused_by_name() -> None:
    row = {"id": 1, "person": 1, "on": date(2026, 3, 2), "recorded_at": EARLY, "result": "negative", "retracted": False}
    spoilt = [{"result": "unclear"}, {"person": None}, {"on": date(1969, 12, 31)}, {"on": date(2080, 1, 1)}, {}]
    good, bad = conform("tests", pl.DataFrame([row | one for one in spoilt]))
    assert (good.height, bad["problem"].to_list()) == (1, ["result", "person", "on", "on"])


def test_a_level_that_is_said_again_is_no_change_and_the_last_one_said_for_a_day_counts() -> None:
    levels = [
        {"order": 10, "from": date(2026, 1, day), "level": level, "recorded_at": datetime(2026, 1, known, tzinfo=UTC)}
        for day, level, known in ((5, "low", 5), (5, "high", 6), (12, "high", 12), (20, "low", 20), (28, "high", 28))
    ]
    found = ground([order(10, 1, WEST)], levels=levels).levels
    days = [day_number(date(2026, 1, day)) for day in (5, 20, 28)]
    assert found.select("from_on", "to_on", "level").rows() == [
        (days[0], days[1], "high"), (days[1], days[2], "low"), (days[2], None, "high"),
    ]  # fmt: skip


INSTANT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "known"), [(timedelta(0), 1), (timedelta(microseconds=1), 0)], ids=["at-that-instant", "just-after-it"]
)
def test_what_was_recorded_at_the_very_instant_is_known_and_what_came_after_it_is_not(
    late: timedelta, known: int
) -> None:
    at = INSTANT + late
    order = {"order": 1, "person": 1, "pack": "us_ca", "zone": "America/Chicago", "court": 1, "recorded_at": at}
    rows = {
        "orders": [order],
        "terms": [{"order": 1, "source": "order", "term": "bip.sessions_min", "number": 26, "recorded_at": at}],
        "levels": [{"order": 1, "from": date(2026, 5, 1), "level": "high", "recorded_at": at}],
        "holidays": [{"court": 1, "on": date(2026, 5, 25), "recorded_at": at}],
        "certificates": [{"id": 1, "person": 1, "on": date(2026, 5, 1), "recorded_at": at, "program": 7}],
    }
    ground = Ground(FactFrames.of({n: build(n, one) for n, one in rows.items()}), INSTANT, date(2027, 12, 31))
    told = (ground.orders, ground.entered, ground.terms, ground.levels, ground.known("certificates"))
    assert [frame.height for frame in told] == [known] * len(told)
    assert len(ground.calendars) == 1 + known


def test_a_cell_is_refused_rather_than_cut_short() -> None:
    """Ninety minutes written as 90.0 are ninety; half a minute, and an hour of a day, are not for us to round."""
    minutes = read_as(pl.Series("minutes", [90.0, 90.5, None, float("nan")]), pl.Int32)
    assert minutes.to_list() == [90, None, None, None]
    written = pl.Series("on", ["2026-03-02T00:00:00", "2026-03-02T18:30:00", None]).str.to_datetime("%Y-%m-%dT%H:%M:%S")
    assert read_as(written, pl.Date).to_list() == [date(2026, 3, 2), None, None]
    there = written.dt.replace_time_zone("America/Los_Angeles")
    assert read_as(there, pl.Date).to_list() == [date(2026, 3, 2), None, None]
