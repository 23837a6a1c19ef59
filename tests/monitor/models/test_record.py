"""Invariants of the record hold in the database itself, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError, StatementError

from monitor import schema
from monitor.db import Database
from monitor.models import Agency, Attendance, Base, CaseAgency, Fact, Membership, Outbox, Pause, User
from tests.conftest import APPLICATION, owned

NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
# tables that rules read but whose rows are not facts: they carry the known axis themselves
KNOWN = {"order_version", "requirement", "policy_term", "court_holiday", "hearing"}


def _refused(database: Database, *rows: Base) -> None:
    with pytest.raises((IntegrityError, StatementError)), database.system("test") as session, session.begin():
        session.add_all(rows)


def test_words_outside_a_vocabulary_are_refused(database: Database) -> None:
    _refused(database, Agency(kind="bank", name="B", code="b", zone="UTC"))


def test_a_row_about_nobody_is_refused_when_the_transaction_ends(database: Database) -> None:
    _refused(database, CaseAgency(case_id=1, agency_id=2, from_on=date(2026, 1, 1)))


def test_a_pause_cannot_end_before_it_starts(database: Database) -> None:
    pause = Pause(
        case_id=1, agency_id=1, recorded_at=NOW, kind="CUSTODY", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)
    )
    _refused(database, pause)


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    _refused(database, User(email="a@b", name="A", password_hash="-", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_the_same_notice_is_never_kept_twice(database: Database) -> None:
    notices = [
        Outbox(key="k", channel="email", subject="1 item due", body="Sign in.", why="test", due_at=NOW)
        for _ in range(2)
    ]
    _refused(database, *notices)


def test_one_email_has_one_account(database: Database) -> None:
    _refused(database, *(User(email="a@b", name=name, password_hash="-", created_at=NOW) for name in ("A", "B")))


def test_every_fact_knows_when_it_happened_and_when_it_was_recorded() -> None:
    for mapper in Base.registry.mappers:
        columns = {column.key for column in mapper.columns}
        if issubclass(mapper.class_, Fact):
            assert columns & {"occurred_on", "occurred_at", "starts_on", "covers_from"}, mapper.class_
            assert {"recorded_at", "supersedes_id", "retracted"} <= columns, mapper.class_
        elif mapper.class_.__tablename__ in KNOWN:
            assert "recorded_at" in columns, mapper.class_


def test_a_fact_has_at_most_one_correction(database: Database) -> None:
    table: Table = Attendance.__table__  # type: ignore[assignment]

    assert table.c.supersedes_id.unique


def test_models_and_migrations_agree_and_the_way_down_works(database_url: str) -> None:
    database = Database(owned(database_url))
    assert schema.current(database) == schema.head()
    assert schema.drift(database) == []
    schema.downgrade(database, "base")
    schema.upgrade(database)
    schema.upgrade(database, role=APPLICATION)
    assert schema.drift(database) == []
    database.close()


def test_nothing_is_stored_that_must_never_be_stored() -> None:
    """Safeguard T-A1: no column for an address, phone, e-mail or story of a protected person."""
    forbidden = ("address", "phone", "street", "zip", "shelter", "victim", "child", "immigration", "diagnos", "race")
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            assert not any(word in column.name for word in forbidden), f"{table.name}.{column.name}"
    protected = {column.name for column in Base.metadata.tables["protected_party"].columns}
    assert protected == {"id", "agency_id", "sealed_name"}


def test_a_role_is_held_once_from_a_day(database: Database) -> None:
    common = {"user_id": 1, "agency_id": 1, "role": "officer", "from_on": date(2026, 1, 1)}
    _refused(database, Membership(**common), Membership(**common))
