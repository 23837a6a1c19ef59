"""The clerk's whole way in a real browser: from the bench page to an order on record, within the budget of fields."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Order
from tests.web.accounts import sign_in_as, token_of_forms
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served
from tests.web.order_desk import FAMILY, GIVEN, Desk
from web.files import as_file

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
BUDGET = 18


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def clerk(request: pytest.FixtureRequest, database: Database, desk: Desk) -> Iterator[tuple[Page, str, bool]]:
    _, token = sign_in_as(database, Role.CLERK, desk.town.town.court_agency, "B. Adams")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=request.param, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/hearings/{desk.hearing}")
        yield page, base, request.param


def filled(page: Page, desk: Desk) -> int:
    """How many fields a protective order needs touched."""
    touched = 0

    def set_field(name: str, value: str) -> None:
        nonlocal touched
        page.locator(f"[name={name}]").fill(value)
        touched += 1

    def choose(name: str, value: str) -> None:
        nonlocal touched
        box = f"[name={name}][value='{value}']"
        page.locator(f"label:has({box}), {box} + label").click()  # the box itself is drawn by its label
        assert page.locator(box).is_checked()
        touched += 1

    set_field("given", GIVEN)
    set_field("family", FAMILY)
    choose("allowed", "05-2")
    for question in ("firearm_heard", "firearm_related", "firearm_forbids", "flag"):
        choose(question, "Y")
    choose("notice", "SERVED")
    set_field("review_on", str(desk.review))
    set_field("review_at", "1:30 PM")
    return touched


def test_from_the_bench_page_to_an_order_on_record_within_the_budget_of_fields(
    clerk: tuple[Page, str, bool], desk: Desk
) -> None:
    page, _, script = clerk
    page.get_by_role("main").get_by_role("link", name="Orders", exact=True).click()
    page.get_by_role("link", name="Criminal protective order (California)").click()
    assert filled(page, desk) <= BUDGET
    page.get_by_role("button", name="Check").click()
    assert page.get_by_text("Complete").is_visible()
    assert page.get_by_text("The court allows nevertheless: contact through a lawyer").is_visible()
    page.get_by_role("button", name="The judge has signed: put on record").click()
    page.wait_for_url("**/orders/*")
    assert page.get_by_text("In force, served").is_visible()
    assert len(desk.rows(Order, Order.kind == "CRIMINAL_NO_CONTACT")) == 1
    assert FAMILY not in page.content()


def test_no_barrier_is_found_and_nothing_is_wider_than_a_phone(clerk: tuple[Page, str, bool], desk: Desk) -> None:
    page, base, script = clerk
    if not script:
        pytest.skip("measured by script")
    token = page.context.cookies()[0]["value"]
    kind = "application/x-www-form-urlencoded"
    heads = {"x-csrf-token": token_of_forms(token), "origin": base, "content-type": kind}
    form = urlencode(desk.form(), doseq=True)
    saved = page.request.post(f"{base}{desk.path}", headers=heads, data=form, max_redirects=0)
    assert saved.status == 303, saved.text()
    made = desk.made().id
    paths = (
        desk.path, f"/orders/{made}", f"/orders/{made}/change", f"/orders/{desk.matter.order}",
        "/orders/waiting", f"/orders/{made}/steps",
        f"{desk.path}/new?template=criminal_no_contact_ca", f"{desk.path}/new?template=probation_dv",
    )  # fmt: skip
    page.goto(f"{base}/orders/{made}/steps")
    page.get_by_label("Number that the registry gave").fill("H1234567")
    page.get_by_label("Entered by").fill("Sheriff")
    page.get_by_role("button", name="It is entered").click()
    assert page.get_by_text("The number H1234567 was an error").is_visible()
    for path in paths:
        page.goto(f"{base}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert axe_violations(page) == [], path
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert cells_off_a_phone(page) == [], path
        page.set_viewport_size({"width": 1366, "height": 768})


def test_a_paper_to_sign_and_the_judges_signature_are_two_acts_however_fast(
    clerk: tuple[Page, str, bool], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the browser is set to save PDFs, the page stays where it was."""
    page, base, script = clerk
    if not script:
        pytest.skip("a matter of the script")
    monkeypatch.setattr("web.orders.as_print", lambda db, content, name: as_file(db, content, name, "application/pdf"))
    page.goto(f"{base}{desk.path}/new?template=criminal_no_contact_ca")
    filled(page, desk)
    paper = page.get_by_role("button", name="Paper to sign (PDF)")
    with page.expect_download():
        paper.click()
    page.wait_for_function("began => performance.now() - began > 1500", arg=page.evaluate("performance.now()"))
    with page.expect_download():  # once more, when it can be no double click
        paper.click()
    page.get_by_role("button", name="The judge has signed: put on record").click()
    page.get_by_text("In force, served").wait_for()
    assert len(desk.rows(Order, Order.kind == "CRIMINAL_NO_CONTACT")) == 1
