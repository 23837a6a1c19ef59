"""A role ends with the midnight of its agency: the day that is written is the first one without it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from monitor.access.in_office import holds, in_office
from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Membership, Outbox
from monitor.trail.alarm import tell_broken
from tests.builders import add_user, build_town

# the last minute of November 30 in Los Angeles, and the first of December 1: in Greenwich both are of December 1
BEFORE, AFTER = datetime(2026, 12, 1, 7, 59, tzinfo=UTC), datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
NOVEMBER_30, DECEMBER_1 = date(2026, 11, 30), date(2026, 12, 1)


@pytest.mark.parametrize(("changes", "before", "after"), [
    ({}, True, True), ({"until_on": DECEMBER_1}, True, False), ({"until_on": NOVEMBER_30}, False, False),
    ({"ends_on": DECEMBER_1}, True, False), ({"ends_on": NOVEMBER_30}, False, False),
    ({"from_on": DECEMBER_1}, False, True), ({"from_on": date(2026, 12, 2)}, False, False),
    ({"until_on": date(2026, 12, 2), "ends_on": DECEMBER_1}, True, False),
])  # fmt: skip
def test_a_role_stands_from_its_first_day_to_the_midnight_before_the_day_it_ends_on(changes, before, after):
    told = {"from_on": NOVEMBER_30, "until_on": None, "ends_on": None, "zone": "America/Los_Angeles", **changes}
    row = SimpleNamespace(**told)
    assert (holds(row, BEFORE), holds(row, AFTER)) == (before, after)


def test_a_privacy_officer_is_told_of_a_broken_trail_once_a_day_and_not_after_the_last_day(database: Database):
    with database.system("test: one whose role ends") as session, session.begin():
        office = build_town(session).office
        user = add_user(session, office, "privacy_officer", "privacy@near.example")
        session.scalars(select(Membership).where(Membership.user_id == user)).one().until_on = DECEMBER_1
        assert [tell_broken(session, BEFORE), tell_broken(session, BEFORE), tell_broken(session, AFTER)] == [1, 0, 0]
        assert session.scalars(select(Outbox.key)).all() == [f"trail:2026-12-01:{user}"]
        assert in_office(session, [Role.OFFICER], BEFORE) == []
