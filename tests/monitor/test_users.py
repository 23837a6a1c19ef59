"""Accounts are personal, tied to an agency of the right kind, and recoverable only by an administrator."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from monitor.access.lockout import take_try
from monitor.access.passwords import check_password, problems_with
from monitor.access.roles import Role, may_hold
from monitor.models import Agency, AuditEntry, Membership, User
from monitor.users import (
    AccountError,
    NewAccount,
    add_first_agency,
    add_user,
    disable_user,
    grant_role,
    lock_subjects,
    made_up_password,
    release_user,
    reset_user,
)
from tests.web.accounts import SECRET

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture
def session(database):
    with database.system("test: accounts") as opened, opened.begin():
        opened.add(Agency(kind="probation", name="Example Probation", code="PROB", zone="America/Los_Angeles"))
        opened.add(Agency(kind="advocacy", name="Example Advocates", code="ADV", zone="America/Los_Angeles"))
        yield opened


def add(session, email="Ann@Agency.example", role=Role.OFFICER, agency="PROB"):
    new = NewAccount(email=email, name="Ann Lee", role=role, agency_code=agency)
    return add_user(session, new, SECRET, NOW, date(2026, 11, 25))


def test_a_fresh_database_has_no_account(database):
    with database.system("test: count", writes=False) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0


def test_an_added_account_waits_for_its_first_sign_in(session):
    account = add(session)
    user = session.get_one(User, account.user_id)
    assert account.email == "ann@agency.example"
    assert check_password(account.password, user.password_hash).right
    assert user.totp_secret is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"agency": "NONE"}, "no agency"),
        ({"role": Role.JUDGE}, "kind court"),
        ({"role": Role.OFFICER, "agency": "ADV"}, "kind probation"),
        ({"email": "ANN@agency.example "}, "exists already"),
        ({"email": "ann"}, "looks like"),
        ({"email": "a b@agency.example"}, "looks like"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(session, change, said):
    add(session)
    with pytest.raises(AccountError, match=said):
        add(session, **{"email": "other@agency.example", **change})


def test_an_advocate_is_of_an_advocacy_agency_and_of_nothing_else():
    """Safeguard C1."""
    kinds = ("court", "probation", "victim_witness", "prosecution", "advocacy", "administration")
    assert [kind for kind in kinds if may_hold(Role.ADVOCATE, kind)] == ["advocacy"]
    assert [role for role in Role if may_hold(role, "advocacy")] == [Role.ADVOCATE, Role.PRIVACY_OFFICER]


def test_reset_forgets_both_factors(session):
    first = add(session)
    session.get_one(User, first.user_id).totp_secret = b"sealed"
    fresh = reset_user(session, first.email, SECRET, NOW)
    user = session.get_one(User, first.user_id)
    assert user.totp_secret is None
    assert fresh.password != first.password
    assert not check_password(first.password, user.password_hash).right


def test_a_disabled_account_is_reopened_only_by_whoever_says_so_and_the_trail_tells_it(session):
    """Given somebody who was dismissed yesterday When a colleague has their password reset as if it was forgotten Then
    the account stays shut and says why; opening it again is another word, and another entry."""
    account = add(session)
    disable_user(session, account.email, SECRET, NOW)
    user = session.get_one(User, account.user_id)
    with pytest.raises(AccountError, match="disabled on 2026-11-25 .administrator.; to open it again.* --reopen"):
        reset_user(session, account.email, SECRET, NOW)
    assert (user.disabled_at, user.disabled_why) == (NOW, "administrator")
    assert check_password(account.password, user.password_hash).right, "nothing of it was reset"
    reset_user(session, account.email, SECRET, NOW, reopen=True)
    assert (user.disabled_at, user.disabled_why) == (None, None)
    reset_user(session, account.email, SECRET, NOW)
    told = session.scalars(
        select(AuditEntry.detail).where(AuditEntry.event == "user.reset").order_by(AuditEntry.number)
    ).all()
    assert told == [{"reopened": True}, {}]


def test_disable_keeps_the_person_in_the_record(session):
    account = add(session)
    disable_user(session, account.email, SECRET, NOW)
    assert session.get_one(User, account.user_id).disabled_at == NOW


def test_an_advocate_and_victim_witness_staff_are_never_one_person(session):
    """Safeguard C1, also over two accounts of one mailbox and one after the other."""
    session.add(Agency(kind="victim_witness", name="Example V/W", code="VW", zone="America/Los_Angeles"))
    add(session, "dana.moss@agency.example", Role.ADVOCATE, "ADV")
    for address in ("dana.moss+court@agency.example", "danamoss@agency.example"):
        with pytest.raises(AccountError, match="C1"):
            add(session, address, Role.VICTIM_WITNESS, "VW")
    with pytest.raises(AccountError, match="C1"):
        grant_role(session, "dana.moss@agency.example", Role.VICTIM_WITNESS, "VW", SECRET, NOW, NOW.date())
    session.execute(update(Membership).values(until_on=date(2026, 11, 24)))
    with pytest.raises(AccountError, match="C1"):
        grant_role(session, "dana.moss@agency.example", Role.VICTIM_WITNESS, "VW", SECRET, NOW, NOW.date())
    assert add(session, "dana.moss@other.example", Role.VICTIM_WITNESS, "VW")


def test_one_more_role_is_granted_where_it_fits(session):
    account = add(session)
    grant_role(session, account.email, Role.OFFICER_SUPERVISOR, "PROB", SECRET, NOW, NOW.date())
    roles = session.scalars(select(Membership.role).where(Membership.user_id == account.user_id))
    assert set(roles) == {"officer", "officer_supervisor"}
    with pytest.raises(AccountError, match="kind court"):
        grant_role(session, account.email, Role.CLERK, "PROB", SECRET, NOW, NOW.date())


def test_an_address_is_never_given_to_somebody_else(session):
    account = add(session)
    disable_user(session, account.email, SECRET, NOW)
    with pytest.raises(AccountError, match="exists already"):
        add(session)


def test_what_is_handed_over_works_for_a_day(session):
    account = add(session)
    assert session.get_one(User, account.user_id).password_until == NOW + timedelta(hours=24)
    reset_user(session, account.email, SECRET, NOW + timedelta(days=3))
    assert session.get_one(User, account.user_id).password_until == NOW + timedelta(days=4)


def test_release_leaves_password_and_authenticator_as_they_are(session):
    account = add(session)
    before = session.get_one(User, account.user_id).password_hash
    subjects = lock_subjects(SECRET, account.email, account.user_id)
    for subject in subjects:
        assert [take_try(session, subject, NOW, "account", "cjis") for _ in range(6)][-1] is None
    release_user(session, account.email, SECRET, NOW)
    assert all(take_try(session, subject, NOW, "account", "cjis") for subject in subjects)
    assert session.get_one(User, account.user_id).password_hash == before


def test_the_first_administrator_brings_the_agency(database):
    with database.system("test: fresh") as session, session.begin():
        add_first_agency(session, "IT", "America/Los_Angeles")
        assert add(session, "it@agency.example", Role.ADMINISTRATOR, "IT").user_id
        add_first_agency(session, "IT2", "America/Los_Angeles")
        with pytest.raises(AccountError, match="no agency"):
            add(session, "it2@agency.example", Role.ADMINISTRATOR, "IT2")


def test_each_act_is_recorded(session):
    account = add(session)
    disable_user(session, account.email, SECRET, NOW)
    reset_user(session, account.email, SECRET, NOW, reopen=True)
    release_user(session, account.email, SECRET, NOW)
    grant_role(session, account.email, Role.OFFICER_SUPERVISOR, "PROB", SECRET, NOW, NOW.date())
    recorded = session.execute(select(AuditEntry.event, AuditEntry.subjects).order_by(AuditEntry.number)).all()
    assert [event for event, _ in recorded] == [
        "user.added", "user.disabled", "user.reset", "user.released", "user.role_granted",
    ]  # fmt: skip
    assert all(subjects == [account.user_id] for _, subjects in recorded)


def test_a_made_up_password_is_long_enough():
    assert problems_with(made_up_password()) == []
    assert made_up_password() != made_up_password()
