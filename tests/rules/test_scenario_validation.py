"""A scenario file with one fault in it is refused with the file, the line and a clear sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.scenarios.check import check, check_with
from rules.scenarios.document import documents
from rules.scenarios.matching import Reading, failures
from rules.scenarios.running import Outcome
from rules.scenarios.shape import Scenario
from rules.scenarios.validate import ids_are_unique, validated
from tests.rules.scenario_files import BESIDE, OURS

FILES = [*OURS, *BESIDE]
GOOD = """\
- id: CA-90
  title: A case without fault
  edge: [pending]
  pack: us_ca
  provision: none
  provision_confidence: engine_policy
  case:
    time_zone: America/Los_Angeles
    ordered_on: "2026-01-05"
  terms:
    local_policy: {report.officer_to_court: 2}
  facts:
    - {type: session, id: s1, outcome: absent, date: "2026-03-04", recorded_on: "2026-03-05"}
    - {type: adjudication, id: j1, of: s1, date: "2026-03-06", decision: excused}
    - {type: session, id: s2, supersedes: s1, outcome: attended, date: "2026-03-04", recorded_on: "2026-03-09"}
    - {type: incident, id: i1, kind: contact, at: "2026-07-10T19:20-07:00", source: law_enforcement}
    - {type: order, order: po, event: issued, at: "2026-01-10T10:00-08:00", contact_terms: no_contact}
  evaluate:
    - as_of: "2026-03-20"
      expect:
        - {code: OFFICER_REPORT_LATE, owner: probation, first_on: "2026-03-10", due: "2026-03-09", days_late: 3}
      absent: [ABSENCE_UNEXCUSED]
  why: Nothing is wrong with it.
"""
# (what is written, what is written instead, line of the fault, part of the sentence)
FAULTS = [
    ('ordered_on: "2026-01-05"', "ordered_on: 2026-01-05", 9, "in quotes"),
    ('ordered_on: "2026-01-05"', 'ordered_on: "2026-02-30"', 9, "ordered_on"),
    ('ordered_on: "2026-01-05"', 'ordered_on: "2026-01-05"\n    served_at: "2026-01-06T25:00-08:00"', 8, "hour"),
    ("id: CA-90", "id: California-90", 1, "id"),
    ("edge: [pending]", "edge: [pondering]", 3, "edge"),
    ("pack: us_ca", "pack: california", 4, "pack"),
    ("America/Los_Angeles", "America/Los_Santos", 8, "no time zone"),
    (
        'time_zone: America/Los_Angeles\n    ordered_on: "2026-01-05"',
        'ordered_on: "2026-01-05"\n    time_zone: America/Los_Santos', 9, "no time zone",
    ),
    ("outcome: absent, date", "outcome: missing, date", 13, "missing"),
    ("outcome: absent, date", "outcome: absent, minutes: -1, date", 13, "minutes"),
    ("outcome: absent, date", "outcome: absent, mood: bad, date", 13, "mood"),
    ("{type: session, id: s1", "{type: sitting, id: s1", 13, "type"),
    ('date: "2026-03-04", recorded_on: "2026-03-05"', 'recorded_on: "2026-03-05"', 13, "one of the two"),
    ('recorded_on: "2026-03-05"', 'recorded_on: "2026-03-05", recorded_at: "2026-03-05T10:00-08:00"', 13, "not both"),
    ('recorded_on: "2026-03-05"', 'recorded_on: "2026-03-03"', 13, "before it happened"),
    ('recorded_on: "2026-03-09"', 'recorded_on: "2026-03-04"', 15, "before it was recorded"),
    ("id: j1, of: s1", "id: j1, of: s9", 14, "No record has the id s9"),
    ("id: j1, of: s1", "id: j1, of: i1", 14, "another kind"),
    ("decision: excused", "decision: confirmed", 14, "another kind"),
    ("supersedes: s1", "supersedes: j1", 15, "another kind"),
    ("supersedes: s1", "supersedes: s9", 15, "No record has the id s9"),
    ("supersedes: s1", "supersedes: s2", 15, "replace itself"),
    ("id: s1, outcome: absent", "id: s1, supersedes: s2, outcome: absent", 13, "s1 cannot replace itself"),
    ("id: j1,", "id: s1,", 14, "used twice"),
    ("id: j1,", "id: j1, order: second,", 14, "no order second"),
    ('"2026-07-10T19:20-07:00"', '"2026-07-10T19:20-08:00"', 16, "does not have then"),
    ('"2026-07-10T19:20-07:00"', '"2026-07-10T19:20"', 16, "at"),
    ('"2026-07-10T19:20-07:00"', '"2026-07-10T25:20-07:00"', 16, "hour"),
    ('at: "2026-07-10T19:20-07:00"', 'date: "2026-07-10"', 16, "instant"),
    ("source: law_enforcement", "source: victim", 16, "consents"),
    ("event: issued,", "event: served,", 13, "never issued"),
    ("report.officer_to_court: 2", "report.officer_to_curt: 2", 11, "local_policy"),
    ("report.officer_to_court: 2", "calendar.week_starts: 3", 11, "unit"),
    ("report.officer_to_court: 2", "contact.face_to_face: {count: 1}", 11, "period"),
    ("owner: probation", "owner: offender", 21, "matter of probation"),
    ("owner: probation", "owner: neighbor", 21, "owner"),
    ("OFFICER_REPORT_LATE", "PROBATION_VIOLATION", 21, "only a court"),
    ("OFFICER_REPORT_LATE", "OFFICER_LATE", 21, "not in the catalogue"),
    ("absent: [ABSENCE_UNEXCUSED]", "absent: [ABSENCE]", 22, "not in the catalogue"),
    ("absent: [ABSENCE_UNEXCUSED]", "absent: [OFFICER_REPORT_LATE]", 22, "expected and absent"),
    ('first_on: "2026-03-10"', 'first_on: "2026-03-11"', 21, "the day after"),
    ('as_of: "2026-03-20"', 'as_of: "2026-03-09"', 21, "not open"),
    ("days_late: 3", 'window_from: "2026-03-10", window_to: "2026-03-03"', 21, "before it begins"),
    ("days_late: 3", 'window_from: "2026-03-10", window_to: "2026-03-10"', 21, "before it begins"),
    ("days_late: 3", 'window_to: "2026-03-30"', 21, "not over"),
    ("days_late: 3", 'window_to: "2026-03-16"', 21, "starts its flag on that day"),
    ("days_late: 3", "have: 4, need: 3", 21, "not too little"),
    ("days_late: 3", "count: 3, limit: 3", 21, "does not raise"),
    ("days_late: 3", "about: s9", 21, "No record or order"),
    ("days_late: 3", "evidence: [s1, s9]", 21, "No record or order"),
    ("days_late: 3", "order: second", 21, "no order second"),
    ("days_late: 3", "of_code: LATE", 21, "not in the catalogue"),
    ("  why: Nothing is wrong with it.\n", "", 1, "why"),
    ("  why: Nothing is wrong with it.\n", "  why: Nothing is wrong.\n  why: Twice is too often.\n", 24, "given twice"),
    ("  why: Nothing is wrong with it.\n", "  why: Nothing is wrong with it.\n  on: 1\n", 24, "not text"),
    ("days_late: 3", "days_late: 3.5", 21, "whole number"),
    ("pack: us_ca", "pack: [us_ca, us_wa]", 4, "several orders"),
]


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write_file(text: str) -> Path:
        file = tmp_path / "case.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write_file


def problems_of(file: Path) -> list[tuple[int, str]]:
    found = [problem for document in documents(file) for problem in validated(document)[1]]
    assert all(problem.file == file for problem in found)
    return [(problem.line, problem.text) for problem in found]


def test_a_case_without_fault_is_taken(write) -> None:  # type: ignore[no-untyped-def]
    assert problems_of(write(GOOD)) == []


@pytest.mark.parametrize(("written", "instead", "line", "sentence"), FAULTS)
def test_a_fault_is_told_with_its_line(write, written: str, instead: str, line: int, sentence: str) -> None:  # type: ignore[no-untyped-def]
    assert written in GOOD
    found = problems_of(write(GOOD.replace(written, instead, 1)))
    assert [place for place, text in found if sentence in text] == [line], found


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        (written, instead, said)
        for written, instead, line, said in FAULTS
        if line == 21 and ":" in written and said not in {"not open", "starts its flag on that day"}  # other fields'
    ],
)
def test_a_fault_of_a_flag_is_told_with_the_line_of_its_field(  # type: ignore[no-untyped-def]
    write, written: str, instead: str, sentence: str
) -> None:
    found = problems_of(write(GOOD.replace(written, f"\n           {instead}", 1)))
    assert [place for place, text in found if sentence in text] == [22], found


def test_one_fault_does_not_hide_the_next(write) -> None:  # type: ignore[no-untyped-def]
    text = GOOD.replace("outcome: absent, date", "outcome: missing, date").replace("kind: contact", "kind: chat")
    assert [line for line, _ in problems_of(write(text.replace("owner: probation", "owner: nobody")))] == [13, 16, 21]


def test_two_orders_need_their_own_ids_and_packs(write) -> None:  # type: ignore[no-untyped-def]
    orders = "  orders:\n    - {id: a, pack: us_ca}\n    - {id: a, pack: us_or}\n"
    found = problems_of(write(GOOD.replace("  facts:\n", orders + "  facts:\n")))
    assert [text for _, text in found] == [
        "Two orders have the same id.",
        "Order a must name one of the packs us_ca.",
    ] or ["same id" in text or "must name" in text for _, text in found] == [True, True]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("{}", "YAML list"), ("- [1", "not YAML"), ("- 3", "map of fields"), ("\t- a", "not YAML")],
)
def test_a_file_that_is_no_list_of_cases_is_told(write, text: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    assert [sentence in told for _, told in problems_of(write(text))] == [True]


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in problems_of(tmp_path / "nowhere.yaml")[0][1]
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in problems_of(tmp_path / "binary.yaml")[0][1]


def silent(found: list[Scenario]) -> list[Outcome]:
    return [[Reading(flags=[]) for _ in scenario.evaluate] for scenario in found]


def test_a_faulty_case_fails_the_check_and_the_others_still_run(write) -> None:  # type: ignore[no-untyped-def]
    second = GOOD.replace("CA-90", "CA-91").replace("owner: probation", "owner: offender")
    result = check_with([write(GOOD + second)], silent)
    assert (result.failed, result.ok) == (2, False)
    assert sorted("expected OFFICER_REPORT_LATE" in line for line in result.faults) == [False, True]


@pytest.mark.parametrize(
    ("open_flags", "sentence"),
    [
        ([], "days_late 3), which is not open"),
        ([{"days_late": 4}], "days_late 3); found instead days_late 4"),
        ([{"days_late": 4, "owner": "court"}, {"days_late": 4}], "days_late 3); found instead days_late 4"),
    ],
    ids=["nothing-open", "another-number", "the-nearest-of-two"],
)
def test_a_flag_that_is_not_there_is_told_with_what_is_there_instead(
    write, open_flags: list[dict[str, Any]], sentence: str
) -> None:  # type: ignore[no-untyped-def]
    days = {"first_on": date(2026, 3, 10), "due": date(2026, 3, 9)}
    whole = {"code": "OFFICER_REPORT_LATE", "owner": "probation", **days}
    [document] = documents(write(GOOD))
    scenario, _ = validated(document)
    assert scenario is not None
    told = list(failures(scenario, scenario.evaluate[0], Reading(flags=[{**whole, **one} for one in open_flags])))
    assert told[0].endswith(sentence)


def test_an_id_used_twice_is_told(write) -> None:  # type: ignore[no-untyped-def]
    result = check_with([write(GOOD + GOOD)], silent)
    assert any("is taken" in line for line in result.faults)


def test_a_folder_stands_for_the_files_in_it(tmp_path: Path) -> None:
    assert [str(one.problems[0]) for one in documents(tmp_path)] == [
        f"{tmp_path}:1: The folder holds no scenario file (*.yaml)."
    ]
    (tmp_path / "a.yaml").write_text(GOOD)
    assert [validated(one)[1] for one in documents(tmp_path)] == [[]]


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ('as_of: "2026-03-20"', 'as_of: "9999-12-31"', "CA-90 could not be run: OverflowError"),
        ("pack: us_ca", "pack: us_zz", "CA-90 needs pack us_zz, which is not here."),
    ],
)
def test_a_case_that_cannot_run_fails_in_one_line(write, written: str, instead: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    result = check([write(GOOD.replace(written, instead))])
    assert (len(result.faults), result.failed) == (1, 1)
    assert sentence in result.faults[0]


def test_a_case_that_holds_itself_is_told(tmp_path: Path) -> None:
    file = tmp_path / "round.yaml"
    file.write_text("- &a [*a]\n")
    assert "holds itself" in str(next(documents(file)).problems[0])


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_scenario_file_is_valid(file: Path) -> None:
    assert [str(problem) for document in documents(file) for problem in validated(document)[1]] == []


def test_no_scenario_takes_the_id_of_another() -> None:
    assert [str(problem) for problem in ids_are_unique(one for file in FILES for one in documents(file))] == []
