"""The arrows of hand-offs are data: who may see each, and how soon it should be done, by whose word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.access.matrix import Seen, hidden
from monitor.access.roles import Role
from monitor.config import SettingsError
from monitor.handoffs.arrows import ARROWS, BY_MEASURE, KINDS
from monitor.handoffs.gaps import Gap, due
from monitor.handoffs.places import places
from monitor.handoffs.serious import brought
from monitor.handoffs.targets import site_targets
from monitor.models import Flag
from tests.builders import decided
from tests.office import NOW, hearing, open_office, raise_flag


def test_each_arrow_is_shown_only_to_roles_that_may_see_its_class_and_reach_its_rows():
    for arrow in ARROWS:
        assert not [role for role in arrow.roles if hidden(arrow.seen, role)], arrow.title
        assert arrow.seen not in (Seen.CONCERN, Seen.MEDICAL_NOTICE, Seen.EQUITY)  # rows 14, 15, 16
        assert (arrow.target is None) or "starting target" in arrow.target.source
    of_program = {arrow.measure for arrow in ARROWS if Role.PROGRAM in arrow.roles}
    assert of_program == {"M6", "M7", "M8", "M10", "R1"}


def test_each_hand_off_has_an_agency_that_owns_it_and_a_clock():
    """From one kind of agency to another, and no person's; a warrant alone has no day, and is listed by age."""
    assert [one.measure for one in ARROWS] == [*(f"M{number}" for number in range(1, 16)), "R1", "R2"]
    for arrow in ARROWS:
        assert {arrow.owner, arrow.sends, arrow.receives} <= KINDS.keys(), arrow.title
        assert arrow.owner in (arrow.sends, arrow.receives) and arrow.owes, arrow.title
    assert [one.measure for one in ARROWS if one.target is None and not one.matrix] == ["M15"]


def test_what_is_done_in_the_instant_in_which_it_stops_is_done_and_nothing_ends_before_it_began():
    hour = timedelta(hours=1)
    gap = Gap(measure="M4", case_id=1, owner_id=2, started_at=NOW, done_at=NOW + hour, stopped_at=NOW + hour)
    assert gap.done(NOW + hour) and not gap.open(NOW + hour) and gap.open(NOW + hour / 2)
    early = Gap(measure="M4", case_id=1, owner_id=2, started_at=NOW, done_at=NOW - hour)
    assert early.end(NOW + hour) == NOW, "recorded with an earlier hour: it took no time, and never less"


def test_the_site_sets_its_own_targets_with_a_day_and_who_decided(tmp_path):
    file = tmp_path / "targets.toml"
    file.write_text('[[target]]\nmeasure = "M4"\namount = 3\nunit = "days"\nfrom = 2026-07-01\n'
                    'decided_by = "Council, June 18"\n', encoding="utf-8")  # fmt: skip
    own = site_targets(str(file))
    assert own.of("M4", date(2026, 6, 30)) == BY_MEASURE["M4"].target
    later = own.of("M4", date(2026, 7, 1))
    assert (later.words, later.source) == ("3 days", "Council, June 18; from Wed, Jul 1, 2026")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_serious_question_waits_until_a_court_has_heard_the_report_on_it_and_no_hearing_before_that_counts(database):
    """Incident to court (end-to-end scenario, 13): over the 7-day target it is late against the system."""
    office = open_office(database)
    after = NOW - timedelta(hours=2)
    with database.system("test: questions, and hearings before and after the report") as session, session.begin():
        for days, state in ((8, "ACTED"), (7, "DISMISSED"), (6, "REPORTED"), (5, "OPEN")):
            flag = session.get_one(Flag, raise_flag(session, office.matter, "NO_CONTACT_ALLEGED", "D"))
            flag.opened_at = NOW - timedelta(days=days)
            if state != "OPEN":
                decided(session, flag, state)
        raise_flag(session, office.matter, "ABSENCE_UNEXCUSED", "B")
        hearing(session, office.matter, NOW - timedelta(days=9), "ADVISED_RETURN")
        hearing(session, office.matter, NOW - timedelta(days=1), "CONTINUED")  # not held
        hearing(session, office.matter, after, "ADVISED_RETURN")
    with database.system("test: measured", writes=False) as session:
        found = sorted(brought(session, None, NOW), key=lambda gap: gap.started_at)
        place = places(session, None, NOW)[office.matter.case]
    assert [(gap.done_at, gap.open(NOW)) for gap in found] == [
        (after, False), (None, False), (None, True), (None, True)
    ]  # fmt: skip
    assert after > due(found[0].started_at, BY_MEASURE["R2"].target, place)


WRONG = ('measure = "M99"', 'decided_by = " "', 'unit = "weeks"', "amount = -1", 'measure = "M12"')


@pytest.mark.parametrize("line", WRONG)
def test_a_target_that_cannot_be_is_refused_at_start(tmp_path, line):
    told = {"measure": 'measure = "M4"', "amount": "amount = 3", "unit": 'unit = "days"', "from": "from = 2026-07-01",
            "decided_by": 'decided_by = "Council"'}  # fmt: skip
    told[line.split(" ")[0]] = line
    file = tmp_path / "targets.toml"
    file.write_text("[[target]]\n" + "\n".join(told.values()), encoding="utf-8")
    with pytest.raises(SettingsError):
        site_targets(str(file))
