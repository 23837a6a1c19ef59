"""Thirty-three ways round a scope, each named for the leak it would be: none of them leads anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, literal, select, text, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from monitor.access.scope import Scope, ScopeError
from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.models import Base, Case, Contact, Dirty
from tests.monitor.access.two_offices import Offices, a_contact, notes, opened, two_offices


@pytest.fixture
def offices(database: Database) -> Offices:
    return two_offices(database)


Way = Callable[[ScopedSession, Offices], Any]


def _eager(session: ScopedSession, _offices: Offices) -> Any:
    return session.execute(select(Contact.note, Case.number).outerjoin(Case, Case.id == Contact.case_id)).all()


def _parent_of_a_stray_row(session: ScopedSession, offices: Offices) -> Any:
    row = session.get(Contact, offices.astray)
    return row and session.get(Case, row.case_id)


def _of_many(session: ScopedSession, offices: Offices) -> Any:
    both = [offices.ours.case, offices.theirs.case]
    return session.execute(select(Case.number).join(Contact, Contact.case_id == Case.id).where(Case.id.in_(both))).all()


READING: dict[str, Way] = {
    "a plain select of rows": lambda s, o: [case.number for case in s.scalars(select(Case))],
    "one row by its id": lambda s, o: s.get(Case, o.theirs.case),
    "single columns": lambda s, o: s.execute(select(Case.id, Case.number)).all(),
    "an alias of the table": lambda s, o: [one.number for one in s.scalars(select(aliased(Case)))],
    "a join from a row of ours to their case": lambda s, o: s.execute(
        select(Contact.note, Case.number).join(Case, Case.id == Contact.case_id)).all(),
    "the parent of a row that strayed into their case": _parent_of_a_stray_row,
    "an outer join that fills in the parent": _eager,
    "children fetched for many parents at once": _of_many,
    "a sub-select in from": lambda s, o: s.execute(select(select(Case).subquery().c.number)).all(),
    "a common table expression": lambda s, o: s.execute(select(select(Case).cte().c.number)).all(),
    "an aggregate inside a scalar sub-select": lambda s, o: s.scalar(
        select(select(func.max(Case.number)).where(Case.number < "G").scalar_subquery())),
    "both halves of a union": lambda s, o: s.execute(union_all(select(Case.number), select(Case.number))).all(),
}  # fmt: skip


@pytest.mark.parametrize("way", READING.values(), ids=READING.keys())
def test_their_case_does_not_come_through(database: Database, offices: Offices, way: Way) -> None:
    with opened(database, offices) as session:
        found = way(session, offices)
    assert "FAR-2" not in repr(found)
    assert not isinstance(found, Case)


ORACLES: dict[str, Way] = {
    "a count": lambda s, o: s.scalar(select(func.count()).select_from(Case)) - 1,
    "whether such a case exists": lambda s, o: s.scalar(select(exists(select(Case.id).where(Case.number == "FAR-2")))),
    "whether an id is among the cases": lambda s, o: s.execute(
        select(literal(1)).where(literal(o.theirs.case).in_(select(Case.id)))).all(),
    "a count of children beside each case": lambda s, o: s.scalar(
        select(func.sum(select(func.count(Contact.id)).where(Contact.case_id == Case.id).correlate(Case)
                        .scalar_subquery())).select_from(Case)) - 1,
}  # fmt: skip


@pytest.mark.parametrize("way", ORACLES.values(), ids=ORACLES.keys())
def test_no_question_tells_that_their_case_is_there(database: Database, offices: Offices, way: Way) -> None:
    with opened(database, offices) as session:
        assert not way(session, offices)


REFUSED: dict[str, Way] = {
    "text": lambda s, o: s.execute(text("select number from court_case")),
    "text that says it yields cases": lambda s, o: s.scalars(
        select(Case).from_statement(text("select * from court_case"))),
    "the table instead of the class": lambda s, o: s.execute(select(Case.__table__)),
    "the connection behind the session": lambda s, o: s.connection().execute(select(Case.number)),
    "text sent straight to the database": lambda s, o: s.connection().exec_driver_sql("select number from court_case"),
    "the driver behind the connection": lambda s, o: s.connection().connection.cursor(),
    "text on another connection of the engine": lambda s, o: s.get_bind().connect().exec_driver_sql(
        "select number from court_case"),
    "a change through the table": lambda s, o: s.execute(update(Contact.__table__).values(note="taken")),
    "a change by primary keys": lambda s, o: s.execute(update(Contact), [{"id": o.their_contact, "note": "taken"}]),
    "their rows copied into ours": lambda s, o: s.execute(
        insert(Contact).from_select(["id", "note"], select(Contact.id + 1, Contact.note))),
}  # fmt: skip


@pytest.mark.parametrize("way", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_narrowed_is_refused(database: Database, offices: Offices, way: Way) -> None:
    with opened(database, offices, writes=True) as session, pytest.raises(ScopeError):
        way(session, offices)
    assert notes(database, offices.their_contact) == "as agreed"


def test_a_session_without_a_scope_asks_nothing(database: Database, offices: Offices) -> None:
    with Session(database.engine) as session, pytest.raises(ScopeError):
        session.execute(text("select 1"))
    with pytest.raises(TypeError):
        ScopedSession(database.engine)  # type: ignore[call-arg]


def test_a_change_of_many_rows_leaves_theirs_as_they_are(database: Database, offices: Offices) -> None:
    with opened(database, offices, writes=True) as session, session.begin():
        session.execute(update(Contact).values(note="taken"))
    assert notes(database, offices.their_contact) == "as agreed"


def test_a_removal_leaves_theirs_where_they_are(database: Database, offices: Offices) -> None:
    with opened(database, offices, writes=True) as session, session.begin():
        session.execute(delete(Contact).where(Contact.id == offices.their_contact))
    assert notes(database, offices.their_contact) == "as agreed"


def test_a_row_merged_under_the_id_of_one_of_theirs_does_not_take_it_over(database: Database, offices: Offices) -> None:
    with opened(database, offices, writes=True) as session:
        session.merge(a_contact(offices.ours.case, offices.here.office, id=offices.their_contact, note="taken"))
        with pytest.raises((ScopeError, IntegrityError)):
            session.flush()
    assert notes(database, offices.their_contact) == "as agreed"


def test_a_new_row_cannot_be_planted_at_their_office(database: Database, offices: Offices) -> None:
    for case, agency in ((offices.ours.case, offices.there.office), (offices.theirs.case, offices.here.office)):
        with opened(database, offices, writes=True) as session:
            session.add(a_contact(case, agency))
            with pytest.raises(ScopeError):
                session.flush()


def test_a_row_of_ours_cannot_be_moved_to_their_office(database: Database, offices: Offices) -> None:
    with opened(database, offices, writes=True) as session:
        session.get_one(Contact, offices.our_contact).agency_id = offices.there.office
        with pytest.raises(ScopeError):
            session.flush()


def test_an_id_that_is_taken_over_there_is_refused_and_nothing_of_the_other_row_is_told(
    database: Database, offices: Offices
) -> None:
    with opened(database, offices, writes=True) as session:
        session.add(a_contact(offices.ours.case, offices.here.office, id=offices.their_contact))
        with pytest.raises(IntegrityError) as told:
            session.flush()
    assert "as agreed" not in str(told.value)


def test_what_one_session_has_loaded_stays_with_its_scope(database: Database, offices: Offices) -> None:
    with database.scoped(offices.their_scope) as session:
        case = session.get_one(Case, offices.theirs.case)
        with pytest.raises(AttributeError):
            session.scope = offices.scope  # type: ignore[misc]
        session.refresh(case)
        session.expire(case)
        assert case.number == "FAR-2"  # by their own scope; ours cannot be put in its place
    with opened(database, offices) as session, pytest.raises(Exception, match=r"(?i)already attached|not persistent"):
        session.refresh(case)


def test_an_expired_row_of_theirs_does_not_load_in_a_session_of_ours(database: Database, offices: Offices) -> None:
    with database.scoped(offices.their_scope) as session:
        case = session.get_one(Case, offices.theirs.case)
        session.expunge(case)
    with opened(database, offices) as session:
        assert session.get(Case, case.id) is None


def test_a_statement_kept_ready_for_one_office_is_not_used_for_the_other(database: Database, offices: Offices) -> None:
    statement = select(Case.number)
    found = []
    for scope in (offices.scope, offices.their_scope, offices.scope):
        with database.scoped(scope) as session:
            found.append(session.scalars(statement).all())
    assert found == [["NEAR-1"], ["FAR-2"], ["NEAR-1"]]


def test_a_role_that_reaches_nothing_reads_nothing(database: Database, offices: Offices) -> None:
    with database.scoped(Scope(offices.officer, "medical", offices.here.office)) as session:
        for entity in (Case, Contact, Dirty):
            with pytest.raises(ScopeError):
                session.execute(select(entity))


def test_no_model_fetches_other_rows_by_itself() -> None:
    """Relationships load behind a statement's back; the record is read by statements only."""
    for mapper in Base.registry.mappers:
        assert not mapper.relationships, mapper.class_
        assert {len(prop.columns) for prop in mapper.column_attrs} == {1}, mapper.class_
        assert all(hasattr(prop.columns[0], "table") for prop in mapper.column_attrs), mapper.class_
