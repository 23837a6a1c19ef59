"""What cannot be read is told of until a record says it right, and no longer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import polars as pl
import pytest

from rules.evaluate import evaluate
from rules.frames import SCHEMAS, FactFrames, build
from rules.pack_files import Packs
from rules.packs import load

ENTERED = datetime(2026, 1, 6, 17, tzinfo=UTC)
FIRST, NEXT, LAST = (datetime(2026, 3, day, 17, tzinfo=UTC) for day in (2, 9, 16))
SEEN = datetime(2026, 6, 1, tzinfo=UTC)
RESULT = "tests.result"
Stretch = tuple[str, datetime, datetime | None]


@cache
def packs() -> Packs:
    return load()


def order(at: datetime = ENTERED, **other: Any) -> dict[str, Any]:
    return {"pack": "us_ca", "zone": "America/Los_Angeles", "court": 1, "recorded_at": at, "order": 1, "person": 1,
            "ordered_on": date(2026, 1, 5)} | other  # fmt: skip


def drug_test(number: int, at: datetime, result: str | None, mends: int | None = None, **other: Any) -> dict[str, Any]:
    """A test; a `result` of None cannot stand."""
    return {"id": number, "person": 1, "order": 1, "on": date(2026, 3, 1), "recorded_at": at, "retracted": False,
            "supersedes": mends, "kind": "drug", "result": result} | other  # fmt: skip


def stretches(*tests: dict[str, Any], orders: tuple[dict[str, Any], ...] = (order(),),
              known_at: datetime = SEEN) -> list[Stretch]:  # fmt: skip
    """What cannot be evaluated, from when to when."""
    loose = {c: pl.String if isinstance(t, pl.Enum) else t for c, t in SCHEMAS["tests"].items()}
    told = pl.DataFrame([{c: one.get(c) for c in loose} for one in tests], schema=loose)
    spans = evaluate(FactFrames.of({"orders": build("orders", list(orders)), "tests": told}), packs(), known_at)
    held = spans.filter(pl.col("certainty") == "CANNOT_EVALUATE")
    return list(held.select("note", "starts_at", "ends_at").iter_rows())


WRONG = drug_test(1, FIRST, "purple")


@pytest.mark.parametrize("later", [{"result": "negative"}, {"result": "negative", "retracted": True}])
def test_a_fact_that_does_not_fit_is_told_of_until_a_correction_or_a_withdrawal(later: dict[str, Any]) -> None:
    assert stretches(WRONG) == [(RESULT, ENTERED, None)]
    mended = drug_test(2, NEXT, mends=1, **later)
    assert stretches(WRONG, mended) == [(RESULT, ENTERED, NEXT)]
    assert stretches(WRONG, mended, known_at=FIRST) == [(RESULT, ENTERED, None)], "nobody knew of it yet"
    of_another = drug_test(2, NEXT, mends=7, **later)
    assert stretches(WRONG, of_another) == [(RESULT, ENTERED, None)]


def test_a_correction_that_does_not_fit_puts_nothing_right_and_the_one_after_it_both() -> None:
    as_wrong = drug_test(2, NEXT, "green", 1)
    assert stretches(WRONG, as_wrong) == [(RESULT, ENTERED, None)]
    assert stretches(WRONG, as_wrong, drug_test(3, LAST, "negative", 2)) == [(RESULT, ENTERED, LAST)]
    round_about = [drug_test(1, FIRST, "purple", 2), drug_test(2, NEXT, "green", 1)]
    assert stretches(*round_about) == [(RESULT, ENTERED, None)]


def test_one_of_two_put_right_leaves_the_other_open() -> None:
    mended = drug_test(3, NEXT, "negative", 1)
    assert stretches(WRONG, drug_test(2, FIRST, "green"), mended) == [(RESULT, ENTERED, None)]
    both = [drug_test(2, FIRST, "green"), mended, drug_test(4, LAST, "negative", 2)]
    assert stretches(WRONG, *both) == [(RESULT, ENTERED, LAST)]


def test_an_order_that_does_not_fit_is_told_of_until_its_next_version_and_anew_from_the_one_that_does_not() -> None:
    lost, later = order(zone="Nowhere"), datetime(2026, 4, 6, 17, tzinfo=UTC)
    assert stretches(orders=(lost,)) == [("orders.zone", ENTERED, None)]
    assert stretches(orders=(lost, order(NEXT))) == [("orders.zone", ENTERED, NEXT)]
    assert stretches(orders=(order(), order(NEXT, zone="Nowhere"))) == [("orders.zone", NEXT, None)]
    again = (lost, order(NEXT), order(LAST, zone="Nowhere"))
    assert stretches(orders=again) == [("orders.zone", ENTERED, NEXT), ("orders.zone", LAST, None)]
    mended = (*again, order(later))
    assert stretches(orders=mended) == [("orders.zone", ENTERED, NEXT), ("orders.zone", LAST, later)]
    assert stretches(orders=mended, known_at=NEXT) == [("orders.zone", ENTERED, NEXT)]
