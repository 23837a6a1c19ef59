"""A site is set up from its own file: what is new is added, history is not rewritten, and a fault lays nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from monitor.clock import utc_now
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.demo.county import build_county
from monitor.models import Agency, AuditEntry, Court, CourtHoliday, Flag, Group, Judge, PolicyTerm, Program, User
from tests.web.accounts import SECRET

FILE = """
[[agencies]]
code = "lake-court"
kind = "court"
name = "Lake County Court"
zone = "America/Los_Angeles"

[[agencies]]
code = "lake-probation"
kind = "probation"
name = "Lake County Probation"
zone = "America/Los_Angeles"

[[agencies]]
code = "new-paths"
kind = "program"
name = "New Paths"
zone = "America/Los_Angeles"

[[counties]]
state = "CA"
name = "Lake"

[[courts]]
code = "lake"
agency = "lake-court"
name = "Lake County Court, Department 3"
zone = "America/Los_Angeles"
pack = "us_ca"
county = "CA Lake"

[[courts.judges]]
name = "Judge Ames"

[[courts.closed]]
on = 2027-01-01
title = "New Year's Day"

[[programs]]
code = "new-paths"
agency = "new-paths"
name = "New Paths BIP"

[[programs.groups]]
code = "MON-6PM"
weekday = "monday"
starts_at = 18:00:00
minutes = 90
language = "es"

[[policies]]
program = "new-paths"
term = "bip.excused_absences_max"
value = 2
from = 2026-01-01
cite = "New Paths attendance policy, page 4"
"""


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def file(tmp_path):
    """Writes the file and returns its name."""

    def write(text=FILE):
        (tmp_path / "site.toml").write_text(text, encoding="utf-8")
        return "site.toml"

    return write


def weaker(database):
    """How many orders a policy weaker than the law is flagged on."""
    of_it = select(func.count()).where(Flag.code == "POLICY_WEAKER_THAN_LAW")
    with database.system("test: flags", writes=False) as session:
        return session.scalar(of_it)


def rows_of(database, entity):
    with database.system("test: rows", writes=False) as session:
        return session.scalars(select(entity)).all()


def test_a_new_site_is_laid_and_its_people_can_be_added(terminal, database, file):
    laid = terminal("site", "lay", file())
    assert (laid.status, laid.err) == (0, "")
    assert laid.out.splitlines() == [
        "new\tagency lake-court", "new\tagency lake-probation", "new\tagency new-paths", "new\tcounty CA Lake",
        "new\tcourt lake", "new\tcourt lake: closed on 2027-01-01", "new\tcourt lake: judge Judge Ames",
        "new\tprogram new-paths", "new\tprogram new-paths: group MON-6PM",
        "new\tpolicy bip.excused_absences_max from 2026-01-01 of new-paths: 2, in sessions", "Laid.",
    ]  # fmt: skip
    (court,) = rows_of(database, Court)
    assert (court.pack, court.zone, court.name) == ("us_ca", "America/Los_Angeles", "Lake County Court, Department 3")
    (group,) = rows_of(database, Group)
    assert (group.weekday, f"{group.starts_at:%H:%M}", group.minutes, group.language) == (0, "18:00", 90, "es")
    added = terminal(
        "users", "add", "--email", "o@lake.example", "--name", "O", "--role", "officer", "--agency", "lake-probation"
    )
    assert added.status == 0, added.err
    assert [one.event for one in rows_of(database, AuditEntry)].count("site.laid") == 1


def test_the_manual_s_example_is_laid_as_it_stands(terminal, file):
    manual = (Path(__file__).parents[3] / "docs/site.md").read_text(encoding="utf-8")
    ran = terminal("site", "lay", file(manual.split("```toml")[1].split("```")[0]))
    assert (ran.status, ran.err) == (0, "")


def test_laid_again_it_changes_nothing(terminal, database, file):
    terminal("site", "lay", file())
    again = terminal("site", "lay", file())
    assert again.out == "All of it is on record already.\n"
    assert [one.event for one in rows_of(database, AuditEntry)] == ["site.laid"]


def test_a_check_tells_the_same_and_keeps_nothing(terminal, database, file):
    checked = terminal("site", "check", file())
    assert checked.out.splitlines()[-1] == "This is what laying it does."
    assert rows_of(database, Agency) == []
    assert terminal("site", "lay", file()).out.splitlines()[:-1] == checked.out.splitlines()[:-1]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('pack = "us_ca"', 'pack = "us_cal"', "there is no pack us_cal"),
        ('zone = "America/Los_Angeles"\npack', 'zone = "Pacific"\npack', "there is no time zone Pacific"),
        ('agency = "lake-court"', 'agency = "lake-probation"', "is one of kind probation, not court"),
        ('agency = "new-paths"\nname = "New Paths BIP"', 'agency = "elsewhere"\nname = "X"', "agency elsewhere is not"),
        ('county = "CA Lake"', 'county = "Lake"', "county Lake is not there"),
        ('name = "Judge Ames"', 'name = "Judge Ames"\naccount = "a@b.example"', "no judge of this court signs in as"),
        ('code = "lake-probation"', 'code = "Lake_Probation"', "a code has small letters, digits and hyphens"),
        ("bip.excused_absences_max", "bip.excused_absence_max", "no rule in force has such a term"),
        ("value = 2", 'value = "two"', "a policy cannot set it to two"),
        ("value = 2", "value = 20270110", "20270110 is more than 3660"),
        ("value = 2", "value = -1", "a number below zero"),
        ('"bip.excused_absences_max"\nvalue = 2', '"calendar.week_starts"\nvalue = "funday"', "it is monday or sunday"),
        ('"bip.excused_absences_max"\nvalue = 2', '"adjudication.by"\nvalue = 2', "cannot set it to 2; it is program"),
        ("[[policies]]", "[[policies]]" + FILE.split("[[policies]]")[1] + "[[policies]]", "stands twice in the file"),
        ("value = 2", "taken_back = true\nvalue = 2", "it has a value, or `taken_back = true`"),
        ('program = "new-paths"\nterm', 'program = "new-paths"\ncourt = "lake"\nterm', "of one court, one county"),
        ('program = "new-paths"\nterm', 'program = "elsewhere"\nterm', "of one court, one county or one program"),
        ("[[courts.closed]]", '[[courts.judges]]\nname = "Judge Ames"\n[[courts.closed]]', "stands twice in the file"),
    ],
)
def test_a_fault_is_told_and_lays_nothing(terminal, database, file, old, new, told):
    assert old in FILE
    ran = terminal("site", "lay", file(FILE.replace(old, new)))
    assert ran.status == 1
    assert told in ran.err
    assert ran.err.rstrip().endswith("Nothing was laid: mend the file where it says fault.")
    assert rows_of(database, Agency) == rows_of(database, PolicyTerm) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minutes = 90", "minuets = 90"), ('"monday"', '"mon"'), ("[[agencies]]", "[[agency]]"),
        ("= 2027-01-01", "= soon"), ("value = 2", "value = { count = 1 }"),
    ],
)
def test_a_file_that_is_not_one_is_told_in_one_sentence(terminal, file, old, new):
    ran = terminal("site", "check", file(FILE.replace(old, new, 1)))
    assert ran.status == 1
    assert ran.err.startswith("The site's file cannot be read: ")
    assert len(ran.err.splitlines()) == 1


def test_a_name_may_change_and_what_cases_rest_on_may_not(terminal, database, file):
    terminal("site", "lay", file())
    named = terminal("site", "lay", file(FILE.replace("New Paths BIP", "New Paths Classes")))
    assert named.out.splitlines() == ["changed\tprogram new-paths: name (was New Paths BIP)", "Laid."]
    assert [one.name for one in rows_of(database, Program)] == ["New Paths Classes"]
    for old, new in (('pack = "us_ca"', 'pack = "us_ga"'), ('"monday"', '"tuesday"'), ('"probation"', '"dispatch"')):
        refused = terminal("site", "lay", file(FILE.replace(old, new)))
        assert refused.status == 1, new
        assert "cannot become another one, for what is on record rests on it" in refused.err
    assert [one.weekday for one in rows_of(database, Group)] == [0]


def test_a_court_without_a_county_gets_one_and_keeps_it(terminal, database, file):
    terminal("site", "lay", file(FILE.replace('county = "CA Lake"\n', "")))
    assert terminal("site", "lay", file()).out.splitlines()[0] == "changed\tcourt lake: county (it had none)"
    assert terminal("site", "lay", file(FILE.replace('county = "CA Lake"\n', ""))).out.startswith("All of it is")
    (court,) = rows_of(database, Court)
    assert court.county_id


def test_who_decides_on_absences_may_be_set(terminal, database, file):
    policy = FILE.replace('program = "new-paths"\nterm', 'court = "lake"\nterm')
    policy = policy.replace('"bip.excused_absences_max"\nvalue = 2', '"adjudication.by"\nvalue = "program"')
    assert terminal("site", "lay", file(policy)).status == 0
    (row,) = rows_of(database, PolicyTerm)
    assert (row.term, row.value) == ("adjudication.by", {"value": "program"})


def test_what_left_the_file_stays_on_record(terminal, database, file):
    terminal("site", "lay", file())
    shorter = FILE[: FILE.index("[[courts.judges]]")]
    assert terminal("site", "lay", file(shorter)).out == "All of it is on record already.\n"
    assert len(rows_of(database, CourtHoliday)) == len(rows_of(database, Judge)) == 1


def test_a_policy_is_never_rewritten(terminal, database, file):
    terminal("site", "lay", file())
    stricter = terminal("site", "lay", file(FILE.replace("value = 2", "value = 1")))
    assert stricter.out.splitlines()[0] == (
        "changed\tpolicy bip.excused_absences_max from 2026-01-01 of new-paths: 1, in sessions (was 2)"
    )
    later = FILE.replace("value = 2", "taken_back = true").replace("from = 2026-01-01", "from = 2026-09-01")
    assert terminal("site", "lay", file(later)).status == 0
    rows = sorted(rows_of(database, PolicyTerm), key=lambda row: row.recorded_at)
    assert [(row.value["value"], row.from_on) for row in rows] == [
        (2, date(2026, 1, 1)), (1, date(2026, 1, 1)), (None, date(2026, 9, 1)),
    ]  # fmt: skip


def test_a_judge_s_account_is_joined_once_there_is_one(terminal, database, file):
    terminal("site", "lay", file())
    who = ("--email", "ames@lake.example", "--name", "Ames", "--role", "judge", "--agency", "lake-court")
    terminal("users", "add", *who)
    joined = FILE.replace('name = "Judge Ames"', 'name = "Judge Ames"\naccount = "Ames@lake.example"')
    assert terminal("site", "lay", file(joined)).out.startswith("changed\tcourt lake: judge Judge Ames: account")
    (judge,), (user,) = rows_of(database, Judge), rows_of(database, User)
    assert judge.user_id == user.id
    assert terminal("site", "lay", file()).out == "All of it is on record already.\n"


def test_what_is_shown_is_what_would_be_laid(terminal, database, file):
    now = datetime(2026, 11, 24, 18, tzinfo=UTC)
    build_county(database, SECRET, now, people=5, say=lambda _text: None)
    shown = terminal("site", "show").out
    assert 'code = "riverbend"' in shown and "[[programs.groups]]" in shown and "[[policies]]" in shown
    assert terminal("site", "check", file(shown)).out == "All of it is on record already.\n"
    with database.system("test: nobody is in it", writes=False) as session:
        names = session.scalars(select(User.name)).all()
    assert not [name for name in names if f'"{name}"' in shown]


def test_a_program_s_own_number_reaches_the_flags(terminal, database, file):
    now = utc_now()  # a policy is known from the moment at which it is laid
    build_county(database, SECRET, now, people=12, say=lambda _text: None)
    evaluate_now(database, switched_on(), now, site_secret=SECRET)
    policy = FILE[FILE.index("[[policies]]"):].replace("new-paths", "north-star").replace("value = 2", "value = 9")
    assert terminal("site", "lay", file(policy)).status == 0
    before = weaker(database)
    evaluate_now(database, switched_on(), utc_now(), site_secret=SECRET)
    assert weaker(database) > before  # nine excused absences are more than the law's three
