"""A running site on the test's database, and browsers signed in to it. See web/README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from monitor.access import totp
from monitor.access.auth_sessions import form_token, hash_of, membership_of, open_session
from monitor.access.roles import KIND_OF, Role
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Agency
from monitor.sealing import derive_key
from monitor.users import NewAccount, add_user
from web.app import create_app

SECRET = "a secret of the test site, long enough"
BASE = "http://127.0.0.1:8000"
PASSWORD = "seven green bicycles at noon"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Browser = TestClient[Litestar]


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key=SECRET, base_url=BASE, demo=True, log_level="critical")


@pytest.fixture
def app(settings: Settings, database: Database) -> Litestar:
    return create_app(settings, database)


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


def sign_in_as(database: Database, role: Role, agency_id: int | None, name: str) -> tuple[int, str]:
    """A new account with both factors given; its user id and session token."""
    now = datetime.now(UTC)
    with database.system("test: sign in") as session, session.begin():
        user_id = new_account(session, role, agency_id, name)
        membership = membership_of(session, user_id, now)
        assert membership is not None
        return user_id, open_session(session, user_id, membership, now, mfa=True)


def new_account(session: Any, role: Role, agency_id: int | None = None, name: str = "Alex Reyes") -> int:
    """A complete account with `PASSWORD` and `TOTP`; its e-mail is ``<role>.<n>@agency.example``."""
    kind = KIND_OF.get(role, "court")
    agency = session.get(Agency, agency_id) if agency_id else session.scalar(select(Agency).where(Agency.kind == kind))
    if agency is None:
        agency = Agency(kind=kind, name=f"Example County {kind}", code=f"T-{kind}", zone="America/Los_Angeles")
        session.add(agency)
        session.flush()
    email = f"{role}.{totp.new_secret()[:6].lower()}@agency.example"
    new = NewAccount(email=email, name=name, role=role, agency_code=agency.code, password=PASSWORD, totp_secret=TOTP)
    return add_user(session, new, SECRET, datetime.now(UTC), date(2020, 1, 1)).user_id


def token_of_forms(token: str) -> str:
    """What forms of that session carry."""
    return form_token(derive_key(SECRET, "forms"), hash_of(token))
