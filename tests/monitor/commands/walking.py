"""Going through a site as a newcomer does: every link of a page, every button as a browser would press it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from monitor.access.auth_sessions import membership_of, open_session
from monitor.access.policy import POLICY
from monitor.db import Database
from monitor.demo.opening import OpenCounty
from tests.web.accounts import BASE
from web.app import create_app

LEAVES = ("/sign-out", "/lock")  # pressing these ends the visit
ROUTES = [(template, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))) for _, template in POLICY]


class Press(NamedTuple):
    """One button: the form it belongs to, sent as it stands."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]


class Read(HTMLParser):
    """Links, buttons and the words inside ``<main>`` of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.presses: list[tuple[str, str, list[tuple[str, str]], list[tuple[str, str, str]]]] = []
        self.words = ""
        self.chosen: dict[str, str] = {}
        self.form: tuple[str, str, list[tuple[str, str]], list[tuple[str, str, str]]] | None = None
        self.select = ""
        self.inside = 0
        self.feed(text)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.inside += tag == "main"
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if tag == "form":
            self.form = (told.get("method", "get").upper(), told.get("action", ""), [], [])
            self.presses.append(self.form)
        if self.form:
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self.form
        _, _, fields, buttons = self.form
        kind, name, value = told.get("type", ""), told.get("name", ""), told.get("value", "")
        if (tag == "button" and kind in ("", "submit")) or (tag == "input" and kind == "submit"):
            buttons.append((name, value, told.get("formaction", "")))
        elif tag == "input" and kind in ("radio", "checkbox"):
            fields += [(name, value or "on")] if "checked" in told else []
        elif tag in ("input", "textarea") and name and kind != "file":
            fields.append((name, value))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in told or self.select not in self.chosen):
            self.chosen[self.select] = value

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "main"
        if tag == "select" and self.form:
            self.form[2].append((self.select, self.chosen.pop(self.select, "")))
            self.select = ""
        if tag == "form":
            self.form = None

    def handle_data(self, data: str) -> None:
        self.words += f" {data}" if self.inside else ""


class Site(NamedTuple):
    """A demo county's site on its own database or on a ``copy`` of it."""

    app: Litestar
    database: Database

    @classmethod
    def of(cls, county: OpenCounty, copy: Path) -> Site:
        settings = msgspec.structs.replace(
            county.settings, database_url=f"sqlite:///{copy}", acts_per_minute=0, log_level="critical"
        )
        database = Database(settings.database_url)
        return cls(create_app(settings, database), database)


class Walk:
    """Somebody of a demo county at their browser."""

    def __init__(self, site: Site, user_id: int) -> None:
        now = datetime.now(UTC)
        with site.database.system("test: a visit") as session, session.begin():
            membership = membership_of(session, user_id, now)
            assert membership is not None
            token = open_session(session, user_id, membership, now, how="totp")
        self.browser = TestClient(site.app, base_url=BASE, raise_server_exceptions=False)
        self.browser.follow_redirects = True
        self.browser.headers["origin"] = BASE
        self.browser.cookies.set("monitor", token)
        first = self.browser.get("/")
        self.start, self.first = first.url.path, Read(first.text)

    def press(self, button: Press) -> Response:
        """What comes back, redirects followed."""
        if button.method == "GET":
            return self.browser.get(f"{button.path}?{urlencode(button.fields)}")
        return self.browser.post(button.path, data=dict(button.fields))

    def all_pages(self, most: int) -> Iterator[tuple[str, str, Response]]:
        """Every page that links lead to, at most so many of a kind; each with the page that led there."""
        seen: set[str] = set()
        kinds: Counter[str] = Counter()
        to_read = deque([(self.start, "")])
        while to_read:
            path, led = to_read.popleft()
            kind = kind_of(path)
            if path in seen or kinds[kind] >= most:
                continue
            seen.add(path)
            kinds[kind] += 1
            answer = self.browser.get(path)
            yield path, led, answer
            if "html" in answer.headers.get("content-type", ""):
                to_read += [(link, path) for link in links_of(answer.url.path, Read(answer.text))]


def kind_of(path: str) -> str:
    """The route of an address, so that fifty persons' pages are one kind of page."""
    bare = path.partition("?")[0]
    return next((template for template, pattern in ROUTES if pattern.fullmatch(bare)), bare)


def links_of(here: str, page: Read) -> list[str]:
    """Addresses on this site that the page leads to, in its order, each once."""
    whole = [urlsplit(urljoin(f"{BASE}{here}", link)) for link in page.links]
    own = [one.path + (f"?{one.query}" if one.query else "") for one in whole if f"{one.scheme}://{one.netloc}" == BASE]
    return list(dict.fromkeys(one for one in own if not one.startswith(("/static", *LEAVES))))


def buttons_of(here: str, page: Read) -> list[Press]:
    """Each button of each form, with what the form holds before anybody typed; those that end the visit left out."""
    found = []
    for method, action, fields, buttons in page.presses:
        for name, value, own_action in buttons:
            path = urlsplit(urljoin(f"{BASE}{here}", own_action or action or here)).path
            found.append(Press(method, path, (*fields, *([(name, value)] if name else []))))
    return [one for one in found if not one.path.startswith(LEAVES)]
