"""`monitor measures` from outside: what was published, as CSV; what is not over, or not a quarter, is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from monitor.models import AuditEntry

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_quarter_is_drawn_up_once_and_printed_and_the_act_is_recorded(terminal, database):
    assert "run it with --draw-up" in terminal("measures", "2026-Q2").err
    ran = terminal("measures", "2026-Q2", "--draw-up")
    assert ran.status == 0, ran.err
    assert ran.out.splitlines()[0] == "quarter,measure,title,what,value"
    assert "2026-Q2,M9,Order to first review,in_time,hidden" in ran.out
    again = terminal("measures", "2026-Q2", "--draw-up")
    assert again.status == 1 and "it is on record" in again.err
    assert terminal("measures", "2026-Q2").out == ran.out
    with database.system("test: the trail") as session:
        assert session.scalars(select(AuditEntry.event)).all().count("measure.drawn_up") == 1


@pytest.mark.parametrize("quarter", ["2026", "2026-Q9", "2099-Q1"])
def test_what_is_no_quarter_or_not_over_is_refused_in_a_sentence(terminal, quarter):
    ran = terminal("measures", quarter, "--draw-up")
    assert ran.status == 1 and ran.err.count("\n") == 1 and "Traceback" not in ran.err
