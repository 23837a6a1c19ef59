"""`monitor import attendance` from outside: the same intake as the web page, with the statuses of the contract."""

from __future__ import annotations

import json

import pytest

from monitor.db import Database
from tests.house.the_house import ROOT
from tests.monitor.intake.sample_record import write_county

SAMPLES = ROOT / "tests/monitor/intake/samples"


@pytest.fixture(autouse=True)
def county(database_url):
    database = Database(database_url)
    write_county(database)
    database.close()


def test_a_sheet_is_tried_saved_and_the_second_time_changes_nothing(terminal):
    words = ("import", "attendance", SAMPLES / "02_wide_weekly_dates.csv", "--program", "north-star")
    tried = terminal(*words, "--dry-run", "--json")
    found = json.loads(tried.out)
    assert {"file", "layout", "new", "same", "changed", "held", "skipped", "questions", "errors"} <= set(found)
    assert (found["layout"], found["saved"]) == ("W", 0)
    saved = terminal(*words)
    assert f"{found['new']} saved" in saved.out
    assert saved.err == ""
    again = json.loads(terminal(*words, "--json").out)
    assert (again["new"], again["saved"]) == (0, 0)
    assert "Note: You uploaded this same file before (receipt " in terminal(*words).out


def test_an_empty_file_gives_status_four_and_a_sentence(terminal):
    ran = terminal("import", "attendance", SAMPLES / "25_empty.csv", "--program", "north-star")
    assert ran.status == 4
    assert "no data" in ran.out


def test_what_only_a_person_can_settle_gives_status_three(terminal):
    ran = terminal("import", "attendance", SAMPLES / "09_two_smiths_no_dob.csv", "--program", "north-star")
    assert ran.status == 3


def test_what_is_asked_says_where_and_what_to_write_into_the_file_of_answers(terminal, tmp_path):
    (tmp_path / "a.csv").write_text("Name,11/9/2026\nRobert Smith,X\nDwayne O'Neal,X\nPaul Nguyen,P\n")
    out = terminal("import", "attendance", "--program", "north-star", "a.csv").out
    assert "Row 2: Row 2" not in out and 'Row 2, “Name”: More than one person' in out
    assert '--answers {"people": {"robert smith": "…"}} with P1001 = Robert J Smith' in out
    assert '--answers {"values": {"x": "…"}} with P = Attended' in out
    (tmp_path / "ans.json").write_text('{"people": {"robert smith": "P1001"}, "values": {"x": "P"}}')
    again = terminal("import", "attendance", "--program", "north-star", "a.csv", "--answers", "ans.json")
    assert "2 saved" in again.out


def test_rows_that_were_not_saved_come_back_with_three_columns_and_corrected_ones_are_saved(terminal, tmp_path):
    sheet = SAMPLES / "17_unknown_codes_and_contradiction.csv"
    words = ("import", "attendance", "--program", "north-star", "--problems", "problems.csv")
    assert terminal(*words, sheet).status == 3
    rows = (tmp_path / "problems.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "Name,Case #,Date,Time In,Status,_result,_code,_what_to_do"
    assert "R-STATUS-UNKNOWN" in "".join(rows)
    fixed = [row.replace(",ZZ,", ",P,") for row in rows if row.startswith("Name") or ",ZZ," in row]
    (tmp_path / "fixed.csv").write_text("\n".join(fixed))
    again = terminal("import", "attendance", "--program", "north-star", "fixed.csv")
    assert (again.status, "1 saved" in again.out) == (0, True)
    (tmp_path / "problems.csv").unlink()
    terminal(*words, SAMPLES / "02_wide_weekly_dates.csv")
    assert not (tmp_path / "problems.csv").exists(), "nothing was refused"


def test_an_unknown_program_is_told(terminal):
    ran = terminal("import", "attendance", SAMPLES / "01_long_clean.csv", "--program", "nobody")
    assert ran.status == 1
    assert ran.err.strip().endswith("No program has the code nobody.")


def test_answers_that_are_none_are_told(terminal, tmp_path):
    (tmp_path / "answers.json").write_text('{"colour": 1}')
    words = ("import", "attendance", SAMPLES / "01_long_clean.csv", "--program", "north-star")
    ran = terminal(*words, "--answers", "answers.json")
    assert ran.status == 1
    assert "colour" in ran.err
