"""A running site on the test's database, and browsers signed in to it. See web/README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from monitor.access.roles import Role
from monitor.config import Settings
from monitor.db import Database
from monitor.log_lines import configure
from tests.web.accounts import BASE, CONFIRMED, SECRET, sign_in_as, token_of_forms
from tests.web.order_desk import Desk
from web.app import create_app
from web.site import open_site

Browser = TestClient[Litestar]


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key=SECRET, base_url=BASE, demo=True, waive_passkeys=True, log_level="critical",
                    local_law_file=str(CONFIRMED))  # fmt: skip


@pytest.fixture(scope="session")
def built() -> dict[Settings, Litestar]:
    """Sites by their settings: laying hundreds of routes takes longer than most tests, so a test opens one anew."""
    return {}


@pytest.fixture
def app(settings: Settings, database: Database, built: dict[Settings, Litestar]) -> Litestar:
    if settings not in built:
        built[settings] = create_app(settings, database)
    configure(settings.log_level)  # another test may have aimed the log elsewhere
    built[settings].state.site = open_site(settings, database)
    return built[settings]


@pytest.fixture
def new_browser(app: Litestar) -> Iterator[Callable[[], Browser]]:
    """A browser with an empty cookie jar; it does not follow redirects."""
    with ExitStack() as stack:

        def opened() -> Browser:
            browser = TestClient(app, base_url=BASE, raise_server_exceptions=False)
            browser.follow_redirects = False
            browser.headers["origin"] = BASE
            return stack.enter_context(browser)

        yield opened


@pytest.fixture
def client(new_browser: Callable[[], Browser]) -> Browser:
    """Somebody who has not signed in."""
    return new_browser()


@pytest.fixture
def client_as(database: Database, new_browser: Callable[[], Browser]) -> Callable[..., Browser]:
    """``client_as("officer")`` or ``client_as(Role.JUDGE, agency_id=…)``: signed in, form token sent as a header.

    Uses the agency given, else the first one of the role's kind, else a new one.
    """

    def signed_in(role: str, agency_id: int | None = None, name: str = "Alex Reyes") -> Browser:
        user_id, token = sign_in_as(database, Role(role), agency_id, name)
        browser = new_browser()
        browser.cookies.set("monitor", token)
        browser.headers["x-csrf-token"] = token_of_forms(token)
        browser.user_id = user_id  # type: ignore[attr-defined]
        return browser

    return signed_in


@pytest.fixture
def desk(database: Database) -> Desk:
    """A clerk's desk of orders."""
    return Desk(database)


@pytest.fixture
def clerk(desk: Desk, client_as: Callable[..., Browser]) -> Browser:
    """The clerk at it."""
    return client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")
