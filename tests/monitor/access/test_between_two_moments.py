"""What changes between two moments of one person's signing in, or of two people's deciding, opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update

from monitor.access import account, accounts, sign_in, totp
from monitor.access.auth_sessions import identify, membership_of, open_session
from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.access.recovery_codes import new_recovery_codes
from monitor.access.roles import Role
from monitor.access.sign_in import SetUp
from monitor.config import Settings
from monitor.models import AuditEntry, Membership, User
from tests.web.accounts import BASE, PASSWORD, SECRET, TOTP, new_account

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
NEW = "nine quiet lanterns on a hill"


@pytest.fixture
def door(database):
    return Door(database, Settings(secret_key=SECRET, base_url=BASE))


@pytest.fixture
def person(database):
    """An officer with both factors; their account."""
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.OFFICER)


def half_way(database, user_id: int) -> tuple[str, Identity]:
    """After the password, before the code."""
    with database.system("test: half way") as session, session.begin():
        token = open_session(session, user_id, membership_of(session, user_id, NOW), NOW)
    who = identify(database, token, NOW)
    assert who is not None and not who.signed_in
    return token, who


def told(database, event: str) -> list[str]:
    """How that ended, as the trail has it."""
    with database.system("test: the trail", writes=False) as session:
        return list(session.scalars(select(AuditEntry.outcome).where(AuditEntry.event == event)))


def of_user(database, user_id: int, column):
    with database.system("test: a person", writes=False) as session:
        return session.scalar(select(column).where(User.id == user_id))


def set_of_user(database, user_id: int, **values: object) -> None:
    with database.system("test: change a person") as session, session.begin():
        session.execute(update(User).where(User.id == user_id).values(**values))


def test_whose_role_ended_between_password_and_code_comes_in_no_further_and_it_is_recorded(database, door, person):
    token, who = half_way(database, person.user_id)
    with database.system("test: the role ends") as session, session.begin():
        session.execute(update(Membership).values(until_on=NOW.date() - timedelta(days=1)))
    assert sign_in.give_code(door, who, totp.code_after(TOTP, 0, NOW), NOW) is None
    assert identify(database, token, NOW) is None, "nor is the session half way still open"
    assert told(database, "session.opened") == []
    assert told(database, "session.refused") == ["denied"]


def test_a_password_kept_in_an_older_way_is_kept_in_todays_after_the_next_right_one_and_never_after_a_wrong_one(
    database, door, person
):
    old = Argon2Hasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    set_of_user(database, person.user_id, password_hash=old)
    assert sign_in.give_password(door, person.email, "not that password at all", NOW) is None
    assert of_user(database, person.user_id, User.password_hash) == old
    assert sign_in.give_password(door, person.email, PASSWORD, NOW)
    kept = of_user(database, person.user_id, User.password_hash)
    assert kept != old
    assert sign_in.give_password(door, person.email, PASSWORD, NOW)
    assert of_user(database, person.user_id, User.password_hash) == kept, "once is enough"


def test_of_two_tabs_that_set_an_account_up_the_second_changes_nothing(database, door, person):
    set_of_user(database, person.user_id, totp_secret=None)
    _, who = half_way(database, person.user_id)
    secret, sealed = sign_in.new_set_up(door, who)
    typed = SetUp(NEW, NEW, sealed, totp.code_after(secret, 0, NOW))
    assert sign_in.demo_code(door, who, NOW) == "", "who has no app yet has no code"
    assert sign_in.keep_set_up(door, who, typed, NOW)
    first = of_user(database, person.user_id, User.password_hash)
    other = msgspec.structs.replace(typed, password=PASSWORD, again=PASSWORD)
    assert sign_in.keep_set_up(door, who, other, NOW) is None
    assert of_user(database, person.user_id, User.password_hash) == first


def test_two_passwords_that_differ_change_nothing_and_are_recorded(database, door, person):
    _, who = half_way(database, person.user_id)
    before = of_user(database, person.user_id, User.password_hash)
    assert set(account.change_password(door, who, NEW, f"{NEW}!", NOW)) == {"again"}
    assert of_user(database, person.user_id, User.password_hash) == before
    assert told(database, "password.changed") == ["denied"]


def test_a_person_turns_their_own_morning_letter_on_and_off_and_it_is_recorded(database, door, person):
    _, who = half_way(database, person.user_id)
    for wanted in (True, False):
        account.want_digest(door, who, wanted, NOW)
        assert of_user(database, person.user_id, User.digest) is wanted
    assert told(database, "account.digest") == ["done", "done"]


def test_nobodys_sessions_cannot_be_ended_and_nothing_is_recorded_of_it(database, door, person):
    _, who = half_way(database, person.user_id)
    assert accounts.end_sessions(door, who, person.user_id + 1, NOW) is False
    assert told(database, "user.sessions_ended") == []


def test_a_session_and_the_trail_say_with_which_factor_it_was_opened(database, door, person):
    with database.system("test: codes on paper") as session, session.begin():
        paper = new_recovery_codes(session, SECRET, person.user_id, NOW)[0]
    for typed, how in ((totp.code_after(TOTP, 0, NOW), "totp"), (paper, "recovery")):
        _, who = half_way(database, person.user_id)
        assert identify(database, sign_in.give_code(door, who, typed, NOW), NOW).how == how
    with database.system("test: the trail", writes=False) as session:
        details = session.scalars(select(AuditEntry.detail).where(AuditEntry.event == "session.opened"))
        assert sorted(detail["how"] for detail in details) == ["recovery", "totp"]
