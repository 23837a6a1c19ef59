"""PostgreSQL itself shows a session only what is its own, should our scope ever fail: row-level security."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from monitor.access.row_policies import UNPOLICED, role_faults
from monitor.access.scope import Scope, trusted_sql
from monitor.checks import check_database
from monitor.clock import utc_now
from monitor.config import Settings, SettingsError
from monitor.db import Database, draw_near, keep_found
from monitor.health import OLD_POLICIES, refuse_unheld, row_faults
from monitor.models import Assignment, Base, Case, CaseAgency, Contact
from tests.conftest import owned
from tests.monitor.access.two_offices import Offices, a_contact, opened, two_offices

SECRET = "s" * 32
RAW = ("court_order", "order_version", "contact", "enrollment", "requirement")

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
def offices(database: Database) -> Offices:
    return two_offices(database)


def _numbers(session: Session) -> list[str]:
    """By raw SQL, as if every guard in our own code had failed."""
    with trusted_sql("test: past our own scope"):
        return sorted(session.scalars(text("select number from court_case")))


def _raw(session: Session, case: int) -> list[int]:
    """How many rows of each table of `RAW` are there about the case."""
    with trusted_sql("test: past our own scope"):
        asked = (text(f"select count(*) from {name} where case_id = :case") for name in RAW)
        return [session.scalars(one, {"case": case}).one() for one in asked]


def test_every_table_has_its_policies_and_its_owner_is_held_by_them_too(database: Database) -> None:
    with database.migrating() as connection:
        laid = connection.execute(
            text("select tablename, count(*) from pg_policies where policyname like 'scope%' group by tablename")
        ).all()
        assert {name: count for name, count in laid} == dict.fromkeys(Base.metadata.tables, 4)
        held = connection.scalars(text("select relname from pg_class where relrowsecurity and relforcerowsecurity"))
        assert set(held) == set(Base.metadata.tables) - UNPOLICED


def test_without_a_scope_no_table_has_a_row_for_the_applications_role_nor_for_the_owner(
    database: Database, offices: Offices
) -> None:
    for url in (database.url, owned(database.url)):
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            for table in Base.metadata.tables:
                assert connection.scalar(text(f"select count(*) from {table}")) == 0, table
        engine.dispose()


def test_a_session_sees_its_own_cases_and_the_next_one_on_the_same_connection_sees_none_of_them(
    database: Database, offices: Offices
) -> None:
    narrow = Database(database.url, pool_size=1)
    with narrow.scoped(offices.scope) as session:
        assert _numbers(session) == ["NEAR-1"]
        session.rollback()
        assert _numbers(session) == ["NEAR-1"]  # a new transaction says again who asks
    with narrow.engine.connect() as connection, trusted_sql("test: a connection used before"):
        assert connection.scalar(text("select count(*) from court_case")) == 0
    with narrow.scoped(offices.their_scope) as session:
        assert _numbers(session) == ["FAR-2"]
    with Session(narrow.engine) as session:
        assert _numbers(session) == []
    narrow.close()


def test_of_a_case_that_was_looked_up_the_database_shows_its_orders_and_nothing_else(
    database: Database, offices: Offices
) -> None:
    with database.scoped(Scope(1, "dispatch", offices.here.office)) as session:
        before = _raw(session, offices.theirs.case)
        keep_found(session, [offices.theirs.case])
        after = _raw(session, offices.theirs.case)
    assert before == [0] * len(RAW)
    assert dict(zip(RAW, map(bool, after), strict=True)) == {
        "court_order": True, "order_version": True, "contact": False, "enrollment": False, "requirement": False,
    }  # fmt: skip


def test_the_machine_itself_says_that_it_sees_everything(database: Database, offices: Offices) -> None:
    with database.system("test: all") as session:
        assert _numbers(session) == ["FAR-2", "NEAR-1"]


PLANT = (
    "insert into contact (id, case_id, agency_id, kind, method, state, place, occurred_at, recorded_at, retracted)"
    " values (1, {case}, {agency}, 'DIRECT', 'PHONE', 'COMPLETED', 'OFFICE', now(), now(), false)"
)
WRITES = {
    "a row at another office": PLANT.format(case="{ours}", agency="{there}"),
    "a row on a case that is not shared": PLANT.format(case="{theirs}", agency="{here}"),
    "a row moved to another office": "update contact set agency_id = {there}",
}


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES.keys())
def test_the_database_refuses_to_write(database: Database, offices: Offices, statement: str) -> None:
    told = {"ours": offices.ours.case, "theirs": offices.theirs.case}
    told |= {"here": offices.here.office, "there": offices.there.office}
    with opened(database, offices, writes=True) as session, trusted_sql("test: past our own scope"):
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(text(statement.format(**told)))


def test_a_change_or_removal_of_everything_reaches_own_rows_only(database: Database, offices: Offices) -> None:
    with opened(database, offices, writes=True) as session, trusted_sql("test: past our own scope"):
        assert session.execute(text("update contact set note = 'x'")).rowcount == 1
        assert session.execute(text("delete from contact")).rowcount == 1


def test_a_session_that_was_opened_to_read_may_not_write(database: Database, offices: Offices) -> None:
    with opened(database, offices) as session, trusted_sql("test: past our own scope"):
        assert session.scalar(text("select current_setting('app.write')")) == ""


def test_a_wall_hides_the_case_from_raw_sql_too(database: Database, offices: Offices) -> None:
    from tests.monitor.access.walls import put_up

    put_up(database, offices.officer, offices.ours.person, offices.here.office)
    with opened(database, offices) as session:
        assert _numbers(session) == []
        with trusted_sql("test: past our own scope"):
            assert session.scalar(text("select count(*) from contact")) == 0
            assert session.scalar(text("select count(*) from person")) == 0


def test_the_applications_role_neither_changes_tables_nor_the_trail(database: Database) -> None:
    for statement in ("alter table contact disable row level security", "drop policy scope_read on contact",
                      "update audit_entry set event = 'x'", "delete from alembic_version"):  # fmt: skip
        with database.system("test: too much") as session, pytest.raises(ProgrammingError):
            session.execute(text(statement))


def test_the_role_of_the_application_is_found_sound(database: Database) -> None:
    assert row_faults(database) == []
    assert check_database(database, SECRET) == []


def test_an_application_that_signs_in_as_the_owner_is_told_and_does_not_start_for_real(database: Database) -> None:
    owner = Database(owned(database.url))
    assert any("owns the tables" in fault for fault in check_database(owner, SECRET))
    with pytest.raises(SettingsError, match="owns the tables"):
        refuse_unheld(Settings(secret_key=SECRET, base_url="https://monitor.example"), owner, utc_now)
    refuse_unheld(Settings(secret_key=SECRET), owner, utc_now)  # this machine's own http address: a warning, no more
    owner.close()


@pytest.mark.parametrize("seconds", [-3, 3])
def test_a_clock_that_differs_from_the_databases_stops_a_real_start(database: Database, seconds: int) -> None:
    real = Settings(secret_key=SECRET, base_url="https://monitor.example")
    refuse_unheld(real, database, utc_now)
    with pytest.raises(SettingsError, match="clocks of this machine and of the database"):
        refuse_unheld(real, database, lambda: utc_now() + timedelta(seconds=seconds))
    refuse_unheld(Settings(secret_key=SECRET), database, lambda: utc_now() + timedelta(seconds=seconds))


def test_a_superuser_is_told_apart(database: Database, postgres_server: str) -> None:
    engine = sa.create_engine(postgres_server.format(sa.make_url(database.url).database))
    with engine.connect() as connection:
        assert any("is a superuser" in fault for fault in role_faults(connection))
    engine.dispose()


def test_a_table_without_its_policies_is_a_fault(database: Database, database_url: str) -> None:
    owner = sa.create_engine(owned(database_url))
    with owner.begin() as connection:
        connection.execute(text("alter table contact no force row level security"))
    assert row_faults(database) == ["Row-level security is off for contact; run `monitor db upgrade`."]
    with owner.begin() as connection:
        connection.execute(text("alter table contact force row level security"))
    owner.dispose()


def test_a_case_that_is_no_longer_shared_is_gone(database: Database, offices: Offices) -> None:
    with database.system("test: handed over") as session, session.begin():
        ended = update(CaseAgency).where(CaseAgency.agency_id == offices.here.office)
        session.execute(ended.values(until_on=CaseAgency.from_on))
    with opened(database, offices) as session:
        assert _numbers(session) == []
        assert session.scalars(select(Case.number)).all() == []
        session.rollback()
    with opened(database, offices, writes=True) as session, pytest.raises(Exception, match="does not share"):
        session.add(a_contact(offices.ours.case, offices.here.office))
        session.flush()


def _assign(database: Database, offices: Offices) -> None:
    with database.system("test: an officer of their own") as session, session.begin():
        for case in (offices.ours.case, offices.theirs.case):
            session.add(
                Assignment(
                    case_id=case, agency_id=offices.here.office, user_id=offices.officer, from_on=date(2026, 1, 5),
                    until_on=None,
                )
            )  # fmt: skip


def _near(session: Session) -> str:
    with trusted_sql("test: past our own scope"):
        return str(session.scalar(text("select current_setting('app.near', true)")))


def test_ones_own_cases_are_made_ready_once_and_only_those_that_are_there(database: Database, offices: Offices) -> None:
    _assign(database, offices)  # on paper the other office's case is this officer's too: it is not shared
    with opened(database, offices) as session:
        assert _near(session) == f"{{{offices.ours.case}}}"
        assert _numbers(session) == ["NEAR-1"]
        with trusted_sql("test: past our own scope"):
            assert session.scalar(text("select count(*) from contact")) == 1
            assert session.scalar(text("select count(*) from person")) == 1


def test_a_wall_hides_a_case_that_one_is_assigned_to(database: Database, offices: Offices) -> None:
    from tests.monitor.access.walls import put_up

    _assign(database, offices)
    put_up(database, offices.officer, offices.ours.person, offices.here.office)
    with opened(database, offices) as session:
        assert _near(session) == ""
        assert _numbers(session) == []
        with trusted_sql("test: past our own scope"):
            assert session.scalar(text("select count(*) from contact")) == 0


def test_of_the_cases_of_a_list_those_are_made_ready_that_are_there_and_behind_no_wall(
    database: Database, offices: Offices
) -> None:
    from tests.monitor.access.walls import put_up

    listed = [offices.ours.case, offices.theirs.case]
    with opened(database, offices) as session:
        assert _near(session) == ""
        draw_near(session, listed)
        assert _near(session) == f"{{{offices.ours.case}}}"
        assert _numbers(session) == ["NEAR-1"]
    with opened(database, offices, writes=True) as session:
        draw_near(session, listed)
        assert _near(session) == ""
    with database.system("test: the machine") as session:
        draw_near(session, listed)
        assert _near(session) == ""
    put_up(database, offices.officer, offices.ours.person, offices.here.office)
    with opened(database, offices) as session:
        draw_near(session, listed)
        assert _near(session) == ""
        assert _numbers(session) == []


@pytest.mark.parametrize("listed", [False, True])
def test_what_is_made_ready_is_shared_and_behind_no_wall_also_where_no_policy_holds(
    database: Database, offices: Offices, listed: bool
) -> None:
    """The conditions of the session's own scope go by it (`own_share`), and those stand by themselves."""
    from tests.monitor.access.walls import put_up

    if not listed:
        _assign(database, offices)
    asked = {"here": str(offices.here.office), "user": str(offices.officer)}

    def near() -> str:
        owner = sa.create_engine(owned(database.url))
        with owner.connect() as connection:
            for table in ("assignment", "court_case", "case_agency", "wall"):
                connection.exec_driver_sql(f"alter table {table} disable row level security")
            connection.execute(sa.text("select monitor_ask(:here, '', :user)"), asked)
            if listed:
                cases = [offices.ours.case, offices.theirs.case]
                connection.execute(sa.text("select monitor_draw_near(:cases)"), {"cases": cases})
            found = str(connection.scalar(sa.text("select current_setting('app.near')")))
            connection.rollback()
        owner.dispose()
        return found

    assert near() == f"{{{offices.ours.case}}}"
    put_up(database, offices.officer, offices.ours.person, offices.here.office)
    assert near() == ""


def test_the_next_person_on_the_same_connection_does_not_have_them(database: Database, offices: Offices) -> None:
    _assign(database, offices)
    narrow = Database(database.url, pool_size=1)
    with narrow.scoped(offices.scope) as session:
        assert _near(session) != ""
    with narrow.system("test: the machine") as session:
        assert _near(session) == ""
    with narrow.scoped(offices.their_scope) as session:
        assert _numbers(session) == ["FAR-2"]
    with narrow.engine.connect() as connection, trusted_sql("test: a connection used before"):
        assert connection.scalar(text("select count(*) from court_case")) == 0
    narrow.close()


def test_who_writes_sees_at_once_that_a_case_was_handed_over(database: Database, offices: Offices) -> None:
    _assign(database, offices)
    with opened(database, offices, writes=True) as session:
        assert _near(session) == ""
        assert _numbers(session) == ["NEAR-1"]
        with trusted_sql("test: past our own scope"):
            session.execute(text("update case_agency set until_on = from_on"))
        assert _numbers(session) == []


def test_a_readers_statements_stay_prepared_and_so_are_planned_once(database: Database, offices: Offices) -> None:
    narrow = Database(database.url, pool_size=1)
    for _ in range(2):
        with narrow.scoped(offices.scope) as session:
            session.scalars(select(Case.number)).all()
    with narrow.system("test: what is prepared", writes=False) as session:
        kept = session.scalars(text("select statement from pg_prepared_statements")).all()
    assert any("court_case.number" in statement for statement in kept)
    narrow.close()


def test_policies_of_an_earlier_version_are_a_fault(database: Database, database_url: str) -> None:
    owner = sa.create_engine(owned(database_url))
    with owner.begin() as connection:
        mark = connection.scalar(text("select obj_description(to_regproc('monitor_reads_all'), 'pg_proc')"))
        connection.execute(text("comment on function monitor_reads_all() is 'earlier'"))
    assert row_faults(database) == [OLD_POLICIES]
    with owner.begin() as connection:
        connection.execute(text(f"comment on function monitor_reads_all() is '{mark}'"))
    owner.dispose()


def test_rows_of_one_case_are_held_against_its_shares_by_one_look_and_not_by_one_each(
    database: Database, offices: Offices
) -> None:
    with database.system("test: a long history") as session, session.begin():
        session.add_all(a_contact(offices.ours.case, offices.here.office) for _ in range(400))
        session.add_all(a_contact(offices.theirs.case, offices.there.office) for _ in range(400))
    with database.migrating() as connection:
        connection.exec_driver_sql("analyze contact")
    counted = "explain (analyze, buffers, format json) select id from contact"
    with opened(database, offices) as session, trusted_sql("test: past our own scope"):
        [plan] = session.scalar(text(counted))
        assert plan["Plan"]["Actual Rows"] == 401
        assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 401


def test_rows_that_a_statement_names_are_looked_up_by_their_own_case_here_too(
    database: Database, offices: Offices
) -> None:
    sent: list[str] = []
    hear = lambda _one, _cursor, statement, *_more: sent.append(statement)  # noqa: E731
    sa.event.listen(database.engine, "before_cursor_execute", hear)
    with opened(database, offices) as session:
        assert session.scalars(select(Contact.id).where(Contact.case_id == offices.ours.case)).all()
    assert any("case_agency_1.case_id = contact.case_id" in statement for statement in sent)


def test_no_statement_of_the_application_is_compiled_to_machine_code(database: Database) -> None:
    with database.system("test: settings", writes=False) as session:
        assert session.scalar(text("show jit")) == "off"


def test_the_connection_that_was_used_last_is_used_next_for_its_statements_are_planned(database: Database) -> None:
    some = Database(database.url, pool_size=3)

    def pid(session: Session) -> int:
        return int(session.scalar(text("select pg_backend_pid()")) or 0)

    with some.system("test: one", writes=False) as one:
        pid(one)
        with some.system("test: beside it", writes=False) as beside:
            pid(beside)
        last = pid(one)
    for _ in range(3):
        with some.system("test: the next", writes=False) as following:
            assert pid(following) == last
    some.close()
