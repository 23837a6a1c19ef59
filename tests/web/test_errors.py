"""Errors are calm, say nothing of the inside, and read the same for hidden and absent."""

from __future__ import annotations

import json

import pytest

from monitor import log_lines
from monitor.access.scope import ScopeError
from monitor.intake.reading.tables import MEGABYTE, Limits

CANARY = "12 Oak Street"


@pytest.fixture
def failing(monkeypatch):
    """The administrator's page raises what it is told to, with a canary in the text."""

    def fail_with(error):
        def raised(_session):
            raise error

        monkeypatch.setattr("web.admin.administration", raised)

    return fail_with


def test_an_unexpected_error_shows_a_number_and_nothing_else(client_as, failing, capfd, settings):
    log_lines.configure("info")
    failing(RuntimeError(CANARY))
    page = client_as("administrator").get("/admin")
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    failure = next(line for line in lines if line["event"] == "failure")
    assert page.status_code == 500
    assert CANARY not in page.text
    assert page.headers["x-request-id"] in page.text
    assert failure["type"] == "RuntimeError"
    assert failure["request"] == page.headers["x-request-id"]
    assert CANARY not in json.dumps(lines)


def test_outside_the_scope_reads_like_absent(client_as, failing):
    failing(ScopeError("a case that this agency does not share"))
    browser = client_as("administrator")
    hidden, absent = browser.get("/admin"), browser.get("/nothing-here")
    assert hidden.status_code == absent.status_code == 404
    number = "x-request-id"
    assert (
        hidden.text.replace(hidden.headers[number], "").replace('aria-current="page"', "").split("<main")[1]
        == (absent.text.replace(absent.headers[number], "").split("<main")[1])
    )


def test_the_api_answers_with_problem_documents(client):
    answer = client.get("/api/v1/nothing")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == 404
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_htmx_gets_a_fragment_aimed_at_the_alert(client_as):
    answer = client_as("officer").get("/admin", headers={"hx-request": "true"})
    assert answer.status_code == 403
    assert answer.headers["hx-retarget"] == "#page-alert"
    assert "<html" not in answer.text


def test_htmx_is_sent_to_the_sign_in_page_when_the_session_has_ended(client):
    answer = client.get("/admin", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=/admin")


def test_unknown_form_fields_are_refused(client):
    answer = client.post("/sign-in", data={"email": "a@b.example", "password": "x", "role": "judge"})
    assert answer.status_code == 400


def test_a_large_body_is_refused(client):
    answer = client.post("/sign-in", data={"email": "a@b.example", "password": "x" * 1_100_000})
    assert answer.status_code == 413
    assert f"An attendance sheet may have up to {Limits().file_bytes // MEGABYTE} MB." in answer.text


def test_log_lines_hold_the_route_and_not_the_path(client_as, capfd):
    log_lines.configure("info")
    browser = client_as("officer")
    browser.get("/static/secret-name.css?q=jane")
    browser.get("/admin?name=jane")
    text = capfd.readouterr().err
    assert "secret-name" not in text
    assert "jane" not in text
    assert '"route": "/admin"' in text
    assert f'"user": "{browser.user_id}"' in text
