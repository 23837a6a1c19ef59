"""Two programs of one person: each one's own rules while the person is with it, the stricter where both stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rules.explain import explain
from rules.pack_files import Packs
from rules.programs import enrollments
from tests.rules.term_cases import (
    AUGUST,
    JULY,
    MARCH,
    ORDER,
    PERSON,
    REVIEW,
    STATE,
    THIS,
    absence,
    pack,
    reviewed,
    sets,
)

LIMIT, EVERY = "bip.unexcused_absences_max", "bip.attendance_every_days"
OVER, WINDOW = "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", "ATTENDANCE_WINDOW_MISSED"
NORTH, SOUTH, WEST = 11, 12, 13


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Packs:
    """A state without a law of its own."""
    return pack(tmp_path_factory.mktemp("packs"), "REVIEW_HEARING_OVERDUE", REVIEW)


def policy(program: int | None, number: int, term: str = LIMIT, **more: Any) -> dict[str, Any]:
    return {
        "source": "provider_policy", "program": program, "term": term, "number": number,
        "cite": f"handbook of {program}", **more,
    }  # fmt: skip


def turn(number: int, event: str, program: int, on: date, **more: Any) -> dict[str, Any]:
    recorded = more.pop("recorded_at", datetime(on.year, on.month, on.day, 18, tzinfo=UTC))
    return {"id": number, "person": PERSON, "on": on, "recorded_at": recorded, "event": event, "program": program}


def missed(*days: tuple[int, date]) -> dict[str, list[dict[str, Any]]]:
    """Absences, each with a decision that it was unexcused."""
    absent = [absence(100 + n, on) | {"program": program} for n, (program, on) in enumerate(days)]
    decided = [
        {"id": 200 + n, "person": PERSON, "on": one["on"], "recorded_at": one["recorded_at"], "of": one["id"],
         "decision": "unexcused"}
        for n, one in enumerate(absent)
    ]  # fmt: skip
    return {"sessions": absent, "adjudications": decided}


def test_each_program_counts_absences_by_its_own_rules(packs: Packs) -> None:
    """Whichever policy was recorded last: it once counted for both programs."""
    days = [MARCH + timedelta(days=7 * n) for n in range(1, 5)]
    facts = missed((NORTH, days[0]), (NORTH, days[1]), (SOUTH, days[2]), (SOUTH, days[3]))
    for told in ([policy(NORTH, 1), policy(SOUTH, 3)], [policy(SOUTH, 3), policy(NORTH, 1)]):
        [span] = reviewed(packs, *told, code=OVER, facts=facts)
        assert (span["program"], span["count"], span["limit"]) == (NORTH, 2, 1)
        assert f"handbook of {NORTH}" in explain(span, packs.duties).text()
    [span] = reviewed(packs, policy(NORTH, 3), policy(SOUTH, 1), code=OVER, facts=facts)
    assert (span["program"], span["count"], span["limit"]) == (SOUTH, 2, 1)


def test_a_program_without_rules_of_its_own_takes_none_from_the_other_two(packs: Packs) -> None:
    days = [MARCH + timedelta(days=7 * n) for n in range(1, 4)]
    facts = missed(*((WEST, day) for day in days))
    assert reviewed(packs, policy(NORTH, 1), policy(SOUTH, 1), code=OVER, facts=facts) == []
    [span] = reviewed(packs, policy(NORTH, 1), policy(SOUTH, 1), policy(None, 2), code=OVER, facts=facts)
    assert (span["program"], span["limit"]) == (WEST, 2)


def test_the_order_goes_before_both_programs(packs: Packs) -> None:
    days = [MARCH + timedelta(days=7 * n) for n in range(1, 4)]
    facts = missed(*((NORTH, day) for day in days))
    told = [policy(NORTH, 1), policy(SOUTH, 3), {"source": "order", "term": LIMIT, "number": 2}]
    [span] = reviewed(packs, *told, code=OVER, facts=facts)
    assert (span["limit"], span["basis"]) == (2, "order")


JUNE = date(2026, 6, 1)


def windows(
    packs: Packs, *told: dict[str, Any], facts: list[dict[str, Any]], until: date = date(2026, 5, 1), levels: Any = ()
) -> Any:
    """First days of the windows missed, every day being covered by a sheet, of one whose program began on 2 March."""
    sheet = {"id": 300, "person": PERSON, "on": JUNE, "recorded_at": datetime(2026, 6, 1, tzinfo=UTC), "program": NORTH}
    covered = [{**sheet, "covers_from": MARCH, "covers_to": until}]
    more = {"enrollments": facts, "submissions": covered, "levels": list(levels)}
    found = reviewed(packs, *told, code=WINDOW, facts=more, treatment_started_on=MARCH)
    return [span["window_from"] for span in found if span["certainty"] == "CERTAIN"]


def test_who_changes_programs_comes_by_the_new_ones_rhythm_from_that_day(packs: Packs) -> None:
    """The window that the change cuts asks nothing: nobody could come to all of it by either rhythm."""
    april = date(2026, 4, 1)
    moves = [turn(1, "enrolled", NORTH, MARCH), turn(2, "exited", NORTH, april - timedelta(days=1)),
             turn(3, "enrolled", SOUTH, april)]  # fmt: skip
    first = [MARCH + timedelta(days=7 * n) for n in range(4)]  # the fifth would end on 6 April
    assert windows(packs, policy(NORTH, 7, EVERY), policy(SOUTH, 10, EVERY), facts=moves) == [
        *first, april, date(2026, 4, 11), date(2026, 4, 21)
    ]  # fmt: skip
    # the same number from the new program is no change
    assert windows(packs, policy(NORTH, 7, EVERY), policy(SOUTH, 7, EVERY), facts=moves) == [
        MARCH + timedelta(days=7 * n) for n in range(8)
    ]


def test_a_law_that_asks_less_at_a_lower_level_is_followed_from_the_day_of_the_level(tmp_path: Path) -> None:
    packs = pack(
        tmp_path, WINDOW, EVERY, "value: 7, when: {level: high}", "value: 14, when: {level: low}",
        term_says="unit: days; governed_by: evaluation_date; stricter: lower",
    )
    april = date(2026, 4, 1)
    levels = [{"order": ORDER, "from": MARCH, "level": "high"}, {"order": ORDER, "from": april, "level": "low"}]
    first = [MARCH + timedelta(days=7 * n) for n in range(4)]
    assert windows(packs, facts=[], levels=levels) == [*first, april, date(2026, 4, 15)]
    assert windows(packs, facts=[], levels=levels[:1], until=date(2026, 3, 16)) == first[:2]
    assert windows(packs, facts=[], levels=[]) == []


def test_a_program_with_no_rhythm_of_its_own_ends_the_old_ones(packs: Packs) -> None:
    moves = [turn(1, "enrolled", NORTH, MARCH), turn(2, "exited", NORTH, date(2026, 3, 20)),
             turn(3, "enrolled", WEST, date(2026, 3, 21))]  # fmt: skip
    assert windows(packs, policy(NORTH, 7, EVERY), facts=moves) == [MARCH, MARCH + timedelta(days=7)]


def test_in_two_programs_at_once_the_stricter_rhythm_counts(packs: Packs) -> None:
    both = [turn(1, "enrolled", NORTH, MARCH), turn(2, "enrolled", SOUTH, MARCH)]
    north, south = policy(NORTH, 7, EVERY), policy(SOUTH, 14, EVERY)
    for told in ([north, south], [south, north]):
        assert windows(packs, *told, facts=both, until=date(2026, 3, 16)) == [MARCH, MARCH + timedelta(days=7)]


def test_where_no_enrollment_says_which_program_it_is_the_stricter_counts(packs: Packs) -> None:
    told = [policy(NORTH, 14, EVERY), policy(SOUTH, 7, EVERY)]
    assert windows(packs, *told, facts=[], until=date(2026, 3, 16)) == [MARCH, MARCH + timedelta(days=7)]


def test_where_nobody_can_say_which_is_stricter_neither_counts_and_the_system_is_told(tmp_path: Path) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW)
    told = [policy(NORTH, 30, REVIEW), policy(SOUTH, 60, REVIEW)]
    assert reviewed(packs, *told) == []
    whole = [rule for rule in packs.rules["zz_state"] if rule.code in ("REVIEW_HEARING_OVERDUE", "INPUT_MISSING")]
    [span] = reviewed(Packs(packs.packs, packs.duties, {"zz_state": whole}), *told, code="INPUT_MISSING", both=True)
    assert (span["owner"], span["of_code"], span["first_on"]) == ("system", "REVIEW_HEARING_OVERDUE", MARCH)
    assert "which of two programs' rules is the stricter" in explain(span, packs.duties).text()
    assert "cuál de las reglas de dos programas" in explain(span, packs.duties, "es").text()
    # where both say the same, or the court says it, nothing is unclear
    assert len(reviewed(packs, policy(NORTH, 60, REVIEW), policy(SOUTH, 60, REVIEW))) == 1
    [span] = reviewed(packs, *told, THIS)
    assert span["basis"] == "order"


def test_a_value_that_others_begin_beside_is_still_one_value(tmp_path: Path) -> None:
    """It was cut at each of their days and never put together again: one deadline was told twice."""
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE, term_says="unit: days; governed_by: event_date")
    others = [sets("county_policy", 60, **{"from": JULY}), sets("local_policy", 50, **{"from": date(2026, 7, 15)})]
    assert len(reviewed(packs, THIS, *others, ordered_on=AUGUST)) == 1


DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("turns", "stretches"),
    [
        ([(1, True)], [(1, None)]),
        ([(1, True), (5, False)], [(1, 6)]),
        ([(1, True), (3, True), (5, False)], [(1, 6)]),
        ([(1, True), (5, False), (9, True)], [(1, 6), (9, None)]),
        ([(1, True), (5, False), (7, False)], [(1, 6)]),
        ([(5, False), (7, True)], [(7, None)]),
    ],
    ids=["stays", "leaves", "enrolled-twice", "comes-back", "left-twice", "left-before"],
)
def test_enrollments_are_stretches(turns: list[tuple[int, bool]], stretches: list[tuple[int, int | None]]) -> None:
    rows = [
        {"order": 1, "id": n, "program": 9, "on": on, "t": on * 10, "joins": joins, "over_on": on + 1}
        for n, (on, joins) in enumerate(turns)
    ]
    found = enrollments(pl.DataFrame(rows).with_columns(pl.col("on", "over_on").cast(pl.Int32)))
    ends = [(begin, None if finish == 2**30 else finish) for begin, finish in found.select("begin", "finish").rows()]
    assert ends == stretches
