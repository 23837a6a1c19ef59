"""Every answer carries the security headers; pages about people are kept in no cache."""

from __future__ import annotations

import pytest

from web.assets import asset

WANTED = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sign-in"), ("GET", "/help"), ("GET", "/"), ("GET", "/nothing-here"), ("GET", "/health/live"),
        ("GET", "/health/ready"), ("GET", "/static/app.css"), ("GET", "/static/nothing"), ("PUT", "/sign-in"),
        ("OPTIONS", "/sign-in"), ("HEAD", "/static/app.css"), ("POST", "/sign-out"), ("GET", "/api/v1/nothing"),
        ("GET", "/static/../app.py"), ("GET", "/static/%2e%2e/app.py"),
    ],
)  # fmt: skip
def test_every_answer_has_them(client, method, path):
    answer = client.request(method, path)
    assert WANTED.items() <= dict(answer.headers).items(), answer.status_code
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "'none'" in policy.split("frame-ancestors")[1]
    assert len(answer.headers["x-request-id"]) == 12


def test_pages_are_not_cached_and_assets_are(client, client_as):
    assert client.get("/sign-in").headers["cache-control"] == "no-store"
    assert client_as("officer").get("/").headers["cache-control"] == "no-store"
    assert "immutable" in client.get(asset("app.css")).headers["cache-control"]
    assert client.get("/static/nothing").headers["cache-control"] == "no-store"


def test_the_cookie_is_bound_to_the_host_where_there_is_tls(client, client_as):
    """On https: __Host- and Secure (tests/web/test_app.py). On a loopback demo: HttpOnly, Lax, whole site."""
    browser = client_as("officer")
    cookie = browser.post("/sign-out").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
