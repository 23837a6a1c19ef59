"""Scope is put on a statement when it is compiled: what was compiled for one person opens nothing to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, exists, func, literal, literal_column, select, text, union_all, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased

from monitor.access.matrix import Seen
from monitor.access.role_criteria import RoleCriteria, names_rows
from monitor.access.scope import Scope, ScopeError, trusted_sql
from monitor.access.scoped_session import SHOWS, ScopedSession
from monitor.db import Database
from monitor.models import Agency, Case, Contact, Order, Person, Task, User
from monitor.schema import upgrade
from tests.builders import add_user, person_with_order
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


def test_a_page_that_shows_nothing_of_the_record_does_not_stand_in_the_way_of_one_that_shows_all(
    database: Database, offices: Offices
) -> None:
    statement = select(Agency.name).order_by(Agency.code)
    read = []
    for shows in (frozenset(), None, frozenset()):
        with database.scoped(offices.scope) as session:
            session.info[SHOWS] = shows
            read.append(session.scalars(statement).all())
    assert read[0] == read[1] == read[2] != []


# under a label of their own: what was compiled without its scope stays in the statements that all tests share
OURS = Case.id.label("passed_over")


@pytest.mark.parametrize("ours", [select(OURS, Case.number), union_all(select(OURS), select(Case.court_id))])
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


def _all_beside(entity: Any) -> Select[Any]:
    other = aliased(entity)
    return select(other.id).select_from(entity).join(other, literal(True))


def _all_there_may_be(entity: Any) -> Select[Any]:
    other = aliased(entity)
    return select(other.id).select_from(entity).outerjoin(other, other.id != 0)


@pytest.mark.parametrize("entity", [Case, Person, Order])
@pytest.mark.parametrize("beside", [_all_beside, _all_there_may_be])
def test_a_table_that_is_joined_to_itself_under_another_name_is_narrowed_under_both(
    database: Database, offices: Offices, entity: Any, beside: Callable[[Any], Select[Any]]
) -> None:
    ours = {Case: offices.ours.case, Person: offices.ours.person, Order: offices.ours.order}[entity]
    with opened(database, offices) as session:
        assert session.scalars(beside(entity)).all() == [ours]


@pytest.mark.parametrize("entity", [Case, Person, Order])
def test_rows_that_a_statement_names_are_held_against_the_shared_cases_one_by_one_and_none_of_theirs_comes(
    database: Database, offices: Offices, entity: Any
) -> None:
    rows = [(getattr(offices.ours, name), getattr(offices.theirs, name)) for name in ("case", "person", "order")]
    ours, theirs = rows[[Case, Person, Order].index(entity)]
    other = aliased(entity)
    with opened(database, offices) as session:
        for named in (entity, other):
            assert session.scalars(select(named.id).where(named.id.in_([ours, theirs]))).all() == [ours]
            assert session.scalars(select(named.id).where(named.id == theirs)).all() == []
        beside = select(entity.id, other.id).join(other, literal(True)).where(other.id.in_([ours, theirs]))
        assert session.execute(beside).all() == [(ours, ours)]
        within = select(Agency.id).where(exists().where(other.id == theirs))
        assert session.scalars(within).all() == []


def test_only_a_statement_that_names_its_rows_has_them_looked_up_one_by_one() -> None:
    somebodys = select(Case.id).where(Case.id.in_(select(Task.case_id).where(Task.user_id == 7)))
    assert all(names_rows(one) for one in (
        somebodys, select(Contact).where(Contact.case_id == 7), union_all(somebodys, select(Case.id)),
        select(Person).where(Person.id.in_([1, 2])),
    ))  # fmt: skip
    whole = select(Contact).join(Case, Case.id == Contact.case_id).where(Contact.agency_id == 7, Contact.kind == "A")
    assert not names_rows(whole) and not names_rows(select(Case.id))


def test_what_one_case_takes_does_not_grow_with_the_cases_of_the_office(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'grows.db'}")
    upgrade(database)
    offices = two_offices(database)
    asked = (
        select(Contact.note).where(Contact.case_id == offices.ours.case),
        select(Person.id).join(Case, Case.person_id == Person.id).where(Person.id == offices.ours.person),
    )
    before = [_steps(database, offices, statement) for statement in asked]
    with database.system("test: a larger office") as session, session.begin():
        for number in range(40):
            person_with_order(session, offices.here, number=f"MORE-{number}")
    after = [_steps(database, offices, statement) for statement in asked]
    assert all(grown <= steps + 10 for steps, grown in zip(before, after, strict=True)), (before, after)
    database.close()


def _steps(database: Database, offices: Offices, statement: Select[Any]) -> int:
    """How many steps SQLite's own machine takes for it."""
    counted = []
    with opened(database, offices) as session:
        session.execute(statement).all()
        with trusted_sql("test: steps are counted"):
            driver = session.connection().connection.driver_connection
        driver.set_progress_handler(lambda: counted.append(1), 1)
        assert len(session.execute(statement).all()) == 1
        driver.set_progress_handler(None, 1)
    return len(counted)


def test_a_change_of_many_rows_reaches_none_that_the_person_could_not_read(
    database: Database, offices: Offices
) -> None:
    with database.system("test: a colleague's task") as session, session.begin():
        user = add_user(session, offices.here.office, "officer", "other@near.example")
        session.add(Task(case_id=offices.ours.case, agency_id=offices.here.office, user_id=user, act=1, what="Call",
                         due_on=date(2026, 3, 2), made_at=datetime(2026, 3, 1, tzinfo=UTC)))  # fmt: skip
    with database.scoped(offices.scope, writes=True) as session, session.begin():
        assert session.execute(update(Task).values(what="Nothing").returning(Task.what)).all() == []
