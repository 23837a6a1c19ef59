"""Two sets of packs on one history, in a practitioner's words; and a naive reading of the same beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import backtest_summary as summary
from rules.backtest import FLAGS, HEARINGS, backtest, compare, load_of, together
from rules.frames import FactFrames, build
from rules.pack_files import Packs
from rules.packs import load
from rules.scenarios.running import plan
from rules.scenarios.shape import Evaluation
from tests.rules.kinds.situations import Situation, scenario_of, session

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
KNOWN = datetime(2026, 12, 31, tzinfo=UTC)
LIMIT = """
code: UNEXCUSED_ABSENCE_LIMIT_EXCEEDED
terms:
  bip.unexcused_absences_max:
    unit: sessions
    governed_by: order_date
    stricter: lower
    values:
    - {value: %d, cite: {text: Local rule 7, confidence: verified_text, checked: 2026-11-01}}
"""
MISSED = ["2026-02-02", "2026-02-09", "2026-02-16", "2026-03-09"]


@pytest.fixture
def limits(tmp_path: Path) -> tuple[Packs, Packs]:
    """Packs that allow three unexcused absences, and packs that allow two."""
    return allowing(tmp_path, 3), allowing(tmp_path, 2)


def allowing(folder: Path, most: int) -> Packs:
    pack = folder / f"{most}" / "us_fl"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("title: Florida, as of the county\nzone: America/New_York\ninherits: base\n")
    (pack / "unexcused_absence_limit_exceeded.yaml").write_text(LIMIT % most)
    packs = load(folder / f"{most}")
    assert packs.faults == []
    return packs


@cache
def people() -> FactFrames:
    """One person missed four classes, one three, one two."""
    moment = Evaluation(as_of="2026-12-30", expect=[])
    plans = []
    for number, count in enumerate((4, 3, 2)):
        facts = [session(n, "absent_unexcused", day) for n, day in enumerate(MISSED[:count])]
        plans.append(plan(scenario_of(Situation("", "us_fl", "2026-12-30", facts)), moment, number))
    names = {name for one in plans for name in one.laid.rows}
    return FactFrames.of({name: build(name, [row for one in plans for row in one.rows(name)]) for name in names})


def told(comparison: Any) -> list[tuple[Any, ...]]:
    one = comparison.differences.filter(pl.col("code") == "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED")
    return sorted(one.select("person", "change", "ours_on", "theirs_on", "days").rows())


def test_a_lower_limit_flags_one_person_earlier_and_another_for_the_first_time(limits: tuple[Packs, Packs]) -> None:
    third, fourth = date(2026, 2, 16), date(2026, 3, 9)
    found = told(backtest(people(), *limits, SINCE, UNTIL, KNOWN))
    assert found == [(1, "earlier", fourth, third, -21), (2, "newly", None, third, None)]


def test_the_other_way_round_it_is_later_and_no_longer(limits: tuple[Packs, Packs]) -> None:
    found = told(backtest(people(), limits[1], limits[0], SINCE, UNTIL, KNOWN))
    assert [(row[0], row[1], row[4]) for row in found] == [(1, "later", 21), (2, "no_longer", None)]


def test_the_same_packs_differ_in_nothing(limits: tuple[Packs, Packs]) -> None:
    found = backtest(people(), limits[0], limits[0], SINCE, UNTIL, KNOWN)
    assert found.differences.is_empty()
    weeks = summary.by_week(found.load)
    assert weeks.height > 0 and weeks["ours"].equals(weeks["theirs"], check_names=False)


def test_what_lies_outside_the_period_is_not_told(limits: tuple[Packs, Packs]) -> None:
    assert told(backtest(people(), *limits, date(2026, 2, 17), UNTIL, KNOWN))[0][1] == "earlier"
    assert not told(backtest(people(), *limits, date(2026, 4, 1), UNTIL, KNOWN))


def test_what_was_recorded_later_is_in_neither(limits: tuple[Packs, Packs]) -> None:
    assert not told(backtest(people(), *limits, SINCE, UNTIL, datetime(2026, 2, 1, tzinfo=UTC)))


def test_people_in_two_parts_make_what_they_make_in_one(limits: tuple[Packs, Packs]) -> None:
    whole = backtest(people(), *limits, SINCE, UNTIL, KNOWN)
    parts = []
    for person in (1, 2, 3):
        orders = people().orders.filter(pl.col("person") == person)["order"].implode()
        cut = {
            name: frame.filter(pl.col("person") == person) if "person" in frame.columns
            else frame.filter(pl.col("order").is_in(orders)) if "order" in frame.columns else frame
            for name, frame in people().items()
        }  # fmt: skip
        parts.append(backtest(FactFrames.of(cut), *limits, SINCE, UNTIL, KNOWN))
    both = together(parts)
    assert sorted(both.differences.rows(), key=repr) == sorted(whole.differences.rows(), key=repr)
    assert summary.by_week(both.load).equals(summary.by_week(whole.load))


def flag(order: int, key: str, start: int, end: int | None, **more: Any) -> dict[str, Any]:
    first = date(2026, 1, 1) + timedelta(days=start)
    begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=start)
    ends = None if end is None else begins + timedelta(days=end - start)
    return {
        "order": order, "person": order, "code": "C", "program": None, "owner": "offender", "response_class": "B",
        "key": f"{order}:{key}", "first_on": first, "starts_at": begins, "ends_at": ends, **more,
    }  # fmt: skip


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FLAGS, orient="row")


@st.composite
def sides(draw: Any) -> list[dict[str, Any]]:
    """Flags of two orders, keys unique, in any order."""
    rows = []
    for number in range(draw(st.integers(0, 7))):
        start = draw(st.integers(0, 60))
        length = draw(st.sampled_from([None, 1, 5, 20]))
        key = draw(st.sampled_from(["a", "b", f"x{number}", f"y{number}"]))
        rows.append(flag(draw(st.integers(1, 2)), key, start, None if length is None else start + length))
    keys = {row["key"]: row for row in rows}
    return draw(st.permutations(list(keys.values())))


def naive(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Row by row: the same key first; then, while any are left that overlap, the earliest pair that want each other."""
    def order(row: dict[str, Any]) -> Any:
        return row["order"], row["starts_at"], row["key"]

    left, right = sorted(ours, key=order), sorted(theirs, key=order)
    pairs = [(o, t) for o in left for t in right if o["key"] == t["key"]]
    while True:
        left = [o for o in left if all(o is not p for p, _ in pairs)]
        right = [t for t in right if all(t is not p for _, p in pairs)]
        wants = {id(o): next((t for t in right if meet(o, t)), None) for o in left}
        wanted = {id(t): next((o for o in left if meet(o, t)), None) for t in right}
        more = [(o, t) for o in left for t in right if wants[id(o)] is t and wanted[id(t)] is o]
        if not more:
            break
        pairs += more
    found = [(o["order"], o["first_on"], t["first_on"]) for o, t in pairs if o["first_on"] != t["first_on"]]
    found += [(o["order"], o["first_on"], None) for o in left] + [(t["order"], None, t["first_on"]) for t in right]
    return sorted(found, key=repr)


def meet(one: dict[str, Any], two: dict[str, Any]) -> bool:
    def before(a: dict[str, Any], b: dict[str, Any]) -> bool:
        return b["ends_at"] is None or a["starts_at"] < b["ends_at"]

    return one["order"] == two["order"] and before(one, two) and before(two, one)


@settings(max_examples=150, deadline=None)
@given(sides(), sides())
def test_pairs_are_those_of_the_naive_reading(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    found = compare(frame(ours), frame(theirs), SINCE, UNTIL)
    assert sorted(found.select("order", "ours_on", "theirs_on").rows(), key=repr) == naive(ours, theirs)


def test_a_matter_is_counted_in_the_week_of_the_next_hearing_else_of_its_first_day() -> None:
    flags = frame([flag(1, "a", 4, None), flag(2, "a", 4, None), flag(3, "a", 4, None, response_class="A")])
    days = pl.DataFrame({"person": [1, 1], "on": [date(2026, 1, 2), date(2026, 1, 22)]}, schema=HEARINGS)
    found = load_of(flags, "ours", SINCE, UNTIL, days)
    assert found.select("person", "week", "dated").rows() == [
        (1, date(2026, 1, 19), True), (2, date(2026, 1, 5), False),
    ]  # fmt: skip


def test_a_publication_has_no_row_about_one_to_ten_people() -> None:
    rows = [("newly", 10), ("later", 11), ("earlier", 400)]
    counts = pl.DataFrame({"court": 1, "code": "C", "change": [r[0] for r in rows], "people": [r[1] for r in rows],
                           "flags": 3, "days_most": 9})  # fmt: skip
    published = summary.for_publication(counts, ("people",))
    assert published.rows() == [(1, "C", "later", 11), (1, "C", "earlier", 400)]
    assert counts.height - published.height == 1


def week(ours: int, theirs: int, both: int) -> pl.DataFrame:
    """The load of one week: people who come under today's packs, under the others, and under both."""
    rows = [("ours", n) for n in range(ours)] + [("theirs", n) for n in range(ours - both, ours - both + theirs)]
    told = [{"week": date(2026, 3, 2), "packs": packs, "person": n, "dated": True} for packs, n in rows]
    return pl.DataFrame(told, schema={"week": pl.Date, "packs": pl.String, "person": pl.Int64, "dated": pl.Boolean})


@pytest.mark.parametrize(
    ("ours", "theirs", "both", "published"),
    [
        (100, 100, 100, True),  # nobody comes or goes
        (100, 103, 100, False),  # three more: the difference is about three people
        (100, 110, 100, False),
        (100, 111, 100, True),
        (111, 100, 100, True),
        (100, 97, 97, False),
        (100, 111, 97, False),  # eleven more on balance, but three stay away
        (100, 100, 95, False),  # five for five: the numbers agree and still five came
        (9, 40, 9, False),
        (0, 40, 0, True),
    ],
)
def test_a_small_difference_between_two_published_numbers_is_left_out_with_both(
    ours: int, theirs: int, both: int, published: bool
) -> None:
    counts = summary.by_week(week(ours, theirs, both))
    assert counts.select("ours", "theirs", "only_ours", "only_theirs").rows() == [
        (ours, theirs, ours - both, theirs - both)
    ]
    told = summary.for_publication(counts, ("ours", "theirs"), ("only_ours", "only_theirs"))
    assert told.rows() == ([(date(2026, 3, 2), ours, theirs)] if published else [])
