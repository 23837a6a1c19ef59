"""Columns name exactly the flags that a look at each flag, one by one, would change: none is left open or unraised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from monitor.compliance.flags import _change
from monitor.compliance.unsettled import FLAGGED, unsettled
from monitor.models.flag import FLAG_STATES
from rules.frames import INSTANT

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
DESKS = {case: [1, random] for case, random in ((11, 2), (12, 1), (13, 3))}
SPANS = {
    "id": pl.Int64, "person": pl.Int64, "key": pl.String, "version": pl.String, "owner": pl.String,
    "certainty": pl.String, "starts_at": INSTANT, "ends_at": INSTANT, "known_from": INSTANT,
}  # fmt: skip
FLAGS = {
    "flag": pl.Int64, "person": pl.Int64, "key": pl.String, "state": pl.String, "shown": pl.String,
    "span_id": pl.Int64, "agency_id": pl.Int64, "closed_at": INSTANT,
}  # fmt: skip


def moment(random: Random) -> datetime:
    return START + timedelta(hours=random.randrange(12))


def a_life(random: Random, key: str, first_id: int) -> list[dict[str, Any]]:
    """Up to three spans of one key, one after another."""
    case, owner = random.choice(list(DESKS)), random.choice(["court", "offender"])
    bounds = sorted(random.sample(range(12), random.choice([0, 2, 3, 4])))
    life = []
    for number, (starts, ends) in enumerate(zip(bounds, bounds[1:], strict=False)):
        last = number == len(bounds) - 2 and random.random() < 0.4
        life.append({
            "id": first_id + number, "person": case, "key": key, "version": random.choice("ab"), "owner": owner,
            "certainty": random.choice(FLAGGED), "starts_at": START + timedelta(hours=starts),
            "ends_at": None if last else START + timedelta(hours=ends), "known_from": moment(random),
        })  # fmt: skip
    return life


def a_flag(random: Random, key: str, number: int, life: list[dict[str, Any]]) -> dict[str, Any]:
    """A flag as it may be found: often as its last span says, often not."""
    case = life[-1]["person"] if life else random.choice(list(DESKS))
    return {
        "flag": number, "person": case, "key": key, "state": random.choice(FLAG_STATES), "shown": random.choice("ab"),
        "span_id": random.choice([span["id"] for span in life] or [1]), "agency_id": random.choice([1, 2, 3]),
        "closed_at": random.choice([None, moment(random)]),
    }  # fmt: skip


def one_by_one(
    lives: list[list[dict[str, Any]]], flags: list[dict[str, Any]], now: datetime, since: datetime | None
) -> set[str]:
    """The keys that `flags._change` changes."""
    shown = dict.fromkeys(("code", "severity", "response_class", "starts_on", "due_on"))
    life_of = {life[0]["key"]: life for life in lives if life}
    flag_of = {flag["key"]: flag for flag in flags}
    changed = set()
    for key in life_of.keys() | flag_of.keys():
        life = [SimpleNamespace(**span, case_id=span["person"], **shown) for span in life_of.get(key, ())]
        told = flag_of.get(key)
        flag = SimpleNamespace(**told, id=told["flag"], version=told["shown"]) if told else None
        if _change(life, flag, DESKS, now, since):
            changed.add(key)
    return changed


@pytest.mark.parametrize("seed", range(20))
def test_columns_name_the_flags_that_change(seed: int) -> None:
    random = Random(seed)
    lives = [a_life(random, f"k{number}", 10 * number + 1) for number in range(150)]
    flags = [a_flag(random, f"k{n}", n + 1, life) for n, life in enumerate(lives) if random.random() < 0.7]
    kept = pl.DataFrame([span for life in lives for span in life], schema=SPANS)
    desks = pl.DataFrame([(case, *desk) for case, desk in DESKS.items()], ["person", "court", "office"], orient="row")
    now = moment(random)
    for since in (None, now - timedelta(hours=random.randrange(1, 6))):
        found = unsettled(kept, pl.DataFrame(flags, schema=FLAGS), desks, now, since)
        expected = one_by_one(lives, flags, now, since)
        assert set(found["key"]) == expected
        assert 20 < len(expected) < 150
        begun = {span["key"]: set() for life in lives for span in life if span["starts_at"] <= now}
        for life in lives:
            for span in life:
                if span["starts_at"] <= now:
                    begun[span["key"]].add(span["id"])
        assert {key: set(spans or ()) for key, spans in found.select("key", "spans").iter_rows()} == {
            key: begun.get(key, set()) for key in expected
        }
