"""Accounts that nobody uses end by themselves, and those with a last day on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from jobs.runner import run_pending
from monitor import log_lines
from monitor.access.inactive import disable_unused
from monitor.access.roles import Role
from monitor.config import Settings
from monitor.models import AuditEntry, Membership, User
from monitor.users import reset_user
from tests.web.accounts import SECRET, new_account

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def session(database):
    with database.system("test: accounts") as opened, opened.begin():
        yield opened


def person(session, **changes) -> User:
    user = session.get_one(User, new_account(session, Role.OFFICER).user_id)
    user.created_at = NOW - 400 * DAY
    for name, value in changes.items():
        setattr(user, name, value)
    session.flush()
    return user


@pytest.mark.parametrize(("days", "disabled"), [(89, None), (90, "inactive"), (400, "inactive")])
def test_ninety_days_without_signing_in_disable_an_account(session, days, disabled):
    user = person(session, signed_in_at=NOW - days * DAY)
    assert disable_unused(session, SECRET, NOW) == (disabled is not None)
    assert user.disabled_why == disabled


def test_whoever_never_signed_in_counts_from_the_day_they_were_added(session):
    old, new = person(session), person(session, created_at=NOW - 89 * DAY)
    assert disable_unused(session, SECRET, NOW) == 1
    assert (old.disabled_why, new.disabled_why) == ("inactive", None)


def test_a_temporary_account_ends_on_its_day_and_not_before(session):
    user = person(session, signed_in_at=NOW, ends_on=date(2026, 11, 26))
    assert disable_unused(session, SECRET, NOW) == 0
    assert disable_unused(session, SECRET, NOW + DAY) == 1
    assert user.disabled_why == "ended"


def test_somebody_whose_last_role_has_ended_is_disabled_and_one_whose_role_begins_is_not(session):
    gone, coming = person(session, signed_in_at=NOW), person(session, signed_in_at=NOW)
    for row in session.scalars(select(Membership)):
        if row.user_id == gone.id:
            row.until_on = date(2026, 11, 25)
        else:
            row.from_on, row.until_on = date(2026, 12, 1), date(2027, 12, 1)
    session.flush()
    assert disable_unused(session, SECRET, NOW) == 1
    assert (gone.disabled_why, coming.disabled_why) == ("ended", None)


def test_each_is_recorded_and_a_reset_brings_the_person_back_for_another_ninety_days(session):
    user = person(session)
    disable_unused(session, SECRET, NOW)
    found = session.execute(select(AuditEntry.event, AuditEntry.component).where(AuditEntry.event != "user.added"))
    assert found.all() == [("user.disabled_inactive", "job")]
    reset_user(session, user.email, SECRET, NOW, reopen=True)
    assert user.disabled_at is None
    assert disable_unused(session, SECRET, NOW + 89 * DAY) == 0


def test_the_nightly_job_does_it(database):
    with database.system("test: an old account") as session, session.begin():
        user_id = person(session).id
    log_lines.configure("critical")  # whatever an earlier test wrote to is closed by now
    run_pending(database, Settings(secret_key=SECRET), NOW)
    with database.system("test: read", writes=False) as session:
        assert session.get_one(User, user_id).disabled_why == "inactive"
