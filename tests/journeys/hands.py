"""What a person does at a page: opens what is folded, ticks, chooses, writes, presses."""

from __future__ import annotations

from playwright.sync_api import Page

UNFOLD = "() => document.querySelectorAll('main details').forEach(one => { one.open = true })"


def fill(page: Page, inside: str = "main", **told: str | tuple[str, ...]) -> None:
    """By the names of the fields: texts and lists take a value, boxes and buttons to choose get ticked."""
    page.evaluate(UNFOLD)
    for name, value in told.items():
        found = page.locator(f"{inside} [name='{name}']")
        kind = found.first.evaluate("one => one.type || one.tagName")
        if kind in ("radio", "checkbox"):
            for one in (value,) if isinstance(value, str) else value:
                page.locator(f"{inside} [name='{name}'][value='{one}']").evaluate("one => one.checked || one.click()")
        elif kind.startswith("select"):
            found.first.select_option(str(value))
        else:
            found.first.fill(str(value))


def press(page: Page, button: str, inside: str = "main", refused: bool = False) -> str:
    """Press a button; the words of the page that it leads to."""
    page.evaluate(UNFOLD)
    with page.expect_navigation():
        page.locator(inside).get_by_role("button", name=button).first.click()
    said = page.inner_text("main")
    assert refused == bool(page.locator("#errors").count()), f"{page.url}\n{said[-3000:]}"
    return said
