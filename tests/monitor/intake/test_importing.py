"""`monitor import attendance`: the same intake from a file, with the exit codes of the contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.db import Database
from monitor.intake.answers import Answers, Choice
from monitor.intake.importing import NEEDS_PERSON, NOTHING_USABLE, SAVED, Imported, UnknownProgram, import_attendance
from monitor.intake.record.standing import read_stored
from tests.monitor.intake.sample_record import NOW, County, write_county

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def county(database: Database) -> County:
    return write_county(database)


def brought(database: Database, name: str, content: bytes | None = None, **options: Any) -> Imported:
    content = (SAMPLES / name).read_bytes() if content is None else content
    return import_attendance(database, "north-star", name, content, NOW, **options)


def on_record(database: Database, county: County) -> int:
    with database.scoped(county.scope) as session:
        return len(read_stored(session, county.program))


def test_a_clean_file_is_saved_and_a_second_time_changes_nothing(database: Database, county: County) -> None:
    first = brought(database, "02_wide_weekly_dates.csv")
    assert (first.exit_code, first.count, bool(first.receipt)) == (SAVED, 10, True)
    second = brought(database, "02_wide_weekly_dates.csv")
    assert (second.exit_code, second.count, second.receipt, second.check.same) == (SAVED, 0, "", 12)
    assert on_record(database, county) == 12


def test_a_dry_run_saves_nothing_and_says_the_same(database: Database, county: County) -> None:
    dry = brought(database, "02_wide_weekly_dates.csv", dry_run=True)
    assert (dry.exit_code, dry.count, dry.check.new, on_record(database, county)) == (SAVED, 0, 10, 2)
    assert brought(database, "02_wide_weekly_dates.csv").check == dry.check


def test_what_needs_a_person_says_so_and_good_rows_are_saved(database: Database, county: County) -> None:
    done = brought(database, "11_mixed_date_order.csv")
    assert (done.exit_code, done.count) == (NEEDS_PERSON, 1)
    assert brought(database, "09_two_smiths_no_dob.csv").exit_code == NEEDS_PERSON
    changed = brought(database, "14_reupload_same_and_changed.csv")
    assert (changed.exit_code, changed.count) == (NEEDS_PERSON, 2)


@pytest.mark.parametrize("name", ["25_empty.csv", "19_no_who.csv", "10_cumulative_totals_only.csv"])
def test_what_holds_no_attendance_is_not_usable(database: Database, county: County, name: str) -> None:
    assert brought(database, name).exit_code == NOTHING_USABLE
    assert on_record(database, county) == 2


def test_answers_come_from_a_file(database: Database, county: County) -> None:
    done = brought(database, "05_A_means_absent.csv", answers=Answers(values={"A": "E"}))
    assert (done.exit_code, done.check.held, done.check.changed) == (NEEDS_PERSON, 0, 1)
    choice = {"P1003/2026-11-02/1": Choice(use=True, reason="letter came")}
    done = brought(database, "05_A_means_absent.csv", answers=Answers(values={"A": "E"}, changes=choice))
    assert (done.exit_code, done.count) == (SAVED, 1)


def test_the_content_has_the_names_of_the_contract(database: Database, county: County) -> None:
    content = brought(database, "09_two_smiths_no_dob.csv", dry_run=True).content()
    counts = {"new", "same", "changed", "held", "skipped"}
    assert counts | {"file", "layout", "questions", "errors", "warnings", "records"} <= content.keys()
    told = [(error["row"], error["code"], error.get("detail", "")) for error in content["errors"]]
    assert content["file_messages"] == []
    assert told == [(2, "R-WHO-TWO", ""), (3, "R-WHO-CLOSE", "P1001/P1004"), (4, "R-WHO-CLOSE", "P1005")]


def test_a_longer_file_is_read_when_the_command_line_allows_it(database: Database, county: County) -> None:
    lines = ["participant_id,session_date,status", *(f"P1001,2026-09-{n % 28 + 1:02d},P" for n in range(6_000))]
    content = "\n".join(lines).encode()
    assert brought(database, "long.csv", content, dry_run=True).exit_code == NOTHING_USABLE
    assert brought(database, "long.csv", content, dry_run=True, rows=10_000).check.new == 28


def test_an_unknown_program_is_named(database: Database, county: County) -> None:
    with pytest.raises(UnknownProgram):
        import_attendance(database, "nowhere", "a.csv", b"", NOW)
