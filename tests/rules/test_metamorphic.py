"""What must stay as it is when something else changes: order, company, calendar weeks, later knowledge, idle facts."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rules.catalogue import CATALOGUE
from rules.evaluate import evaluate
from rules.frames import FactFrames, build
from rules.pack_files import Packs
from rules.packs import load
from rules.scenarios.matching import Reading
from tests.rules import cases, cases_people, cases_programs
from tests.rules.agreement import engine_reads, plans

Case = dict[str, Any]
PACKS = load()
MOMENT = (cases.day(95), None)
FEW = settings(
    max_examples=1,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
COUNTING = {code for code, entry in CATALOGUE.items() if entry.kind == "COUNT_IN_WINDOW"}
MAKERS = [
    cases.absence_cases("us_ga"),
    cases.absence_cases("us_ok"),
    cases.absence_cases("us_ca"),
    cases_programs.coverage_cases("us_wa"),
    cases_programs.enrollment_cases("us_fl"),
    cases_programs.completion_cases("us_ri"),
    cases_people.contact_cases("us_pa"),
    cases_people.check_in_cases("base"),
    cases_people.incident_cases("us_ca"),
]
mixed = st.tuples(*MAKERS).map(list)
counted = st.lists(
    st.sampled_from(["us_ok", "us_ga", "base", "us_fl"]).flatmap(cases.absence_cases), min_size=8, max_size=8
)


@pytest.fixture(scope="module")
def packs() -> Packs:
    return PACKS


def told(reading: Reading) -> list[str]:
    """Flags in a form that can be compared: sorted, lists as sets, without what is not written."""
    plain = [
        sorted((name, str(sorted(value) if isinstance(value, list) else value)) for name, value in flag.items())
        for flag in reading.flags
    ]
    return sorted([*(str(one) for one in plain), *reading.unverified])


def all_told(made: list[Case], moment: tuple[str, str | None] = MOMENT) -> list[list[str]]:
    return [told(reading) for reading in engine_reads(made, moment, PACKS)]


def both_read(made: list[Case], other: list[Case]) -> list[tuple[Reading, Reading]]:
    """Each case and what was made of it, read in one run of the engine."""
    found = engine_reads([*made, *other], MOMENT, PACKS)
    return list(zip(found[: len(made)], found[len(made) :], strict=True))


def assert_same(made: list[Case], other: list[Case]) -> None:
    for before, after in both_read(made, other):
        assert told(before) == told(after)


@FEW
@given(mixed, st.integers(0, 1000))
def test_the_order_of_records_means_nothing(made: list[Case], seed: int) -> None:
    shuffled = [{**case, "facts": random.Random(seed).sample(case["facts"], len(case["facts"]))} for case in made]
    assert_same(made, shuffled)


@FEW
@given(mixed)
def test_people_together_get_what_each_gets_alone(made: list[Case]) -> None:
    company = all_told(made)
    assert all_told(made[::-1]) == company[::-1]
    assert all_told(made[:2]) == company[:2]
    assert all_told(made[-1:]) == company[-1:]


@FEW
@given(mixed)
def test_what_is_recorded_later_changes_nothing_now(made: list[Case]) -> None:
    known = MOMENT[0]
    earlier = [{**case, "facts": [fact for fact in case["facts"] if recorded_on(fact) <= known]} for case in made]
    assert_same(made, earlier)


def recorded_on(fact: dict[str, Any]) -> str:
    """A day on or before which the record was made (a series is recorded session by session)."""
    text: str = fact.get("recorded_on") or fact.get("date") or fact.get("at") or fact["first"]
    return text[:10]


@FEW
@given(mixed)
def test_a_fact_that_no_rule_reads_changes_nothing(made: list[Case]) -> None:
    idle = [
        {"type": "letter", "id": "idle1", "kind": "employer", "by": "offender", "date": cases.day(40)},
        {"type": "contact", "id": "idle2", "kind": "direct", "state": "cancelled", "date": cases.day(41)},
        {"type": "test", "id": "idle3", "result": "negative", "date": cases.day(42)},
    ]
    assert_same(made, [{**case, "facts": case["facts"] + idle} for case in made])


@FEW
@given(
    st.lists(st.sampled_from(["us_ok", "us_ga", "us_wa", "base"]).flatmap(cases.absence_cases), min_size=6, max_size=6),
    st.integers(1, 60),
)
def test_weeks_later_is_the_same_case_weeks_later(made: list[Case], weeks: int) -> None:
    plain = [without_months(case) for case in made]
    moved = [moved_by(case, 7 * weeks) for case in plain]
    later = moved_by(MOMENT[0], 7 * weeks)
    assert all_told(moved, (later, None)) == moved_by(all_told(plain), 7 * weeks)


def without_months(case: Case) -> Case:
    """No term (it is counted in months), no holidays, no clock change."""
    anchors = {name: value for name, value in case["case"].items() if name not in {"granted_on", "term_months"}}
    return {**case, "case": {**anchors, "holidays": [], "time_zone": "America/Phoenix"}}


def moved_by(data: Any, days: int) -> Any:
    """Every day in the data, also inside texts, that many days later."""
    if isinstance(data, dict):
        return {name: moved_by(value, days) for name, value in data.items()}
    if isinstance(data, list):
        return (
            sorted(moved_by(value, days) for value in data)
            if all(isinstance(v, str) for v in data)
            else [moved_by(value, days) for value in data]
        )
    if isinstance(data, str):
        return " ".join(moved_word(word, days) for word in data.split(" "))
    return data


def moved_word(word: str, days: int) -> str:
    bare = word.strip("'(),[]")
    try:
        moved = date.fromisoformat(bare) + timedelta(days=days)
    except ValueError:
        return word
    return word.replace(bare, moved.isoformat())


def counted_flags(reading: Reading) -> set[tuple[str, Any]]:
    return {(flag["code"], flag["order"]) for flag in reading.flags if flag["code"] in COUNTING}


@FEW
@given(counted, st.integers(2, 90))
def test_one_more_unexcused_absence_takes_no_count_away(made: list[Case], offset: int) -> None:
    extra = {
        "type": "session",
        "id": "extra",
        "program": "main",
        "outcome": "absent_unexcused",
        "at": f"{cases.day(offset)}T05:00:00Z",
    }
    more = [{**case, "facts": [*case["facts"], extra]} for case in made]
    for before, after in both_read(made, more):
        assert counted_flags(before) <= counted_flags(after)


@FEW
@given(counted)
def test_excusing_everything_adds_no_count_of_unexcused(made: list[Case]) -> None:
    milder = [{**case, "facts": [excused(fact) for fact in case["facts"]]} for case in made]
    codes = {"UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", "WINDOW_UNEXCUSED_LIMIT", "CONSECUTIVE_UNEXCUSED_LIMIT"}
    for after in engine_reads(milder, MOMENT, PACKS):
        assert not {code for code, _ in counted_flags(after)} & codes


def excused(fact: dict[str, Any]) -> dict[str, Any]:
    return {**fact, "decision": "excused"} if fact["type"] == "adjudication" else fact


@FEW
@given(st.lists(cases_programs.coverage_cases("us_ca"), min_size=8, max_size=8), st.integers(0, 60))
def test_one_more_roster_makes_no_missed_window_unknown(made: list[Case], offset: int) -> None:
    roster = {
        "type": "submission",
        "id": "more",
        "date": cases.day(offset + 30),
        "covers_from": cases.day(offset),
        "covers_to": cases.day(offset + 30),
    }
    more = [{**case, "facts": [*case["facts"], roster]} for case in made]
    for before, after in both_read(made, more):
        assert missed(before) <= missed(after)


def missed(reading: Reading) -> set[Any]:
    return {flag["window_from"] for flag in reading.flags if flag["code"] == "ATTENDANCE_WINDOW_MISSED"}


@FEW
@given(mixed)
def test_spans_are_half_open_and_no_key_is_open_twice(made: list[Case]) -> None:
    rows = plans(made, MOMENT)
    names = {name for one in rows for name in one.laid.rows}
    facts = FactFrames.of({name: build(name, [row for one in rows for row in one.rows(name)]) for name in names})
    spans = evaluate(facts, PACKS, rows[0].known_at)
    assert spans.filter(spans["ends_at"] <= spans["starts_at"]).is_empty()
    open_until: dict[tuple[str, str], datetime] = {}
    for row in spans.sort("key", "certainty", "starts_at").to_dicts():
        key = (row["key"], row["certainty"])
        assert key not in open_until or open_until[key] <= row["starts_at"]
        open_until[key] = row["ends_at"] or datetime.max.replace(tzinfo=UTC)
