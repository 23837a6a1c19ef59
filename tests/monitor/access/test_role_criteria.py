"""Scope is put on a statement when it is compiled: what was compiled for one person opens nothing to another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Select, exists, func, literal, literal_column, select, text, union_all, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased

from monitor.access.matrix import Seen
from monitor.access.role_criteria import RoleCriteria
from monitor.access.scope import SHOWS, Scope, ScopedSession, ScopeError
from monitor.db import Database
from monitor.models import Agency, Case, Contact, Person, Task, User
from monitor.schema import upgrade
from tests.builders import add_user
from tests.monitor.access.two_offices import Offices, opened, two_offices
from tests.monitor.access.walls import put_up


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("criteria")
    database = Database(f"sqlite:///{folder / 'two.db'}")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="module")
def offices(database: Database) -> Offices:
    return two_offices(database)


def test_whoever_is_walled_off_sees_nothing_through_a_statement_that_a_colleague_ran_before(
    database: Database, offices: Offices
) -> None:
    with database.system("test: a colleague") as session, session.begin():
        user = add_user(session, offices.here.office, "officer", "colleague@near.example")
    statement, colleague = select(Case.number), Scope(user, "officer", offices.here.office)
    put_up(database, colleague.user_id, offices.ours.person, offices.here.office)
    found = []
    for scope in (offices.scope, colleague, offices.scope, colleague):
        with database.scoped(scope) as session:
            found.append(session.scalars(statement).all())
    assert found == [["NEAR-1"], [], ["NEAR-1"], []]


def test_a_role_that_may_not_read_a_table_may_not_read_it_through_a_statement_that_another_role_ran_before(
    database: Database, offices: Offices
) -> None:
    statement = select(Contact.note)
    with opened(database, offices) as session:
        assert session.scalars(statement).all() == ["as agreed"]
    program = Scope(offices.officer, "program", offices.here.office)
    with database.scoped(program) as session, pytest.raises(ScopeError, match="a program does not reach contact"):
        session.scalars(statement)


def test_a_page_that_shows_no_contacts_reads_none_though_another_page_of_the_same_office_just_did(
    database: Database, offices: Offices
) -> None:
    statement = select(Contact.note).order_by(Contact.id)
    with opened(database, offices) as session:
        session.info[SHOWS] = frozenset(Seen)
        assert session.scalars(statement).all() == ["as agreed"]
        session.info[SHOWS] = frozenset({Seen.IDENTITY})
        with pytest.raises(ScopeError, match="does not show"):
            session.scalars(statement)


@pytest.mark.parametrize("ours", [select(Case.id, Case.number), union_all(select(Case.id), select(Case.court_id))])
def test_should_the_database_library_pass_our_scope_over_nothing_is_read(
    database: Database, offices: Offices, monkeypatch: pytest.MonkeyPatch, ours: Select[tuple[int]]
) -> None:
    monkeypatch.setattr(RoleCriteria, "process_compile_state", lambda *_all: None)
    with opened(database, offices) as session, pytest.raises(ScopeError, match="without its scope"):
        session.execute(ours)


def test_a_statement_that_does_not_say_who_asks_is_not_run(
    database: Database, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(database, offices) as session:
        option, _said = session.narrowing()
        monkeypatch.setattr(ScopedSession, "narrowing", lambda _session: (option, {}))
        with pytest.raises(StatementError, match="scope_agency"):
            session.scalars(select(Case.opened_on))


def test_nobody_passes_for_another_office_by_a_parameter_of_that_name(database: Database, offices: Offices) -> None:
    with opened(database, offices) as session:
        said = {"scope_agency": offices.there.office, "scope_user": 1}
        assert session.execute(select(Case.number), said).all() == [("NEAR-1",)]


def test_a_statement_is_compiled_once_for_all_offices(database: Database, offices: Offices) -> None:
    before = len(database.engine._compiled_cache or ())
    for scope in (offices.scope, offices.their_scope):
        with database.scoped(scope) as session:
            session.execute(select(User.name, Case.number).join(Case, Case.id > User.id)).all()
    # the statement itself, and the look for walls, which other tests may have kept ready already
    assert len(database.engine._compiled_cache or ()) - before in (1, 2)


def test_a_statement_that_goes_on_from_one_that_ran_is_narrowed_by_itself(
    database: Database, offices: Offices
) -> None:
    statement = select(Case.number).order_by(Case.number)
    with opened(database, offices) as session:
        session.scalars(statement).all()
        refined = statement.join(Contact, Contact.case_id == Case.id).add_columns(Contact.note)
        assert session.execute(refined).all() == [("NEAR-1", "as agreed")]
        session.info[SHOWS] = frozenset({Seen.IDENTITY})
        with pytest.raises(ScopeError, match="does not show"):
            session.execute(refined)


BARE = Case.__table__
BESIDE = BARE.alias()
HIDDEN_IN = {
    "a value": select(Agency.id, select(func.max(BARE.c.id)).scalar_subquery()),
    "a condition": select(Agency.id).where(Agency.id.in_(select(BARE.c.agency_id))),
    "a table beside": select(Person.id).join(BESIDE, literal(True)),
    "an alias's column": select(Agency.id, BESIDE.c.number).join(BESIDE, literal(True)),
    "words": select(Agency.id, literal_column("(select number from court_case)")),
    "words of a condition": select(Case.id).where(text("1 = 1) or (1 = 1")),
}


@pytest.mark.parametrize("where", HIDDEN_IN)
def test_a_table_that_goes_through_no_entity_is_refused_at_any_depth(
    database: Database, offices: Offices, where: str
) -> None:
    with opened(database, offices) as session, pytest.raises(ScopeError, match="mapped classes"):
        session.execute(HIDDEN_IN[where])


def test_entities_in_any_form_are_read_and_each_is_narrowed(database: Database, offices: Offices) -> None:
    other, below = aliased(Case), select(Case.number).subquery()
    with opened(database, offices) as session:
        beneath = aliased(Case, select(Case).subquery())
        for statement in (select(other.number), select(below.c.number), select(beneath.number)):
            assert session.scalars(statement).all() == ["NEAR-1"]
        counted = select(func.count()).select_from(Case).where(exists().where(other.id == Case.id))
        assert session.scalar(counted) == 1
        assert session.get(Case, offices.theirs.case) is None


def test_a_change_of_many_rows_reaches_none_that_the_person_could_not_read(
    database: Database, offices: Offices
) -> None:
    with database.system("test: a colleague's task") as session, session.begin():
        user = add_user(session, offices.here.office, "officer", "other@near.example")
        session.add(Task(case_id=offices.ours.case, agency_id=offices.here.office, user_id=user, act=1, what="Call",
                         due_on=date(2026, 3, 2), made_at=datetime(2026, 3, 1, tzinfo=UTC)))  # fmt: skip
    with database.scoped(offices.scope, writes=True) as session, session.begin():
        assert session.execute(update(Task).values(what="Nothing").returning(Task.what)).all() == []
