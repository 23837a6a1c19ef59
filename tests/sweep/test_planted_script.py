"""Script, markup, templates and typesetting in every free-text column, and every page visited as every role (bar F-03).

What people typed stays text: on each page, in each print, and in a real browser, where a dialog, an element of it or a
complaint of the policy of content would show.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Base, OrderSheet
from tests.conftest import empty_database
from tests.sweep.county import County, _allowed_words, build
from tests.sweep.visiting import Ask, allowed, asks, browser, site_settings
from tests.web.browsing import chromium, served
from web.app import create_app

SAID = """<img src=x onerror=alert(1)>"'><svg/onload=alert(2)>{{7*7}}#panic("p")$x$"""
MARKUP = ("<img src=x", "<svg/onload", ">49<")
# columns whose words are the program's own: codes, addresses and marks that nobody types
OURS = {
    "code", "key", "version", "zone", "pack", "email", "signature", "state", "kind", "role", "event", "act", "outcome",
    "component", "status", "language", "decision", "way", "result", "content_hash", "sha256", "media_type", "basis",
    "session_mark", "request_id", "asked_from", "how", "owner", "severity", "response_class", "certainty", "term",
    "name_key", "stage", "step", "job", "holder", "subject", "token", "hash", "purpose", "issuer", "level", "tool",
    "ground", "unit", "weekday", "signed_by", "from_state", "to_state", "series", "matrix", "template",
    "template_version", "proceeding", "supervision", "method", "scope", "server", "flag_version", "why",
    "no_date", "no_review_why", "edition", "warrant", "notice", "page", "spans",  # a packet's are drawn, not typed
}  # fmt: skip
ENDS = ("_id", "_key", "_hash", "_by", "_code", "_kind", "_says", "_why")


class Planted(NamedTuple):
    """A county whose every word is an attack, and how many columns took it."""

    database: Database
    county: County
    columns: set[str]


@pytest.fixture(scope="module", params=["sqlite"])
def planted(request, tmp_path_factory):
    with empty_database(request, tmp_path_factory.mktemp("planted")) as url:
        database = Database(url)
        county = build(database)
        with database.system("test: an order as the program makes it") as session, session.begin():
            session.execute(sa.update(OrderSheet).values(details={}, differs=[]))
        yield Planted(database, county, plant(database))
        database.close()


def plant(database: Database) -> set[str]:
    """Write it into every column that takes it; triggers and checks keep it out of some."""
    done = set()
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if free(column):
                try:
                    with database.system("test: plant") as session, session.begin():
                        count = session.execute(sa.update(table).values({column.name: SAID})).rowcount
                except DatabaseError:
                    continue
                done |= {f"{table.name}.{column.name}"} if count else set()
    return done


def free(column: sa.Column) -> bool:
    """Whether people write it."""
    own = column.name in OURS or column.name.startswith("firearm_") or column.name.endswith(ENDS)
    return isinstance(column.type, sa.String) and not (own or column.primary_key or _allowed_words(column))


def visited(planted: Planted, role: Role) -> list[tuple[Ask, str]]:
    """Every page that the role may open, and what came back."""
    app = create_app(site_settings("critical"), planted.database)
    client = browser(app, planted.county.accounts[role])
    every = asks(planted.county, planted.county.ids, most=3)
    asked = [ask for ask in every if ask.method == "GET" and allowed(role, ask)]
    found, broken = [], []
    for ask in asked:
        answer = client.get(ask.path, params=dict(ask.query) or None)
        broken += [ask.path] if answer.status_code >= 500 else []
        found.append((ask, answer.text if "html" in answer.headers.get("content-type", "") else ""))
    assert not broken
    return found


def test_what_people_typed_is_text_on_every_page_of_every_role(planted):
    assert {"person.family_name", "contact.note", "app_user.name", "agency.name"} <= planted.columns
    shown = {}
    for role in Role:
        for ask, text in visited(planted, role):
            assert not [one for one in MARKUP if one in text], ask
            if "&lt;img src=x" in text:
                shown.setdefault(role, ask.path)
    assert {Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.PROGRAM, Role.JUDGE, Role.CLERK} <= set(shown), "it was shown"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_in_a_real_browser_nothing_of_it_runs(planted, role):
    in_a_browser(planted, role, most=1000)


@pytest.mark.browser
@pytest.mark.parametrize("role", [Role.OFFICER_SUPERVISOR, Role.JUDGE])
def test_in_a_real_browser_nothing_of_it_runs_on_the_first_pages(planted, role):
    in_a_browser(planted, role, most=4)


def is_wrong(said) -> bool:
    """An error of a page's own; that a page itself is "not there" for this role is none."""
    absent = said.text.startswith("Failed to load") and said.location["url"] == said.page.url
    return said.type == "error" and not absent


def in_a_browser(planted: Planted, role: Role, most: int) -> None:
    paths = list(dict.fromkeys(ask.path for ask, text in visited(planted, role) if "&lt;img src=x" in text))[:most]
    account = planted.county.accounts[role]
    with served(planted.database, acts_per_minute=0) as base, chromium() as engine:
        context = engine.new_context(base_url=base)
        context.add_cookies([{"name": "monitor", "value": account.token, "url": base}])
        page, wrong = context.new_page(), []
        page.on("dialog", lambda dialog: (wrong.append(("dialog", dialog.message)), dialog.dismiss()))
        page.on("console", lambda said: wrong.append((page.url, said.text)) if is_wrong(said) else None)
        page.on("pageerror", lambda error: wrong.append((page.url, str(error))))
        for path in paths:
            page.goto(path)
            assert page.locator('img[src="x"], svg[onload]').count() == 0, path
        assert not wrong
