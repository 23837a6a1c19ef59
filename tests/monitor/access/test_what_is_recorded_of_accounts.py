"""Each act of signing in, and at an account or machine: its whole entry in the trail, and what became of the act."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from monitor import audit
from monitor.access import account, accounts, lockout, machines, passkeys, sign_in, step_up, totp
from monitor.access.auth_sessions import identify, lock, membership_of, open_session
from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.access.machines import MachineError, NewMachine
from monitor.access.roles import Role
from monitor.config import Settings
from monitor.models import AuditEntry, Membership, User
from monitor.models.auth_session import SignInAttempt
from monitor.users import lock_subjects
from tests.builders import build_town
from tests.monitor.access.test_between_two_moments import NEW, NOW, PASSWORD, SECRET, TOTP, half_way
from tests.web.accounts import BASE, new_account
from tests.web.soft_key import SoftKey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
LATER = NOW + timedelta(seconds=61)


@pytest.fixture
def door(database) -> Door:
    return Door(database, Settings(secret_key=SECRET, base_url=BASE), "request-7", "10.0.0.7", "A browser")


@pytest.fixture
def person(database):
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.OFFICER)


@pytest.fixture
def who(database, person) -> Identity:
    with database.system("test: signed in") as session, session.begin():
        token = open_session(session, person.user_id, membership_of(session, person.user_id, NOW), NOW, how="totp")
    return back(database, token)


def back(database, token: object, now: datetime = NOW) -> Identity:
    assert isinstance(token, str)
    found = identify(database, token, now)
    assert found is not None
    return found


def trail(database) -> list[tuple[Any, ...]]:
    """Every entry since the account was added: what, how it ended, about which rows, and what else it says."""
    with database.system("test: the trail", writes=False) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.event != "user.added").order_by(AuditEntry.number))
        return [(one.event, one.outcome, one.subjects, one.detail) for one in found]


def entry(database) -> AuditEntry:
    with database.system("test: the trail", writes=False) as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).one()


def test_an_entry_says_who_for_whom_in_which_session_and_from_where(database, door, who):
    sign_in.sign_out(door, who, NOW)
    last = entry(database)
    said = (last.user_id, last.agency_id, last.session_mark, last.request_id, last.asked_from, last.at, last.component)
    mark = audit.session_mark(who.session)
    assert said == (who.user_id, who.agency_id, mark, "request-7", "10.0.0.7", NOW, "web")
    assert trail(database) == [("session.closed", "done", [], {})]
    with database.system("test: over", writes=False) as session:
        assert account.live_sessions(session, who.user_id, NOW) == []


def test_a_password_and_a_code_that_are_right(database, door, person):
    token = sign_in.give_password(door, f" {person.email.upper()} ", PASSWORD, NOW)
    half = back(database, token)
    assert (half.signed_in, half.how) == (False, "")
    assert trail(database) == [("session.password_given", "done", [], {})]
    assert entry(database).user_id == person.user_id
    signed = back(database, sign_in.give_code(door, half, totp.code_after(TOTP, 0, NOW), NOW))
    assert (signed.signed_in, signed.mfa_at, signed.how) == (True, NOW, "totp")
    assert trail(database)[1:] == [("session.opened", "done", [], {"how": "totp"})]
    with database.system("test: the account", writes=False) as session:
        assert session.get_one(User, person.user_id).signed_in_at == NOW
        assert session.scalars(select(SignInAttempt)).all() == []
        (line,) = account.live_sessions(session, person.user_id, NOW)
        assert (line.asked_from, line.browser) == ("10.0.0.7", "A browser")


REFUSED = {
    "a wrong password": {},
    "a closed account": {"disabled_at": NOW},
    "a first password whose day is over": {"password_until": NOW},
}


@pytest.mark.parametrize("values", REFUSED.values(), ids=REFUSED.keys())
def test_a_password_that_opens_nothing(database, door, person, values):
    with database.system("test: change a person") as session, session.begin():
        session.execute(update(User).values(**values)) if values else None
    typed = PASSWORD if values else "not the right password"
    assert sign_in.give_password(door, person.email, typed, NOW) is None
    assert trail(database) == [("session.refused", "denied", [], {})]
    assert entry(database).user_id == person.user_id
    if "password_until" in values:
        assert sign_in.give_password(door, person.email, PASSWORD, NOW - timedelta(microseconds=1)), "to its last one"


def test_an_address_that_is_nobodys(database, door):
    assert sign_in.give_password(door, "nobody@agency.example", PASSWORD, NOW) is None
    assert trail(database) == [("session.refused", "denied", [], {})]
    assert entry(database).user_id is None


def test_a_code_of_somebody_whose_tries_are_used_up(database, door, person):
    _, half = half_way(database, person.user_id)
    subject = lock_subjects(SECRET, person.email, person.user_id)[1]
    with database.system("test: used up") as session, session.begin():
        row = SignInAttempt(subject=subject, window_started_at=NOW, attempts=lockout.TRIES, kind="code")
        session.add(row)
    assert sign_in.give_code(door, half, totp.code_after(TOTP, 0, NOW), NOW) is None
    assert trail(database) == [("session.locked", "denied", [], {})]


def test_a_first_sign_in_keeps_password_and_app_and_ends_all_else(database, door, person):
    with database.system("test: a new account") as session, session.begin():
        session.execute(update(User).values(totp_secret=None, password_until=NOW + timedelta(hours=1), password_list=0))
    (other, _), (_, half) = half_way(database, person.user_id), half_way(database, person.user_id)
    secret, sealed = sign_in.new_set_up(door, half)
    given = sign_in.SetUp(NEW, NEW, sealed, totp.code_after(secret, 0, NOW))
    assert sign_in.set_up_problems(door, half, given, NOW) == {}
    wrong = sign_in.SetUp("short", NEW, sealed, "000000")
    assert set(sign_in.set_up_problems(door, half, wrong, NOW)) == {"password", "again", "code"}
    signed = back(database, sign_in.keep_set_up(door, half, given, NOW))
    assert (signed.signed_in, signed.how, identify(database, other, NOW)) == (True, "totp", None)
    assert trail(database) == [("session.set_up", "done", [], {"how": "totp"})]
    with database.system("test: the account", writes=False) as session:
        user = session.get_one(User, person.user_id)
        assert (user.password_until, user.password_list) == (None, sign_in.LIST_VERSION)
        assert user.last_totp_step == int(NOW.timestamp()) // 30, "its code is used up"
    assert sign_in.give_password(door, person.email, NEW, NOW)


LISTED = sign_in.LIST_VERSION


@pytest.mark.parametrize(("kept", "now", "told"), [(0, -1, 1), (LISTED, LISTED, 0), (-1, -1, 0)])
def test_a_password_that_came_onto_the_list_has_to_be_changed(database, door, person, monkeypatch, kept, now, told):
    monkeypatch.setattr(sign_in, "is_common", lambda _password: True)
    with database.system("test: kept before") as session, session.begin():
        session.execute(update(User).values(password_list=kept))
    assert sign_in.give_password(door, person.email, PASSWORD, NOW)
    assert trail(database)[:-1] == [("password.on_list", "done", [], {})] * told
    with database.system("test: the account", writes=False) as session:
        assert session.get_one(User, person.user_id).password_list == now


def test_a_fresh_factor_by_code_and_by_passkey_and_one_that_does_not_hold(database, door, who):
    assert step_up.confirm(door, who, "000000", "", NOW) is None
    fresh = back(database, step_up.confirm(door, who, totp.code_after(TOTP, 0, LATER), "", LATER), LATER)
    assert (fresh.mfa_at, fresh.how) == (LATER, "totp")
    key = SoftKey()
    options = json.loads(passkeys.enrol_options(door, fresh, LATER))
    with_key = back(database, passkeys.enrol(door, fresh, key.create(options), "A key", LATER), LATER)
    (line,) = account.account_of(door, with_key, LATER).passkeys
    answer = key.get(json.loads(passkeys.answer_options(door, with_key, LATER)))
    later = LATER + timedelta(seconds=9)
    again = back(database, step_up.confirm(door, with_key, "", answer, later), later)
    assert (again.mfa_at, again.how) == (later, "passkey")
    assert trail(database) == [
        ("session.step_up_refused", "denied", [], {}),
        ("session.step_up", "done", [], {"how": "totp"}),
        ("passkey.added", "done", [line.id], {}),
        ("session.step_up", "done", [], {"how": "passkey"}),
    ]


def test_a_screen_that_is_locked_and_unlocked_by_its_owner_alone(database, door, who):
    step_up.lock_screen(door, who, NOW)
    assert step_up.unlock(door, who, "not the right password", "", NOW) is None
    assert not back(database, step_up.unlock(door, who, PASSWORD, "", NOW)).locked
    assert trail(database) == [
        ("session.screen_locked", "done", [], {}),
        ("session.unlock_refused", "denied", [], {}),
        ("session.unlocked", "done", [], {"how": "password"}),
    ]


def test_a_form_is_carried_for_this_session_and_path_alone(door, who):
    fields = [("csrf", "1"), ("note", "é")]
    sealed = step_up.carry(door, who, "/a", fields)
    assert step_up.carried(door, who, "/a", sealed) == fields
    assert step_up.carried(door, who, "/b", sealed) is None
    assert step_up.carried(door, msgspec.structs.replace(who, session=b"x"), "/a", sealed) is None
    assert step_up.carried(door, who, "/a", "no hex") is None


def test_ones_own_account(database, door, person, who):
    (other, _) = half_way(database, person.user_id)
    assert account.account_of(door, who, NOW).codes_left == 0
    assert set(account.change_password(door, who, "short", "short", NOW)) == {"password"}
    who = back(database, account.change_password(door, who, NEW, NEW, NOW))
    assert identify(database, other, NOW) is None
    secret, sealed = sign_in.new_set_up(door, who)
    assert account.change_app(door, who, sealed, "000000", NOW) is None
    assert account.change_app(door, who, "changed", totp.code_after(secret, 0, NOW), NOW) is None
    who = back(database, account.change_app(door, who, sealed, totp.code_after(secret, 0, NOW), NOW))
    token, codes = account.make_recovery_codes(door, who, NOW)
    who = back(database, token)
    assert (len(set(codes)), {len(code) for code in codes}, {code.count("-") for code in codes}) == (10, {19}, {3})
    account.end_others(door, who, NOW)
    page = account.account_of(door, who, NOW)
    assert (page.has_totp, page.codes_left, page.passkeys, page.sign_ons, page.digest) == (True, 10, [], [], True)
    (line,) = page.sessions
    assert (line.here, line.browser, line.since_at, line.seen_at) == (True, "A browser", NOW, NOW)
    assert [(one.title, one.now) for one in page.roles] == [(who.role_title, True)]
    assert not account.end_session(door, who, line.id + 1, NOW)
    assert account.end_session(door, who, line.id, NOW)
    assert trail(database) == [
        ("password.changed", "denied", [], {}),
        ("password.changed", "done", [], {}),
        ("authenticator.changed", "denied", [], {}),
        ("authenticator.changed", "denied", [], {}),
        ("authenticator.changed", "done", [], {}),
        ("recovery_codes.made", "done", [], {}),
        ("session.others_ended", "done", [], {}),
        ("session.ended", "done", [line.id], {}),
    ]


def test_another_role_of_ones_own_and_one_that_is_not(database, door, who):
    with database.system("test: a second role") as session, session.begin():
        since = date(2020, 1, 1)
        second = Membership(user_id=who.user_id, agency_id=who.agency_id, role="officer_supervisor", from_on=since)
        session.add(second)
        session.flush()
        number = second.id
    assert account.switch_role(door, who, number + 1, NOW) is None
    switched = back(database, account.switch_role(door, who, number, NOW))
    assert (switched.role, switched.membership_id) == (Role.OFFICER_SUPERVISOR, number)
    assert trail(database) == [
        ("session.role_switched", "denied", [], {}), ("session.role_switched", "done", [number], {})
    ]  # fmt: skip


def test_what_an_administrator_does_with_an_account(database, door, who):
    with database.system("test: somebody else") as session, session.begin():
        other = new_account(session, Role.OFFICER, name="Robin Sample").user_id
    (token, _) = half_way(database, other)
    assert accounts.end_sessions(door, who, other, NOW) and identify(database, token, NOW) is None
    assert accounts.release(door, who, other, NOW)
    assert not accounts.disable(door, who, who.user_id, NOW), "never one's own"
    assert accounts.disable(door, who, other, NOW) and not accounts.disable(door, who, other, NOW)
    assert trail(database) == [
        ("user.sessions_ended", "done", [other], {}), ("user.released", "done", [other], {}),
        ("user.disabled", "done", [other], {}),
    ]  # fmt: skip
    with database.system("test: the account", writes=False) as session:
        user = session.get_one(User, other)
        assert (user.disabled_at, user.disabled_why) == (NOW, "administrator")


def test_an_alert_is_shown_for_two_weeks_the_newest_first(database, door, who):
    for days, event in ((14, "account.locked"), (13, "passkey.cloned"), (1, "account.mass_lock"), (0, "user.released")):
        with database.system("test: an alert") as session, session.begin():
            whose = who.user_id if event == "passkey.cloned" else None
            act = audit.Act(event=event, user_id=whose)
            audit.append(session, act, audit.audit_key(SECRET), NOW - timedelta(days=days))
    told = accounts.state_of(door, NOW)
    kept = [(NOW - timedelta(days=1), ""), (NOW - timedelta(days=13), who.name)]
    assert [(one.at, one.name) for one in told.alerts] == kept
    assert told.locked == frozenset()


def test_a_machine_from_its_making_to_its_end(database, door, who):
    with database.system("test: a program") as session, session.begin():
        town = build_town(session)
        made = machines.add_machine(session, NewMachine("ehr-north", "near-p", 90), SECRET, NOW, who.user_id)
        for name, days, why in (("ehr-north", 90, "given before"), ("E", 90, "3 to 40"), ("ehr", 91, "90, 180 or 365")):
            with pytest.raises(MachineError, match=why):
                machines.fitting(session, NewMachine(name, "near-p", days))
        with pytest.raises(MachineError, match="No program has the code elsewhere"):
            machines.fitting(session, NewMachine("ehr-two", "elsewhere", 365))
    ends = NOW + timedelta(days=90)
    assert (made.name, made.expires_at, made.secret[:8]) == ("ehr-north", ends, "monitor_")
    assert machines.known_to(database, who.user_id, NOW) == 1
    machine = machines.identify_machine(database, made.secret, SECRET, NOW)
    assert (machine.user_id, machine.role, machine.program_id) == (0, Role.PROGRAM, town.program)
    for now, used in ((NOW + timedelta(seconds=59), NOW), (NOW + timedelta(seconds=60), NOW + timedelta(seconds=60))):
        machines.identify_machine(database, made.secret, SECRET, now)
        ((line,), whose) = machines.list_of(database, now)
        assert (line.used_at, line.state, line.works, line.made_by) == (used, "Works", True, who.name)
    assert whose == [("near-p", "near program")]
    ((line,), _) = machines.list_of(database, ends)
    assert (line.state, line.works, machines.known_to(database, who.user_id, ends)) == ("Expired", False, 0)
    assert machines.revoke_as(door, who, made.machine_id, NOW)
    assert not machines.revoke_as(door, who, made.machine_id, NOW)
    ((line,), _) = machines.list_of(database, NOW)
    assert (line.state, machines.known_to(database, who.user_id, NOW)) == ("Revoked", 0)
    assert machines.identify_machine(database, made.secret, SECRET, NOW) is None
    assert trail(database) == [("machine.revoked", "done", [made.machine_id], {})]


def test_a_locked_screen_does_not_lock_another_browser(database, who):
    with database.system("test: another browser") as session, session.begin():
        token = open_session(session, who.user_id, membership_of(session, who.user_id, NOW), NOW, how="totp")
        lock(session, who.session, NOW)
    assert not back(database, token).locked
