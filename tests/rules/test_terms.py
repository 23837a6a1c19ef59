"""As of which day a number is read: the order's, the event's, the period's or that of reading it; weeks and folders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rules.folder import Run, evaluate_folder
from rules.frames import FactFrames, build
from rules.pack_files import Packs
from rules.partitions import write_partition
from tests.rules.term_cases import (
    JULY,
    LONG_AGO,
    MARCH,
    NOW,
    ORDER,
    PERSON,
    REVIEW,
    STATE,
    absence,
    days,
    laid,
    pack,
    reviewed,
)  # fmt: skip

# --- which date picks the version ---------------------------------------------------------------------------------


def test_governed_by_the_order_a_tightened_law_does_not_reach_an_order_made_before(tmp_path: Path) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, "value: 90", "value: 30, from: 2026-07-01")
    assert [days(span) for span in reviewed(packs)] == [90]
    assert [days(span, JULY) for span in reviewed(packs, ordered_on=JULY)] == [30]
    [span] = reviewed(packs)
    assert [one["governed_by"] for one in span["authority"]] == ["order_date"]


def test_governed_by_the_event_each_absence_is_decided_in_the_time_of_the_day_it_was_recorded(tmp_path: Path) -> None:
    packs = pack(
        tmp_path, "ADJUDICATION_OVERDUE", "adjudication.due", "value: 10", "value: 2, from: 2026-07-01",
        term_says="unit: business_days; governed_by: event_date",
    )  # fmt: skip
    missed = [date(2026, 6, 30), date(2026, 7, 7)]
    facts = {"sessions": [absence(number, on) for number, on in enumerate(missed, 1)]}
    spans = reviewed(packs, code="ADJUDICATION_OVERDUE", facts=facts)
    assert sorted(span["due_on"] for span in spans) == [date(2026, 7, 9), date(2026, 7, 14)]


def test_a_courts_number_that_held_for_a_while_counts_for_what_happened_while_it_held(tmp_path: Path) -> None:
    packs = pack(
        tmp_path, "ADJUDICATION_OVERDUE", "adjudication.due", "value: 10",
        term_says="unit: business_days; governed_by: event_date",
    )  # fmt: skip
    rule = {"source": "court_policy", "term": "adjudication.due", "cite": "Local rule 4"}
    court = [rule | {"number": 2, "from": date(2026, 6, 1)}, rule | {"number": None, "from": JULY}]
    missed = [date(2026, 5, 4), date(2026, 6, 9), date(2026, 7, 7)]
    facts = {"sessions": [absence(number, on) for number, on in enumerate(missed, 1)]}
    spans = reviewed(packs, *court, code="ADJUDICATION_OVERDUE", facts=facts)
    assert sorted((span["due_on"], span["basis"]) for span in spans) == [
        (date(2026, 5, 18), "law"), (date(2026, 6, 11), "local_policy"), (date(2026, 7, 21), "law"),
    ]  # fmt: skip
    assert {span["authority"][0]["cite"] for span in spans} == {"Rule 1", "Local rule 4"}


def test_governed_by_the_period_a_report_is_due_by_the_law_of_the_day_its_period_began(tmp_path: Path) -> None:
    packs = pack(
        tmp_path, "PROGRESS_REPORT_OVERDUE", "report.progress_interval_max", "value: 3", "value: 1, from: 2026-07-01",
        term_says="unit: months; governed_by: period_start",
    )  # fmt: skip
    first = date(2026, 6, 15)
    report = {
        "id": 1, "person": PERSON, "on": date(2026, 9, 20), "recorded_at": datetime(2026, 9, 20, tzinfo=UTC),
        "program": 9, "kind": "progress", "by": "provider", "to": "court",
    }  # fmt: skip
    spans = reviewed(packs, code="PROGRESS_REPORT_OVERDUE", facts={"reports": [report]}, treatment_started_on=first)
    assert [span["due_on"] for span in spans] == [date(2026, 9, 15), date(2026, 10, 20)]


def test_governed_by_the_evaluation_the_officers_clock_is_read_anew_on_the_day_the_standard_changes(
    tmp_path: Path,
) -> None:
    packs = pack(
        tmp_path, "CONTACT_OVERDUE", "contact.face_to_face",
        "value: {count: 1, period_days: 60}", "value: {count: 1, period_days: 30}, from: 2026-07-01",
        term_says="unit: contacts; governed_by: evaluation_date",
    )  # fmt: skip
    met = {
        "id": 1, "person": PERSON, "on": date(2026, 6, 10), "recorded_at": datetime(2026, 6, 10, 18, tzinfo=UTC),
        "kind": "direct", "state": "completed", "method": "in_person", "place": "office",
    }  # fmt: skip
    facts = {"contacts": [met]}
    began = {"supervision_started_on": date(2026, 6, 1)}
    [span] = reviewed(packs, code="CONTACT_OVERDUE", facts=facts, **began)
    assert (span["due_on"], span["first_on"]) == (date(2026, 7, 10), date(2026, 7, 11))
    facts["contacts"] = [met | {"on": date(2026, 5, 20), "recorded_at": datetime(2026, 5, 20, 18, tzinfo=UTC)}]
    began = {"supervision_started_on": date(2026, 5, 1)}
    [span] = reviewed(packs, code="CONTACT_OVERDUE", facts=facts, **began)
    assert span["due_on"] == date(2026, 6, 19)  # under the old standard it was not due before 19 July
    assert span["starts_at"] == datetime(2026, 7, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(("governed_by", "number"), [("order_date", 90), ("event_date", 30)])
def test_local_policy_of_a_later_day_is_picked_by_the_same_date_as_the_law(
    tmp_path: Path, governed_by: str, number: int
) -> None:
    code, term = "ENROLLMENT_OVERDUE", "bip.enroll_deadline"
    packs = pack(tmp_path, code, term, STATE, term_says=f"unit: days; governed_by: {governed_by}")
    policy = {"source": "county_policy", "term": term, "number": 30, "from": date(2026, 2, 1)}
    assert [days(span) for span in reviewed(packs, policy, code=code)] == [30]
    later = policy | {"from": MARCH + timedelta(days=1)}
    assert [days(span) for span in reviewed(packs, later, code=code)] == [90]


# --- words, weeks, and the folder run ------------------------------------------------------------------------------

WEEKS = "calendar.week_starts"


def week_of(packs: Packs, *terms: dict[str, Any]) -> list[date]:
    """The first day of the first week of an officer's contacts that was short."""
    level = [{"order": ORDER, "from": date(2026, 3, 3), "level": "greatest", "recorded_at": LONG_AGO}]
    spans = reviewed(packs, *terms, code="CONTACT_SHORTFALL", facts={"levels": level},
                     supervision_started_on=date(2026, 3, 2))  # fmt: skip
    return sorted(span["window_from"] for span in spans)[:1]


def test_on_which_day_weeks_begin_is_settled_by_the_same_levels(tmp_path: Path) -> None:
    packs = pack(
        tmp_path, "CONTACT_SHORTFALL", "contact.greatest.probationer", "value: 1",
        term_says="unit: contacts; governed_by: period_start",
    )  # fmt: skip
    file = tmp_path / "site/zz_state/contact_shortfall.yaml"
    file.write_text(file.read_text() + f"  {WEEKS}:\n    unit: words\n    governed_by: period_start\n")
    packs = laid(tmp_path)

    def says(source: str, day: str) -> dict[str, Any]:
        return {"source": source, "term": WEEKS, "word": day}

    assert week_of(packs) == [date(2026, 3, 9)]
    assert week_of(packs, says("county_policy", "sunday")) == [date(2026, 3, 8)]
    assert week_of(packs, says("county_policy", "sunday"), says("court_policy", "monday")) == [date(2026, 3, 9)]
    assert week_of(packs, says("court_policy", "monday"), says("order", "sunday")) == [date(2026, 3, 8)]
    later = says("order", "sunday") | {"recorded_at": NOW + timedelta(days=1)}
    assert week_of(packs, later) == [date(2026, 3, 9)]
    assert week_of(packs, says("order", "sunday") | {"from": date(2026, 6, 1)}) == [date(2026, 3, 9)]


def test_a_folder_written_before_courts_had_codes_is_read_as_ever_and_one_with_them_by_court(tmp_path: Path) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE, "value: 45, court: north-3")
    order = {
        "order": ORDER, "person": PERSON, "pack": "zz_state", "zone": "America/Chicago", "recorded_at": LONG_AGO,
        "ordered_on": MARCH, "court_code": "north-3",
    }  # fmt: skip
    frame = build("orders", [order])
    for name, orders, number in (("old", frame.drop("court_code"), 90), ("new", frame, 45)):
        write_partition(tmp_path / name / "part-0000", FactFrames.of({"orders": orders}))
        counts = evaluate_folder(Run(tmp_path / name, tmp_path / f"{name}-out", packs, NOW))
        assert (counts.orders, counts.refused) == (1, {})
        spans = pl.read_parquet(tmp_path / f"{name}-out" / "part-0000.parquet")
        [due_on] = spans.filter(code="REVIEW_HEARING_OVERDUE")["due_on"]
        assert (due_on - MARCH).days == number
