"""The officer's desk in a real browser: with and without JavaScript, on a phone, read by axe, within its budgets."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.db import Database
from monitor.flag_review.deciding import Decision, decide
from monitor.flag_review.reading import flag_page
from monitor.models import Assignment, Flag, Pause
from monitor.today.hiding import candidate, hide
from tests.builders import absent, attended
from tests.office import NOW, miss_a_class, open_office, raise_flag
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = pytest.mark.browser
MISSED = date(2026, 2, 23)
QUESTIONS = ("language", "disability", "work_shift", "transport", "child_care", "program_seats")


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def desk(sqlite_template, tmp_path):
    """An office with one person, one missed class and its flag; the address of the site, the office, a token."""
    shutil.copy(sqlite_template, tmp_path / "monitor.db")
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    office = open_office(database)
    user_id, token = sign_in_as(database, Role.OFFICER, office.town.office, "A. Reyes")
    with database.system("test: a missed class") as session, session.begin():
        attended(session, office.matter, date(2026, 2, 16))
        miss_a_class(session, office, MISSED)
        session.scalar(select(Assignment)).user_id = user_id
    with served(database) as base:
        yield base, office, token
    database.close()


def opened(browser, desk, **options):
    base, _office, token = desk
    context = browser.new_context(base_url=base, **options)
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "monitor", "value": token, "url": base}])
    return context.new_page()


def state_of(office):
    with office.database.system("test: look") as session:
        return session.scalar(select(Flag.state).where(Flag.id == office.flags["missed"]))


def began_report(desk):
    """The path of a report to the court that a colleague began with the flag."""
    office, flag_id = desk[1], desk[1].flags["missed"]
    act = Decision(decision="ACT", words="Please review.", answers=dict.fromkeys(QUESTIONS, "no"))
    with office.scoped(writes=True) as session, session.begin():
        seen = flag_page(session, flag_id, NOW, lock=True)
        decide(session, seen, seen.token, act, NOW)
        return f"/allegations/{flag_page(session, flag_id, NOW).allegation_id}"


@pytest.mark.parametrize("script", [True, False])
def test_from_today_to_a_reported_flag(browser, desk, script):
    page = opened(browser, desk, java_script_enabled=script)
    page.goto("/today")
    # what is overdue stands there without a click
    page.locator(f"#overdue ~ ol a[href='/flags/{desk[1].flags['missed']}']").click()
    page.locator("label[for=decision-ACT]").click()
    for name in QUESTIONS:
        page.locator(f"label[for=barrier_{name}-no]").click()
    page.get_by_label("Your words").fill("Please review in 30 days.")
    page.get_by_role("button", name="Save decision").click()
    assert page.get_by_role("heading", name="Report to the court").is_visible()
    assert state_of(desk[1]) == "REPORTED"
    page.get_by_role("button", name="Undo", exact=True).click()
    assert state_of(desk[1]) == "OPEN"


def test_with_javascript_only_the_fields_that_count_show(browser, desk):
    page = opened(browser, desk)
    page.goto(f"/flags/{desk[1].flags['missed']}")
    question = page.get_by_text("Transport: is there no way")
    assert not question.is_visible()
    page.locator("label[for=decision-ACT]").click()
    assert question.is_visible()
    page.locator("label[for=decision-DISMISS]").click()
    assert not question.is_visible()


@pytest.mark.parametrize("width", [1366, 320])
def test_every_page_of_the_desk_is_read_by_axe_and_fits(browser, desk, width):
    office = desk[1]
    page = opened(browser, desk, viewport={"width": width, "height": 768})
    person = f"/people/{office.matter.person}"
    with office.database.system("test: one that waits") as session, session.begin():
        waits = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
    paths = (
        "/today", "/caseload", person, f"{person}/compliance", f"/flags/{office.flags['missed']}",
        f"/flags/{waits}?set_class=D",
        f"/flags/{office.flags['missed']}/hide", f"/absences/{office.missed}/decide", "/allegations",
        began_report(desk),
    )  # fmt: skip
    for path in paths:
        page.goto(path)
        assert axe_violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("main button.usa-button:not(.usa-button--outline):visible").count() <= 1, path


@pytest.mark.parametrize("width", [1366, 320])
def test_a_question_is_hidden_and_shown_again_without_javascript(browser, desk, width):
    page = opened(browser, desk, java_script_enabled=False, viewport={"width": width, "height": 768})
    page.goto("/today")
    page.locator("a[href$='/hide']").first.click()
    page.get_by_label("Why it can wait").fill("Seen on Friday, proof comes by mail.")
    page.get_by_role("button", name="Hide until then").click()
    assert page.get_by_role("heading", name="Hidden, 1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Show again").click()
    assert page.get_by_role("heading", name="Hidden, 0").is_visible()


@pytest.mark.parametrize("width", [1366, 320])
def test_the_supervisors_page_is_read_by_axe_and_fits(browser, desk, width):
    base, office, _token = desk
    _user, token = sign_in_as(office.database, Role.OFFICER_SUPERVISOR, office.town.office, "M. Ito")
    with office.scoped(writes=True) as session, session.begin():
        now = utc_now()
        found = candidate(session, office.flags["missed"], now, lock=True)
        hide(session, found, found.token, now.date() + timedelta(days=5), "Proof comes by mail.", now)
    with office.database.system("test: an old no-show") as session, session.begin():
        absent(session, office.matter, date(2026, 2, 9))
    page = opened(browser, (base, office, token), viewport={"width": width, "height": 768})
    page.goto("/team")
    for path in ("/team", page.locator("main th a").first.get_attribute("href")):
        page.goto(path)
        assert axe_violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_refused_form_leads_to_its_first_fault(browser, desk):
    page = opened(browser, desk, java_script_enabled=False)
    page.goto(f"/flags/{desk[1].flags['missed']}")
    page.locator("label[for=decision-DISMISS]").click()
    page.get_by_role("button", name="Save decision").click()
    page.get_by_role("link", name="Say in a few words why it is dismissed.").click()
    assert page.url.endswith("#words")
    assert page.locator("#decision-DISMISS").is_checked()


def test_a_contact_is_logged_in_four_clicks_and_two_fields_from_today(browser, desk):
    """ux/screens 0.5: one screen, two required fields beside two that are filled in, four clicks."""
    page = opened(browser, desk)
    page.goto("/today")
    page.get_by_role("link", name="Log contact").first.click()
    required = page.locator("form[data-contact] [required]")
    assert required.evaluate_all("all => new Set(all.map(one => one.name)).size") == 2
    page.get_by_text("Home visit", exact=True).click()
    page.get_by_text("Seen, spoken to, or done", exact=True).click()
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Contact saved.").wait_for()
    page.get_by_role("button", name="Undo", exact=True).click()
    assert page.get_by_text("(taken back)").is_visible()


def test_a_test_is_entered_on_the_same_screen_and_its_field_stands_there_for_a_test_alone(browser, desk):
    _base, office, _token = desk
    page = opened(browser, desk, viewport={"width": 320, "height": 640})
    page.goto(f"/people/{office.matter.person}/contacts?case={office.matter.case}")
    page.get_by_text("Home visit", exact=True).click()
    assert not page.locator("#showed").is_visible() and page.get_by_text("Time on the road").is_visible()
    page.get_by_text("Drug or alcohol test", exact=True).click()
    assert not page.get_by_text("Time on the road").is_visible()
    page.get_by_text("Seen, spoken to, or done", exact=True).click()
    page.get_by_text("Negative", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Test saved.").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_who_did_not_show_is_logged_on_a_phone_with_one_thumb(browser, desk, script):
    _base, office, _token = desk
    page = opened(browser, desk, java_script_enabled=script, viewport={"width": 320, "height": 640})
    page.goto(f"/people/{office.matter.person}/contacts?case={office.matter.case}")
    page.get_by_text("Office", exact=True).click()
    page.get_by_text("Did not show", exact=True).click()
    page.get_by_text("Nothing more, because", exact=True).click()
    page.locator("#because").fill("Called in sick; new day set.")
    targets = page.locator(".grid__choice:visible")
    heights = targets.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Attempt saved.").wait_for()


def test_what_was_typed_comes_back_after_the_screen_was_locked(browser, desk):
    _base, office, _token = desk
    page = opened(browser, desk)
    page.goto(f"/people/{office.matter.person}/contacts?case={office.matter.case}")
    page.get_by_label("Note").fill("Brought the pay slip.")
    page.get_by_text("Draft kept.").wait_for()
    page.goto("/today")
    page.goto(f"/people/{office.matter.person}/contacts?case={office.matter.case}")
    assert page.get_by_label("Note").input_value() == "Brought the pay slip."


def test_a_contact_that_cannot_be_sent_stays_on_the_phone_and_goes_out_once_the_connection_is_back(browser, desk):
    _base, office, _token = desk
    page = opened(browser, desk, viewport={"width": 320, "height": 640})
    page.goto(f"/people/{office.matter.person}/contacts?case={office.matter.case}")
    page.context.set_offline(True)
    page.get_by_text("Phone", exact=True).click()
    page.get_by_text("Seen, spoken to, or done", exact=True).click()
    page.get_by_label("Note").fill("Brought the pay slip.")
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Not saved: no connection.").wait_for()
    assert page.get_by_label("Note").input_value() == "Brought the pay slip."
    assert axe_violations(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.set_offline(False)
    page.get_by_text("The connection is back: save the contact.").wait_for()
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Contact saved.").wait_for()
    page.goto(f"/people/{office.matter.person}/contacts?case={office.matter.case}")
    assert page.get_by_role("cell", name="Brought the pay slip.").count() == 1, "once, however often it was tried"
    assert page.get_by_label("Note").input_value() == "", "and no draft of it is left"


def test_the_contacts_page_has_no_fault_that_axe_finds(browser, desk):
    _base, office, _token = desk
    page = opened(browser, desk)
    page.goto(f"/people/{office.matter.person}/contacts?case={office.matter.case}")
    assert axe_violations(page) == []


def test_what_is_overdue_takes_no_click_and_is_in_the_first_screen(browser, desk):
    page = opened(browser, desk, viewport={"width": 1366, "height": 768})
    page.goto("/")
    first = page.locator("#overdue + ol .worklist__questions a").first.bounding_box()
    assert first is not None and first["y"] + first["height"] < 768


def test_keys_lead_to_today_the_caseload_the_search_and_help_until_they_are_turned_off(browser, desk):
    page = opened(browser, desk)
    page.goto("/today")
    for keys, where in (("gc", "/caseload"), ("gt", "/today"), ("?", "/help")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"**{where}")
    page.get_by_role("button", name="Turn keys off").click()
    page.goto("/caseload")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "words"
    page.goto("/help")
    page.get_by_role("button", name="Turn keys on").click()
    page.goto("/caseload")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("g?")  # while typing they are letters
    assert page.input_value("#words") == "g?"


def test_a_kept_list_opens_with_one_click_and_a_task_for_one_is_made_in_two_fields(browser, desk):
    page = opened(browser, desk)
    page.goto("/caseload?only=open&sort=waits")
    page.get_by_text("Keep this list under a name").click()
    page.fill("#name", "Monday")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.goto("/caseload")
    page.get_by_role("link", name="★ Monday").click()
    assert page.url.endswith("/caseload?team=false&only=open&sort=waits")
    page.get_by_label("Example, Ann").check()
    page.get_by_role("button", name="Add a task", exact=True).click()
    assert not axe_violations(page)
    page.fill("#what", "Ask about the new shift.")
    page.fill("#due_on", f"{utc_now().date() + timedelta(days=3):%m/%d/%Y}")
    page.get_by_role("button", name="Show what will be made").click()
    assert not axe_violations(page)
    page.get_by_role("button", name="Make 1 task").click()
    assert page.get_by_role("heading", name="Your tasks, 1").is_visible()
    assert not axe_violations(page)


def test_for_those_ticked_letters_are_made_and_questions_hidden_on_a_phone(browser, desk):
    page = opened(browser, desk, viewport={"width": 320, "height": 640})
    day = f"{utc_now().date() + timedelta(days=3):%m/%d/%Y}"

    def fits():
        return page.evaluate("document.documentElement.scrollWidth <= innerWidth") and not axe_violations(page)

    page.goto("/caseload")
    page.get_by_label("Example, Ann").check()
    page.get_by_role("button", name="Letters").click()
    page.get_by_label("What it says").select_option("CALL")
    page.get_by_label("By which day").fill(day)
    page.get_by_role("button", name="Show the letters").click()
    assert fits()
    page.get_by_role("button", name="Make 1 letter").click()
    assert page.locator(".sheet-of-paper").count() == 1
    page.goto("/caseload")
    page.get_by_label("Example, Ann").check()
    page.get_by_role("button", name="Hide what can wait").click()
    page.get_by_label("Back on").fill(day)
    page.get_by_label("Why they can wait").fill("Proof comes by mail.")
    page.get_by_role("button", name="Show what will be hidden").click()
    assert fits()
    page.get_by_role("button", name="Hide 1 question").click()
    assert page.get_by_role("heading", name="Hidden, 1").is_visible()


def test_a_contact_with_a_template_takes_five_clicks_three_of_four_fields_and_no_letter_typed(browser, desk):
    """ux/screens 0.5: one screen, three fields of at most four, four to five clicks."""
    page = opened(browser, desk)
    page.goto(f"/people/{desk[1].matter.person}/contacts?case={desk[1].matter.case}")
    for words in ("Phone", "Seen, spoken to, or done", "Templates"):
        page.get_by_text(words, exact=True).first.click()
    page.get_by_role("button", name="Reminded of the next class and the next court date.").click()
    assert page.get_by_label("Note").input_value() == "Reminded of the next class and the next court date."
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Contact saved.").wait_for()


def test_no_table_of_the_desk_is_pushed_sideways_on_a_phone(browser, desk):
    page, office = opened(browser, desk, viewport={"width": 320, "height": 640}), desk[1]
    person, report = f"/people/{office.matter.person}", began_report(desk)
    paths = (
        "/today", "/caseload", person, f"{person}/compliance", f"{person}/contacts", f"{person}/level",
        f"/flags/{office.flags['missed']}", f"/flags/{office.flags['missed']}?language=es", report, "/allegations",
        "/matrix",
    )  # fmt: skip
    for path in paths:
        page.goto(path)
        assert cells_off_a_phone(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize("width", [1366, 320])
def test_a_pause_is_recorded_once_by_two_clicks_and_ended_and_its_pages_fit_and_are_read_by_axe(browser, desk, width):
    page, office = opened(browser, desk, viewport={"width": width, "height": 768}), desk[1]
    page.goto(f"/people/{office.matter.person}")
    page.get_by_role("link", name="Pauses").click()
    page.get_by_text("In custody", exact=True).click()
    page.get_by_label("First day").fill("2026-03-02")
    page.get_by_label("Known from").select_option("JAIL")
    page.get_by_role("button", name="Record pause").dblclick(delay=60)
    page.get_by_text("Clocks stand still until an end is entered.").wait_for()
    page.reload()

    def fits():
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("main button.usa-button:not(.usa-button--outline):visible").count() <= 1
        assert width > 320 or cells_off_a_phone(page) == []

    fits()
    page.get_by_role("link", name="End or correct").click()
    fits()
    page.get_by_label("Day of release or discharge").fill("2026-03-09")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Clocks go on Mon, Mar 9, 2026.").wait_for()
    with office.database.system("test: look") as session:
        assert session.scalars(select(Pause.ends_on).order_by(Pause.recorded_at)).all() == [None, date(2026, 3, 9)]
