"""Whose number decides: the order, the program, the court, the county, the state; and which level said so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.explain import explain
from rules.pack_files import Packs
from tests.rules.term_cases import (
    BENCH,
    CHOSEN,
    COUNTY,
    HEAD,
    JULY,
    LONG_AGO,
    OFFICE,
    ORDER,
    PERSON,
    REVIEW,
    STATE,
    THIS,
    WEAKER,
    days,
    laid,
    pack,
    reviewed,
    sets,
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
    # the order decides, as a county would; the paper of the program is milder than the law all the same
    for other in (program(45, "order"), program(25, "county_policy")):
        assert due(packs, program(40), other) == [other["number"]]
        assert weaker(packs, program(40), other) == ["ENROLLMENT_OVERDUE"]


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
