"""Then and now, a withdrawn flag, notices, a flag in Spanish, in a browser: no barrier, phone, paper, no script."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Assignment, Attendance
from tests.builders import adjudicate, at, attended, correct, unexcused
from tests.office import hearing, open_office
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = pytest.mark.browser
HEARD = at(date(2026, 3, 3), 9)
FEB = [date(2026, 2, day) for day in (2, 9, 16, 23)]


@pytest.fixture(scope="module")
def desk(sqlite_template, tmp_path_factory):
    """Two absences known at a hearing; the officer saw their flags; since then one was corrected and one excused."""
    path = tmp_path_factory.mktemp("desk") / "monitor.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    office = open_office(database)
    user_id, token = sign_in_as(database, Role.OFFICER, office.town.office, "A. Reyes")
    _, judge = sign_in_as(database, Role.JUDGE, office.town.court_agency, "Pat Lee")
    with database.system("test: February") as session, session.begin():
        session.scalar(select(Assignment)).user_id = user_id
        attended(session, office.matter, FEB[0])
        rows = unexcused(session, office.matter, *FEB[1:3])
        office.missed = rows[0].id
        office.flags["hearing"] = hearing(session, office.matter, HEARD)
        office.flags["next"] = hearing(session, office.matter, HEARD + timedelta(days=400))
    office.evaluate()
    with served(database) as base, chromium() as browser:

        def opened(who=token, **options):
            context = browser.new_context(base_url=base, **options)
            context.add_cookies([{"name": "monitor", "value": who, "url": base}])
            return context.new_page()

        flag = office.flag("ABSENCE_UNEXCUSED")
        opened().goto(f"/flags/{flag}")
        now = datetime.now(UTC)
        with database.system("test: corrected") as session, session.begin():
            first = session.get_one(Attendance, rows[0].id)
            correct(session, first, now, outcome="PRESENT", program_says="P")
            late = attended(session, office.matter, FEB[3], source="late.csv")
            late.recorded_at = now
            adjudicate(session, session.get_one(Attendance, rows[1].id), "EXCUSED", date(2026, 3, 10)).recorded_at = now
        office.evaluate(now)
        yield office, opened, judge, flag
    database.close()


def picture(page, name):
    """For people who look at them: where MONITOR_PICTURES names a folder."""
    if folder := os.environ.get("MONITOR_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def paths(office, flag):
    return {
        "replay": f"/people/{office.matter.person}/compliance?known_at=2026-03-03T17:00:00Z",
        "flag": f"/flags/{flag}", "flag-es": f"/flags/{flag}?language=es", "notices": "/notices",
        "person": f"/people/{office.matter.person}",
    }  # fmt: skip


@pytest.mark.parametrize("width", [1366, 320])
def test_no_barrier_is_found_and_nothing_is_wider_than_a_phone(desk, width):
    office, opened, judge, flag = desk
    page = opened(viewport={"width": width, "height": 768})
    bench = opened(judge, viewport={"width": width, "height": 768})
    shown = [(page, name, path) for name, path in paths(office, flag).items()]
    shown.append((bench, "bench-changes", f"/hearings/{office.flags['next']}/changes"))
    shown.append((bench, "bench-notices", "/notices"))
    for where, name, path in shown:
        where.goto(path)
        picture(where, f"{name}-{width}")
        assert axe_violations(where) == [], path
        assert where.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert "changes" not in name and name != "replay" or cells_off_a_phone(where) == [], path


def test_on_paper_stand_the_views_and_no_buttons(desk):
    office, opened, _judge, flag = desk
    page = opened(viewport={"width": 816, "height": 1056})
    page.emulate_media(media="print")
    for name, path in paths(office, flag).items():
        page.goto(path)
        picture(page, f"{name}-print")
        assert not page.locator("main button:visible").count(), path
    page.goto(paths(office, flag)["replay"])
    assert page.get_by_text("the court knew of 2 unexcused absences").is_visible()
    assert not page.get_by_text("Another moment").is_visible()


def test_an_officer_looks_back_without_a_script_and_reads_what_was_withdrawn(desk):
    office, opened, _judge, flag = desk
    page = opened(java_script_enabled=False)
    page.goto(f"/people/{office.matter.person}/compliance")
    page.get_by_role("link", name="Then and now").click()
    page.get_by_role("link", name="Compliance review, Tue, Mar 3").click()
    assert page.get_by_text("so it is 0").first.is_visible()
    page.goto("/notices")
    assert page.get_by_text("no longer holds").first.is_visible()
    page.get_by_role("button", name="Mark as read").first.click()
    assert page.get_by_text("Marked as read.").is_visible()
    page.goto(f"/flags/{flag}")
    page.get_by_role("link", name="En español").click()
    assert page.get_by_text("Solo un tribunal decide qué significa.").is_visible()
