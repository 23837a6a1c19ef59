"""The program's desk within its budgets (ux/screens.md 0.5): done by hand in a real browser, and counted there.

Counted as the officer's desk is (test_officer_budgets), where the keystroke-level model is told. A task of ours, which
0.5 does not list, is marked so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import delete

import web.attendance
import web.enrollments
import web.reports
import web.uploads
import web.week
from monitor.access.roles import Role
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.models import EnrollmentEvent
from tests.builders import absent, attended, person_with_order, weekly
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served
from tests.web.test_officer_budgets import COUNT, Counted, counted

pytestmark = pytest.mark.browser
FEBRUARY = weekly(date(2026, 2, 2), 4)
MONTH = "/reports/2026-02"
TOLD = ("O'Neal", "Smith")  # who missed a class, of which the court is to be told


class Desk(msgspec.Struct):
    """The site, who signs in, a sheet without a question in it, and a place that nobody has acted on."""

    base: str
    token: str
    meeting: Class
    sheet: Path
    referral: int


Task = Callable[[Page, Desk], object]
BUDGETS: dict[str, tuple[str, Task, Counted]] = {}


def task(name: str, begins: str, may: Counted) -> Callable[[Task], Task]:
    """``may``: screens, required, touched, clicks, pages, seconds."""

    def kept(act: Task) -> Task:
        BUDGETS[name] = begins, act, may
        return act

    return kept


@task("see what is missing", "/week", Counted(0, 0, 0, 0, 0, 5))
def see_missing(page: Page, desk: Desk) -> None:
    """ux/screens 2.1: in five seconds; so without pressing or scrolling anything."""
    box = page.locator("table tr").filter(has_text="Not recorded").bounding_box()
    assert box and box["y"] + box["height"] <= 768, box


@task("the grid, 12 people, 2 exceptions", "{grid}", Counted(1, 0, 15, 6, 1, 45))
def grid(page: Page, desk: Desk) -> None:
    page.get_by_role("group", name="O'Neal").get_by_label("No show").click()
    smith = page.get_by_role("group", name="Smith")
    smith.get_by_label("Late", exact=True).click()
    smith.get_by_label("Minutes late").click()
    page.keyboard.type("12")
    page.get_by_role("button", name="Everyone else was present").click()
    page.get_by_role("button", name="Save attendance").click()
    page.get_by_text("Saved 12 people").wait_for()


@task("the grid by keyboard alone", "{grid}", Counted(1, 0, 15, 0, 1, 45))
def grid_by_keys(page: Page, desk: Desk) -> None:
    """A letter and an arrow each; to the button with the keys that go there."""
    page.locator("input[type=radio]").first.focus()
    for _ in range(12):
        name = page.evaluate("document.activeElement.closest('[data-row]').querySelector('legend').textContent")
        page.keyboard.press("n" if "O'Neal" in name else "l" if "Smith" in name else "p")
        page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Save attendance").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Saved 12 people").wait_for()


@task("take a class back", "{grid}", Counted(2, 0, 0, 3, 2, 12))  # ours
def undo(page: Page, desk: Desk) -> None:
    page.get_by_role("button", name="Everyone else was present").click()
    page.get_by_role("button", name="Save attendance").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("12 records were taken back").first.wait_for()


@task("the weekly sheet, known", "/attendance/uploads", Counted(2, 1, 1, 3, 3, 60))
def sheet(page: Page, desk: Desk) -> None:
    with page.expect_file_chooser() as asked:
        page.get_by_label("Attendance sheet").click()
    asked.value.set_files(desk.sheet)
    page.get_by_role("button", name="Upload attendance").click()
    page.get_by_role("button", name="Save 2 records").click()
    page.get_by_text("2 records saved").wait_for()


@task("a report, nothing special", MONTH + "/{Bell}", Counted(1, 3, 4, 2, 1, 90))
def report(page: Page, desk: Desk) -> None:
    """Four things are asked: three lists, from one to the next by keys, and the signature."""
    page.get_by_label("Participation").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    page.get_by_text("I certify that this report").click()
    page.get_by_role("button", name="Sign and send").click()
    page.get_by_text("Signed and sent.").wait_for()


@task("all reports with nothing special", MONTH, Counted(1, 0, 1, 2, 1, 10))  # ours
def plain(page: Page, desk: Desk) -> None:
    page.get_by_text("I certify that these reports").click()
    page.get_by_role("button", name="with nothing special at once").click()
    page.get_by_text("Signed 10 reports").wait_for()


@task("the court was told of an absence", "/reports", Counted(1, 0, 0, 1, 1, 5))  # ours
def told(page: Page, desk: Desk) -> None:
    page.get_by_role("button", name="We told the court today").first.click()
    page.get_by_text("you told the court of the absence").wait_for()


@task("take a referral, intake set", "/week", Counted(2, 0, 1, 3, 2, 30))  # ux/screens 2.5: at most 30 seconds
def take(page: Page, desk: Desk) -> None:
    page.locator("#referrals ~ ul a").first.click()
    page.locator("summary").filter(has_text="Set an intake").click()
    page.locator("#set_intake-on").click()
    page.keyboard.type("3/9/2026")
    page.keyboard.press("Enter")
    page.get_by_text("Saved: ").first.wait_for()


@task("decline a referral", "{referral}", Counted(1, 0, 2, 3, 1, 30))  # ux/screens 2.5: with a reason
def decline(page: Page, desk: Desk) -> None:
    page.locator("summary").filter(has_text="Decline the referral").click()
    page.locator("#decline-on").click()
    page.keyboard.type("3/2/2026")
    page.keyboard.press("Tab")
    page.keyboard.type("No class in his language here.")
    page.keyboard.press("Enter")
    page.get_by_text("Saved: ").first.wait_for()


@task("a concern for the officer now", "/enrollments/{Bell}", Counted(1, 2, 2, 2, 1, 30))  # ours
def concern(page: Page, desk: Desk) -> None:
    page.locator("summary").filter(has_text="Put a concern before the officer").click()
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Put before the officer now").click()
    page.get_by_text("It lies before the officer now").wait_for()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def built(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A month of classes, two of them missed; two referrals; and today's class, of which nothing is recorded."""
    folder = tmp_path_factory.mktemp("budgets")
    shutil.copy(sqlite_template, folder / "monitor.db")
    database = Database(f"sqlite:///{folder / 'monitor.db'}")
    meeting = open_class(database, people=12)
    with database.system("test: a month of classes") as session, session.begin():
        for family, matter in meeting.people.items():
            attended(session, matter, *(FEBRUARY[:3] if family in TOLD else FEBRUARY))
            if family in TOLD:
                absent(session, matter, FEBRUARY[3], program_says="U")
        referred = [person_with_order(session, meeting.town, number=f"26-DV-NEW{n}").enrollment for n in range(2)]
        session.execute(delete(EnrollmentEvent).where(EnrollmentEvent.enrollment_id.in_(referred)))
    evaluate_now(database, switched_on(), AFTER_CLASS)
    token = sign_in_as(database, Role.PROGRAM, meeting.town.program_agency, "Jo Doe")[1]
    database.close()
    lines = [f"Bell,Marcus,{MONDAY},present", f"Tran,Van Minh,{MONDAY},no show"]
    (folder / "week.csv").write_text("Last name,First name,Date,Status\n" + "\n".join(lines), encoding="utf-8")
    return Desk("", token, meeting, folder / "week.csv", referred[0])


@pytest.fixture
def desk(built: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for door in (web.attendance, web.enrollments, web.reports, web.uploads, web.week):
        monkeypatch.setattr(door, "utc_now", lambda: AFTER_CLASS)
    shutil.copy(built.sheet.parent / "monitor.db", tmp_path / "monitor.db")
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    with served(database) as base:
        yield msgspec.structs.replace(built, base=base)
    database.close()


@pytest.mark.parametrize("name", BUDGETS)
def test_every_task_of_the_programs_desk_keeps_within_its_budget(browser: Browser, desk: Desk, name: str) -> None:
    begins, act, may = BUDGETS[name]
    meeting = desk.meeting
    context = browser.new_context(base_url=desk.base, viewport={"width": 1366, "height": 768})
    context.set_default_timeout(60_000)
    context.add_init_script(COUNT)
    context.add_cookies([{"name": "monitor", "value": desk.token, "url": desk.base}])
    page = context.new_page()
    page.goto(begins.format(grid=meeting.path, referral=f"/enrollments/{desk.referral}", Bell=meeting.place("Bell")))
    page.evaluate("sessionStorage.clear()")
    page.reload()
    act(page, desk)
    took = counted(page)
    assert all(one <= most for one, most in zip(took, may, strict=True)), f"{name}: {took}, and it may take {may}"
    context.close()
