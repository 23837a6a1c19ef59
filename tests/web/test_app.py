"""The application refuses to start unsafe, and every route stands in the policy table."""

from __future__ import annotations

import pytest
from litestar import Litestar, Router, get
from litestar.testing import TestClient

from monitor.access.policy import POLICY
from monitor.access.roles import Role
from monitor.config import Settings, SettingsError
from tests.web.accounts import PASSWORD, SECRET, new_account
from web.app import PolicyError, check_policy, create_app


@pytest.mark.parametrize("secret", ["", "short"])
def test_it_does_not_start_without_a_secret_key(database, secret):
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        create_app(Settings(secret_key=secret), database)


@pytest.mark.parametrize("address", ["http://monitor.example", "http://10.0.0.5:8000", "monitor.example"])
def test_it_does_not_start_without_tls_except_on_this_machine(database, address):
    with pytest.raises(SettingsError, match="https"):
        create_app(Settings(secret_key=SECRET, base_url=address), database)


def test_with_tls_the_cookie_is_secure_and_bound_to_the_host(database):
    with database.system("test: an account") as session, session.begin():
        account = new_account(session, Role.OFFICER)
    base = "https://monitor.example"
    app = create_app(Settings(secret_key=SECRET, base_url=base, log_level="critical"), database)
    with TestClient(app, base_url=base) as client:
        answer = client.post(
            "/sign-in", data={"email": account.email, "password": PASSWORD}, headers={"origin": base},
            follow_redirects=False,
        )  # fmt: skip
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-monitor=")
    assert "; Secure" in cookie
    assert "Domain" not in cookie


def test_a_route_without_a_policy_stops_start_up():
    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return "no"

    with pytest.raises(PolicyError, match="/forgotten"):
        check_policy(Litestar([Router("", route_handlers=[forgotten])], openapi_config=None).routes)


def test_a_policy_without_a_route_stops_start_up():
    with pytest.raises(PolicyError, match="without a route"):
        check_policy([])


def test_every_policy_says_who_may(app):
    for key, policy in POLICY.items():
        assert policy.permission, key
        assert policy.public or policy.half_way or policy.roles or policy.machine, key
        assert not (policy.public and policy.event), f"{key}: a public page has nobody to record"


def test_a_get_never_opens_a_write_transaction_of_a_person(client_as, database, monkeypatch):
    opened = []
    scoped = database.scoped
    monkeypatch.setattr(
        database, "scoped",
        lambda scope, writes=False, **more: opened.append(writes) or scoped(scope, writes=writes, **more),
    )
    client_as("administrator").get("/admin")
    assert opened == [False]
