"""Passkeys where a site has a name of its own, and what of a device's answer is refused however well it is signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from monitor.access import passkeys, step_up
from monitor.access.auth_sessions import identify, membership_of, open_session
from monitor.access.door import Door
from monitor.access.roles import Role
from monitor.config import Settings
from monitor.models import AuditEntry
from tests.web.accounts import BASE, SECRET, sign_in_as
from tests.web.soft_key import SoftKey
from tests.web.test_passkeys import whys

NOW = datetime.now(UTC)


@pytest.fixture
def door(database):
    return Door(database, Settings(secret_key=SECRET, base_url=BASE))


def somebody(database, name):
    _, token = sign_in_as(database, Role.OFFICER, None, name)
    return identify(database, token, NOW)


def enrolled(door, who, key):
    options = json.loads(passkeys.enrol_options(door, who, NOW))
    return passkeys.enrol(door, who, key.create(options), "A key", NOW)


def again(database, token):
    return identify(database, token, NOW)


def answered(door, key, who=None):
    return key.get(json.loads(passkeys.answer_options(door, who, NOW)))


@pytest.mark.parametrize(
    ("base", "domain", "origin"),
    [
        ("https://monitor.example.gov", "monitor.example.gov", "https://monitor.example.gov"),
        ("https://monitor.example.gov:8443/", "monitor.example.gov", "https://monitor.example.gov:8443"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://localhost", "localhost", "http://localhost"),
    ],
)
def test_a_passkey_is_bound_to_the_name_of_the_site(base, domain, origin):
    assert passkeys.relying_party(base) == (domain, origin)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_at_a_site_of_its_own_name_only_an_answer_for_that_name_signs_in(database):
    own = Door(database, Settings(secret_key=SECRET, base_url="https://monitor.example.gov"))
    key, who = SoftKey("monitor.example.gov"), somebody(database, "Alex Reyes")
    options = json.loads(passkeys.enrol_options(own, who, NOW))
    assert options["rp"]["id"] == "monitor.example.gov"
    assert passkeys.enrol(own, who, key.create(options, origin="https://monitor.example.gov"), "A key", NOW)
    for origin, opens in (("https://monitor.example.com", False), ("https://monitor.example.gov", True)):
        asked = json.loads(passkeys.answer_options(own, None, NOW))
        assert asked["rpId"] == "monitor.example.gov"
        token = passkeys.sign_in(own, key.get(asked, origin=origin), NOW)
        assert (token is not None) == opens


def test_a_passkey_that_somebody_has_is_nobody_elses(door, database):
    key, owner = SoftKey(), somebody(database, "Alex Reyes")
    assert enrolled(door, owner, key)
    thief = somebody(database, "Bo Lang")
    assert enrolled(door, thief, key) is None
    assert whys(database) == ["known"]
    token = passkeys.sign_in(door, answered(door, key), NOW)
    assert token and again(database, token).user_id == owner.user_id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_person_holds_ten_passkeys_and_an_eleventh_is_not_kept(door, database):
    who = somebody(database, "Alex Reyes")
    for _ in range(passkeys.MOST):
        token = enrolled(door, who, SoftKey())
        assert token
        who = again(database, token)
    assert enrolled(door, who, SoftKey()) is None
    assert whys(database) == ["too_many"]
    assert again(database, token), "the session that asked goes on"


def test_who_gave_a_password_and_then_a_passkey_leaves_no_session_half_way(door, database):
    key, who = SoftKey(), somebody(database, "Alex Reyes")
    assert enrolled(door, who, key)
    with database.system("test: half way") as session, session.begin():
        half = open_session(session, who.user_id, membership_of(session, who.user_id, NOW), NOW)
    half_way = identify(database, half, NOW)
    assert half_way is not None and not half_way.signed_in
    token = passkeys.sign_in(door, answered(door, key), NOW, half_way)
    assert again(database, token).signed_in
    assert again(database, half) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("raw", [None, 7, "no base 64 ä", ["a"]])
def test_an_answer_to_our_challenge_that_names_no_passkey_is_refused(door, database, raw):
    told = json.loads(answered(door, SoftKey()))
    told["rawId"] = raw
    assert passkeys.sign_in(door, json.dumps(told), NOW) is None
    [why] = whys(database)
    assert why in ("unreadable", "unknown")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_confirms_or_unlocks_with_a_passkey_is_in_the_trail_with_it(door, database):
    key, who = SoftKey(), somebody(database, "Alex Reyes")
    who = again(database, enrolled(door, who, key))
    who = again(database, step_up.confirm(door, who, "", answered(door, key, who), NOW))
    assert step_up.unlock(door, who, "", answered(door, key, who), NOW)
    with database.system("test: the trail", writes=False) as session:
        rows = session.execute(select(AuditEntry.event, AuditEntry.detail).order_by(AuditEntry.number)).all()
    assert [(row.event, row.detail) for row in rows][-2:] == [
        ("session.step_up", {"how": "passkey"}), ("session.unlocked", {"how": "passkey"}),
    ]  # fmt: skip
