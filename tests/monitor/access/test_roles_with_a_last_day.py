"""Whoever's last day is known is in office until it comes, by the agency's day; whoever begins tomorrow is not yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor import audit
from monitor.access.in_office import roles_held, served_by
from monitor.access.roles import Role
from monitor.colleagues import colleagues
from monitor.config import Settings
from monitor.db import Database
from monitor.keeping.removals import RemovalError, Wanted, carry_out
from monitor.models import Agency, Membership, Outbox, User, WebhookEndpoint, random_id
from monitor.outbox.sending import Sent
from monitor.privacy.accesses import to_tell
from monitor.privacy.desk import desk
from monitor.role_grants import Wanted as Grant
from monitor.role_grants import ask_in_words
from monitor.users import AccountError
from monitor.webhooks.reaching import Gone
from monitor.webhooks.sending import Parcel, settle
from tests.builders import ORDERED_ON, add_user
from tests.office import Office, open_office
from tests.web.accounts import SECRET

NOW = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)  # 4 March, 10 PM, where the offices are
TODAY, TOMORROW = date(2026, 3, 4), date(2026, 3, 5)
DAYS = pytest.mark.parametrize(
    ("begins", "ends", "gone", "there"),
    [
        # begins, first day without the role, first day without the account; whether in office
        (ORDERED_ON, None, None, True), (ORDERED_ON, TOMORROW, None, True), (ORDERED_ON, date(2026, 9, 1), None, True),
        (ORDERED_ON, TODAY, None, False), (ORDERED_ON, None, TODAY, False), (TOMORROW, None, None, False),
    ],
)  # fmt: skip
ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = "somebody@agency.example"


@pytest.fixture
def office(database: Database) -> Office:
    return open_office(database)


def somebody(office: Office, agency: int, role: str, begins: date, ends: date | None, gone: date | None) -> int:
    with office.database.system("test: somebody with a last day") as session, session.begin():
        user = add_user(session, agency, role, ADDRESS, begins)
        session.query(Membership).filter(Membership.user_id == user).one().until_on = ends
        session.get_one(User, user).ends_on = gone
        return user


@DAYS
def test_cases_go_to_officers_in_office(
    office: Office, begins: date, ends: date | None, gone: date | None, there: bool
) -> None:
    user = somebody(office, office.town.office, "officer", begins, ends, gone)
    with office.scoped(who=office.supervisor, role="officer_supervisor") as session:
        for listed in (colleagues(session, NOW, office.town.office), colleagues(session, NOW)):
            assert (user in {one.id for one in listed}) is there
            assert office.colleague in {one.id for one in listed}


@ONE
@DAYS
def test_administrators_in_office_are_told_of_an_endpoint_that_stopped(
    office: Office, begins: date, ends: date | None, gone: date | None, there: bool
) -> None:
    user = somebody(office, office.town.office, "administrator", begins, ends, gone)
    with office.database.system("test: gone") as session, session.begin():
        made = WebhookEndpoint(
            id=random_id(), agency_id=office.town.office, url="https://a.example", kinds=["sheet.saved"], made_at=NOW,
            sealed_secret=b"",
        )  # fmt: skip
        session.add(made)
        session.flush()
        parcel = Parcel(1, 1, made.id, made.url, "k", b"", ())
        settle(session, Settings(secret_key=SECRET), parcel, Gone("gone"), NOW, Sent())
        told = session.scalars(select(Outbox.recipient_id).where(Outbox.key.like("webhook-paused:%"))).all()
        assert list(told) == ([user] if there else [])


@ONE
@DAYS
def test_an_agency_has_a_privacy_officer_while_one_is_in_office(
    office: Office, begins: date, ends: date | None, gone: date | None, there: bool
) -> None:
    """Safeguard D6: of an agency without one every other's is told, so that somebody is."""
    with office.database.system("test: dispatch") as session, session.begin():
        room = Agency(id=random_id(), kind="dispatch", name="Riverbend 911", code="room", zone=office.town.zone)
        session.add(room)
        session.flush()
        who = add_user(session, room.id, "dispatch", "ortega@agency.example")
        act = audit.Act(event="caller.matched", user_id=who, agency_id=room.id, outcome=audit.Outcome.DENIED)
        audit.append(session, act, audit.audit_key(SECRET), NOW - timedelta(days=1))
        room_id = room.id
    somebody(office, room_id, "privacy_officer", begins, ends, gone)
    with office.database.system("test: served", writes=False) as session:
        assert (room_id in served_by(session, Role.PRIVACY_OFFICER, NOW)) is there
    with office.scoped(role="privacy_officer") as session:
        assert bool(desk(session, office.town.zone, SECRET, NOW).guesses) is not there
        assert ("Riverbend 911" in to_tell(session, "BREACH", NOW)) is there


@DAYS
def test_on_the_command_line_whoever_is_in_office_asks(
    office: Office, begins: date, ends: date | None, gone: date | None, there: bool
) -> None:
    somebody(office, office.town.court_agency, "privacy_officer", begins, ends, gone)
    with office.database.system("test: who asks") as session:
        held = roles_held(session, f" {ADDRESS.upper()} ", (Role.CLERK, Role.PRIVACY_OFFICER), NOW)
        assert [one.role for one in held] == (["privacy_officer"] if there else [])
        wanted = Wanted(kind="SEAL", case="nothing", court=None, order="o", why="w", by=ADDRESS)
        with pytest.raises(RemovalError, match="no such case" if there else "live account"):
            carry_out(session, wanted, SECRET, NOW)


@ONE
@DAYS
def test_an_administrator_in_office_asks_for_a_role(
    office: Office, begins: date, ends: date | None, gone: date | None, there: bool
) -> None:
    somebody(office, office.town.office, "administrator", begins, ends, gone)
    wanted = Grant(email="nobody@agency.example", role=Role.OFFICER, agency_code="none", why="w")
    with office.database.system("test: asks") as session:
        with pytest.raises(AccountError) as refused:
            ask_in_words(session, ADDRESS, wanted, SECRET, NOW)
    assert ("Only an administrator" not in str(refused.value)) is there


@ONE
def test_a_role_that_ends_tomorrow_by_the_agency_is_still_held_whatever_the_day_of_utc(office: Office) -> None:
    somebody(office, office.town.office, "administrator", ORDERED_ON, None, None)
    with office.database.system("test: whose") as session, session.begin():
        held = select(Membership).where(Membership.user_id == office.officer)
        session.scalars(held).one().until_on = TOMORROW
        email = session.get_one(User, office.officer).email
        code = session.get_one(Agency, office.town.office).code
        wanted = Grant(email=email, role=Role.OFFICER, agency_code=code, why="w")
        with pytest.raises(AccountError, match="already"):
            ask_in_words(session, ADDRESS, wanted, SECRET, NOW)
