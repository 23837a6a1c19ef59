"""How much one account may do, to the act and to the instant; and what is written into a closed case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor import audit
from monitor.access import closed
from monitor.access.limits import DAY, HOUR, MINUTE, PER_DAY, PER_HOUR, held, must_wait, tell_of_exports
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.models import Attendance, CaseAgency, Contact, Incident, Outbox, Release
from tests.monitor.access.test_between_two_moments import NOW, SECRET
from tests.web.accounts import new_account

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
INSTANT = timedelta(microseconds=1)
MACHINE = 900


@pytest.fixture
def user(database) -> int:
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.PROGRAM).user_id


def acts(database, user: int | None, count: int, event="person.read", mark="m", at=NOW) -> None:
    with database.system("test: acts") as session, session.begin():
        for _ in range(count):
            audit.append(session, audit.Act(event=event, user_id=user, session_mark=mark), audit.audit_key(SECRET), at)


@pytest.mark.parametrize(("count", "waits"), [(6, None), (7, MINUTE)])
def test_one_session_has_seven_tenths_of_its_accounts_minute(database, user, count, waits):
    acts(database, user, count)
    assert must_wait(database, user, "m", "person.read", NOW, 10) == waits


def test_what_was_done_a_minute_ago_counts_no_longer(database, user):
    acts(database, user, 10)
    assert must_wait(database, user, "other", "person.read", NOW + MINUTE - INSTANT, 10) == MINUTE
    assert must_wait(database, user, "other", "person.read", NOW + MINUTE, 10) is None
    assert must_wait(database, user + 1, "other", "person.read", NOW, 10) is None


@pytest.mark.parametrize(
    ("most", "span", "event"), [(PER_HOUR, HOUR, "order.party_shown"), (PER_DAY, DAY, "caseload.exported")]
)
def test_the_twentieth_name_of_an_hour_and_the_tenth_list_of_a_day_is_the_last(database, user, most, span, event):
    acts(database, user, most[event] - 1, event)
    assert must_wait(database, user, "m", event, NOW + MINUTE, 900) is None
    acts(database, user, 1, event)
    assert must_wait(database, user, "m", event, NOW + MINUTE, 900) == span
    assert must_wait(database, user, "m", "person.read", NOW + MINUTE, 900) is None
    assert must_wait(database, user, "m", event, NOW + span, 900) is None


def test_a_file_is_held_against_the_hour_and_against_the_day(database, user):
    acts(database, user, PER_DAY["upload.export"], "upload.export")
    assert must_wait(database, user, "m", "upload.export", NOW + MINUTE, 900) == HOUR
    assert must_wait(database, user, "m", "upload.export", NOW + HOUR, 900) == DAY


def test_a_machine_is_told_by_its_own_mark(database, user):
    acts(database, None, 10, mark="one")
    assert must_wait(database, None, "one", "person.read", NOW, 10) == MINUTE
    assert must_wait(database, None, "two", "person.read", NOW, 10) is None


@pytest.mark.parametrize("scoped", [True, False], ids=["a person's session", "the machine's own"])
@pytest.mark.parametrize(
    ("machine", "mark", "waits"), [(None, "other", MINUTE), (MACHINE, "m", MINUTE), (MACHINE, "other", None)]
)
def test_what_an_act_holds_itself_against_is_the_same_count(database, user, scoped, machine, mark, waits):
    acts(database, user, 10)
    session = database.scoped(Scope(user, "program", 1), writes=True) if scoped else database.system("test: an act")
    with session, session.begin():
        assert held(session, user, machine, mark, "person.read", NOW, 10) == waits
        assert held(session, user, machine, mark, "person.read", NOW, 0) is None


def test_of_an_account_that_used_up_its_files_each_privacy_officer_is_told_once_a_day(database, user):
    agency = 1
    with database.system("test: a privacy officer") as session, session.begin():
        new_account(session, Role.PRIVACY_OFFICER)
    assert tell_of_exports(database, user, agency, "caseload.exported", NOW) == 1
    assert tell_of_exports(database, user, agency, "caseload.exported", NOW + timedelta(hours=1)) == 0
    assert tell_of_exports(database, user, agency, "upload.export", NOW) == 1
    assert tell_of_exports(database, user, agency, "caseload.exported", NOW + DAY) == 1
    with database.system("test: told", writes=False) as session:
        assert len(session.scalars(select(Outbox)).all()) == 3


CLOSED = date(2026, 11, 20)


@pytest.mark.parametrize(("days", "taken"), [(-1, True), (0, True), (1, False)])
def test_a_class_of_the_day_of_closing_is_still_taken_and_no_later_one(database, days, taken):
    assert closed._of_before(Attendance(occurred_on=CLOSED + timedelta(days=days)), CLOSED) is taken
    assert not closed._of_before(Contact(), CLOSED)


def test_what_goes_on_in_a_closed_case(database):
    assert closed._goes_on(Incident()) and closed._goes_on(CaseAgency())
    assert not closed._goes_on(Contact()) and not closed._goes_on(Attendance())
    withdrawal = {"supersedes_id": 7, "until_on": CLOSED, "reason": "taken back"}
    assert closed._goes_on(Release(**withdrawal))
    for missing in withdrawal:
        assert not closed._goes_on(Release(**withdrawal | {missing: None})), missing
