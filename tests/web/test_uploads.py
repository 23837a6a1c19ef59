"""The upload pages: a program brings a sheet in, answers, saves and undoes; every step works with full-page posts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

import web.uploads
from monitor.db import Database
from monitor.intake.record.standing import read_stored
from monitor.models import Program
from tests.monitor.intake.sample_record import County, write_county
from tests.web.conftest import Browser

SAMPLES = Path(__file__).parents[1] / "monitor/intake/samples"
LIST = "/attendance/uploads"
SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


@pytest.fixture
def county(database: Database, monkeypatch: pytest.MonkeyPatch) -> County:
    # the samples are written for one day; the clock is read in the door only
    monkeypatch.setattr(web.uploads, "utc_now", lambda: SUNDAY)
    return write_county(database)


@pytest.fixture
def program(client_as: Callable[..., Browser], county: County) -> Browser:
    return client_as("program", agency_id=county.agency)


def bring(browser: Browser, name: str, content: bytes | None = None) -> Any:
    content = (SAMPLES / name).read_bytes() if content is None else content
    return browser.post(LIST, files={"file": (name, content)}, data={"program": "", "group": ""})


def opened(browser: Browser, answer: Any) -> tuple[str, str]:
    """The address of the upload a redirect leads to, and its page."""
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"].partition("#")[0]
    page = browser.get(address)
    assert page.status_code == 200
    return address, page.text


def on_record(database: Database, county: County) -> int:
    with database.scoped(county.scope) as session:
        return len(read_stored(session, county.program))


def test_a_sheet_is_checked_and_nothing_is_saved_yet(program: Browser, database: Database, county: County) -> None:
    _, text = opened(program, bring(program, "02_wide_weekly_dates.csv"))
    assert "<b>10</b> will be saved" in text
    assert "<b>2</b> already here" in text
    assert "Save 10 records" in text
    assert "Left out: 1 line<" in text and "Row 9: “TOTAL PRESENT" in text
    assert on_record(database, county) == 2


def test_saving_gives_a_receipt_and_undo_takes_all_of_it_back(
    program: Browser, database: Database, county: County
) -> None:
    address, _ = opened(program, bring(program, "02_wide_weekly_dates.csv"))
    saved = program.post(f"{address}/save", data={})
    assert on_record(database, county) == 12
    _, text = opened(program, saved)
    assert re.search(r"Receipt <b>[0-9A-F]{6}-\d{3}</b>", text)
    assert "10 records saved" in text
    assert "3 absences of it lie before the officer of each case." in text
    opened(program, program.post(f"{address}/undo", data={"reason": "wrong week"}))
    assert on_record(database, county) == 2
    assert "10 records were taken back" in program.get(address).text or "Undone" in program.get(address).text


def test_a_question_is_asked_and_its_answer_settles_it(program: Browser) -> None:
    address, text = opened(program, bring(program, "05_A_means_absent.csv"))
    assert "What does “A” mean?" in text and 'name="values.a"' in text
    _, text = opened(program, program.post(f"{address}/answers", data={"values.a": "ABS"}))
    assert "What does “A” mean?" not in text


def test_answers_given_on_the_way_to_saving_are_shown_before_anything_is_saved(
    program: Browser, database: Database, county: County
) -> None:
    address, _ = opened(program, bring(program, "05_A_means_absent.csv"))
    _, text = opened(program, program.post(f"{address}/save", data={"values.a": "ABS"}))
    assert "Look once more, then save." in text
    assert on_record(database, county) == 2


def test_who_is_meant_is_chosen_from_the_programs_own_roster(program: Browser) -> None:
    address, text = opened(program, bring(program, "09_two_smiths_no_dob.csv"))
    assert 'name="people.bobby smith"' in text and "Not on my roster" in text
    _, text = opened(program, program.post(f"{address}/answers", data={"people.bobby smith": "P1001"}))
    assert "<b>1</b> will be saved" in text


def test_a_change_is_only_made_when_chosen_and_reasoned(program: Browser, database: Database, county: County) -> None:
    address, text = opened(program, bring(program, "14_reupload_same_and_changed.csv"))
    assert "No show → Excused absence" in text
    key = "P1003/2026-11-02/1"
    _, text = opened(program, program.post(f"{address}/save", data={f"use.{key}": "file", f"reason.{key}": ""}))
    assert "Say in a few words why this changes." in text
    assert on_record(database, county) == 2
    opened(program, program.post(f"{address}/save", data={f"use.{key}": "file", f"reason.{key}": "letter came"}))
    assert on_record(database, county) == 4


def test_the_problem_rows_come_back_as_a_file_that_can_be_sent_again(program: Browser) -> None:
    address, _ = opened(program, bring(program, "17_unknown_codes_and_contradiction.csv"))
    file = program.get(f"{address}/problems")
    assert file.headers["content-disposition"].startswith("attachment")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("_result,_code,_what_to_do") and len(lines) == 6
    _, text = opened(program, bring(program, "problems.csv", file.content))
    assert "R-STATUS-CONTRADICTS-TIME" in file.text and "has a time in" in text


def test_a_stranger_in_a_row_of_many_classes_is_one_problem_and_not_one_a_class(program: Browser) -> None:
    sheet = b"Name,11/2/2026,11/9/2026,11/16/2026\nNobody Known,P,P,P\nJames Whitefeather,P,P,P\n"
    address, text = opened(program, bring(program, "w.csv", sheet))
    assert text.count("is not on your roster") == 1 and "The row tells of 3 classes" in text
    assert "Needs you (1)" in text
    onward = "The good rows are saved. For these, correct the file of problem rows"
    assert onward not in text
    assert onward in opened(program, program.post(f"{address}/save", data={}))[1], "what is left has a way on"


def test_a_file_that_cannot_be_used_says_why_and_how_to_go_on(program: Browser) -> None:
    _, text = opened(program, bring(program, "roster.pdf", b"%PDF-1.7 ..."))
    assert "This file could not be used" in text and "Save the spreadsheet as .xlsx" in text
    _, text = opened(program, bring(program, "big.csv", b"a,b\n" * 1_500_000))
    assert "the limit is 5 MB" in text


def test_without_a_file_the_form_comes_back(program: Browser) -> None:
    answer = program.post(LIST, files={}, data={"program": "", "group": ""})
    assert answer.status_code in (400, 422)


def test_an_upload_of_another_program_is_not_there(
    program: Browser, client_as: Callable[..., Browser], county: County
) -> None:
    address, _ = opened(program, bring(program, "01_long_clean.csv"))
    neighbour = client_as("program", agency_id=county.neighbour, name="Sam Poe")
    for path in (address, f"{address}/problems", f"{LIST}/12345"):
        assert neighbour.get(path).status_code == 404
    for act in ("save", "undo", "discard", "answers"):
        assert neighbour.post(f"{address}/{act}", data={}).status_code == 404


def test_only_programs_upload(client_as: Callable[..., Browser], county: County) -> None:
    for role in ("officer", "judge", "clerk"):
        assert client_as(role).get(LIST).status_code == 403


def test_htmx_gets_the_part_and_others_the_page(program: Browser) -> None:
    address, text = opened(program, bring(program, "01_long_clean.csv"))
    part = program.get(address, headers={"hx-request": "true"}).text
    assert "<html" in text and "<html" not in part and "will be saved" in part


def test_a_deleted_upload_is_gone(program: Browser) -> None:
    address, _ = opened(program, bring(program, "01_long_clean.csv"))
    assert program.post(f"{address}/discard", data={}).status_code == 303
    assert program.get(address).status_code == 404
    assert "01_long_clean.csv" not in program.get(LIST).text


def test_an_answer_is_remembered_listed_changed_and_forgotten(program: Browser) -> None:
    address, _ = opened(program, bring(program, "05_A_means_absent.csv"))
    program.post(f"{address}/answers", data={"values.a": "ABS"})
    _, text = opened(program, bring(program, "again.csv", (SAMPLES / "05_A_means_absent.csv").read_bytes() + b"\n"))
    assert "What does “A” mean?" not in text and "“A” means Absent, reason not given" in text
    kinds = program.get(f"{LIST}/kinds").text
    (kind,) = set(re.findall(rf"{LIST}/kinds/(\d+)", kinds))
    program.post(f"{LIST}/kinds/{kind}", data={"values.a": "E"})
    assert '<option value="E" selected>' in program.get(f"{LIST}/kinds").text
    program.post(f"{LIST}/kinds/{kind}/forget", data={})
    assert "Nothing is remembered yet" in program.get(f"{LIST}/kinds").text


def test_an_answer_for_one_file_only_is_not_remembered(program: Browser) -> None:
    address, _ = opened(program, bring(program, "05_A_means_absent.csv"))
    program.post(f"{address}/answers", data={"values.a": "ABS", "once": "yes"})
    assert "Nothing is remembered yet" in program.get(f"{LIST}/kinds").text


def test_what_another_program_answered_is_not_there(
    program: Browser, client_as: Callable[..., Browser], county: County
) -> None:
    address, _ = opened(program, bring(program, "05_A_means_absent.csv"))
    program.post(f"{address}/answers", data={"values.a": "ABS"})
    (kind,) = set(re.findall(rf"{LIST}/kinds/(\d+)", program.get(f"{LIST}/kinds").text))
    neighbour = client_as("program", agency_id=county.neighbour, name="Sam Poe")
    assert kind not in neighbour.get(f"{LIST}/kinds").text
    for act in ("", "/forget"):
        assert neighbour.post(f"{LIST}/kinds/{kind}{act}", data={}).status_code == 404


def test_a_column_that_nobody_could_name_is_named_on_the_page(program: Browser) -> None:
    text = b"Name,Case #,Date,Came\nJames Whitefeather,25-CR-001220,11/9/2026,P\n"
    address, shown = opened(program, bring(program, "odd.csv", text))
    assert "No column says whether the person attended" in shown and 'name="columns.came"' in shown
    _, shown = opened(program, program.post(f"{address}/answers", data={"columns.came": "status"}))
    assert "<b>1</b> will be saved" in shown
    _, shown = opened(program, bring(program, "odd2.csv", text + b"James Whitefeather,25-CR-001220,11/16/2026,U\n"))
    assert "<b>2</b> will be saved" in shown, "the next sheet of this kind is not asked about"


def test_of_two_columns_that_could_be_the_status_one_is_chosen(program: Browser) -> None:
    text = b"Name,Case #,Date,Status,Outcome\nJames Whitefeather,25-CR-001220,11/9/2026,P,U\n"
    address, shown = opened(program, bring(program, "two.csv", text))
    assert 'name="columns.outcome"' in shown
    _, shown = opened(program, program.post(f"{address}/answers", data={"columns.outcome": "ignored"}))
    assert "<b>1</b> will be saved" in shown


def test_what_saving_would_do_is_told_before_it_is_saved(program: Browser, database: Database, county: County) -> None:
    address, text = opened(program, bring(program, "02_wide_weekly_dates.csv"))
    assert f'{address}/effects' in text
    told = program.get(f"{address}/effects")
    assert told.status_code == 200 and "A flag is a question, not a finding." in told.text
    assert "<html" not in program.get(f"{address}/effects", headers={"hx-request": "true"}).text
    assert on_record(database, county) == 2


def test_a_table_of_reports_is_kept_as_drafts(program: Browser, database: Database, county: County) -> None:
    content = (SAMPLES / "28_monthly_progress.csv").read_bytes()
    sent = program.post(LIST, files={"file": ("r.csv", content)}, data={"program": "", "group": "", "kind": "reports"})
    address, text = opened(program, sent)
    assert "Keep 2 drafts" in text and "Our records: 0." in text
    _, text = opened(program, program.post(f"{address}/save", data={}))
    assert "2 drafts saved" in text
    assert on_record(database, county) == 2


def test_a_program_downloads_a_sheet_of_its_own_group_and_of_no_other(program: Browser, county: County) -> None:
    text = program.get(LIST).text
    group = text.partition('id="template-group"')[2].partition('value="')[2].partition('"')[0]
    file = program.get(f"{LIST}/template?group={group}&of=month")
    assert file.status_code == 200 and file.content[:2] == b"PK"
    assert "attachment" in file.headers["content-disposition"]
    assert program.get(f"{LIST}/template?group=12345").status_code == 404
    assert program.get(f"{LIST}/template").status_code == 404


def test_what_is_saved_asks_nothing_that_nobody_can_answer_any_more(program: Browser) -> None:
    """A choice without a button beside it, of a sheet that is saved, read as one that was still to be made."""
    for name in ("17_unknown_codes_and_contradiction.csv", "14_reupload_same_and_changed.csv"):
        address, text = opened(program, bring(program, name))
        main = text.partition("<main")[2]
        assert "<fieldset" in main
        if "Save 2 records" not in text:
            continue
        _, text = opened(program, program.post(f"{address}/save", data={}))
        main = text.partition("<main")[2]
        assert "<fieldset" not in main and 'type="radio"' not in main
        assert "No show → Excused absence. What was on record stayed." in main
        _, text = opened(program, program.post(f"{address}/undo", data={}))
        assert "<fieldset" not in text.partition("<main")[2]


def test_in_the_demo_its_sheet_is_offered_to_the_program_that_it_is_of(
    client_as: Callable[..., Browser], county: County, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_as("program", agency_id=county.agency)
    site = browser.app.state.site
    here = msgspec.structs.replace(site, settings=msgspec.structs.replace(site.settings, demo=True))
    monkeypatch.setattr(browser.app.state, "site", here)
    assert "north-star-monday-group.csv" in browser.get(LIST).text
    with database.system("test: another program") as session, session.begin():
        session.query(Program).filter_by(id=county.program).update({"code": "riverside"})
    assert "north-star-monday-group.csv" not in browser.get(LIST).text
