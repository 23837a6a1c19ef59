"""Locks, waits and sessions at the very instant that they begin or end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from monitor.access import accounts, lockout
from monitor.access.auth_sessions import (
    ABSOLUTE,
    MOST,
    SLIDE_EVERY,
    SessionOver,
    forget_ended,
    hash_of,
    identify,
    live_sessions,
    lock,
    membership_of,
    open_session,
    renew,
    revoke,
    spend,
    still_there,
)
from monitor.access.door import Door
from monitor.access.lockout import LOCKED, MASS_LOCKED, MASS_WINDOW, TRIES, WINDOW, release, take_try, used_up_lately
from monitor.access.sign_in import note_refusal
from monitor.config import Settings
from monitor.models import AuditEntry, AuthSession
from monitor.models.auth_session import SignInAttempt
from monitor.users import lock_subjects
from tests.monitor.access.test_between_two_moments import NOW, SECRET, told
from tests.monitor.access.test_between_two_moments import door as door
from tests.monitor.access.test_between_two_moments import person as person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
INSTANT = timedelta(microseconds=1)


def tried(database, subject: bytes, now, profile: lockout.Profile = "cjis") -> int | None:
    with database.system("test: a try") as session, session.begin():
        return take_try(session, subject, now, "account", profile)


def test_tries_are_numbered_and_begin_anew_a_quarter_of_an_hour_after_the_first(database):
    assert [tried(database, b"a", NOW) for _ in range(TRIES - 1)] == [1, 2, 3, 4]
    assert tried(database, b"a", NOW + WINDOW) == 1
    assert [tried(database, b"b", NOW) for _ in range(TRIES - 1)] == [1, 2, 3, 4]
    assert tried(database, b"b", NOW + WINDOW - INSTANT) == 5
    assert tried(database, b"b", NOW + WINDOW - INSTANT) is None
    with database.system("test: what is kept", writes=False) as session:
        rows = session.scalars(select(SignInAttempt)).all()
    kept = {row.subject: (row.attempts, row.window_started_at, row.kind) for row in rows}
    assert kept == {b"a": (1, NOW + WINDOW, "account"), b"b": (LOCKED, NOW, "account")}


@pytest.mark.parametrize(("before", "seconds"), [(4, 0), (5, 15), (10, 60), (20, 300), (50, 900), (99, 900)])
def test_in_profile_nist_the_next_try_waits_to_the_second(database, before, seconds):
    with database.system("test: tries before") as session, session.begin():
        session.add(SignInAttempt(subject=b"a", window_started_at=NOW, attempts=before, kind="account"))
    wait = timedelta(seconds=seconds)
    if seconds:
        assert tried(database, b"a", NOW + wait - INSTANT, "nist") is None
    assert tried(database, b"a", NOW + wait, "nist") == before + 1


def many(session, count: int, now, attempts: int = TRIES) -> None:
    tries = {"window_started_at": now, "attempts": attempts, "kind": "account"}
    session.add_all(SignInAttempt(subject=bytes([n]) * 32, **tries) for n in range(count))


@pytest.mark.parametrize(("others", "mass"), [(MASS_LOCKED, []), (MASS_LOCKED + 1, ["denied"])])
def test_more_locked_at_once_than_typing_errors_explain_is_an_attack(database, door, person, others, mass):
    with database.system("test: others") as session, session.begin():
        many(session, others, NOW - MASS_WINDOW + INSTANT)
    for number in (TRIES - 1, TRIES, None):
        with database.system("test: refused") as session, session.begin():
            note_refusal(session, door, "session.refused", person.user_id, number, NOW)
    assert told(database, "session.refused") == ["denied"] * 2
    assert told(database, "session.locked") == ["denied"]
    assert told(database, "account.locked") == ["denied"]
    assert told(database, "account.mass_lock") == mass
    with database.system("test: the trail", writes=False) as session:
        entries = {one.event: one for one in session.scalars(select(AuditEntry))}
    assert entries["account.locked"].detail == {"profile": "cjis"}
    assert entries["session.refused"].user_id == person.user_id


def test_locks_of_before_the_last_minutes_and_tries_that_were_not_used_up_are_no_attack(database):
    with database.system("test: others") as session, session.begin():
        many(session, 3, NOW - MASS_WINDOW)
        assert used_up_lately(session, NOW) == 0
        assert used_up_lately(session, NOW - INSTANT) == 3
        session.execute(update(SignInAttempt).values(attempts=TRIES - 1))
        assert used_up_lately(session, NOW - INSTANT) == 0


def test_whose_five_tries_are_used_up_stands_among_the_locked_and_is_released(database, door, person):
    who = signed_in(database, person)
    for n, subject in enumerate(lock_subjects(SECRET, person.email, person.user_id)):
        with database.system("test: used up") as session, session.begin():
            session.add(SignInAttempt(subject=subject, window_started_at=NOW, attempts=TRIES - n, kind="account"))
    assert accounts.locked(door) == {person.user_id}
    assert accounts.release(door, who, person.user_id, NOW)
    assert accounts.locked(door) == frozenset()
    with database.system("test: tries", writes=False) as session:
        assert session.scalars(select(SignInAttempt)).all() == []
    assert told(database, "user.released") == ["done"]
    assert not accounts.release(door, who, person.user_id + 1, NOW)


def test_a_release_is_of_that_account_alone(database):
    for subject in (b"a", b"b"):
        tried(database, subject, NOW)
    with database.system("test: release") as session, session.begin():
        release(session, b"a")
    assert (tried(database, b"a", NOW), tried(database, b"b", NOW)) == (1, 2)


def opened(database, person, now=NOW, how="totp", door: Door | None = None) -> str:
    with database.system("test: signed in") as session, session.begin():
        role = membership_of(session, person.user_id, now)
        return open_session(session, person.user_id, role, now, how=how, door=door)


def signed_in(database, person):
    who = identify(database, opened(database, person), NOW)
    assert who is not None
    return who


def test_the_idle_clock_moves_after_a_minute_to_the_second(database, person):
    token = opened(database, person)
    for now, seen in ((SLIDE_EVERY - INSTANT, timedelta()), (SLIDE_EVERY, SLIDE_EVERY)):
        assert identify(database, token, NOW + now)
        with database.system("test: seen", writes=False) as session:
            assert session.scalar(select(AuthSession.seen_at)) == NOW + seen


def test_a_new_token_keeps_what_is_known_of_the_browser_and_of_how_one_signed_in(database, person):
    door = Door(database, Settings(secret_key=SECRET), asked_from="10.0.0.7", browser="A browser of the office")
    token, later = opened(database, person, door=door), NOW + timedelta(minutes=1)
    who = identify(database, token, later)
    with database.system("test: a new token") as session, session.begin():
        new = renew(session, who, later)
        row = session.scalars(select(AuthSession).where(AuthSession.token_hash == hash_of(new))).one()
        assert (row.asked_from, row.browser, row.how) == ("10.0.0.7", "A browser of the office", "totp")
        assert (row.created_at, row.seen_at, row.mfa_at, row.membership_id) == (NOW, later, NOW, who.membership_id)


def test_one_could_go_on_with_a_session_for_twelve_hours_of_both_factors_until_it_is_ended(database, person):
    half, first, second, gone = (
        opened(database, person, NOW + n * INSTANT, how) for n, how in enumerate(("", "totp", "totp", "totp"))
    )
    with database.system("test: one's own sessions") as session, session.begin():
        revoke(session, hash_of(gone), NOW)
        live = [row.token_hash for row in live_sessions(session, person.user_id, NOW + ABSOLUTE)]
        assert live == [hash_of(second), hash_of(first)]
        assert [row.token_hash for row in live_sessions(session, person.user_id, NOW + ABSOLUTE + INSTANT)] == live[:1]
        assert live_sessions(session, person.user_id + 1, NOW) == []
    assert identify(database, half, NOW)


def test_the_tenth_browser_ends_none(database, person):
    tokens = [opened(database, person, NOW + n * INSTANT) for n in range(MOST)]
    assert all(identify(database, token, NOW + timedelta(seconds=1)) for token in tokens)


def test_what_is_asked_again_once_a_request_has_come_holds_unless_it_was_locked_or_ended(database, person):
    token = opened(database, person)
    who = identify(database, token, NOW)
    assert still_there(database, who, NOW)
    with database.system("test: locked meanwhile") as session, session.begin():
        lock(session, who.session, NOW)
    assert not still_there(database, who, NOW)
    assert still_there(database, identify(database, token, NOW), NOW), "who is locked and asks to be let in"
    assert not still_there(database, who, NOW + ABSOLUTE)


def test_what_cannot_come_back_is_forgotten_at_the_instant_it_cannot(database, person):
    opened(database, person)
    tried(database, b"a", NOW)
    for age, gone in ((WINDOW - INSTANT, 0), (WINDOW, 1), (ABSOLUTE - INSTANT, 0), (ABSOLUTE, 1)):
        with database.system("test: forget") as session, session.begin():
            assert forget_ended(session, NOW + age) == gone, age


def test_a_session_that_was_ended_meanwhile_is_not_ended_again_for_a_new_one(database, person):
    token = opened(database, person)
    with database.system("test: ended") as session, session.begin():
        revoke(session, hash_of(token), NOW)
        with pytest.raises(SessionOver):
            spend(session, hash_of(token), NOW)
