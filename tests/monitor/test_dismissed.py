"""A dismissed flag is deleted after its days and never asked again; only how often the rule erred is kept (H1)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from monitor import audit
from monitor.compliance.ground import mark_all
from monitor.db import Database
from monitor.keeping.dismissed import forget_dismissed
from monitor.models import Base, DismissalCount, Flag, ForgottenFlag, Review, Span, Told
from tests.builders import absent, adjudicate, decided, unexcused
from tests.monitor.compliance.county import compare, sweep
from tests.office import NOW, Office, open_office
from tests.web.accounts import SECRET

CODE, DAYS, DAY = "ABSENCE_UNEXCUSED", 30, timedelta(days=1)


@pytest.fixture
def office(database: Database) -> Office:
    """An absence that was flagged and dismissed at `NOW`, and that still stands."""
    office = open_office(database)
    with database.system("test: an absence") as session, session.begin():
        unexcused(session, office.matter, NOW.date() - 7 * DAY)
    sweep(database, NOW)
    office.evaluate()
    with database.system("test: dismissed") as session, session.begin():
        flag = session.get_one(Flag, office.flag(CODE))
        office.missed = flag.id
        decided(session, flag, "DISMISSED")
        session.execute(sa.update(Review).values(decided_at=NOW))
    return office


def forget(office: Office, now: datetime, days: int = DAYS) -> int:
    with office.database.system("test: the night's job") as session, session.begin():
        return forget_dismissed(session, days, SECRET, now)


def count(office: Office, entity: type, *where: object) -> int:
    with office.database.system("test: count", writes=False) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(entity).where(*where)) or 0  # type: ignore[arg-type]


def again(office: Office, now: datetime) -> None:
    """Every case evaluated anew, time swept."""
    with office.database.system("test: everything anew") as session, session.begin():
        mark_all(session)
    office.evaluate(now)
    sweep(office.database, now)


def test_it_stays_to_the_last_of_its_days_and_is_gone_the_next_instant(office: Office) -> None:
    assert forget(office, NOW + DAYS * DAY - timedelta(microseconds=1)) == 0
    assert count(office, Flag, Flag.id == office.missed) == 1
    assert forget(office, NOW + DAYS * DAY) == 1
    assert count(office, Flag, Flag.id == office.missed) == count(office, Review) == count(office, Told) == 0


def test_the_rules_do_not_ask_again_and_the_nightly_check_finds_nothing_amiss(office: Office) -> None:
    later = NOW + DAYS * DAY
    sweep(office.database, later)
    office.evaluate(later)
    forget(office, later)
    assert compare(office.database, later).flags_differing == 0
    again(office, later + DAY)
    assert count(office, Flag, Flag.code == CODE) == 0
    assert count(office, Span, Span.code == CODE, Span.known_until.is_(None)) == 1, "the rules still say it"
    found = compare(office.database, later + DAY)
    assert (found.flags_differing, found.spans_differing) == (0, 0)


def test_another_absence_is_another_question(office: Office) -> None:
    later = NOW + DAYS * DAY
    forget(office, later)
    with office.database.system("test: missed again") as session, session.begin():
        adjudicate(session, absent(session, office.matter, later.date() - DAY), "UNEXCUSED", later.date())
    again(office, later + DAY)
    assert count(office, Flag, Flag.code == CODE, Flag.state == "OPEN") == 1


def test_what_stays_is_a_count_by_rule_and_nothing_that_says_what_it_was(office: Office) -> None:
    with office.database.system("test: its words", writes=False) as session:
        key = session.get_one(Flag, office.missed).key
    forget(office, NOW + DAYS * DAY)
    with office.database.system("test: what stays", writes=False) as session:
        assert session.execute(sa.select(DismissalCount.code, DismissalCount.flags)).all() == [(CODE, 1)]
        entry = session.execute(
            sa.text("select subjects, detail from audit_entry where event = 'flag.forgotten'")
        ).one()
        tables = [table for table in Base.metadata.sorted_tables if table.name != "span"]
        told = [repr(tuple(row)) for table in tables for row in session.execute(sa.select(table))]
        assert audit.verify(session, audit.audit_key(SECRET)).broken_at is None
    assert str(office.missed) in str(entry.subjects) and CODE in str(entry.detail)
    assert not [row for row in told if key in row or "Said." in row]


def test_an_undone_dismissal_and_what_went_to_the_court_stay(office: Office) -> None:
    with office.database.system("test: sent to the court once") as session, session.begin():
        first = session.scalars(sa.select(Review)).one()
        session.add(Review(case_id=first.case_id, agency_id=first.agency_id, flag_id=first.flag_id, version="v",
                           decision="ACT", words="", content={}, by_user_id=first.by_user_id, decided_at=NOW - DAY,
                           undone_at=NOW))  # fmt: skip
    assert forget(office, NOW + 400 * DAY) == 0
    with office.database.system("test: not sent, and undone") as session, session.begin():
        session.execute(sa.delete(Review).where(Review.decision == "ACT"))
        session.execute(sa.update(Review).values(undone_at=NOW + DAY))
    assert forget(office, NOW + 400 * DAY) == 0


def test_a_site_whose_law_says_otherwise_keeps_them_longer_or_for_good(office: Office) -> None:
    assert forget(office, NOW + 4000 * DAY, days=0) == 0
    assert forget(office, NOW + 89 * DAY, days=90) == 0
    assert forget(office, NOW + 90 * DAY, days=90) == 1
    assert count(office, ForgottenFlag) == 1
