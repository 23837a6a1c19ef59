"""Who is right is never locked out: a right code or password begins the count anew, wherever it is asked for."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from monitor.access import step_up, totp
from monitor.access.auth_sessions import identify, lock, membership_of, open_session
from monitor.access.identity import Identity
from monitor.access.lockout import TRIES
from monitor.models import SignInAttempt
from tests.monitor.access.test_between_two_moments import NOW, PASSWORD, TOTP, told
from tests.monitor.access.test_between_two_moments import door as door
from tests.monitor.access.test_between_two_moments import person as person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
STEP = timedelta(seconds=30)


@pytest.fixture
def who(database, person) -> Identity:
    """The officer, signed in with both factors."""
    with database.system("test: signed in") as session, session.begin():
        token = open_session(session, person.user_id, membership_of(session, person.user_id, NOW), NOW, how="totp")
    return read(database, token, NOW)


def read(database, token: str | None, now) -> Identity:
    assert token is not None
    found = identify(database, token, now)
    assert found is not None
    return found


def test_more_right_codes_than_tries_within_the_window_confirm_each_time(database, door, who):
    for n in range(TRIES + 2):
        now = NOW + n * STEP
        who = read(database, step_up.confirm(door, who, totp.code_after(TOTP, 0, now), "", now), now)
        assert (who.mfa_at, who.how) == (now, "totp")
    assert counted(database) == []


def test_more_right_passwords_than_tries_within_the_window_unlock_each_time(database, door, who):
    for n in range(TRIES + 2):
        now = NOW + n * STEP
        with database.system("test: the screen is locked") as session, session.begin():
            lock(session, who.session, now)
        who = read(database, step_up.unlock(door, read_locked(who), PASSWORD, "", now), now)
        assert not who.locked
    assert counted(database) == []
    assert told(database, "session.unlocked") == ["done"] * (TRIES + 2)


def read_locked(who: Identity) -> Identity:
    return msgspec.structs.replace(who, locked=True)


def counted(database) -> list[int]:
    """Tries that are held against somebody still."""
    with database.system("test: tries", writes=False) as session:
        return list(session.scalars(select(SignInAttempt.attempts)))
