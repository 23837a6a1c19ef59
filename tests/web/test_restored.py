"""After a restore: people sign in as before, and no browser is still signed in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from monitor.access.roles import Role
from monitor.access.second_person import Ask, approved, ask
from monitor.copies.restoring import Target, restore
from monitor.copies.writing import write_copy
from monitor.db import Database
from monitor.models import ApprovalRequest, Membership, User
from tests.monitor.copies.places import places
from tests.office import NOW
from tests.web.accounts import BASE, SECRET, new_account
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_yes_of_a_second_person_comes_back_with_a_copy(database, tmp_path):
    """It may have been used since, and what still waited then may have been declined (safeguard D7)."""
    with database.system("test: one yes, and one that waits") as session, session.begin():
        asker = new_account(session, Role.OFFICER)
        agency = session.scalars(select(Membership.agency_id)).one()
        who = SimpleNamespace(user_id=asker.user_id, agency_id=agency)
        for subject, outcome in ((1, "APPROVED"), (0, None)):
            asked = Ask(act="export.large", subject_id=subject, why="for the audit")
            kept = session.get_one(ApprovalRequest, ask(session, who, asked, SECRET, NOW))
            if outcome:
                kept.outcome, kept.decided_at, kept.decided_by_id = outcome, NOW, 1
        session.flush()
        assert approved(session, "export.large", 1, asker.user_id, NOW)
    write_copy(database, tmp_path / "copy", SECRET, NOW)
    restore(Target(f"sqlite:///{tmp_path / 'back.db'}"), tmp_path / "copy", SECRET, NOW)
    back = Database(f"sqlite:///{tmp_path / 'back.db'}")
    with back.system("test: look", writes=False) as session:
        assert not approved(session, "export.large", 1, asker.user_id, NOW)
        assert [one.until_at <= NOW for one in session.scalars(select(ApprovalRequest))] == [True, True]
    back.close()
