"""This week and the officer's question in a real browser: first use, practice, question, answer; a phone, no script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.models import Assignment
from tests.builders import ZONE, build_town
from tests.office import open_office
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served
from tests.web.caring.test_care_browser import looked_at
from tests.web.test_referrals_out_browser import at_desk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_newcomer_practises_and_an_officers_question_is_answered_in_two_steps(database):
    office = open_office(database)
    with database.system("test: a program without anybody") as session, session.begin():
        far = build_town(session, code="far")
    user, officer = sign_in_as(database, Role.OFFICER, office.town.office, "R. Adams")
    program = sign_in_as(database, Role.PROGRAM, office.town.program_agency, "N. Quist")[1]
    newcomer = sign_in_as(database, Role.PROGRAM, far.program_agency, "J. Doe")[1]
    with database.system("test: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=user))
    matter, day = office.matter, local_day(utc_now(), ZONE) - timedelta(days=3)
    with served(database) as base, chromium() as browser:
        for script in (True, False):
            page = at_desk(browser, base, newcomer, script)
            page.goto(f"{base}/week")
            looked_at(page, f"week-first-{script}", script)
            page.get_by_role("link", name="Try it with made-up people").click()
            looked_at(page, f"practice-{script}", script)
            page.get_by_role("button", name="See the check page").click()
            page.get_by_text("Practice: nothing is saved").wait_for()
            looked_at(page, f"practice-check-{script}", script)
            page = at_desk(browser, base, officer, script)
            page.goto(f"{base}/people/{matter.person}?case={matter.case}")
            page.get_by_role("link", name="Ask the program").click()
            page.get_by_label("What do you ask?").select_option(label="The sheet of this class is not here")
            page.get_by_label("Day of the class").fill((day + timedelta(days=30)).isoformat())
            page.get_by_role("button", name="Ask").click()
            page.get_by_role("link", name="Give a day of the last half year").wait_for()
            looked_at(page, f"ask-error-{script}", script)
            page.get_by_label("Day of the class").fill(day.isoformat())
            page.get_by_role("button", name="Ask").click()
            page.get_by_text("Asked. It is on the program").wait_for()
            looked_at(page, f"ask-{script}", script)
            page = at_desk(browser, base, program, script)
            page.goto(f"{base}/week")
            looked_at(page, f"week-asked-{script}", script)
            page.get_by_label("Your answer").select_option(label="It is recorded now")
            page.get_by_role("button", name="Answer").click()
            page.get_by_role("link", name="Nothing is recorded for that day yet").wait_for()
            looked_at(page, f"week-answer-error-{script}", script)
            page.get_by_label("Your answer").select_option(label="There was no class that day")
            page.get_by_role("button", name="Answer").click()
            page.get_by_text("Answered. The officer sees it.").wait_for()
            looked_at(page, f"week-{script}", script)
            page = at_desk(browser, base, officer, script)
            page.goto(f"{base}/today")
            looked_at(page, f"today-answer-{script}", script)
            page.get_by_role("button", name="I have read it").click()
            page.get_by_text("Put away.").wait_for()
            day -= timedelta(days=1)
