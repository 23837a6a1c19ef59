"""The prosecution's strip of hand-offs: the report to decide is theirs to owe; the rest is other agencies'."""

from __future__ import annotations

import re

from monitor.handoffs.targets import Targets
from monitor.measures.quarters import Quarter
from monitor.measures.release import counted
from tests.web.prosecuting.acting import decide, path_of
from tests.web.test_handoffs import text_of


def owed(text):
    """What stands under "We owe"."""
    return text.partition("We owe")[2].partition("Others owe")[0].partition(" Done ")[0]


def test_a_report_is_theirs_to_decide_until_they_have_decided(desk, prosecutor):
    address = f"/prosecution/cases/{desk.case}"
    told = text_of(prosecutor.get(address).text)
    assert "Decide about the report" in owed(told) and "Near Prosecutor" in told and "no target set" in told
    assert decide(prosecutor, path_of(desk), "DECLINE", "EVIDENCE").status_code == 303
    told = text_of(prosecutor.get(address).text)
    assert "Decide about the report" not in told and not re.search("question|registry|absence", told, re.I)


def test_its_clock_is_measured_for_cases_that_a_prosecution_shares(desk):
    with desk.database.system("test: counted", writes=False) as session:
        lines = {one.measure: one for one in counted(session, Quarter(2026, 1), Targets()).gaps}
    assert lines["M2"].from_to == "Probation to prosecution" and lines["M2"].many is None
