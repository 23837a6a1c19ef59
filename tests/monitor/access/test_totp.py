"""Codes of an authenticator app: one step of drift, each accepted once, the secret sealed to its account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from monitor.access import totp
from monitor.models import User
from monitor.sealing import SealError

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SITE = "a secret of the test site, long enough"
NOW = datetime(2026, 11, 25, 8, 0, 0, tzinfo=UTC)


def test_the_published_vector_of_the_standard():
    """RFC 6238 appendix B, SHA-1, 59 seconds after the epoch: 94287082, of which apps show six digits."""
    import base64

    secret = base64.b32encode(b"12345678901234567890").decode()
    assert totp.step_of(secret, "287082", datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC)) == 1


@pytest.mark.parametrize(("seconds", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_one_step_of_drift_each_way(seconds, accepted):
    import pyotp

    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds))
    assert (totp.step_of(SECRET, code, NOW) is not None) is accepted


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "0" * 5000])
def test_what_is_no_code_is_refused(typed):
    assert totp.step_of(SECRET, typed, NOW) is None


def test_spaces_are_forgiven():
    import pyotp

    code = pyotp.TOTP(SECRET).at(NOW)
    assert totp.step_of(SECRET, f" {code[:3]} {code[3:]} ", NOW) is not None


def test_a_secret_has_160_bits_and_opens_only_for_its_account():
    secret = totp.new_secret()
    assert len(secret) == 32
    sealed = totp.seal_secret(SITE, 7, secret)
    assert secret.encode() not in sealed
    assert totp.unseal_secret(SITE, 7, sealed) == secret
    with pytest.raises(SealError):
        totp.unseal_secret(SITE, 8, sealed)


def test_of_two_posts_of_one_code_exactly_one_succeeds(database):
    with database.system("test: an account") as session, session.begin():
        user = User(email="a@b.example", name="A", password_hash="x", created_at=NOW)
        session.add(user)
        session.flush()
        user_id = user.id

    def spend(_turn: int) -> bool:
        with database.system("test: spend") as session, session.begin():
            return totp.spend_step(session, user_id, 100)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, range(8))) == 1


def test_an_older_step_than_the_last_is_refused(database):
    with database.system("test: spend") as session, session.begin():
        user = User(email="a@b.example", name="A", password_hash="x", created_at=NOW)
        session.add(user)
        session.flush()
        assert totp.spend_step(session, user.id, 100)
        assert not totp.spend_step(session, user.id, 99)
        assert totp.spend_step(session, user.id, 101)
