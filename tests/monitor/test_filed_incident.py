"""The court reads what a filed report rests on as it was filed, and no incident beside it (access matrix row 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.access.scope import Scope, ScopeError
from monitor.allegations import approving
from monitor.compliance.evaluation import switched_on
from monitor.flag_history import keep_earlier
from monitor.models import Agency, Flag, Incident, random_id
from monitor.packets import Verdict, compare, take
from tests.builders import correct
from tests.monitor.filing import bench, boss, done, office_with_a_miss, reported, sent
from tests.office import NOW, raise_flag

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(database):
    """A police report about condition 01, and the question that it raised."""
    office = office_with_a_miss(database)
    with database.system("test: police report") as session, session.begin():
        agency = random_id()
        session.add(Agency(id=agency, kind="law_enforcement", name="Near Sheriff", code="near-so", zone="UTC"))
        session.add(Incident(
            id=random_id(), case_id=office.matter.case, agency_id=agency, recorded_at=NOW - timedelta(days=1),
            kind="REPORT", number="26-0301", occurred_at=NOW - timedelta(days=2), touched="01", weapon=True,
            strangulation="NOT_ASKED", accounts=True,
        ))  # fmt: skip
        session.flush()
        office.flags["incident"] = session.scalars(sa.select(Incident.id)).one()
        office.flags["entered"] = raise_flag(
            session, office.matter, "NEW_VIOLENCE_REPORTED", "E", about_id=office.flags["incident"],
            evidence=[str(office.flags["incident"])], count=1, first_on=(NOW - timedelta(days=2)).date(),
        )  # fmt: skip
    return office


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_that_rests_on_a_police_report_lies_before_the_bench_as_filed_whatever_police_change_later(office):
    report = reported(office, office.flags["entered"])
    sent(office, report, ask="HEARING", safety="NONE_ASKED")
    done(office, report, approving.approve, **boss(office))
    filed = bench(office).alleged
    assert "Police report: 26-0301" in repr(filed)
    with office.database.system("test: police correct it") as session, session.begin():
        correct(session, session.get_one(Incident, office.flags["incident"]), LATER, number="26-9999", touched=None)
    assert bench(office, LATER + timedelta(minutes=1)).alleged == filed
    with office.database.system("test: the rules withdraw the question") as session, session.begin():
        flag = session.get_one(Flag, office.flags["entered"])
        flag.earlier, flag.state, flag.closed_at = keep_earlier(flag, LATER), "WITHDRAWN", LATER
    page = bench(office, LATER + timedelta(minutes=1))
    assert "because the record was corrected" in page.alleged_lines[0]
    assert "26-9999" not in repr(page), "what police wrote since is no part of the report"


@pytest.mark.parametrize("role", ["judge", "clerk"])
def test_no_session_of_the_court_reads_an_incident_and_a_clerks_packet_is_whole_all_the_same(office, role):
    scope = Scope(office.officer, role, office.town.court_agency)
    with office.database.scoped(scope, writes=True) as session, session.begin():
        with pytest.raises(ScopeError):
            session.scalars(sa.select(Incident)).all()
        packet = take(session, office.flags["hearing"], NOW, switched_on())
        assert packet is not None and "26-0301" not in packet.page + packet.spans
        number = packet.id
    with office.database.system("test: drawn again", writes=False) as session:
        packet = session.get_one(type(packet), number)
        assert "NEW_VIOLENCE_REPORTED" in packet.spans, "the rules weighed the police report"
        assert compare(session, packet, switched_on()) == Verdict(True, True, True, True)
