"""Values that are words, lists, yes or no: dated, known from a day, cited and set per court, as numbers are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rules.evaluate import tally
from rules.frames import FactFrames, build
from rules.kinds.authorities import has_all
from rules.pack_files import Packs
from tests.rules.term_cases import MARCH, PERSON, absence, laid, pack, reviewed, sets

CODE, LATENESS, APPROVERS = "ABSENCE_TERMINATION_THRESHOLD", "bip.lateness_counts_as", "bip.leave_approved_by"
MAY, JUNE, JULY = date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 6)
WORDS = "unit: words; governed_by: event_date"


def two(folder: Path, term: str, *values: str) -> Packs:
    """Termination at the second absence, and one term of words beside it."""
    packs = pack(folder, CODE, term, *values, term_says=WORDS)
    file = folder / "site/zz_state/absence_termination_threshold.yaml"
    limit = (
        "  bip.absences_terminate_at:\n    unit: absences\n    governed_by: order_date\n    values:\n"
        "    - {value: 2, cite: {text: Rule 9, confidence: secondary, checked: 2026-11-01}}\n"
    )
    file.write_text(file.read_text() + limit)
    packs = laid(folder)
    assert packs.faults == []
    return packs


def came_late(*days: date) -> dict[str, list[dict[str, Any]]]:
    return {"sessions": [absence(100 + n, day) | {"outcome": "late"} for n, day in enumerate(days)]}


def counts(packs: Packs, *terms: dict[str, Any], facts: dict[str, Any], **more: Any) -> list[int]:
    return [span["count"] for span in reviewed(packs, *terms, code=CODE, facts=facts, **more)]


def test_coming_late_is_an_absence_from_the_day_of_the_rule_on(tmp_path: Path) -> None:
    """The last value read once counted for all days."""
    packs = two(tmp_path, LATENESS, "value: attendance", "value: absence, from: 2026-06-01")
    assert counts(packs, facts=came_late(MAY, JUNE)) == []
    assert counts(packs, facts=came_late(MAY, JUNE, JULY)) == [2]
    assert counts(packs, facts=came_late(date(2026, 5, 31), JUNE, JULY)) == [2]


def test_a_word_that_nobody_could_know_yet_says_nothing_in_a_look_back(tmp_path: Path) -> None:
    packs = two(tmp_path, LATENESS, "value: attendance", "value: absence, from: 2026-06-01, known_from: 2026-08-01")
    facts = came_late(JUNE, JULY)
    assert counts(packs, facts=facts, known_at=datetime(2026, 7, 31, tzinfo=UTC)) == []
    assert counts(packs, facts=facts, known_at=datetime(2026, 8, 1, tzinfo=UTC)) == [2]


def test_a_word_may_be_of_one_court_or_county(tmp_path: Path) -> None:
    packs = two(
        tmp_path, LATENESS, "value: attendance", "value: absence, court: north-3", "value: absence, county: Mono"
    )
    facts = came_late(JUNE, JULY)
    assert counts(packs, facts=facts) == [2]
    assert counts(packs, facts=facts, court_code="south-1") == []
    assert counts(packs, facts=facts, court_code="south-1", county="Mono") == [2]


def test_a_court_on_record_goes_before_the_packs_word_and_a_program_does_not(tmp_path: Path) -> None:
    """Nobody can say which of two words is the stricter one, so the law's stands before a program's."""
    packs = two(tmp_path, LATENESS, "value: attendance")
    facts = came_late(JUNE, JULY)
    said = {"term": LATENESS, "word": "absence"}
    assert counts(packs, sets("court_policy", None, **said), facts=facts) == [2]
    assert counts(packs, sets("court_policy", None, **said, **{"from": JULY}), facts=facts) == []
    assert counts(packs, sets("provider_policy", None, **said), facts=facts) == []


def test_a_session_that_counts_as_an_absence_gives_no_credit(tmp_path: Path) -> None:
    packs = two(tmp_path, LATENESS, "value: attendance", "value: absence, from: 2026-06-01")
    order = {"order": 1, "person": PERSON, "pack": "zz_state", "zone": "America/Chicago", "ordered_on": MARCH,
             "recorded_at": datetime(2026, 1, 1, tzinfo=UTC)}  # fmt: skip
    frames = {"orders": build("orders", [order]), "sessions": build("sessions", came_late(MAY, JUNE, JULY)["sessions"])}
    now = datetime(2026, 10, 1, tzinfo=UTC)
    assert tally(FactFrames.of(frames), packs, now, now)["credited_sessions"].to_list() == [1]


@pytest.mark.parametrize(
    ("given", "flagged"),
    [(["referrer"], False), (["provider"], True), (["referrer", "provider"], False)],
    ids=["who-must", "another", "both"],
)
def test_a_leave_needs_who_must_approve_on_the_day_that_it_covers(
    tmp_path: Path, given: list[str], flagged: bool
) -> None:
    packs = two(tmp_path, APPROVERS, "value: [referrer, provider]", "value: [referrer], from: 2026-06-01")
    missed = [absence(1, JUNE), absence(2, JULY)]
    decided = [{"id": 10 + one["id"], "person": PERSON, "on": one["on"], "recorded_at": one["recorded_at"],
                "of": one["id"], "decision": "unexcused"} for one in missed]  # fmt: skip
    leave = {"id": 20, "person": PERSON, "on": MAY, "recorded_at": datetime(2026, 5, 4, tzinfo=UTC), "covers_on": JUNE,
             "approved_by": given}  # fmt: skip
    facts = {"sessions": missed, "adjudications": decided, "leaves": [leave]}
    assert bool(counts(packs, facts=facts)) == flagged
    early = [absence(1, MAY), absence(2, JULY)]
    before = {**facts, "sessions": early, "leaves": [leave | {"covers_on": MAY, "on": MARCH}],
              "adjudications": [one | {"on": early[n]["on"], "recorded_at": early[n]["recorded_at"]}
                                for n, one in enumerate(decided)]}  # fmt: skip
    assert bool(counts(packs, facts=before)) == (set(given) < {"referrer", "provider"})


def test_where_nobody_must_agree_nobody_is_lacking() -> None:
    asked = pl.DataFrame({"authorized_by": [[], ["court"], None]}, schema={"authorized_by": pl.List(pl.String)})
    assert asked.select(has_all([])).to_series().to_list() in ([True] * 3, [True])
    assert asked.select(has_all([["court", "referrer"]])).to_series().to_list() == [False, True, False]
