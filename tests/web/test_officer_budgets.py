"""The officer's desk within its budgets (ux/screens.md 0.5): done by hand in a real browser, and counted there.

One table: for each task how many screens, required fields, fields touched, clicks and pages it may take, and how many
seconds by the keystroke-level model (S. K. Card, T. P. Moran, A. Newell, Communications of the ACM 23(7), 1980,
396-410): K 0.28 s a key, P 1.1 s and B 0.2 s a click or touch, H 0.4 s from hand to hand, M 1.35 s before each choice
(words are thought of while they are typed), R 0.5 s a page. The times of the desk's own tasks that 0.5 does not list
are ours, marked so; the model leaves out what it takes to read and to think about the case, which no budget should
hurry.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

import msgspec
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from monitor.access.roles import Role
from monitor.allegations.drafting import submit
from monitor.allegations.reading import allegation_page
from monitor.allegations.typed import Typed
from monitor.clock import utc_now
from monitor.db import Database
from monitor.flag_review.deciding import Decision, decide
from monitor.flag_review.reading import flag_page
from monitor.models import Assignment
from tests.builders import Matter, unexcused
from tests.office import Office, miss_a_class, open_office, supervised
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served

pytestmark = pytest.mark.browser
MISSED = date(2026, 2, 23)
K, P, B, H, M, R = 0.28, 1.1, 0.2, 0.4, 1.35, 0.5
SIX = ("language", "disability", "work_shift", "transport", "child_care", "program_seats")
COUNT = """{
const told = JSON.parse(sessionStorage.told || "null")
  || { clicks: 0, keys: 0, loads: 0, required: 0, hands: 0, last: "", fields: [], choices: [], screens: [] };
const keep = () => { sessionStorage.told = JSON.stringify(told); };
const once = (list, one) => { if (one && !list.includes(one)) list.push(one); };
const hand = (which) => {
  if (told.last && told.last !== which) told.hands += 1;
  told.last = which;
  once(told.screens, location.pathname);
  keep();
};
told.loads += 1;
keep();
addEventListener("pointerdown", (event) => { if (event.isTrusted) { told.clicks += 1; hand("pointer"); } }, true);
addEventListener("keydown", (event) => {
  if (event.isTrusted && event.key !== "Shift") { told.keys += 1; hand("keys"); }
}, true);
for (const kind of ["change", "input"]) addEventListener(kind, ({ target }) => {
  once(told.fields, target.name);
  if (target.matches("select, [type=radio], [type=checkbox]")) once(told.choices, target.name);
  keep();
}, true);
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const asked = [...event.target.querySelectorAll("[required]")].filter((one) => one.offsetParent);
  told.required += new Set(asked.map((one) => one.name)).size;
  keep();
});
}"""
SMALL = """[...document.querySelectorAll("form[data-contact] :is(.grid__choice, button:not(.usa-button--unstyled))")]
.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).map((one) => one.innerText)"""


class Counted(NamedTuple):
    """What the browser saw, or what a task may take. ``fields``: touched by hand."""

    screens: int
    required: int
    fields: int
    clicks: int
    loads: int
    seconds: float


class Desk(msgspec.Struct):
    """The site, and who signs in; each task has a person of its own, so that none finds what another left."""

    base: str
    office: Office
    tokens: dict[str, str]
    people: dict[str, Matter]
    flags: dict[str, int]
    absences: dict[str, int]


Task = Callable[[Page, Desk, str], object]


def contact(page: Page, result: str = "Seen, spoken to, or done") -> None:
    page.get_by_text("Phone", exact=True).click()
    page.get_by_text(result, exact=True).click()


def log_plain(page: Page, desk: Desk, task: str) -> None:
    page.locator(f"#overdue ~ ol a[href^='/people/{desk.people[task].person}/contacts']").first.click()
    contact(page)
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Contact saved.").wait_for()


def log_from_template(page: Page, desk: Desk, task: str) -> None:
    contact(page)
    page.get_by_text("Templates", exact=True).click()
    page.get_by_role("button", name="Reminded of the next class and the next court date.").click()
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Contact saved.").wait_for()


def log_with_note(page: Page, desk: Desk, task: str) -> None:
    contact(page)
    page.get_by_label("Note").click()
    page.keyboard.type("New shift from Monday, class is possible.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Contact saved.").wait_for()


def log_no_show(page: Page, desk: Desk, task: str) -> None:
    page.get_by_text("Office", exact=True).click()
    page.get_by_text("Did not show", exact=True).click()
    page.get_by_text("Nothing more, because", exact=True).click()
    page.locator("#because").click()
    page.keyboard.type("Called in sick.")
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Attempt saved.").wait_for()


def log_no_show_to_try_again(page: Page, desk: Desk, task: str) -> None:
    """A new try stands there already; for an attempt it is taken out again."""
    page.get_by_text("Office", exact=True).click()
    page.get_by_text("Attempted, no contact", exact=True).click()
    assert page.locator("#after_on").input_value() == ""
    page.get_by_text("Did not show", exact=True).click()
    assert page.get_by_text("Try again on a day").locator("input").is_checked()
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Attempt saved.").wait_for()
    assert page.goto(CONTACTS.format(person=desk.people[task].person, case=desk.people[task].case))
    assert page.locator("#planned").is_visible()


def see_overdue(page: Page, desk: Desk, task: str) -> None:
    """Nothing is pressed: the first line is on the first screen, and every line that the number counts is below it."""
    lines = page.locator("#overdue + ol > li")
    box = lines.first.bounding_box()
    assert box and box["y"] < page.viewport_size["height"]  # type: ignore[index]
    assert page.get_by_role("link", name=f"{lines.count()} overdue").is_visible()
    assert lines.count() > len(desk.people) / 2


def see_the_source(page: Page, desk: Desk, task: str) -> None:
    """From what was missed to the row that says so, with one press."""
    page.locator("main td summary").filter(has_text="✘").first.click()
    row = page.locator("main td details[open] p").first
    assert row.is_visible(), "the row that says so"
    assert "absent" in row.inner_text().lower(), row.inner_text()


def judge_in_ten_seconds(page: Page, desk: Desk, task: str) -> None:
    """Is this person complying, since when, who says so: without scrolling at 1366 by 768 (ux/screens 1.4)."""
    box = page.get_by_role("region", name="Conditions").last.bounding_box()
    assert box and box["y"] + box["height"] <= 768, box


def dismiss(page: Page, desk: Desk, task: str) -> None:
    page.locator(f"#overdue ~ ol a[href='/flags/{desk.flags[task]}']").click()
    page.locator("label[for=decision-DISMISS]").click()
    page.get_by_label("Your words").click()
    page.keyboard.type("Wrong roster.")
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Dismissed").first.wait_for()


def keep_open(page: Page, desk: Desk, task: str) -> None:
    page.locator(f"#overdue ~ ol a[href='/flags/{desk.flags[task]}']").click()
    page.locator("label[for=decision-KEEP]").or_(page.get_by_text("Seen, keep it open")).first.click()
    page.get_by_role("button", name="Save decision").click()
    page.get_by_role("button", name="Undo", exact=True).wait_for()


def handle(page: Page, desk: Desk, task: str) -> None:
    page.locator("label[for=decision-HANDLE]").click()
    for question in SIX:
        page.locator(f"label[for=barrier_{question}-no]").click()
    page.get_by_label("Your words").click()
    page.keyboard.type("Warned; make-up class set.")
    page.get_by_role("button", name="Save decision").click()
    page.get_by_role("button", name="Undo", exact=True).wait_for()


def report(page: Page, desk: Desk, task: str) -> None:
    page.locator("label[for=decision-ACT]").click()
    for question in SIX:
        page.locator(f"label[for=barrier_{question}-no]").click()
    page.get_by_role("button", name="Save decision").click()
    page.get_by_label("Probation asks the court to").select_option(index=1)
    page.get_by_role("button", name="Send to a supervisor").click()
    page.get_by_role("heading", name="A supervisor decides").wait_for()


def approve(page: Page, desk: Desk, task: str) -> None:
    page.locator("main th a, main li a").filter(has_text=name_of(task)).first.click()
    page.locator("label[for=decision-approve]").click()
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("before the court").first.wait_for()


def not_excused(page: Page, desk: Desk, task: str) -> None:
    page.locator("label[for=decision-UNEXCUSED]").click()
    page.get_by_role("button", name="Save decision").click()
    page.get_by_role("button", name="Undo", exact=True).or_(page.get_by_text("Not excused")).first.wait_for()


def excuse(page: Page, desk: Desk, task: str) -> None:
    page.locator("label[for=decision-EXCUSED]").click()
    page.locator("#why").select_option(index=1)
    page.get_by_label("What it rests on").click()
    page.keyboard.type("Card seen.")
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Excused").first.wait_for()


def hide_it(page: Page, desk: Desk, task: str) -> None:
    page.locator(f"a[href='/flags/{desk.flags[task]}/hide']").click()
    page.get_by_label("Why it can wait").click()
    page.keyboard.type("Proof by mail.")
    page.get_by_role("button", name="Hide until then").click()
    page.get_by_role("heading", name="Hidden, 1").wait_for()


def search(page: Page, desk: Desk, task: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type("find")
    page.keyboard.press("Enter")
    page.get_by_text("1 of").first.wait_for()
    assert "find" not in page.url.lower(), "what is looked for is in no address"


TODAY, PERSON, CONTACTS, FLAG, ABSENCE = (
    "/today", "/people/{person}", "/people/{person}/contacts?case={case}", "/flags/{flag}",
    "/absences/{absence}/decide",
)  # fmt: skip
# task: who, where it begins, what is done, what it may take: screens, required, touched, clicks, pages, seconds
BUDGETS: dict[str, tuple[str, str, Task, Counted]] = {
    "log a contact, no note": ("officer", TODAY, log_plain, Counted(2, 2, 2, 4, 2, 12)),
    "log a contact, template": ("officer", CONTACTS, log_from_template, Counted(1, 2, 3, 5, 1, 20)),
    "log a contact, note of 40": ("officer", CONTACTS, log_with_note, Counted(1, 2, 3, 3, 1, 20)),
    "log who did not show": ("officer", CONTACTS, log_no_show, Counted(1, 2, 4, 5, 1, 20)),  # ours
    "log who did not show, again": ("officer", CONTACTS, log_no_show_to_try_again, Counted(1, 2, 2, 4, 2, 12)),  # ours
    "see everything overdue": ("officer", TODAY, see_overdue, Counted(0, 0, 0, 0, 0, 5)),
    "is the person complying": ("officer", PERSON, judge_in_ten_seconds, Counted(0, 0, 0, 0, 0, 10)),
    "from a miss to its source": ("officer", PERSON + "/compliance", see_the_source, Counted(1, 0, 0, 1, 0, 5)),
    "dismiss a question": ("officer", TODAY, dismiss, Counted(2, 1, 2, 4, 2, 20)),  # ours
    "keep a question open": ("officer", TODAY, keep_open, Counted(2, 1, 1, 3, 2, 12)),  # ours
    "handle a first B here": ("officer", FLAG, handle, Counted(1, 7, 8, 9, 1, 45)),  # ours; six of them are G2
    "report a first B": ("officer", FLAG, report, Counted(2, 8, 8, 10, 2, 180)),
    "approve a report": ("officer_supervisor", "/allegations", approve, Counted(2, 1, 1, 3, 2, 12)),  # ours
    "an absence is not excused": ("officer", ABSENCE, not_excused, Counted(1, 1, 1, 2, 1, 10)),  # ours
    "an absence is excused": ("officer", ABSENCE, excuse, Counted(1, 1, 3, 3, 1, 20)),  # ours
    "hide what can wait": ("officer", TODAY, hide_it, Counted(2, 2, 1, 3, 2, 20)),  # ours
    "find one by name": ("officer", "/caseload", search, Counted(1, 0, 1, 0, 1, 5)),
}  # fmt: skip
PHONE = ("log a contact, no note", "log a contact, template", "log who did not show")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("budgets") / "monitor.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    office = open_office(database)
    officer, token = sign_in_as(database, Role.OFFICER, office.town.office, "A. Reyes")
    _, chief = sign_in_as(database, Role.OFFICER_SUPERVISOR, office.town.office, "M. Ito")
    made = Desk("", office, {"officer": token, "officer_supervisor": chief}, {}, {}, {})
    with database.system("test: a person for each task") as session, session.begin():
        for task in [*BUDGETS, *(f"{task}, {width}" for task in PHONE for width in (320, 390))]:
            office.matter = supervised(session, office.town, officer, name_of(task).partition(",")[0], "Ann")
            if task.startswith("an absence"):
                made.absences[task] = unexcused(session, office.matter, MISSED)[0].id
            else:
                miss_a_class(session, office, MISSED)
            made.people[task], made.flags[task] = office.matter, office.flags.get("missed", 0)
        session.execute(update(Assignment).values(user_id=officer))
    send(made, made.flags["approve a report"])
    with served(database) as base:
        made.base = base
        yield made
    database.close()


def name_of(task: str) -> str:
    """The person of a task, as pages write the name."""
    return f"{task.replace(',', '').replace(' ', '-').capitalize()}, Ann"


def opened(browser: Browser, desk: Desk, task: str, **options: Any) -> Page:
    """The page on which the task begins, nothing counted yet."""
    plain = next(name for name in sorted(BUDGETS, key=len, reverse=True) if task.startswith(name))
    who, path, *_ = BUDGETS[plain]
    context = browser.new_context(base_url=desk.base, **{"viewport": {"width": 1366, "height": 768}, **options})
    context.set_default_timeout(30_000)
    context.add_init_script(COUNT)
    context.add_cookies([{"name": "monitor", "value": desk.tokens[who], "url": desk.base}])
    page = context.new_page()
    matter = desk.people[task]
    ids = {"flag": desk.flags[task], "absence": desk.absences.get(task)}
    page.goto(path.format(person=matter.person, case=matter.case, **ids))
    page.evaluate("sessionStorage.clear()")
    page.reload()
    return page


def counted(page: Page) -> Counted:
    """What the browser saw since `opened`, the page it began with not counted."""
    told = page.evaluate("JSON.parse(sessionStorage.told)")
    loads, clicks = told["loads"] - 1, told["clicks"]
    seconds = told["keys"] * K + clicks * (P + B) + told["hands"] * H + len(told["choices"]) * M + loads * R
    return Counted(len(told["screens"]), told["required"], len(told["fields"]), clicks, loads, round(seconds, 1))


def send(desk: Desk, flag_id: int) -> None:
    """A report to the court that waits for a supervisor."""
    now = utc_now()
    act = Decision(decision="ACT", words="Please review.", answers=dict.fromkeys(SIX, "no"))
    with desk.office.scoped(writes=True) as session, session.begin():
        seen = flag_page(session, flag_id, now, lock=True)
        assert seen is not None
        decide(session, seen, seen.token, act, now)
        number = flag_page(session, flag_id, now).allegation_id  # type: ignore[union-attr]
        page = allegation_page(session, number, now)
        assert page is not None
        submit(session, page, Typed(ask="REVIEW"), now)


@pytest.mark.parametrize("task", BUDGETS)
def test_every_task_of_the_desk_keeps_within_its_budget(browser: Browser, desk: Desk, task: str) -> None:
    page = opened(browser, desk, task)
    _, _, act, may = BUDGETS[task]
    act(page, desk, task)
    took = counted(page)
    assert all(one <= most for one, most in zip(took, may, strict=True)), f"{task}: {took}, and it may take {may}"
    page.context.close()


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("task", PHONE)
def test_a_contact_is_logged_with_one_thumb_within_the_same_budget(
    browser: Browser, desk: Desk, task: str, width: int
) -> None:
    page = opened(browser, desk, f"{task}, {width}", viewport={"width": width, "height": 700}, has_touch=True)
    _, _, act, may = BUDGETS[task]
    act(page, desk, f"{task}, {width}")
    took = counted(page)
    assert all(one <= most for one, most in zip(took, may, strict=True)), f"{task}: {took}, and it may take {may}"
    page.goto(f"/people/{desk.people[task].person}/contacts?case={desk.people[task].case}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    low = page.evaluate(SMALL)
    assert low == [], "each target a thumb wide"
    page.context.close()
