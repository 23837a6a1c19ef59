"""Whoever is told of a case is in office that day: one whose last day is known until it comes, nobody after it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from monitor.access.in_office import at_work_on
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.concerns import whom_to_tell
from monitor.db import Database
from monitor.models import Agency, CaseAgency, Membership, User, random_id
from monitor.safety_steps import has_desk
from tests.builders import ORDERED_ON, Matter, Town, add_user, build_town, person_with_order

NOW = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)  # 4 March, 10 PM, where the offices are
TODAY, TOMORROW = date(2026, 3, 4), date(2026, 3, 5)
DAYS = [
    # begins, first day without the role, first day without the account; whether in office
    (ORDERED_ON, None, None, True), (ORDERED_ON, TOMORROW, None, True), (ORDERED_ON, date(2026, 9, 1), None, True),
    (ORDERED_ON, None, TOMORROW, True), (ORDERED_ON, TODAY, None, False), (ORDERED_ON, None, TODAY, False),
    (TOMORROW, None, None, False), (TODAY, None, None, True),
]


def somebody(database: Database, agency: int, role: str, begins: date, ends: date | None, gone: date | None) -> int:
    with database.system("test: somebody with a last day") as session, session.begin():
        user = add_user(session, agency, role, f"{role}@agency.example", begins)
        session.query(Membership).filter(Membership.user_id == user).one().until_on = ends
        session.get_one(User, user).ends_on = gone
        return user


def case(database: Database) -> tuple[Town, Matter]:
    with database.system("test: a case") as session, session.begin():
        town = build_town(session)
        return town, person_with_order(session, town)


@pytest.mark.parametrize(("begins", "ends", "gone", "there"), DAYS)
def test_a_supervisor_is_told_while_in_office_by_the_day_of_the_office(
    database: Database, begins: date, ends: date | None, gone: date | None, there: bool
) -> None:
    town, matter = case(database)
    user = somebody(database, town.office, "officer_supervisor", begins, ends, gone)
    with database.system("test: who", writes=False) as session:
        assert at_work_on(session, (Role.OFFICER_SUPERVISOR,), matter.case, NOW) == ({user} if there else set())
        assert whom_to_tell(session, matter.case, NOW) == ([user] if there else [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("begins", "ends", "gone", "there"), DAYS)
def test_the_safety_step_has_a_desk_while_somebody_sits_at_it(
    database: Database, begins: date, ends: date | None, gone: date | None, there: bool
) -> None:
    """Safeguard E5: without a desk whoever sends says themself that the notice was given."""
    town, matter = case(database)
    with database.system("test: an office of victim and witness staff") as session, session.begin():
        session.add(office := Agency(id=random_id(), kind="prosecution", name="DA", code="da", zone=town.zone))
        session.flush()
        session.add(CaseAgency(case_id=matter.case, agency_id=office.id, from_on=ORDERED_ON))
    somebody(database, office.id, "victim_witness", begins, ends, gone)
    with database.scoped(Scope(1, "prosecutor", office.id)) as session:
        assert has_desk(session, matter.case, NOW) is there
