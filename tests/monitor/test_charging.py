"""Two prosecutors press in one instant, on a database that lets both in: one decision stands."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from monitor.allegations.steps import Changed
from monitor.local_law import LocalLaw
from monitor.models import ChargingDecision
from monitor.prosecution.deciding import Decision, decide
from monitor.prosecution.reading import sent
from tests.builders import add_user
from tests.office import NOW
from tests.prosecution_office import open_prosecution

DECLINES = Decision(kind="DECLINE", reason="OTHER", words="One of the two.")


@pytest.fixture
def desk(database):
    return open_prosecution(database)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_both_saw_it_waiting_and_only_one_decides(desk, database):
    with database.system("test: two prosecutors") as session, session.begin():
        first, second = (add_user(session, desk.agency, "prosecutor", f"{name}@da.example") for name in ("a", "b"))
    refused = []

    def late():
        with desk.scoped(second, writes=True) as session, session.begin():
            seen = sent(session, desk.report, NOW, LocalLaw())
            both_saw.set()
            try:
                decide(session, seen, DECLINES, seen.standing.token, NOW)
            except Changed as error:
                refused.append(error.why)
                session.rollback()

    both_saw = threading.Event()
    with desk.scoped(first, writes=True) as session, session.begin():
        seen = sent(session, desk.report, NOW, LocalLaw())
        decide(session, seen, DECLINES, seen.standing.token, NOW)
        other = threading.Thread(target=late)
        other.start()
        assert both_saw.wait(30)  # it read what is committed: nothing
    other.join(30)
    assert len(refused) == 1
    with database.system("test: look") as session:
        assert list(session.scalars(select(ChargingDecision.by_user_id))) == [first]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_database_itself_takes_a_decision_from_a_prosecutor_and_changes_none(desk, database):
    with database.system("test: a prosecutor") as session, session.begin():
        lawyer = add_user(session, desk.agency, "prosecutor", "a@da.example")
    for who, agency, kind in (
        (desk.office.officer, desk.office.town.office, "FILE"), (desk.office.supervisor, desk.agency, "DECLINE"),
        (lawyer, desk.agency, "ANSWERED"),
    ):
        with pytest.raises(DatabaseError, match="prosecutor decides"), database.system("by hand") as session:
            session.add(by_hand(desk, who, agency, kind))
            session.flush()
    with database.system("test: a decision") as session, session.begin():
        session.add(by_hand(desk, lawyer, desk.agency, "DECLINE"))
    with pytest.raises(DatabaseError, match="only added to"), database.system("by hand") as session:
        session.scalars(select(ChargingDecision)).one().words = "Otherwise."
        session.flush()


def by_hand(desk, who, agency, kind):
    return ChargingDecision(case_id=desk.case, agency_id=agency, allegation_id=desk.report, number=1, kind=kind,
                            reason="", words="By hand.", by_user_id=who, at=NOW)  # fmt: skip
