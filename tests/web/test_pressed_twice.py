"""A double click does once what one click does, and says so: the second would be told that it changed meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

import web.attendance
import web.enrollments
import web.uploads
from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Leave, Upload
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served

pytestmark = pytest.mark.browser
SOON = MONDAY + timedelta(days=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def meeting(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    for door in (web.attendance, web.enrollments, web.uploads):
        monkeypatch.setattr(door, "utc_now", lambda: AFTER_CLASS)
    shutil.copy(sqlite_template, tmp_path / "monitor.db")
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield open_class(database, people=4)
    database.close()


@pytest.fixture
def page(browser: Browser, meeting: Class) -> Iterator[Page]:
    token = sign_in_as(meeting.database, Role.PROGRAM, meeting.town.program_agency, "Jo Doe")[1]
    with served(meeting.database) as base, browser.new_context(base_url=base) as context:
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        yield context.new_page()


def test_a_double_click_on_a_move_says_that_it_is_saved(page: Page, meeting: Class) -> None:
    page.goto(f"/enrollments/{meeting.place('Bell')}")
    leave = page.locator("details").filter(has_text="Approve leave ahead of time")
    leave.locator("summary").click()
    leave.get_by_label("First day of leave").fill(f"{SOON:%m/%d/%Y}")
    leave.get_by_label("Last day of leave").fill(f"{SOON:%m/%d/%Y}")
    leave.get_by_text("Probation", exact=True).click()
    leave.get_by_role("button").dblclick(delay=60)
    page.get_by_text("Saved: approve leave ahead of time.").wait_for()
    with meeting.database.system("test", writes=False) as session:
        assert session.scalar(select(func.count(Leave.id))) == 1
    page.get_by_role("button", name="Undo", exact=True).dblclick(delay=60)
    page.get_by_text("Taken back. What was entered stays on record.").wait_for()


def test_a_double_click_on_a_class_saves_it_once(page: Page, meeting: Class) -> None:
    page.goto(meeting.path)
    page.get_by_role("button", name="Everyone else was present").click()
    page.get_by_role("button", name="Save attendance").dblclick(delay=60)
    page.get_by_text("Saved 4 people.").wait_for()
    with meeting.database.system("test", writes=False) as session:
        assert session.scalar(select(func.count(Upload.id))) == 1
