"""After a restore: people sign in as before, and no browser is still signed in."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from monitor.copies.restoring import restore
from monitor.copies.writing import write_copy
from monitor.db import Database
from monitor.models import User
from tests.monitor.copies.places import places
from tests.office import NOW
from tests.web.accounts import BASE, SECRET
from tests.web.test_sign_in import account, sign_in  # noqa: F401
from web.app import create_app


@pytest.fixture
def place(request, tmp_path):
    with places(request, tmp_path) as make:
        yield make


def test_everybody_signs_in_again_and_nobody_is_signed_in(client, account, database, settings, place, tmp_path):  # noqa: F811
    sign_in(client, account)
    assert client.get("/today").status_code == 200
    write_copy(database, tmp_path / "copy", SECRET, NOW)
    target = place("sqlite" if database.is_sqlite else "postgres")
    restore(target, tmp_path / "copy", SECRET, NOW)
    back = Database(target.url)
    with back.system("test: a code works once, so the step is put back") as session, session.begin():
        session.scalars(select(User)).one().last_totp_step = 0
    with TestClient(create_app(settings, back), base_url=BASE) as browser:
        browser.follow_redirects = False
        browser.headers["origin"] = BASE
        browser.cookies.set("monitor", client.cookies["monitor"])
        assert browser.get("/today").headers["location"].startswith("/sign-in")
        browser.cookies.clear()
        sign_in(browser, account)
        assert browser.get("/today").status_code == 200
    back.close()
