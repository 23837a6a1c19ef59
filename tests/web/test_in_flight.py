"""On the real server: a sign-out wins over a request that is still in flight, and a flood is counted once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from litestar import get

import web.app
from monitor.access import sign_in
from monitor.access.policy import POLICY, allow
from monitor.access.roles import Role
from tests.web.accounts import new_account, sign_in_as, token_of_forms
from tests.web.browsing import served
from web.site import Answer, Visit

ENTERED, GO_ON = threading.Event(), threading.Event()


@get("/slow", sync_to_thread=True)
def slow(request: Visit) -> Answer:
    """Wait until the test says so."""
    ENTERED.set()
    GO_ON.wait(timeout=60)
    return Answer(str(request.user.user_id))


class Slow:
    """A screen of the test's own."""

    HANDLERS = [slow]


@pytest.fixture
def site(database, monkeypatch):
    monkeypatch.setattr(web.app, "SCREENS", (*web.app.SCREENS, Slow))
    monkeypatch.setitem(POLICY, ("GET", "/slow"), allow("slow:read", Role.OFFICER))
    ENTERED.clear()
    GO_ON.clear()
    with served(database) as base:
        yield base
        GO_ON.set()


def test_signing_out_wins_over_a_request_in_flight(site, database):
    _, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    headers = {"origin": site, "x-csrf-token": token_of_forms(token), "cookie": f"monitor={token}"}
    with httpx.Client(base_url=site, headers=headers, timeout=120) as browser, ThreadPoolExecutor(1) as pool:
        in_flight = pool.submit(browser.get, "/slow")
        assert ENTERED.wait(timeout=60)
        assert browser.post("/sign-out").status_code == 303
        GO_ON.set()
        assert in_flight.result().status_code == 200
        assert browser.get("/").headers["location"] == "/sign-in"


def test_forty_sign_ins_at_once_look_at_five_passwords(site, database, monkeypatch):
    with database.system("test: an account") as session, session.begin():
        account = new_account(session, Role.OFFICER)
    looked_at = []
    check = sign_in.compare

    def watched(password, stored, profile):
        if stored is not None:
            looked_at.append(password)
        return check(password, stored, profile)

    monkeypatch.setattr(sign_in, "compare", watched)
    form = {"email": account.email, "password": "guess after guess"}
    with httpx.Client(base_url=site, headers={"origin": site}, timeout=120) as browser, ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: browser.post("/sign-in", data=form).status_code, range(40)))
    assert set(answers) == {401}
    assert len(looked_at) == 5
