"""The record's own time: a clock that went back dates nothing before what it speaks of."""

from __future__ import annotations

from datetime import date

from monitor.db import Database
from monitor.models import Attendance
from tests.builders import absent, adjudicate, at, attended, build_town, correct, person_with_order

MONDAY = date(2026, 1, 12)


def test_a_decision_is_never_older_on_record_than_its_absence(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter = person_with_order(session, build_town(session))
        missed = absent(session, matter, MONDAY, recorded_on=date(2026, 1, 14))
        decision = adjudicate(session, missed, "UNEXCUSED", MONDAY)  # by a clock that was set back to Monday
        session.flush()
        assert decision.recorded_at == missed.recorded_at
        assert decision.occurred_on == MONDAY


def test_nor_is_a_correction_older_than_what_it_corrects_in_this_transaction_or_an_earlier_one(
    database: Database,
) -> None:
    with database.system("test") as session, session.begin():
        matter = person_with_order(session, build_town(session))
        told = attended(session, matter, MONDAY, recorded_on=date(2026, 1, 14))
        session.flush()
        first = correct(session, told, at(MONDAY), outcome="ABSENT", program_says="ABS")
        correct(session, first, at(MONDAY), retract=True)
        number, when = told.id, told.recorded_at
    with database.system("test", writes=False) as session:
        chain = session.query(Attendance).order_by(Attendance.recorded_at).all()
        assert {row.recorded_at for row in chain} == {when}
        assert len(chain) == 3 and number in {row.supersedes_id for row in chain}


def test_what_comes_in_its_turn_keeps_its_own_instant(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter = person_with_order(session, build_town(session))
        missed = absent(session, matter, MONDAY)
        decision = adjudicate(session, missed, "UNEXCUSED", date(2026, 1, 13))
        session.flush()
        assert decision.recorded_at == at(date(2026, 1, 13), 15)
