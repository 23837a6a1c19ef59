"""From a program's own sheet to the judge's page: what issue a newcomer is promised, in a real browser."""

from __future__ import annotations

import csv
import io
import re

import pytest
from pypdf import PdfReader

from tests.journeys.town import Town, open_town, squeezed
from tests.web.browsing import chromium

pytestmark = pytest.mark.browser

PROGRAM, OFFICER, JUDGE = "north.star@demo.example", "reyes@demo.example", "lee@demo.example"
SUPERVISOR = "ito@demo.example"
NEWEST = -2  # the column before the balance


@pytest.fixture(params=[True, False], ids=["with_scripts", "without_scripts"])
def town(request, tmp_path):
    with chromium() as browser, open_town(tmp_path, browser, javascript=request.param) as opened:
        yield opened


def missed_the_newest_class(town: Town) -> list[tuple[str, str]]:
    """Name and case number of whoever the sheet marks absent in its last class."""
    rows = list(csv.reader(io.StringIO(town.sheet.read_text(encoding="utf-8"))))
    return [(row[0], row[1]) for row in rows if len(row) > 3 and row[NEWEST] in ("abs", "NS")]


def test_an_absence_uploaded_tonight_is_on_the_judges_docket_and_in_its_pdf_once_an_officer_reported_it(town):
    (name, number), *others = missed_the_newest_class(town)
    upload_the_sheet(town)
    put_a_concern(town)
    answer_the_concern(town)
    decide_the_absence(town, name)
    report_the_flag(town, name)
    let_it_go(town, name)
    bench = read_the_docket(town, number)
    assert "missed" in bench.lower() or "absen" in bench.lower()
    for _name, other in others:
        assert_not_alleged(town, other)


def tick(page, words: str) -> None:
    """As a person does, by its words: the box itself is drawn beside the page."""
    page.locator("label").filter(has_text=words).first.click()


def upload_the_sheet(town: Town) -> None:
    page = town.page_of(PROGRAM, "/attendance/uploads")
    town.check(page)
    page.get_by_label("Attendance sheet").set_input_files(town.sheet)
    page.get_by_role("button", name="Upload attendance").click()
    assert page.get_by_role("heading", name="Check your file").is_visible()
    town.check(page)
    tick(page, "This is everyone in the group")
    page.get_by_role("button", name=re.compile(r"^Save \d+ record")).click()
    assert page.get_by_text(re.compile(r"Saved \d+ records?\. Receipt")).is_visible()
    town.check(page)


def put_a_concern(town: Town) -> None:
    """The program's week leads to a class; a row of the grid puts a concern before the officer."""
    page = town.page_of(PROGRAM, "/week")
    town.check(page)
    page.get_by_role("link", name="Open attendance grid").click()
    page.get_by_role("row").filter(has_text="✔").first.get_by_role("link").click()
    town.check(page)
    row = page.locator("fieldset[data-row]").first
    if not row.get_by_label("Concern for the officer now").is_visible():
        row.locator("summary").click()
    row.get_by_label("Concern for the officer now").select_option("WEAPON")
    row.get_by_label("How you know").select_option("SEEN_IN_CLASS")
    page.get_by_role("button", name="Save attendance").click()
    assert page.get_by_text("1 concern put before the officer now").is_visible(), page.inner_text("main")


def answer_the_concern(town: Town) -> None:
    page = town.page_of(OFFICER, "/today?team=true")
    page.locator("li").filter(has_text="A weapon").get_by_role("link").first.click()
    open_if_a_colleagues(town, page)
    assert page.get_by_text("This is a question, not a finding").is_visible()
    town.check(page)
    tick(page, "I spoke with the program")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("The program is not told what you did").is_visible(), page.inner_text("main")


def decide_the_absence(town: Town, name: str) -> None:
    page = town.page_of(OFFICER, "/today?team=true")
    town.check(page)
    decide = page.get_by_role("link", name=re.compile(rf"Decide\s*: {name}"))
    town.wait_until(page, lambda: decide).click()
    open_if_a_colleagues(town, page)
    assert page.get_by_text("Not decided").is_visible()
    town.check(page)
    tick(page, "Not excused")
    page.get_by_label("What it rests on").fill("No reason given by phone.")
    page.get_by_role("button", name="Save decision").click()
    assert page.get_by_text("Saved: not excused").is_visible()


def open_if_a_colleagues(town: Town, page) -> None:
    """A case that the officer is not assigned to asks for a reason, once; then it is open for half an hour."""
    if page.get_by_role("heading", name="You are not assigned to this case").is_visible():
        town.check(page)
        page.get_by_label("Why do you need it?").select_option("COVER")
        page.get_by_label("In your own words").fill("I stand in for a colleague today.")
        page.get_by_role("button", name="Open for 30 minutes").click()
        assert page.get_by_text("You have opened a case that is not assigned to you").is_visible()
        town.check(page)


def report_the_flag(town: Town, name: str) -> None:
    page = town.page_of(OFFICER, "/today?team=true")
    question = page.get_by_role("link", name=re.compile(rf"Unexcused absence\s*: {name}"))
    town.wait_until(page, lambda: question).click()
    open_if_a_colleagues(town, page)
    for heading in ("Values it used", "Rows that count", "Rows looked at that do not count", "What is not known"):
        assert page.get_by_role("heading", name=re.compile(heading)).count() >= 1
    assert page.get_by_text("What clears it").is_visible()
    town.check(page)
    tick(page, "Report to the court")
    for asked in page.locator("fieldset.barrier").all():
        asked.get_by_text("No", exact=True).click()
    tick(page, "Stronger than this range")  # the example's menu for a first miss leaves the court out
    page.get_by_label("Outside the range: why").select_option("TRIED")
    page.get_by_label("Outside the range: what is different here").fill("The call was tried twice.")
    page.get_by_label("Your words").fill("First miss. Asked about it; nothing is in the way.")
    page.get_by_role("button", name="Save decision").click()
    assert page.get_by_text("Nothing has gone to the court yet").first.is_visible(), page.inner_text("main")
    town.check(page)
    page.get_by_label("Probation asks the court to").select_option("REVIEW")
    page.get_by_role("button", name="Send to a supervisor").click()
    assert page.get_by_text("Sent to a supervisor.").first.is_visible(), page.inner_text("main")
    town.check(page)


def let_it_go(town: Town, name: str) -> None:
    """The second person reads the report and approves it."""
    page = town.page_of(SUPERVISOR, "/allegations")
    town.check(page)
    page.get_by_role("link", name=re.compile(name)).first.click()
    assert page.get_by_role("heading", name="In the file for the respondent").is_visible()
    town.check(page)
    tick(page, "Approve: it lies before the court at once")
    page.get_by_role("button", name="Save decision").click()
    assert page.get_by_text("It lies before the court now.").first.is_visible(), page.inner_text("main")
    town.check(page)


def read_the_docket(town: Town, number: str) -> str:
    """The bench page's words; every fact on the screen stands in the PDF."""
    page = town.page_of(JUDGE, "/dockets")
    town.check(page)
    page.get_by_role("link", name=number).click()
    town.check(page)
    shown = page.locator("article.bench-page").inner_text()
    pdf = page.request.get(page.url.partition("?")[0] + "?format=pdf").body()
    paper = squeezed("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages))
    missing = [text for text in facts_of(page) if squeezed(text) not in paper]
    assert not missing, f"on the screen and not on paper: {missing}"
    return shown


def facts_of(page) -> list[str]:
    cells = page.locator("article.bench-page tbody th, article.bench-page tbody td:nth-child(3)").all_inner_texts()
    return cells + page.locator("article.bench-page .said li").all_inner_texts()


def assert_not_alleged(town: Town, number: str) -> None:
    """Nobody reviewed this one: the judge must not see it."""
    page = town.page_of(JUDGE, "/dockets")
    page.get_by_role("link", name=number).click()
    alleged = page.locator("section").filter(has=page.get_by_role("heading", name="5 Alleged")).inner_text()
    assert "missed" not in alleged.lower() and "unexcused" not in alleged.lower(), alleged
