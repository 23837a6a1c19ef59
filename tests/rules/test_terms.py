"""Whose number decides, and as of which day: order, program, court, county, state; order, event, period, evaluation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rules.evaluate import evaluate
from rules.explain import explain
from rules.folder import Run, evaluate_folder
from rules.frames import FactFrames, build
from rules.packs import OURS, Packs, load
from rules.partitions import write_partition

ORDER, PERSON, COURT = 1, 2, 3
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
MARCH, JULY, AUGUST = date(2026, 3, 2), date(2026, 7, 1), date(2026, 8, 3)
WEAKER = "POLICY_WEAKER_THAN_LAW"
CITE = "cite: {{text: {text}, confidence: secondary, checked: 2026-11-01}}"
REVIEW = "hearing.review_within_days"
HEAD = "title: Ours\ninherits: base\nzone: America/Chicago\n"
CHOSEN = "chosen: {by: J. Ortiz, day: 2026-10-01, text: county counsel's letter}"


def pack(folder: Path, code: str, term: str, *values: str, head: str = HEAD, term_says: str = "") -> Packs:
    """A site's pack with one rule; `values`: YAML of each value without its citation."""
    place = folder / "site/zz_state"
    place.mkdir(parents=True, exist_ok=True)
    (place / "pack.yaml").write_text(head)
    lines = [f"    - {{{value}, {CITE.format(text=f'Rule {n}')}}}" for n, value in enumerate(values, 1)]
    told = (term_says or "unit: days; governed_by: order_date").replace("; ", "\n    ")
    text = f"code: {code}\nprovision: Rule\nterms:\n  {term}:\n    {told}\n"
    (place / f"{code.lower()}.yaml").write_text(text + "    values:\n" + "\n".join(lines) + "\n" if lines else text)
    packs = laid(folder)
    assert packs.faults == []
    return packs


def laid(folder: Path) -> Packs:
    """Base and the site's own packs alone: the states' are not needed here, and take longest to read."""
    base = folder / "site/base"
    if not base.exists():
        base.symlink_to(OURS / "base")
    return load(folder / "site", ours=False)


def reviewed(
    packs: Packs, *terms: dict[str, Any], ordered_on: date = MARCH, known_at: datetime = NOW,
    code: str = "REVIEW_HEARING_OVERDUE", facts: dict[str, list[dict[str, Any]]] | None = None, **anchors: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """The spans of one code for one order on which these terms were set."""
    order = {
        "order": ORDER, "person": PERSON, "pack": "zz_state", "zone": "America/Chicago", "court": COURT,
        "court_code": "north-3", "county": "Lake", "recorded_at": LONG_AGO, "ordered_on": ordered_on, **anchors,
    }  # fmt: skip
    rows = {"orders": [order], "terms": [{"order": ORDER, "recorded_at": LONG_AGO, **term} for term in terms]}
    frames = {name: build(name, found) for name, found in {**rows, **(facts or {})}.items()}
    asked = {code} if code != WEAKER else {WEAKER, "ENROLLMENT_OVERDUE", "CONTACT_OVERDUE"}
    few = [rule for rule in packs.rules["zz_state"] if rule.code in asked]
    alone = replace(packs, rules={"zz_state": few})
    return evaluate(FactFrames.of(frames), alone, known_at).filter(code=code).to_dicts()


def days(span: dict[str, Any], since: date = MARCH) -> int:
    """How many days the deadline of a span was."""
    return int((span["due_on"] - since).days)


def sets(source: str, number: int | None, **more: Any) -> dict[str, Any]:
    """A number that a level sets for the review, under its own name."""
    return {"source": source, "term": REVIEW, "number": number, "cite": f"{source} text", **more}


STATE, COUNTY, OFFICE, BENCH, THIS = (
    "value: 90", sets("county_policy", 60), sets("local_policy", 50), sets("court_policy", 45), sets("order", 30),
)  # fmt: skip


@pytest.mark.parametrize(
    ("levels", "number", "told", "spanish", "basis"),
    [
        ([], 90, "Set by the law: Rule 1.", "Lo fija la ley: Rule 1.", "law"),
        ([COUNTY], 60, "Set by the county's policy: county_policy text.", "la norma del condado", "local_policy"),
        ([COUNTY, OFFICE], 50, "Set by local policy: local_policy text.", "la norma local", "local_policy"),
        ([COUNTY, OFFICE, BENCH], 45, "Set by the court's own policy:", "la norma propia del tribunal", "local_policy"),
        ([COUNTY, OFFICE, BENCH, THIS], 30, "Set by this order: order text.", "esta orden", "order"),
        ([THIS, COUNTY], 30, "Set by this order: order text.", "esta orden", "order"),
    ],
    ids=["state", "county", "office", "court", "order", "order-and-county"],
)  # fmt: skip
def test_the_order_goes_before_the_court_the_court_before_the_county_and_the_county_before_the_state(
    tmp_path: Path, levels: list[dict[str, Any]], number: int, told: str, spanish: str, basis: str
) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE)
    [span] = reviewed(packs, *levels)
    assert (days(span), span["basis"]) == (number, basis)
    assert told in explain(span, packs.duties).text()
    assert spanish in explain(span, packs.duties, "es").text()


def test_a_sites_pack_may_hold_the_number_of_one_court_and_of_one_county(tmp_path: Path) -> None:
    packs = pack(
        tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE, "value: 60, county: LAKE", "value: 45, court: north-3"
    )
    assert [days(span) for span in reviewed(packs)] == [45]
    assert [days(span) for span in reviewed(packs, court_code="south-1")] == [60]
    assert [days(span) for span in reviewed(packs, court_code="south-1", county="Cook")] == [90]
    assert [days(span) for span in reviewed(packs, court_code=None, county=None)] == [90]
    [span] = reviewed(packs)
    assert "Set by the court's own policy: Rule 3." in explain(span, packs.duties).text()
    assert [days(span) for span in reviewed(packs, BENCH | {"number": 20})] == [20]


def test_what_the_record_holds_of_a_county_goes_before_what_a_pack_holds_of_it_but_not_before_the_courts(
    tmp_path: Path,
) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, "value: 45, court: north-3", "value: 80, county: Lake")
    assert [days(span) for span in reviewed(packs, COUNTY)] == [45]
    assert [days(span) for span in reviewed(packs, COUNTY, court_code="south-1")] == [60]


def test_a_level_decides_only_from_its_own_day_on_and_before_it_the_next_one_does(tmp_path: Path) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE)
    from_july = sets("court_policy", 45, **{"from": JULY})
    assert [days(span) for span in reviewed(packs, from_july)] == [90]
    [span] = reviewed(packs, from_july, ordered_on=JULY)
    assert days(span, JULY) == 45


def test_a_policy_that_was_taken_back_leaves_the_number_to_the_next_level(tmp_path: Path) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE)
    back = sets("court_policy", None, **{"from": JULY})
    assert [days(span) for span in reviewed(packs, BENCH, back)] == [45]
    assert [days(span, JULY) for span in reviewed(packs, BENCH, back, ordered_on=JULY)] == [90]
    assert [days(span, JULY) for span in reviewed(packs, BENCH, back, COUNTY, ordered_on=JULY)] == [60]


def test_a_policy_that_nobody_had_recorded_yet_decides_nothing_in_a_look_back(tmp_path: Path) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE)
    later = BENCH | {"recorded_at": datetime(2026, 8, 1, tzinfo=UTC)}
    assert [days(span) for span in reviewed(packs, later)] == [45]
    assert [days(span) for span in reviewed(packs, later, known_at=datetime(2026, 7, 31, tzinfo=UTC))] == [90]


def test_a_law_that_was_not_yet_known_decides_nothing_in_a_look_back(tmp_path: Path) -> None:
    packs = pack(
        tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE, "value: 30, from: 2026-02-01, known_from: 2026-06-15"
    )
    assert [days(span) for span in reviewed(packs, known_at=datetime(2026, 6, 14, tzinfo=UTC))] == [90]
    assert [days(span) for span in reviewed(packs, known_at=datetime(2026, 6, 15, tzinfo=UTC))] == [30]


def test_a_repealed_number_is_no_number(tmp_path: Path) -> None:
    packs = pack(tmp_path, "REVIEW_HEARING_OVERDUE", REVIEW, STATE, "value: null, from: 2026-07-01")
    assert [days(span) for span in reviewed(packs)] == [90]
    assert reviewed(packs, ordered_on=JULY) == []


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


def absence(number: int, on: date) -> dict[str, Any]:
    recorded = datetime(on.year, on.month, on.day, 18, tzinfo=UTC)
    return {
        "id": number, "person": PERSON, "on": on, "recorded_at": recorded, "program": 9, "outcome": "absent",
        "kind": "group", "source": "provider",
    }  # fmt: skip


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


# --- program, law and local policy ---------------------------------------------------------------------------------

LIMIT = "bip.enroll_deadline"
LAW = "unit: days; governed_by: order_date; stricter: lower"


def program(number: int, source: str = "provider_policy", **more: Any) -> dict[str, Any]:
    return {"source": source, "term": LIMIT, "number": number, "cite": f"{source} text", **more}


def weaker(packs: Packs, *terms: dict[str, Any]) -> list[str]:
    return [span["of_code"] for span in reviewed(packs, *terms, code=WEAKER)]


def due(packs: Packs, *terms: dict[str, Any]) -> list[int]:
    return [days(span) for span in reviewed(packs, *terms, code="ENROLLMENT_OVERDUE")]


def test_a_programs_policy_fills_what_nobody_else_sets(tmp_path: Path) -> None:
    packs = pack(tmp_path, "ENROLLMENT_OVERDUE", LIMIT, term_says=LAW)
    assert due(packs) == []
    assert due(packs, program(20)) == [20]
    assert due(packs, program(20), program(40, "county_policy")) == [40]
    assert due(packs, program(20), program(40, "order")) == [40]


def test_against_the_law_only_a_stricter_policy_of_a_program_counts_and_a_weaker_one_is_told(tmp_path: Path) -> None:
    packs = pack(tmp_path, "ENROLLMENT_OVERDUE", LIMIT, "value: 30", term_says=LAW)
    assert (due(packs, program(20)), weaker(packs, program(20))) == ([20], [])
    assert (due(packs, program(30)), weaker(packs, program(30))) == ([30], [])
    assert (due(packs, program(40)), weaker(packs, program(40))) == ([30], ["ENROLLMENT_OVERDUE"])
    ordered = program(45, "order")
    assert (due(packs, program(40), ordered), weaker(packs, program(40), ordered)) == ([45], [])


def test_a_pack_may_put_a_programs_policy_before_court_and_county_but_never_before_the_order(tmp_path: Path) -> None:
    packs = pack(tmp_path, "ENROLLMENT_OVERDUE", LIMIT, "value: 30", term_says=f"{LAW}; program: decides")
    court = program(10, "court_policy")
    assert due(packs, program(20), court) == [20]
    assert due(packs, program(20), court, program(25, "order")) == [25]
    # what the law forbids a program, it cannot decide: the court's number stands
    assert due(packs, program(40), court) == [10]


def test_local_policy_goes_before_the_law_unless_a_named_person_chose_that_the_stricter_decides(
    tmp_path: Path,
) -> None:
    packs = pack(tmp_path, "ENROLLMENT_OVERDUE", LIMIT, "value: 30", term_says=LAW)
    local = program(60, "county_policy")
    assert (due(packs, local), weaker(packs, local)) == ([60], [])
    head = f"{HEAD}local_policy: {{decides: stricter, {CHOSEN}}}\n"
    strict = pack(tmp_path, "ENROLLMENT_OVERDUE", LIMIT, "value: 30", term_says=LAW, head=head)
    assert (due(strict, local), weaker(strict, local)) == ([30], ["ENROLLMENT_OVERDUE"])
    assert (due(strict, program(20, "county_policy")), weaker(strict, program(20, "county_policy"))) == ([20], [])
    # each local level is held against the law by itself: the court's is stricter, so it stands
    both = [local, program(25, "court_policy")]
    assert (due(strict, *both), weaker(strict, *both)) == ([25], ["ENROLLMENT_OVERDUE"])
    assert due(strict, local, program(60, "order")) == [60]


def test_that_the_stricter_decides_is_inherited_and_needs_a_name(tmp_path: Path) -> None:
    head = f"{HEAD}local_policy: {{decides: stricter, {CHOSEN}}}\n"
    pack(tmp_path, "ENROLLMENT_OVERDUE", LIMIT, "value: 30", term_says=LAW, head=head)
    below = tmp_path / "site/zz_county"
    below.mkdir()
    (below / "pack.yaml").write_text("title: County\ninherits: zz_state\n")
    assert {rule.local_policy for rule in laid(tmp_path).rules["zz_county"]} == {"stricter"}
    (tmp_path / "site/zz_state/pack.yaml").write_text(head.replace("J. Ortiz", "' '"))
    assert ["blank" in fault.reason for fault in laid(tmp_path).faults if "zz_state" in fault.file] == [True]


def test_a_design_rule_of_ours_is_no_law_that_a_local_policy_could_be_weaker_than(tmp_path: Path) -> None:
    head = f"{HEAD}local_policy: {{decides: stricter, {CHOSEN}}}\n"
    packs = pack(tmp_path, "ENROLLMENT_OVERDUE", LIMIT, "value: 30", term_says=LAW, head=head)
    file = tmp_path / "site/zz_state/enrollment_overdue.yaml"
    file.write_text(file.read_text().replace("secondary", "engine_policy"))
    packs = laid(tmp_path)
    local = program(60, "county_policy")
    assert (due(packs, local), weaker(packs, local)) == ([60], [])


def test_a_policy_in_weeks_is_held_against_a_law_in_months_by_length(tmp_path: Path) -> None:
    code, term = "COMPLETION_BEFORE_MINIMUM", "bip.length_min"
    packs = pack(tmp_path, code, term, "value: 3", term_says="unit: months; governed_by: order_date; stricter: higher")
    done = [{"id": 1, "person": PERSON, "on": date(2026, 4, 1), "recorded_at": datetime(2026, 4, 1, tzinfo=UTC)}]
    began = {"treatment_started_on": date(2026, 3, 2)}

    def earliest(weeks: int) -> list[date]:
        policy = {"source": "provider_policy", "term": term, "number": weeks}
        spans = reviewed(packs, policy, code=code, facts={"certificates": done}, **began)
        return [span["earliest"] for span in spans]

    assert earliest(8) == [date(2026, 6, 2)]  # 56 days are less than three months
    assert earliest(13) == [date(2026, 6, 2)]  # 91 days, and three months are 91.25
    assert earliest(14) == [date(2026, 6, 8)]


def test_a_programs_policy_is_held_against_the_law_of_each_level_of_supervision(tmp_path: Path) -> None:
    """A policy of 40 days is stricter than the law at low level (60) and weaker at high level (20)."""
    code, term = "CONTACT_OVERDUE", "contact.face_to_face"
    packs = pack(
        tmp_path, code, term, "value: {count: 1, period_days: 30}, when: {level: low}",
        "value: {count: 3, period_days: 30}, when: {level: high}",
        term_says="unit: contacts; governed_by: evaluation_date; stricter: higher",
    )  # fmt: skip
    policy = {"source": "provider_policy", "term": term, "number": 2, "period_days": 30}
    level = [{"order": ORDER, "from": date(2026, 6, 1), "level": "low", "recorded_at": LONG_AGO}]
    contacts = [
        {"id": n, "person": PERSON, "on": on, "recorded_at": datetime(2026, 6, 20, tzinfo=UTC), "kind": "direct",
         "state": "completed", "method": "in_person", "place": "office"}
        for n, on in enumerate([date(2026, 6, 10)], 1)
    ]  # fmt: skip
    facts = {"levels": level, "contacts": contacts}
    began = {"supervision_started_on": date(2026, 6, 1)}
    [span] = reviewed(packs, policy, code=code, facts=facts, **began)
    assert span["due_on"] == date(2026, 7, 1)  # two in thirty days from the first day, not one
    assert span["basis"] == "provider_policy"
    level[0]["level"] = "high"
    [span] = reviewed(packs, policy, code=code, facts=facts, **began)
    assert span["basis"] == "law"
    assert reviewed(packs, policy, code=WEAKER, facts=facts, **began)


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
