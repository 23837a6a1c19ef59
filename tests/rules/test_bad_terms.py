"""Terms that are missing or contradict each other, and days nobody can mean: told of on their order, no rule stops."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import polars as pl
import pytest

from rules.evaluate import evaluate, read_spans
from rules.frames import FactFrames, build
from rules.pack_files import Packs
from rules.packs import load

SEEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENTERED = datetime(2026, 1, 5, 18, tzinfo=UTC)
SPOILT, SOUND = 1, 2  # two people, whose orders have the same numbers
EXCUSED = "bip.excused_absences_max"


@cache
def packs() -> Packs:
    return load()


def term(order: int, number: int | None, source: str = "order", name: str = EXCUSED, **more: Any) -> dict[str, Any]:
    return {"order": order, "source": source, "term": name, "number": number, "recorded_at": ENTERED, **more}


def read(
    terms: list[dict[str, Any]], *, pack: str = "us_ca", on: date = date(2026, 2, 2), **anchors: Any
) -> pl.DataFrame:
    """What is open for a person with these terms and four excused absences, and for one without any terms."""
    people = (SPOILT, SOUND)
    order = {"pack": pack, "zone": "America/Los_Angeles", "court": 1, "recorded_at": ENTERED, **anchors}
    own = [{"order": n, "person": n, "ordered_on": date(2026, 1, 5), **order} for n in people]
    missed = [
        {"id": 100 * n + k, "person": n, "on": day, "recorded_at": SEEN, "program": 7, "outcome": "absent"}
        for n in people for k, day in enumerate([on if n == SPOILT else date(2026, 2, 2), *WEEKS])
    ]  # fmt: skip
    said = [
        {"id": row["id"] + 50, "person": row["person"], "on": SEEN.date(), "recorded_at": SEEN, "of": row["id"],
         "decision": "excused", "by": "probation"} for row in missed
    ]  # fmt: skip
    frames = {"orders": own, "terms": terms, "sessions": missed, "adjudications": said}
    return read_spans(evaluate(FactFrames.of({k: build(k, v) for k, v in frames.items()}), packs(), SEEN), SEEN)


WEEKS = [date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23)]


def limits(spans: pl.DataFrame, person: int) -> list[int]:
    """The limits of excused absences that decided for a person."""
    found = spans.filter((pl.col("person") == person) & (pl.col("code") == "EXCUSED_ABSENCE_LIMIT_EXCEEDED"))
    return found.get_column("limit").to_list()


def told(spans: pl.DataFrame) -> set[tuple[int, str, str]]:
    """(person, owner, note) of what cannot be evaluated."""
    held = spans.filter(pl.col("certainty") == "CANNOT_EVALUATE")
    return set(held.select("person", "owner", "note").iter_rows())


def test_two_values_that_contradict_each_other_are_told_of_and_the_law_decides_meanwhile() -> None:
    spans = read([term(SPOILT, 1), term(SPOILT, 2)])
    assert told(spans) == {(SPOILT, "system", f"terms.{EXCUSED}")}
    assert limits(spans, SPOILT) == limits(spans, SOUND) == [3]


def test_one_value_entered_twice_is_one_value() -> None:
    spans = read([term(SPOILT, 2), term(SPOILT, 2)])
    assert told(spans) == set()
    assert limits(spans, SPOILT) == [2]


def test_a_later_word_is_a_correction_and_no_contradiction() -> None:
    later = term(SPOILT, 2) | {"recorded_at": datetime(2026, 1, 9, tzinfo=UTC)}
    spans = read([term(SPOILT, 1), later])
    assert told(spans) == set()
    assert limits(spans, SPOILT) == [2]


@pytest.mark.parametrize(
    "bad",
    [
        term(SPOILT, -1),
        term(SPOILT, 1, name="contact.face_to_face"),
        term(SPOILT, 1, name="contact.face_to_face", period_days=30, period_months=1),
        term(SPOILT, 1, name="contact.face_to_face", period_days=0),
        term(SPOILT, 1, name="bip.excused_absence_max"),
        term(SPOILT, 1, source="provider_policy", name="no such term"),
    ],
)
def test_a_number_that_says_nothing_is_told_of(bad: dict[str, Any]) -> None:
    spans = read([bad])
    assert told(spans) == {(SPOILT, "system", f"terms.{bad['term']}")}
    assert limits(spans, SPOILT) == [3]


def test_a_value_that_only_an_anchor_gives_is_told_of_where_it_is_missing_and_stops_no_other_rule() -> None:
    limited = term(SPOILT, 1, name="bip.makeup_within_days")
    spans = read([limited], pack="us_az", treatment_started_on=date(2024, 1, 8))
    missing = spans.filter(pl.col("code") == "INPUT_MISSING")
    assert set(missing.get_column("of_code")) == {"COMPLETION_WINDOW_EXCEEDED"}
    assert set(spans.get_column("certainty")) == {"CERTAIN"}
    assert "CREDIT_SHORTFALL" in spans.get_column("code")


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(1986, 2, 2), date(1989, 12, 31)])
def test_a_day_that_nobody_can_mean_is_refused_and_told_of(day: date) -> None:
    spans = read([], on=day)
    assert told(spans) == {(SPOILT, "system", "sessions.on")}
    assert limits(spans, SPOILT) == [] and limits(spans, SOUND) == [3]


def test_a_day_in_1990_is_read() -> None:
    assert told(read([], on=date(1990, 1, 1))) == set()


NEXT = datetime(2026, 3, 2, 17, tzinfo=UTC)  # the order's next version is on record
MISSPELT = "bip.excused_absence_max"


def stretches(terms: list[dict[str, Any]], pack: str = "us_ca") -> list[tuple[str, datetime, datetime | None]]:
    """What cannot be evaluated of an order with these terms, from when to when."""
    order = {"pack": pack, "zone": "America/Los_Angeles", "court": 1, "recorded_at": ENTERED,
             "order": 1, "person": 1, "ordered_on": date(2026, 1, 5)}  # fmt: skip
    frames = {"orders": [order], "terms": terms}
    spans = evaluate(FactFrames.of({k: build(k, v) for k, v in frames.items()}), packs(), SEEN)
    held = spans.filter(pl.col("certainty") == "CANNOT_EVALUATE")
    return list(held.select("note", "starts_at", "ends_at").iter_rows())


def test_a_misspelt_term_is_told_of_until_the_orders_next_version_leaves_it_out() -> None:
    wrong = term(1, 2, name=MISSPELT)
    assert stretches([wrong]) == [(f"terms.{MISSPELT}", ENTERED, None)]
    left_out = term(1, None, name=MISSPELT) | {"recorded_at": NEXT}
    assert stretches([wrong, left_out, term(1, 2)]) == [(f"terms.{MISSPELT}", ENTERED, NEXT)]
    ahead = left_out | {"from": date(2026, 3, 9)}
    midnight = datetime(2026, 3, 9, 7, tzinfo=UTC)  # of a summer time that began the day before
    assert stretches([wrong, ahead]) == [(f"terms.{MISSPELT}", ENTERED, midnight)]
    after = left_out | {"recorded_at": datetime(2026, 6, 2, tzinfo=UTC)}
    assert stretches([wrong, after]) == [(f"terms.{MISSPELT}", ENTERED, None)], "nobody knew of it yet"
    another = term(1, 3, name=MISSPELT) | {"recorded_at": NEXT}
    assert stretches([wrong, another]) == [(f"terms.{MISSPELT}", ENTERED, None)], "it is as wrong as before"


def test_a_contradiction_is_told_of_until_somebody_says_which() -> None:
    said = term(1, 2) | {"recorded_at": NEXT}
    assert stretches([term(1, 1), term(1, 2), said]) == [(f"terms.{EXCUSED}", ENTERED, NEXT)]
    other_day = said | {"from": date(2026, 3, 1)}
    assert stretches([term(1, 1), term(1, 2), other_day]) == [(f"terms.{EXCUSED}", ENTERED, None)]
    of_another = said | {"source": "court_policy"}
    assert stretches([term(1, 1), term(1, 2), of_another]) == [(f"terms.{EXCUSED}", ENTERED, None)]


def test_a_term_that_only_another_law_has_is_told_of_on_its_order_and_in_no_policy_of_many_orders() -> None:
    only_maines = term(1, 30, name="bip.intake_deadline")
    told_of = [("terms.bip.intake_deadline", ENTERED, None)]
    assert stretches([only_maines], pack="us_me") == []
    assert stretches([only_maines]) == told_of
    assert stretches([only_maines | {"source": "court_policy"}]) == told_of
    for source in ("provider_policy", "county_policy", "local_policy"):
        assert stretches([only_maines | {"source": source}]) == []
