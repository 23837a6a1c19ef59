"""The nightly look at the record: a sound one is silent, and what cannot be there is told to a person, never whose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs.runner import run_pending
from monitor import soundness
from monitor.checks import check_database, check_record
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Allegation, AllegationStep, Flag, JobRun, Notice, Outbox, Told, Upload
from monitor.models.base import Fact
from monitor.soundness import broken, rules
from monitor.watch import concerns
from tests.builders import add_user, random_id
from tests.office import NOW, Office, miss_a_class, open_office, supervised
from tests.web.accounts import SECRET

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(database: Database) -> Office:
    """An office with a question, two people, and an administrator who has to hear of faults."""
    office = open_office(database)
    with database.system("test: a question") as session, session.begin():
        miss_a_class(session, office, date(2026, 2, 23))
        other = supervised(session, office.town, office.officer, "Other", "Bo", number="26-2")
        office.flags["other case"] = other.case
        office.flags["administrator"] = add_user(session, office.town.office, "administrator", "a@agency.example")
        office.flags["elsewhere"] = add_user(session, office.town.program_agency, "program", "p@agency.example")
        session.execute(sa.text("update adjudication set recorded_by_id = :who"), {"who": office.officer})
    return office


def found(database: Database) -> dict[str, int]:
    with database.system("test: the look", writes=False) as session:
        return {rule.name: number for rule in rules() if (number := broken(session, rule))}


def do(database: Database, statement: str, **told: object) -> None:
    """What no program of ours does: references and triggers rest, as they do while somebody repairs by hand."""
    with database.migrating() as connection:
        for trigger in connection.scalars(sa.text("select name from sqlite_master where type = 'trigger'")).all():
            connection.execute(sa.text(f'drop trigger "{trigger}"'))
        connection.execute(sa.text(statement), told)


def test_nothing_is_found_in_a_sound_record(database, office):
    assert found(database) == {}


SPAN = """insert into span select :id, case_id, order_id, key, version, code, owner, response_class, severity,
    certainty, starts_on, :later, ends_at, due_on, clears_on, about_id, content, known_from, known_until from span"""
REVIEW = """insert into review (id, case_id, agency_id, flag_id, version, decision, words, content, by_user_id,
    decided_at) select 7, case_id, agency_id, id, version, 'ACKNOWLEDGE', '', '{}', :who, opened_at from flag"""
LETTER = """insert into outbox (id, "key", channel, recipient_id, subject, body, why, state, due_at, attempt)
    values (7, 'k', 'email', :who, 's', 'b', :why, :state, '2026-03-04', 0)"""
# what somebody's hand could do, and the rules that then do not hold
ASTRAY: dict[str, tuple[str, dict[str, object], dict[str, int]]] = {
    "a class of a place that is gone": (
        "update attendance set enrollment_id = 1", {}, {"orphan attendance.enrollment_id": 1},
    ),
    "a question moved to another case": (
        "update flag set case_id = :other", {}, {"two cases flag.span_id": 1},
    ),
    "a question of an agency that never had the case": (
        "update flag set agency_id = 1", {},
        {"orphan flag.agency_id": 1, "an open flag of an agency that never had the case": 1},
    ),
    "two spans at once": (SPAN, {"id": 7, "later": "2026-03-05"}, {"two open spans of one key at once": 1}),
    "a span that was known backwards": (
        "update span set known_until = '2000-01-01'", {}, {"a span known until before it was known": 1},
    ),
    "a decision of nobody": (
        "update adjudication set recorded_by_id = null", {}, {"a decision on an absence that nobody made": 1},
    ),
    "a decision of somebody from elsewhere": (
        REVIEW, {"who": "somebody of the program"}, {"decided by somebody without a role there review": 1},
    ),
    "a question that nobody put away": ("update flag set state = 'DISMISSED'", {}, {"a flag put away by nobody": 1}),
    "two decisions on one absence": (
        """insert into adjudication (id, case_id, agency_id, attendance_id, decision, decided_by, occurred_on,
           recorded_at, recorded_by_id, retracted) select 7, case_id, agency_id, attendance_id, decision, decided_by,
           occurred_on, recorded_at, recorded_by_id, false from adjudication""",
        {}, {"two decisions on one absence": 1},
    ),
    "a place of somebody else": (
        """update enrollment set person_id = (select person_id from court_case where id = :other)
           where case_id <> :other""",
        {}, {"a place of somebody who is not the case's person": 1},
    ),
    "a letter to nobody": (LETTER, {"who": 1, "why": "w", "state": "DUE"}, {"a letter to nobody": 1}),
    "a letter without a cause": (
        LETTER, {"who": None, "why": "", "state": "SENT"},
        {"a letter that says no cause": 1, "sent, and nobody knows when": 1},
    ),
}  # fmt: skip


@lite
@pytest.mark.parametrize("what", ASTRAY)
def test_what_cannot_be_is_found(database, office, what):
    statement, told, expected = ASTRAY[what]
    if told.get("who") == "somebody of the program":
        told = told | {"who": office.flags["elsewhere"]}
    told = told | ({"other": office.flags["other case"]} if ":other" in statement else {})
    do(database, statement, **told)
    assert found(database) == expected


@lite
def test_a_correction_from_before_what_it_corrects_is_found(database, office):
    do(database, """insert into attendance (id, case_id, agency_id, enrollment_id, occurred_on, number, outcome,
        program_says, session_kind, source, recorded_at, retracted, supersedes_id)
        select 7, case_id, agency_id, enrollment_id, occurred_on, number, outcome, program_says, session_kind, source,
        '2020-01-01', false, id from attendance""")  # fmt: skip
    assert found(database) == {"corrected before it was known attendance": 1}


@pytest.fixture
def more(database: Database, office: Office) -> int:
    """A report to the court, word to somebody who was told, and a class from a sheet; its id is theirs."""
    with database.system("test: and more") as session, session.begin():
        flag = session.scalars(sa.select(Flag)).one()
        of = {"id": random_id(), "agency_id": flag.agency_id}
        mine = of | {"case_id": flag.case_id}
        session.add_all([
            Allegation(**mine, made_by_id=office.officer, made_at=NOW),
            Told(**mine, flag_id=flag.id, version=flag.version, user_id=office.officer, role="officer", act="SEEN",
                 document_id=None, told_at=NOW, again_at=NOW, content={}),
            Upload(**of, program_id=office.town.program, file_name="a.csv", sha256="0" * 64, state="SAVED",
                   uploaded_at=NOW),
        ])  # fmt: skip
        session.flush()
        session.add(AllegationStep(**mine, allegation_id=of["id"], number=1, kind="MADE", by_user_id=office.officer,
                                   at=NOW))  # fmt: skip
        session.add(Notice(**mine, told_id=of["id"], flag_id=flag.id, user_id=office.officer, role="officer",
                           kind="WITHDRAWN", version_told=flag.version, version_now="", content={}, written_at=NOW))
        session.execute(sa.text("update attendance set upload_id = :id"), of)
    assert found(database) == {}
    return int(of["id"])


@lite
def test_what_cannot_be_of_a_report_of_word_to_somebody_and_of_a_sheet_is_found(database, office, more):
    elsewhere = {"who": office.flags["elsewhere"]}
    for statement, told, expected in (
        ("update allegation_step set by_user_id = :who", elsewhere,
         {"decided by somebody without a role there allegation_step": 1}),
        ("update allegation_step set number = 2", {}, {"a report whose steps do not add up": 1}),
        ("update notice set flag_id = 1", {}, {"orphan notice.flag_id": 1, "a notice of what was not told": 1}),
        ("update upload set state = 'UNDONE'", {}, {"a class from a sheet that is not saved": 1}),
    ):  # fmt: skip
        before = found(database)
        do(database, statement, **told)
        assert found(database) == before | expected, statement


def test_no_rule_is_without_somebody_who_broke_it_here():
    """Those that are read off the tables are broken once each by kind; each of the others by name."""
    source = Path(__file__).read_text(encoding="utf-8")
    by_kind = ("orphan ", "two cases ", "corrected before it was known ")
    each = [rule.name for rule in rules() if not rule.name.startswith(by_kind)]
    assert [name for name in each if f'"{name}": 1' not in source] == []


@lite
def test_the_check_by_hand_finds_what_the_night_finds(database, office):
    assert check_database(database, SECRET) == [] == check_record(database)
    do(database, "update adjudication set recorded_by_id = null")
    told = "What cannot be is on record: a decision on an absence that nobody made (1)."
    assert check_record(database) == [told] and check_database(database, SECRET) == []


def test_every_table_and_reference_is_looked_at_from_its_first_night():
    names = {rule.name for rule in rules()}
    assert len(names) == len(rules())
    assert {f"corrected before it was known {one.__tablename__}" for one in facts()} <= names
    assert {"orphan report.enrollment_id", "orphan told.flag_id", "two cases notice.told_id"} <= names


def facts() -> Iterator[type]:
    return (one for one in Fact.__subclasses__() if hasattr(one, "__tablename__"))


def test_administrators_are_told_once_a_night_by_kind_and_number_until_a_night_finds_nothing(database, office):
    settings = Settings(secret_key=SECRET, database_url=database.url)
    with database.system("test: nobody's decision") as session, session.begin():
        session.execute(sa.text("update adjudication set recorded_by_id = null"))
    run_pending(database, settings, NOW)
    with database.system("test: who was told", writes=False) as session:
        said = session.execute(select_letters()).all()
        totals = session.scalar(sa.select(JobRun.totals).where(JobRun.job == soundness.JOB))
    assert [row.recipient_id for row in said] == [office.flags["administrator"]]
    assert said[0].body == "You have 1 item due today. Sign in."
    assert '"found":{"a decision on an absence that nobody made":1}' in totals
    assert "a decision on an absence that nobody made (1)" in " ".join(concerns(database, settings, NOW))
    with database.system("test: repaired") as session, session.begin():
        session.execute(sa.text("update adjudication set recorded_by_id = :who"), {"who": office.officer})
    run_pending(database, settings, NOW + timedelta(days=1))
    assert "cannot be" not in " ".join(concerns(database, settings, NOW + timedelta(days=1)))


def select_letters() -> sa.Select:
    return sa.select(Outbox.recipient_id, Outbox.body).where(Outbox.key.like(f"%{soundness.JOB}%"))
