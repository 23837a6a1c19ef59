"""A reader's rows of columns come past SQLAlchemy's session: the same rows under the same names, and as narrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CursorResult, ScalarResult, case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from monitor.access.role_criteria import of_columns
from monitor.access.scope import ScopeError, trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.models import Agency, Case, Contact, Person
from monitor.schema import upgrade
from tests.monitor.access.two_offices import Offices, opened, two_offices


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("columns")
    database = Database(f"sqlite:///{folder / 'two.db'}")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="module")
def offices(database: Database) -> Offices:
    return two_offices(database)


OTHER = aliased(Case)
SEVERAL = "several selects"  # which come like this in any case
OF_COLUMNS: dict[str, Any] = {
    "columns": select(Case.id, Case.number, Case.opened_on).order_by(Case.id),
    "two of one name": select(Case.id, Person.id, Agency.id).join(Person, Person.id == Case.person_id)
    .join(Agency, literal(True)).order_by(Agency.id),
    "an alias": select(Case.number, OTHER.number, OTHER.opened_on).join(OTHER, OTHER.id == Case.id),
    "labels": select(Contact.occurred_at.label("at"), func.count().label("many")).group_by(Contact.occurred_at),
    "choices": select(case((Case.closed_on.is_(None), "open"), else_="shut").label("how"), literal(7).label("seven")),
    SEVERAL: union_all(select(Case.id, Case.number), select(Contact.id, Contact.note)),
}  # fmt: skip
OF_OTHERS: dict[str, Any] = {
    "objects": select(Case), "objects among columns": select(Case.number, Case), "no label": select(func.count(Case.id))
}


@pytest.mark.parametrize("what", OF_COLUMNS)
def test_columns_come_as_sqlalchemy_gives_them(database: Database, offices: Offices, what: str) -> None:
    with opened(database, offices) as session, database.scoped(offices.scope, writes=True) as as_ever:
        for _ in range(2):  # compiled, and out of what was kept
            told, known = session.execute(OF_COLUMNS[what]), as_ever.execute(OF_COLUMNS[what])
            assert isinstance(told, CursorResult) and (what == SEVERAL or not isinstance(known, CursorResult))
            assert list(told.keys()) == list(known.keys())
            rows = told.all()
            assert sorted(map(repr, rows)) == sorted(map(repr, known.all())) and rows
        assert isinstance(session.scalars(OF_COLUMNS[what]), ScalarResult)
        assert session.scalar(OF_COLUMNS[what]) == session.execute(OF_COLUMNS[what]).all()[0][0]


@pytest.mark.parametrize("what", OF_OTHERS)
def test_whatever_else_is_asked_for_comes_by_the_session(database: Database, offices: Offices, what: str) -> None:
    assert not of_columns(OF_OTHERS[what])
    with opened(database, offices) as session:
        assert not isinstance(session.execute(OF_OTHERS[what]), CursorResult)


def test_a_reader_whose_transaction_ended_asks_in_a_new_one(database: Database, offices: Offices) -> None:
    with opened(database, offices) as session:
        assert session.scalars(select(Case.number)).all() == ["NEAR-1"]
        session.rollback()
        assert session.scalars(select(Case.number)).all() == ["NEAR-1"]
        with trusted_sql("test: without a scope"):
            assert len(session.scalars(select(Case.number)).all()) == 2
        assert session.scalars(select(Case.number)).all() == ["NEAR-1"]


def test_a_statement_that_was_narrowed_by_nobody_is_refused_on_that_way_too(
    database: Database, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.access.scoped_session.narrowed", lambda statement, _option: statement)
    with opened(database, offices) as session, pytest.raises(ScopeError, match="without its scope"):
        session.execute(select(Case.id.label("not_narrowed")))


def test_who_writes_reads_what_they_have_just_written(database: Database, offices: Offices) -> None:
    with database.scoped(offices.scope, writes=True) as session:
        assert isinstance(session, ScopedSession)
        found = session.get_one(Contact, offices.our_contact)
        found.note = "changed"
        assert session.scalars(select(Contact.note)).all() == ["changed"]
        session.rollback()
