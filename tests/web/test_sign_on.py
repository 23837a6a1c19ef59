"""The agency's own sign-on, against a provider in a process of its own that tells the truth and every lie we know."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.request
from base64 import urlsafe_b64encode
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from monitor.access.roles import Role
from monitor.models import AuditEntry, User
from tests.patience import until
from tests.web.accounts import BASE, sign_in_as, token_of_forms
from tests.web.test_account import COOKIE, events, sent
from tests.web.test_passkeys import whys
from web.app import create_app

KEPT = "monitor-sign-on"
# what the test's provider remembers of how it was asked
TOLD = {"challenge": "code_challenge", "nonce": "nonce", "redirect_uri": "redirect_uri"}
RETURN = "/sign-in/agency/return/example-agency"


@pytest.fixture(scope="module")
def provider():
    """Its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen([sys.executable, str(Path(__file__).with_name("fake_provider.py")), str(port)])
    base = f"http://127.0.0.1:{port}"
    until(lambda: answers(f"{base}/keys"))
    yield base
    running.terminate()
    running.wait(60)


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=10)
    except OSError:
        return False
    return True


@pytest.fixture
def opened(database, settings, provider, tmp_path):
    """Browsers of a site with one agency's sign-on."""
    file = tmp_path / "sign_on.toml"
    file.write_text(f'[example-agency]\nname = "Example Agency"\nissuer = "{provider}"\nclient_id = "monitor"\n'
                    'mfa_acr = ["urn:two"]\n')  # fmt: skip
    app = create_app(msgspec.structs.replace(settings, sign_on_file=str(file)), database)

    def browser(token=""):
        made = TestClient(app, base_url=BASE, raise_server_exceptions=False)
        made.follow_redirects = False
        made.headers["origin"] = BASE
        if token:
            made.cookies.set(COOKIE, token)
            made.headers["x-csrf-token"] = token_of_forms(token)
        return made

    return browser


def away(browser, path="/sign-in/agency", **form):
    """Start, and what the provider is asked."""
    page = browser.post(path, data={"agency": "example-agency", **form})
    assert page.status_code == 200, page.text
    address = unescape(re.search(r'href="([^"]+/authorize[^"]+)"', page.text)[1])
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def back(browser, asked, **told):
    """Come back with a code that tells the provider what to sign."""
    instruction = {name: asked[of] for name, of in TOLD.items()} | told
    code = urlsafe_b64encode(json.dumps(instruction).encode()).decode()
    return sent(browser, RETURN, code=code, state=told.get("state", asked["state"]))


@pytest.fixture
def connected(opened, database):
    """An officer who has connected the agency's sign-on."""
    user_id, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    browser = opened(token)
    assert back(browser, away(browser, "/account/sign-on")).headers["location"] == "/account"
    return user_id, browser


def test_it_is_off_unless_the_site_names_a_file(client):
    assert "through" not in client.get("/sign-in").text
    assert client.post("/sign-in/agency", data={"agency": "example-agency"}).status_code == 401


def test_the_provider_is_asked_for_a_code_with_pkce_state_and_nonce(opened):
    asked = away(opened())
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert asked["redirect_uri"] == f"{BASE}{RETURN}"
    assert away(opened())["state"] != asked["state"]


def test_a_connected_person_signs_in_where_the_agency_showed_two_factors(opened, connected, database):
    browser = opened()
    asked = away(browser, next="/caseload")
    page = browser.get(RETURN, params={"code": "c", "state": asked["state"], "session_state": "s"})
    assert f'action="{RETURN}"' in page.text, "a GET opens nothing"
    assert COOKIE not in browser.cookies
    assert back(browser, asked).headers["location"] == "/caseload"
    assert "Alex Reyes" in browser.get("/account").text
    assert events(database)[-1] == "session.opened"


@pytest.mark.parametrize(
    ("claims", "goes_to"),
    [
        ({"amr": ["pwd"]}, "/sign-in/code?next=/"),
        ({"amr": None}, "/sign-in/code?next=/"),
        ({"amr": "mfa"}, "/sign-in/code?next=/"),
        ({"amr": None, "acr": "urn:one"}, "/sign-in/code?next=/"),
        ({"amr": None, "acr": "urn:two"}, "/"),
    ],
)
def test_one_factor_there_is_one_factor_here(opened, connected, claims, goes_to):
    browser = opened()
    assert back(browser, away(browser), claims=claims).headers["location"] == goes_to
    reached = browser.get("/account")
    assert (reached.status_code == 200) == (goes_to == "/")


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"alg": "none"}, "token"),
        ({"alg": "HS256", "key": "public-as-secret"}, "token"),
        ({"key": "other"}, "token"),
        ({"claims": {"aud": "another-client"}}, "token"),
        ({"claims": {"aud": ["monitor", "another-client"]}}, "audience"),
        ({"claims": {"iss": "http://127.0.0.1:1"}}, "token"),
        ({"claims": {"nonce": "of another browser"}}, "token"),
        ({"claims": {"nonce": None}}, "token"),
        ({"claims": {"exp": 1}}, "token"),
        ({"claims": {"exp": None}}, "token"),
        ({"claims": {"sub": ""}}, "token"),
        ({"claims": {"sub": "u-2"}}, "unknown"),
        ({"challenge": "of another browser"}, "provider"),
        ({"state": "of another browser"}, "state"),
    ],
)
def test_whatever_does_not_fit_opens_nothing_and_is_recorded(opened, connected, database, lie, why):
    browser = opened()
    answer = back(browser, away(browser), **lie)
    assert answer.status_code == 401
    assert browser.get("/account").headers["location"].startswith("/sign-in")
    assert whys(database) in ([why], ["subject"] if why == "token" else [why])


def test_an_e_mail_address_connects_nobody(opened, database):
    user_id, _ = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    with database.system("test: who", writes=False) as session:
        email = session.scalar(select(User.email).where(User.id == user_id))
    browser = opened()
    claims = {"email": email, "email_verified": True, "preferred_username": email}
    assert back(browser, away(browser), claims=claims).status_code == 401
    assert whys(database) == ["unknown"]


def test_an_answer_works_once_and_only_in_the_browser_that_asked(opened, connected, database):
    browser = opened()
    asked = away(browser)
    kept = browser.cookies[KEPT]
    assert back(browser, asked).status_code == 303
    again = opened()
    again.cookies.set(KEPT, kept)
    assert back(again, asked).status_code == 401
    assert back(opened(), away(opened())).status_code == 401
    assert sorted(whys(database)) == ["not_started", "replayed"]


def test_another_provider_cannot_answer(opened, connected, database):
    browser = opened()
    asked = away(browser)
    form = {"code": "x", "state": asked["state"], "iss": "https://idp.evil.example"}
    assert sent(browser, RETURN, **form).status_code == 401
    assert whys(database) == ["issuer"]


def test_connecting_needs_the_session_that_asked_and_a_subject_nobody_has(opened, connected, database):
    _, token = sign_in_as(database, Role.OFFICER, None, "Bo Lang")
    colleague = opened(token)
    assert back(colleague, away(colleague, "/account/sign-on")).status_code == 401
    asked = away(colleague, "/account/sign-on")
    _, another = sign_in_as(database, Role.OFFICER, None, "Cy Moss")
    thief = opened(another)
    thief.cookies.set(KEPT, colleague.cookies[KEPT])
    assert back(thief, asked, claims={"sub": "u-3"}).status_code == 401
    assert sorted(whys(database)) == ["session", "taken"]
    with database.system("test: recorded", writes=False) as session:
        done = session.scalars(select(AuditEntry.event).where(AuditEntry.outcome == "done"))
        assert list(done).count("sign_on.connected") == 1


def test_a_disabled_person_does_not_come_in_this_way(opened, connected, database):
    user_id, _ = connected
    admin_id, token = sign_in_as(database, Role.ADMINISTRATOR, None, "S. Admin")
    opened(token).post(f"/admin/accounts/{user_id}/disable")
    browser = opened()
    assert back(browser, away(browser)).status_code == 401
    assert whys(database) == ["ended"]


def test_a_provider_without_tls_is_not_asked(database, settings, tmp_path):
    file = tmp_path / "sign_on.toml"
    file.write_text('[example-agency]\nname = "X"\nissuer = "http://idp.example"\nclient_id = "monitor"\n')
    with pytest.raises(Exception, match="not_https"):
        create_app(msgspec.structs.replace(settings, sign_on_file=str(file)), database)
