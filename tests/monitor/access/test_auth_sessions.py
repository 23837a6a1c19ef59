"""Sessions end when they should, and stay ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from monitor.access import auth_sessions
from monitor.access.auth_sessions import (
    forget_ended,
    hash_of,
    identify,
    lock,
    membership_of,
    open_session,
    renew,
    revoke,
    revoke_all,
)
from monitor.access.lockout import take_try
from monitor.access.roles import Role
from monitor.models import Agency, AuthSession, Membership, User
from tests.web.accounts import new_account

START = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def user_id(database) -> int:
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.OFFICER).user_id


def opened(database, user_id, *, mfa=True, now=START) -> str:
    with database.system("test: open") as session, session.begin():
        return open_session(session, user_id, membership_of(session, user_id, now), now, how="totp" if mfa else "")


def test_thirty_idle_minutes_lock_a_session(database, user_id):
    assert identify(database, opened(database, user_id), START + 29 * MINUTE).signed_in
    idle = identify(database, opened(database, user_id), START + 30 * MINUTE)
    assert idle.locked and not idle.signed_in


def test_what_is_locked_stays_locked_until_it_ends(database, user_id):
    token = opened(database, user_id)
    looks = [identify(database, token, START + minutes * MINUTE) for minutes in (31, 32, 60, 719)]
    assert all(who.locked for who in looks), "asking again does not unlock it"
    assert identify(database, token, START + 720 * MINUTE) is None


def test_a_person_locks_the_screen_before_time(database, user_id):
    token = opened(database, user_id)
    with database.system("test: lock") as session, session.begin():
        lock(session, hash_of(token), START + MINUTE)
    assert identify(database, token, START + 2 * MINUTE).locked


def test_a_new_token_is_no_new_twelve_hours(database, user_id):
    old = opened(database, user_id)
    later = START + timedelta(hours=11)
    with database.system("test: renew") as session, session.begin():
        session.execute(update(AuthSession).values(seen_at=later))
    who = identify(database, old, later)
    with database.system("test: renew") as session, session.begin():
        new = renew(session, who, later, how="totp")
    assert identify(database, old, later) is None
    assert identify(database, new, later).mfa_at == later
    assert identify(database, new, START + timedelta(hours=12)) is None


def test_the_eleventh_browser_ends_the_oldest(database, user_id):
    tokens = [opened(database, user_id, now=START + n * timedelta(seconds=1)) for n in range(11)]
    alive = [identify(database, token, START + MINUTE) is not None for token in tokens]
    assert alive == [False] + [True] * 10


def test_a_temporary_account_ends_on_its_day(database, user_id):
    token = opened(database, user_id)
    with database.system("test: temporary") as session, session.begin():
        session.execute(update(User).values(ends_on=date(2026, 11, 25)))
        assert membership_of(session, user_id, START) is None
    assert identify(database, token, START + MINUTE) is None


def test_work_keeps_it_alive_for_twelve_hours_and_no_longer(database, user_id):
    token = opened(database, user_id)
    alive = [identify(database, token, START + 20 * n * MINUTE) is not None for n in range(1, 40)]
    assert alive == [True] * 35 + [False] * 4
    assert not identify(database, token, START + 719 * MINUTE).locked


def test_the_idle_clock_is_written_at_most_once_a_minute(database, user_id):
    token = opened(database, user_id)
    identify(database, token, START + timedelta(seconds=59))
    assert seen(database, token) == START
    identify(database, token, START + timedelta(seconds=61))
    assert seen(database, token) == START + timedelta(seconds=61)


def test_polling_does_not_count_as_work(database, user_id):
    token = opened(database, user_id)
    for n in range(1, 4):
        identify(database, token, START + 9 * n * MINUTE, slide=False)
    assert identify(database, token, START + 30 * MINUTE, slide=False).locked


def test_a_password_alone_lives_ten_minutes(database, user_id):
    token = opened(database, user_id, mfa=False)
    half_way = identify(database, token, START + 9 * MINUTE)
    assert half_way is not None
    assert not half_way.signed_in
    assert identify(database, token, START + 10 * MINUTE) is None


def test_a_request_in_flight_does_not_bring_a_revoked_session_back(database, user_id):
    """The slow request was identified before the sign-out and moves the idle clock after it."""
    token = opened(database, user_id)
    assert identify(database, token, START + 2 * MINUTE) is not None
    with database.system("test: sign out") as session, session.begin():
        revoke(session, hash_of(token), START + 3 * MINUTE)
    from monitor.access.auth_sessions import _slide

    assert not _slide(database, hash_of(token), START + 4 * MINUTE)
    assert identify(database, token, START + 4 * MINUTE) is None
    assert seen(database, token) == START + 2 * MINUTE


def test_revoking_all_ends_every_browser(database, user_id):
    tokens = [opened(database, user_id) for _ in range(3)]
    with database.system("test: reset") as session, session.begin():
        revoke_all(session, user_id, START)
    assert [identify(database, token, START + MINUTE) for token in tokens] == [None] * 3


@pytest.mark.parametrize("token", ["", "unknown", "x" * 5000, "\0", "é"])
def test_a_token_nobody_was_given_is_nobody(database, token):
    assert identify(database, token, START) is None


def test_the_token_itself_is_not_in_the_database(database, user_id):
    token = opened(database, user_id)
    with database.system("test: read", writes=False) as session:
        assert token.encode() not in session.scalar(select(AuthSession.token_hash))


def test_a_role_that_has_ended_ends_the_session_at_midnight_of_the_agency(database, user_id):
    token = opened(database, user_id)
    with database.system("test: end the role") as session, session.begin():
        session.execute(update(Membership).values(until_on=date(2026, 11, 26)))
    late_evening = datetime(2026, 11, 26, 7, 59, tzinfo=UTC)  # 11:59 PM on the 25th in Los Angeles
    keep = opened(database, user_id, now=late_evening)
    assert identify(database, keep, late_evening) is not None
    assert identify(database, keep, late_evening + 2 * MINUTE) is None
    assert identify(database, token, late_evening) is None


def test_a_disabled_person_has_no_session(database, user_id):
    token = opened(database, user_id)
    with database.system("test: disable") as session, session.begin():
        session.execute(update(User).values(disabled_at=START))
    assert identify(database, token, START + MINUTE) is None


def test_it_says_who_and_for_which_agency(database, user_id):
    who = identify(database, opened(database, user_id), START)
    assert who is not None
    with database.system("test: read", writes=False) as session:
        agency_id = session.scalar(select(Agency.id))
    assert (who.user_id, who.role, who.agency_id, who.zone) == (user_id, Role.OFFICER, agency_id, "America/Los_Angeles")
    assert who.scope.agency_id == agency_id


def test_ended_sessions_and_old_counts_are_forgotten_but_a_lock_is_not(database, user_id):
    old, live = opened(database, user_id), opened(database, user_id, now=START + 13 * 60 * MINUTE)
    later = START + 13 * 60 * MINUTE + MINUTE
    with database.system("test: tries") as session, session.begin():
        take_try(session, b"a" * 32, START, "account", "cjis")
        for _ in range(6):
            take_try(session, b"b" * 32, START, "account", "cjis")
        assert forget_ended(session, later) == 2
    assert identify(database, old, later) is None
    assert identify(database, live, later) is not None
    with database.system("test: tries") as session, session.begin():
        assert not take_try(session, b"b" * 32, later, "account", "cjis")


def seen(database, token):
    with database.system("test: read", writes=False) as session:
        return session.scalar(select(AuthSession.seen_at).where(AuthSession.token_hash == hash_of(token)))


def test_a_session_that_is_ended_in_the_very_moment_it_is_asked_about_does_not_live_on(database, user_id, monkeypatch):
    """Two processes: one looked and found it live, the other ended it, and only then the first moves its clock."""
    token = opened(database, user_id)
    looked = auth_sessions.holds

    def ended_meanwhile(row, now):
        with database.system("test: end it") as session, session.begin():
            revoke(session, hash_of(token), now)
        return looked(row, now)

    assert identify(database, token, START + 2 * MINUTE) is not None
    monkeypatch.setattr(auth_sessions, "holds", ended_meanwhile)
    assert identify(database, token, START + 4 * MINUTE) is None
