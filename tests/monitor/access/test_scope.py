"""A person's session sees and writes only what their role reaches; anything unproven is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from sqlalchemy import bindparam, delete, event, exists, func, insert, select, text, union_all, update
from sqlalchemy.orm import aliased

from monitor.access.reach import READS, WRITES
from monitor.access.roles import Role
from monitor.access.scope import Reach, Scope, ScopeError, trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.models import (
    Agency,
    AuditEntry,
    Case,
    CaseAgency,
    Contact,
    Court,
    Dirty,
    Flag,
    JobRun,
    Person,
    ProtectedParty,
    Review,
    Span,
    User,
)
from tests.builders import filed

NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
DAY = date(2026, 1, 5)


class Town(msgspec.Struct):
    """Two offices, each with one case at the same court."""

    court: int
    near: int
    far: int
    our_case: int
    their_case: int


@pytest.fixture
def town(database: Database) -> Town:
    with database.system("test data") as session, session.begin():
        agencies = [
            Agency(kind=kind, name=code, code=code, zone="America/Los_Angeles")
            for kind, code in (("court", "court"), ("probation", "near"), ("probation", "far"))
        ]
        session.add_all(agencies)
        session.flush()
        court = Court(agency_id=agencies[0].id, name="Court", code="c", zone="America/Los_Angeles", pack="us_ca")
        session.add(court)
        session.flush()
        cases = [_case(session, agencies[0].id, court.id, office.id, office.code) for office in agencies[1:]]
        return Town(agencies[0].id, agencies[1].id, agencies[2].id, *cases)


def _case(session, court_agency: int, court: int, office: int, name: str) -> int:
    person = Person(agency_id=court_agency, family_name=name, given_name="A", born_on=date(1990, 1, 1))
    session.add(person)
    session.flush()
    case = Case(agency_id=court_agency, court_id=court, person_id=person.id, number=name, opened_on=DAY)
    session.add(case)
    session.flush()
    session.add_all(CaseAgency(case_id=case.id, agency_id=one, from_on=DAY) for one in (court_agency, office))
    return case.id


@pytest.fixture
def officer(database: Database, town: Town):
    with database.scoped(Scope(1, "officer", town.near)) as session:
        yield session


def _contact(case: int, agency: int) -> Contact:
    return Contact(
        case_id=case, agency_id=agency, recorded_at=NOW, occurred_at=NOW, kind="DIRECT", method="PHONE",
        state="COMPLETED", place="OFFICE",
    )  # fmt: skip


def test_every_way_of_asking_finds_only_cases_that_the_office_shares(officer: ScopedSession, town: Town) -> None:
    other = aliased(Case)
    inner = select(Case.id).subquery()
    ways = [
        select(Case.number),
        select(other.number),
        select(Case.number).join(Person, Person.id == Case.person_id),
        select(Person.family_name),
        select(Case.number).where(Case.id.in_(select(inner.c.id))),
        select(Case.number).union_all(select(Case.number).where(Case.number == "far")),
        select(Case.number).where(exists().where(Person.id == Case.person_id)),
        union_all(select(Case.number).where(Case.number == "far"), select(Case.number).where(Case.number == "near")),
    ]
    for way in ways:
        assert set(officer.scalars(way)) == {"near"}, way
    assert officer.scalar(select(func.count()).select_from(Case)) == 1
    assert officer.get(Case, town.their_case) is None
    assert officer.get(Case, town.our_case) is not None


@pytest.mark.parametrize(
    "statement",
    [
        text("select number from court_case"),
        select(Case.__table__),
        select(text("number")).select_from(Case.__table__),
        insert(Case).values(number="x"),
        update(Case.__table__).values(number="x"),
        update(Contact.__table__).values(note="x"),
        delete(Contact.__table__),
        select(Case.number).union_all(select(Case.__table__.c.number)),
        union_all(select(Case.__table__.c.number), select(Case.number)),
        union_all(select(Case.__table__.c.number), select(Case.__table__.c.number)),
        select(Case).from_statement(text("select * from court_case")),
        select(JobRun),
        select(ProtectedParty),
    ],
)
def test_a_statement_that_cannot_be_proven_to_be_scoped_is_refused(officer: ScopedSession, statement: object) -> None:
    with pytest.raises(ScopeError):
        officer.execute(statement)


def test_the_courts_desk_closes_a_case_and_neither_makes_one_nor_moves_it(database: Database, town: Town) -> None:
    with database.scoped(Scope(1, "clerk", town.court), writes=True) as session:
        case = session.get_one(Case, town.our_case)
        new = Case(agency_id=town.court, court_id=case.court_id, person_id=case.person_id, number="made", opened_on=DAY)
        session.add(new)
        with pytest.raises(ScopeError, match="more of a case than its closing"):
            session.flush()
        session.rollback()
        session.get_one(Case, town.our_case).number = "moved"
        with pytest.raises(ScopeError, match="more of a case than its closing"):
            session.flush()


def test_a_question_that_is_sent_many_times_at_once_is_refused(officer: ScopedSession, town: Town) -> None:
    by_id = select(Case).where(Case.id == bindparam("one"))
    with pytest.raises(ScopeError, match="this kind of statement"):
        officer.execute(by_id, [{"one": town.our_case}, {"one": town.their_case}])


def test_the_connection_behind_the_session_is_no_way_round_it(officer: ScopedSession) -> None:
    with pytest.raises(ScopeError):
        officer.connection().execute(text("select number from court_case"))


def test_a_session_keeps_the_scope_it_was_opened_with(officer: ScopedSession) -> None:
    with pytest.raises(AttributeError):
        officer.scope = Scope(1, "officer", 2)  # type: ignore[misc]


def test_an_officer_writes_for_their_own_office_about_its_own_cases_only(database: Database, town: Town) -> None:
    for case, agency, allowed in (
        (town.our_case, town.near, True),
        (town.our_case, town.far, False),
        (town.their_case, town.near, False),
    ):
        with database.scoped(Scope(1, "officer", town.near), writes=True) as session:
            session.add(_contact(case, agency))
            if allowed:
                session.commit()
            else:
                with pytest.raises(ScopeError):
                    session.flush()


def test_after_a_save_that_could_not_even_be_taken_back_the_next_statement_needs_its_scope(
    database: Database, town: Town
) -> None:
    """The database goes away while a row is written, and the way back with it; the process lives on, as a job does."""

    class Gone(BaseException):
        """Nothing on the way catches it."""

    def writing(_connection: object, _cursor: object, statement: str, *_told: object) -> None:
        if statement.startswith("INSERT"):
            raise Gone

    def taking_back(_connection: object) -> None:
        raise Gone

    events = (("before_cursor_execute", writing), ("rollback", taking_back))
    for name, strikes in events:
        event.listen(database.engine, name, strikes)
    session = database.scoped(Scope(1, "officer", town.near), writes=True)
    session.add(_contact(town.our_case, town.near))
    with pytest.raises(Gone):
        session.flush()
    for name, strikes in events:
        event.remove(database.engine, name, strikes)
    with database.scoped(Scope(1, "officer", town.near)) as after, pytest.raises(ScopeError):
        after.execute(select(ProtectedParty))


def test_who_only_reads_a_table_writes_no_row_of_it(database: Database, town: Town) -> None:
    for role, agency in (("program", town.near), ("judge", town.court), ("respondent", town.near)):
        with database.scoped(Scope(1, role, agency), writes=True) as session:
            session.add(_contact(town.our_case, agency))
            with pytest.raises(ScopeError, match="does not write contact"):
                session.flush()


def test_going_round_the_scope_needs_a_reason_that_can_be_searched_for(officer: ScopedSession) -> None:
    with pytest.raises(ValueError, match="reason"), trusted_sql(""):
        officer.execute(select(Case.id))
    with pytest.raises(ScopeError):  # and nothing was left open
        officer.execute(text("select number from court_case"))


def test_bulk_changes_reach_only_rows_of_the_own_agency(database: Database, town: Town) -> None:
    with database.system("test data") as session, session.begin():
        session.add_all([_contact(town.our_case, town.near), _contact(town.their_case, town.far)])
    with database.scoped(Scope(1, "officer", town.near), writes=True) as session, session.begin():
        session.execute(update(Contact).values(note="x"))
        session.execute(delete(Contact).where(Contact.case_id == town.their_case))

    with database.system("look", writes=False) as session:
        assert sorted(str(note) for note in session.scalars(select(Contact.note))) == ["None", "x"]


def test_a_reading_session_cannot_write_on_either_database(database: Database, town: Town) -> None:
    with database.scoped(Scope(1, "officer", town.near)) as session:
        session.add(_contact(town.our_case, town.near))
        with pytest.raises(Exception, match=r"(?i)read.?only"):
            session.flush()


def test_new_knowledge_marks_its_case_for_evaluation_in_the_same_transaction(database: Database, town: Town) -> None:
    with database.system("test data") as session, session.begin():
        session.execute(delete(Dirty))  # that agencies share the cases is news, too
    with database.scoped(Scope(1, "officer", town.near), writes=True) as session, session.begin():
        session.add(_contact(town.our_case, town.near))

    with database.system("look", writes=False) as session:
        assert set(session.scalars(select(Dirty.case_id))) == {town.our_case}


def test_the_bench_sees_a_flag_only_after_somebody_reviewed_it_and_acted(database: Database, town: Town) -> None:
    with database.system("test data") as session, session.begin():
        user = User(email="o@x.example", name="O", password_hash="-", created_at=NOW)
        session.add(user)
        session.flush()
        for state in ("OPEN", "ACTED"):
            _flag(session, town, state, user.id)

    with database.scoped(Scope(1, "judge", town.court)) as session:
        assert set(session.scalars(select(Flag.state))) == {"ACTED"}
        assert session.scalar(select(func.count()).select_from(Review)) == 1
        with pytest.raises(ScopeError):
            session.execute(select(Span.code))


def _flag(session, town: Town, state: str, user: int) -> None:
    from monitor.models import Order

    order = Order(case_id=town.our_case, agency_id=town.court, kind="PROBATION")
    session.add(order)
    session.flush()
    span = Span(
        case_id=town.our_case, order_id=order.id, key=f"k{state}", version="v", code="ABSENCE_UNEXCUSED",
        owner="offender", severity="review", starts_on=DAY, starts_at=NOW, content={}, known_from=NOW,
    )  # fmt: skip
    session.add(span)
    session.flush()
    flag = Flag(
        case_id=town.our_case, agency_id=town.near, key=span.key, span_id=span.id, version="v", code=span.code,
        owner="offender", severity="review", state="OPEN", first_on=DAY, opened_at=NOW,
    )  # fmt: skip
    session.add(flag)
    session.flush()
    review = Review(
        case_id=town.our_case, agency_id=town.near, flag_id=flag.id, version="v", decision="ACT", words="",
        by_user_id=user, decided_at=NOW,
    )  # fmt: skip
    session.add(review)
    session.flush()
    if state == "ACTED":
        filed(session, review, NOW)
    flag.state = state


def test_no_role_reads_protected_names_or_sign_in_sessions_and_programs_read_no_flags_contacts_or_tests() -> None:
    hidden = {"protected_party", "auth_session", "dirty"}
    for role, reads in READS.items():
        assert not hidden & {entity.__tablename__ for entity in reads}, role
    program = {entity.__tablename__ for entity in READS["program"]}
    assert not program & {"flag", "span", "review", "contact", "check_in", "drug_test", "service", "firearm_receipt"}


def test_of_the_audit_trail_everybody_reads_their_own_part_and_a_privacy_officer_the_agencys() -> None:
    assert {role: reads[AuditEntry] for role, reads in READS.items()} == dict.fromkeys(READS, Reach.MINE) | {
        "privacy_officer": Reach.OWN
    }


def test_every_role_that_writes_also_reads() -> None:
    assert set(WRITES) < set(READS) == {role.value for role in Role}
