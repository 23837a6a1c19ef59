"""What no person did stands in the trail by the machine's name; a secret of another shape and no limit at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor import audit
from monitor.access.limits import held
from monitor.access.machines import identify_machine
from monitor.trail.entries import entries
from tests.web.accounts import SECRET

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def test_software_stands_in_the_trail_under_its_name_and_our_own_jobs_as_this_machine(database):
    with database.system("test: two acts") as session, session.begin():
        for detail in ({"machine": "ehr-north"}, {}):
            act = audit.Act(event="upload.dropped", detail=detail, component="job")
            audit.append(session, act, audit.audit_key(SECRET), NOW)
    with database.system("test: the trail", writes=False) as session:
        assert {one.who for one in entries(session)} == {"The machine ehr-north", "This machine"}


@pytest.mark.parametrize("secret", ["", "ehr-north", "monitor_" + "x" * 80])
def test_what_has_not_the_shape_of_a_secret_is_nobodys(database, secret):
    assert identify_machine(database, secret, SECRET, NOW) is None


def test_where_the_site_sets_no_limit_nobody_waits(database):
    with database.system("test: an act") as session, session.begin():
        assert held(session, 1, None, "", "export", NOW, 0) is None
