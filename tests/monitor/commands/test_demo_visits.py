"""A newcomer signs in to the demo county, as each of its accounts in turn, and tries what stands there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.demo.accounts import STAFF
from monitor.demo.opening import open_county
from tests.monitor.commands.walking import Site, Walk, buttons_of, kind_of, links_of

# what the first page of each account leads with: its address, and words that are there only while there is work
FIRST_PAGES = {
    "reyes": ("/today", "[1-9][0-9]* overdue .* Safety question .* Log contact"),
    "cho": ("/today", "You stand in for A. Reyes .* [1-9][0-9]* overdue .* Log contact"),
    "boone": ("/today", "Your [1-9][0-9]* people"),
    "ito": ("/today", "The whole office: [1-9][0-9]* people.* [1-9][0-9]* overdue"),
    "grant": ("/today", "The whole office: [1-9][0-9]* people"),
    "north.star": ("/week", "Upload attendance .* Record .* Needs you"),
    "open.door": ("/week", "[1-9] not complete .* New referrals, [1-9]"),
    "cedar.path": ("/week", "Upload attendance .* reports: [0-9]+ of [1-9]"),
    "lee": ("/dockets/riverbend/", "Open next case .* All [1-9]"),
    "marsh": ("/dockets/harlan-fork/", "Open next case .* All [1-9]"),
    "clerk": ("/dockets/riverbend/", "Record results .* All [1-9]"),
    "clerk.harlan": ("/dockets/harlan-fork/", "Record results .* All [1-9]"),
    "quist": ("/prosecution", "To decide, [0-9]+ .* (Referred back|Safety questions from police|To decide), [1-9]"),
    "amaya": ("/due-notices", "[1-9][0-9]* items? due .* Reached"),
    "falk": ("/service", "Orders to serve, [1-9]"),
    "dispatch": ("/verify", "Verify an order .* Check"),
    "advocate": ("/status-list", "2[0-9] in all"),
    "sane": ("/record-notices/new", "Office that keeps the record .* Riverbend General Hospital"),
    "coordinator": ("/measures", "How long each hand-off took .* Absence to probation"),
    "deputy.coordinator": ("/measures", "How long each hand-off took"),
    "privacy": ("/privacy", "Cases opened without assignment, [1-9]"),
    "privacy.court": ("/privacy", "Look-back, seven days"),
    "admin": ("/admin", "Accounts Ready: [0-9]+"),
}
# a form sent empty is told so, and a change that needs the second factor again asks for it: both are answers
FINE = {200, 409, 422}


Thing = TypeVar("Thing")
Visits = Callable[[str], Walk]


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """Signs in as one account after the other, all on one copy of one county."""
    folder = tmp_path_factory.mktemp("demo")
    county = open_county(folder, utc_now(), people=24, port=8000, say=lambda words: None)
    site = Site.of(county, Path(shutil.copy(county.folder / "monitor.db", folder / "visited.db")))
    users = {one.email.partition("@")[0]: one.user_id for one in county.accounts}
    yield lambda who: Walk(site, users[who])
    site.database.close()


def test_the_table_here_names_every_account_of_the_demo_and_every_role_has_one() -> None:
    assert set(FIRST_PAGES) == {address for _, _, address, _ in STAFF}
    assert {role for role, *_ in STAFF} == set(Role)


@pytest.mark.parametrize("who", FIRST_PAGES)
def test_whoever_signs_in_finds_work_and_every_link_of_the_first_page_works(who: str, visit: Visits) -> None:
    walk = visit(who)
    path, words = FIRST_PAGES[who]
    assert walk.start.startswith(path)
    assert re.search(words, walk.first.words), walk.first.words
    links = few(links_of(walk.start, walk.first), kind_of)
    assert len(links) > 2, "there is something to follow"
    answers = {link: walk.browser.get(link).status_code for link in links}
    assert {link: status for link, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("who", FIRST_PAGES)
def test_every_button_of_a_first_page_does_something(who: str, visit: Visits) -> None:
    walk = visit(who)
    buttons = few(buttons_of(walk.start, walk.first), lambda one: f"{one.method} {kind_of(one.path)}")
    answers = {button: walk.press(button).status_code for button in buttons}
    assert {button: status for button, status in answers.items() if status not in FINE} == {}


@pytest.mark.slow
@pytest.mark.parametrize("who", FIRST_PAGES)
def test_no_page_of_the_demo_that_a_link_leads_to_answers_an_error(who: str, visit: Visits) -> None:
    walk = visit(who)
    answers = [(path, led, answer.status_code) for path, led, answer in walk.all_pages(most=3)]
    assert [each for each in answers if each[2] != 200] == []
    assert len(answers) >= 9


def few(things: list[Thing], kind: Callable[[Thing], str]) -> list[Thing]:
    """Of each kind the first: fifty people's pages are one kind of page."""
    return list({kind(one): one for one in reversed(things)}.values())
