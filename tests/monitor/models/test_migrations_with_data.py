"""Every step of the migrations down and up again, with a record in the tables that has something of everything."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from monitor import audit, schema
from monitor.db import Database
from monitor.models import Agency, ApprovalRequest, Base, Letter, Membership, User, random_id
from tests.builders import ORDERED_ON, at
from tests.conftest import APPLICATION, owned
from tests.monitor.test_removals import Courthouse
from tests.office import NOW
from tests.web.accounts import SECRET

# a step down takes its tables and columns along; what the first version knew has to come through all of them
KEPT = ("agency", "person", "court_case", "court_order", "order_version", "condition", "enrollment", "attendance",
        "requirement", "span", "assignment", "app_user", "audit_entry")  # fmt: skip


def revisions() -> list[str]:
    """From the newest to the first."""
    config = Config()
    config.set_main_option("script_location", "monitor:migrations")
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]


def counts(database: Database, tables: list[str]) -> dict[str, int]:
    with database.migrating() as connection:
        return {name: connection.execute(sa.text(f'select count(*) from "{name}"')).scalar_one() for name in tables}


def sound(database: Database, broken_at: int | None = None) -> None:
    """Tables as the models say, no reference into nothing; the trail whole, or broken where that is known."""
    assert schema.drift(database) == []
    with database.system("test: sound", writes=False) as session:
        if database.is_sqlite:
            assert session.execute(sa.text("pragma foreign_key_check")).all() == []
        assert audit.verify(session, audit.audit_key(SECRET)).broken_at == broken_at


@pytest.fixture
def filled(database: Database, database_url: str) -> Database:
    """A record with a person sealed away as well, by the role that owns its tables."""
    Courthouse(database)
    with database.system("test: an entry") as session, session.begin():
        audit.append(session, audit.Act(event="database.copied"), audit.audit_key(SECRET), NOW)
    database.close()
    return Database(owned(database_url))


def test_one_step_down_and_up_again_keeps_what_both_versions_know(filled: Database) -> None:
    newest, before = revisions()[:2]
    whole = counts(filled, list(KEPT))
    assert all(whole.values()), whole
    schema.downgrade(filled, before)
    assert counts(filled, list(KEPT)) == whole
    schema.upgrade(filled, newest, role=APPLICATION)
    assert counts(filled, list(KEPT)) == whole
    sound(filled)
    filled.close()


def test_who_has_two_last_names_gets_the_key_of_the_first_and_gives_it_back(filled: Database) -> None:
    with filled.migrating() as connection:
        person = connection.execute(sa.text("select min(id) from person")).scalar_one()
        named = sa.text("update person set given_name = 'José', family_name = 'García Ortiz' where id = :id")
        connection.execute(named, {"id": person})
    schema.downgrade(filled, "0050")
    with filled.migrating() as connection:
        assert "other_name_key" not in {one["name"] for one in sa.inspect(connection).get_columns("person")}
    schema.upgrade(filled, revisions()[0], role=APPLICATION)  # whoever takes this database next finds it whole
    with filled.migrating() as connection:
        keys = dict(connection.execute(sa.text("select id, other_name_key from person")).all())
        assert keys.pop(person) == "jose garcia" and keys and not any(keys.values())
    filled.close()


def test_a_letter_of_before_names_the_place_where_its_agency_has_but_one(filled: Database) -> None:
    with filled.migrating() as connection:
        place = connection.execute(sa.text("select id, case_id, agency_id from enrollment order by id limit 1")).one()
    letter = Letter(id=random_id(), case_id=place.case_id, agency_id=place.agency_id, kind="WAITLIST",
                    occurred_on=ORDERED_ON, recorded_at=at(ORDERED_ON))  # fmt: skip
    with filled.system("test: a letter of before") as session, session.begin():
        session.add(letter)
        named = letter.id
    schema.downgrade(filled, "0051")
    schema.upgrade(filled, revisions()[0], role=APPLICATION)
    with filled.migrating() as connection:
        which = sa.text("select enrollment_id from letter where id = :id")
        told = connection.execute(which, {"id": named}).scalar_one()
    assert told == place.id
    sound(filled)
    filled.close()


def test_below_0050_passwords_asked_for_and_days_of_looks_at_roles_go_and_nothing_else(filled: Database) -> None:
    whole = counts(filled, list(KEPT))
    with filled.system("test: two that wait, and a look at roles") as session, session.begin():
        user = session.scalars(sa.select(User.id).limit(1)).one()
        agency = session.scalars(sa.select(Agency.id).limit(1)).one()
        for act in ("account.reset", "role.grant"):
            session.add(ApprovalRequest(id=random_id(), agency_id=agency, act=act, subject_id=user, sealed_why=b"-",
                                        asked_by_id=user, asked_at=NOW, until_at=NOW))  # fmt: skip
        session.execute(sa.update(Membership).values(reviewed_at=NOW))
    schema.downgrade(filled, "0049")
    with filled.migrating() as connection:
        assert connection.execute(sa.text("select act from approval_request")).scalars().all() == ["role.grant"]
    assert counts(filled, list(KEPT)) == whole
    schema.upgrade(filled, revisions()[0], role=APPLICATION)
    with filled.system("test: up again", writes=False) as session:
        assert set(session.scalars(sa.select(Membership.reviewed_at))) == {None}
        assert session.scalars(sa.select(ApprovalRequest.act)).all() == ["role.grant"]
    sound(filled)
    filled.close()


def test_classes_and_assignments_change_their_indexes_and_change_them_back(filled: Database) -> None:
    tables = "attendance", "assignment"
    whole = counts(filled, list(tables))
    assert all(whole.values()), whole
    new = {"ix_attendance_case_id_recorded_at", "ix_attendance_absent", "ix_assignment_user_id_until_on_case_id"}
    old = {"ix_attendance_case_id", "ix_assignment_user_id"}
    for step, there, gone in (("0054", old, new), (revisions()[0], new, old)):
        schema.downgrade(filled, step) if step == "0054" else schema.upgrade(filled, step, role=APPLICATION)
        with filled.migrating() as connection:
            looked = sa.inspect(connection)
            found = {one["name"] for table in tables for one in looked.get_indexes(table)}
        assert there <= found and not gone & found, step
        assert counts(filled, list(tables)) == whole
    sound(filled)
    filled.close()


@pytest.mark.slow
def test_every_step_down_to_the_first_and_up_again_keeps_what_the_first_knew(filled: Database) -> None:
    whole = counts(filled, list(KEPT))
    steps = revisions()
    for step in steps[1:]:
        schema.downgrade(filled, step)
        assert counts(filled, list(KEPT)) == whole, step
    for step in reversed(steps[:-1]):
        schema.upgrade(filled, step, role=APPLICATION)
        assert counts(filled, list(KEPT)) == whole, step
    # below 0019 PostgreSQL has no blocks: what they held is no chain, and the check says so rather than call it whole
    sound(filled, None if filled.is_sqlite else 1)
    assert {table.name for table in Base.metadata.sorted_tables} >= set(KEPT)
    filled.close()
