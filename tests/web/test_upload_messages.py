"""Messages that no ordinary sheet brings out, each through the page: what was found, why, and how to go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

import web.uploads
from monitor.db import Database
from monitor.intake.scanning import Scanner
from tests.monitor.intake.hostile import OLE
from tests.monitor.intake.sample_record import County, write_county
from tests.monitor.intake.test_saving import certify
from tests.web.conftest import Browser
from tests.web.test_uploads import bring, opened

SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SHEET = "01_long_clean.csv"


@pytest.fixture
def county(database: Database, monkeypatch: pytest.MonkeyPatch) -> County:
    monkeypatch.setattr(web.uploads, "utc_now", lambda: SUNDAY)
    return write_county(database)


@pytest.fixture
def program(client_as: Callable[..., Browser], county: County) -> Browser:
    return client_as("program", agency_id=county.agency)


def test_a_workbook_with_a_password(program: Browser) -> None:
    _, text = opened(program, bring(program, "roster.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")))
    assert "protected by a password" in text and "Protect Workbook) and upload it again" in text


def test_a_file_that_the_virus_check_stops(program: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.uploads, "scanner_of", lambda settings: Scanner(("false",), 20))
    _, text = opened(program, bring(program, SHEET))
    assert "blocked by the virus check" in text and "Tell your administrator" in text
    assert "García" not in text, "nothing of it was read"


def test_a_file_that_was_saved_before_and_its_receipt(program: Browser) -> None:
    address, _ = opened(program, bring(program, SHEET))
    _, saved = opened(program, program.post(f"{address}/save", data={}))
    receipt = saved.partition("Receipt <b>")[2].partition("<")[0]
    assert "4 records saved" in saved and receipt and "Undo this upload" in saved
    _, again = opened(program, bring(program, SHEET))
    assert f"You uploaded this same file before (receipt {receipt})." in again and "There is nothing to save." in again


def test_an_upload_taken_back_says_how_many(program: Browser) -> None:
    address, _ = opened(program, bring(program, SHEET))
    opened(program, program.post(f"{address}/save", data={}))
    _, text = opened(program, program.post(f"{address}/undo", data={"reason": "wrong week"}))
    assert "undone" in text.lower() and "4 records" in text


def test_too_late_to_undo_says_why_and_how_to_correct(program: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    address, _ = opened(program, bring(program, SHEET))
    opened(program, program.post(f"{address}/save", data={}))
    monkeypatch.setattr(web.uploads, "utc_now", lambda: SUNDAY + timedelta(days=15))
    text = program.get(address).text
    assert "It can no longer be undone: it was saved more than 14 days ago. Correct single records instead." in text
    assert "Undo this upload" not in text


def test_a_row_of_a_month_that_is_signed(program: Browser, database: Database, county: County) -> None:
    certify(database, county, date(2026, 11, 1))
    _, text = opened(program, bring(program, "14_reupload_same_and_changed.csv"))
    assert "lies in a month that is signed" in text and "A sheet does not change it any more." in text
    assert "Correct this record on the page of its class" in text and "Row 2" in text


def test_totals_that_differ_from_the_record_stand_beside_ours(program: Browser) -> None:
    address, _ = opened(program, bring(program, "10_cumulative_totals_only.csv"))
    text = program.get(f"{address}?show=new").text
    assert "attended 14" in text and "<b>Our records: 1.</b>" in text
