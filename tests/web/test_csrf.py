"""Another site, or another session's form, cannot act for a signed-in person."""

from __future__ import annotations

import pytest

from tests.web.accounts import BASE, token_of_forms

SIGN_OUT = "/sign-out"


@pytest.fixture
def officer(client_as):
    return client_as("officer")


def without(browser, *names):
    for name in names:
        browser.headers.pop(name, None)
    return browser


def test_a_form_of_this_session_is_accepted_as_field_or_header(client_as):
    with_field = client_as("officer")
    token = with_field.headers.pop("x-csrf-token")
    assert with_field.post(SIGN_OUT, data={"csrf": token}).status_code == 303
    assert client_as("officer").post(SIGN_OUT).status_code == 303


def test_a_multipart_form_carries_the_token_too(officer):
    token = officer.headers.pop("x-csrf-token")
    assert officer.post(SIGN_OUT, files={"csrf": (None, token)}).status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_missing_or_made_up_token_is_refused(officer, token):
    del officer.headers["x-csrf-token"]
    assert officer.post(SIGN_OUT, data={"csrf": token}).status_code == 403
    assert officer.get("/").headers["location"] == "/today", "still signed in"


def test_another_sessions_token_is_refused(client_as):
    mine, theirs = client_as("officer"), client_as("officer")
    mine.headers["x-csrf-token"] = theirs.headers["x-csrf-token"]
    assert mine.post(SIGN_OUT).status_code == 403


def test_the_token_of_the_half_way_session_is_worth_nothing_afterwards(officer):
    officer.headers["x-csrf-token"] = token_of_forms("some older token")
    assert officer.post(SIGN_OUT).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8001"},
        {"sec-fetch-site": "cross-site", "origin": BASE},
        {"sec-fetch-site": "same-site", "origin": BASE},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
    ],
)
def test_a_change_that_another_site_started_is_refused(officer, headers):
    del officer.headers["origin"]
    assert officer.post(SIGN_OUT, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "null"},  # what a browser sends with a form under "no-referrer"
        {"sec-fetch-site": "none"},
        {"origin": BASE},
    ],
)
def test_a_change_from_our_own_pages_passes(officer, headers):
    del officer.headers["origin"]
    assert officer.post(SIGN_OUT, headers=headers).status_code == 303


def test_signing_in_is_behind_the_same_gate(client):
    del client.headers["origin"]
    assert client.post("/sign-in", data={"email": "a@b.example", "password": "x"}).status_code == 403


def test_the_gate_does_not_read_the_body(client):
    """Half a form from another site is refused at once; reading it would have raised first."""

    def endless():
        yield b"email=a"
        raise AssertionError("the body was read")

    form = {"content-type": "application/x-www-form-urlencoded", "origin": "https://evil.example"}
    try:
        answer = client.post("/sign-in", content=endless(), headers=form)
    except AssertionError:
        pytest.skip("this test client sends the whole body before it listens")
    assert answer.status_code == 403


def test_another_host_name_is_refused(client):
    assert client.get("/sign-in", headers={"host": "evil.example"}).status_code == 400
