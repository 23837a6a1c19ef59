"""Today reads the names of those whom a line is about, and only counts the others: flat in the size of the office."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, update

import monitor.today.page
import monitor.today.people
from monitor.models import Case, Hearing
from monitor.team import team_page
from monitor.today.people import counted, people, people_named, people_of
from monitor.today.reading import today_page
from tests.builders import ZONE, absent
from tests.office import NOW, hearing, open_office, raise_flag, supervised

MISSED = date(2026, 2, 23)


@pytest.fixture
def office(database):
    return open_office(database)


@pytest.fixture(autouse=True)
def others(office, database):
    """One person about whom something waits, and five about whom nothing does: one's case is closed, two of the six
    are a colleague's."""
    with database.system("test: an office") as session, session.begin():
        raise_flag(session, office.matter, "ENROLLMENT_OVERDUE", "B")
        absent(session, office.matter, MISSED)
        hearing(session, office.matter, NOW.replace(day=NOW.day + 2))
        others = [supervised(session, office.town, who, f"Quiet{number}", "A.")
                  for number, who in enumerate((office.officer,) * 3 + (office.colleague,) * 2)]  # fmt: skip
        session.execute(update(Case).where(Case.id == others[0].case).values(closed_on=date(2026, 2, 1)))
    return [one.case for one in others]


def supervisors(office):
    return office.scoped(who=office.supervisor, role="officer_supervisor")


def test_nobodys_name_is_read_about_whom_nothing_waits(office, database, monkeypatch):
    named = []
    real = monitor.today.people.listed_name
    monkeypatch.setattr(monitor.today.people, "listed_name", lambda row: named.append(row.id) or real(row))
    with supervisors(office) as session:
        page = today_page(session, ZONE, NOW, team=True)
    assert set(named) == {office.matter.case}
    assert (page.people, page.overdue[0].court_at is not None) == (5, True)


def test_a_list_is_counted_without_closed_cases_and_those_of_others(office, others):
    with office.scoped() as session:
        assert counted(session, False) == len(people(session, False, NOW)) == 3
        assert counted(session, True) == len(people(session, True, NOW)) == 5
        assert set(people_of(session, office.colleague, NOW)) == set(others[3:])


def test_a_large_office_is_counted_no_further_than_it_is_told(office, monkeypatch):
    """*Team* tells how many each officer has; counting every case would cost the more the larger the office is."""
    with office.scoped() as session:
        whole, mine = (today_page(session, ZONE, NOW, team=team) for team in (True, False))
        assert (whole.covers, mine.covers) == ("5 people", "3 people")
    monkeypatch.setattr(monitor.today.people, "MOST_COUNTED", 2)
    monkeypatch.setattr(monitor.today.page, "MOST_COUNTED", 2)
    monitor.today.people._count.cache_clear()
    with office.scoped() as session:
        assert counted(session, True) == 3
        assert today_page(session, ZONE, NOW, team=True).covers == "more than 2 people"
        assert today_page(session, ZONE, NOW).covers == "3 people"
        assert today_page(session, ZONE, NOW, officer=office.officer).covers == "3 people"
    monitor.today.people._count.cache_clear()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL chooses by the size of its tables
def test_who_is_new_on_a_list_is_found_by_day_and_not_among_all_of_an_office(office, database):
    sent = []
    hear = lambda _one, _cursor, statement, parameters, *_: sent.append((statement, parameters))  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", hear)
    with supervisors(office) as session:
        today_page(session, ZONE, NOW, team=True)
    event.remove(database.engine, "before_cursor_execute", hear)
    [(new, values)] = [one for one in sent if "assignment.from_on >" in one[0]]
    with database.plainly("test: how it is found") as connection:
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(f"explain query plan {new}", values))
    assert "ix_assignment_open_from_on" in plan, plan


def test_names_are_looked_up_on_the_list_alone(office, others):
    asked = [office.matter.case, *others]
    with office.scoped() as session:
        assert set(people_named(session, False, NOW, asked)) == {office.matter.case, *others[1:3]}
        assert people_named(session, False, NOW, asked[:1]) == {
            case: one for case, one in people(session, False, NOW).items() if case == office.matter.case
        }
        assert people_named(session, False, NOW, ()) == {}


def test_very_many_names_are_read_as_the_whole_list(office, monkeypatch):
    monkeypatch.setattr(monitor.today.people, "MOST_NAMED", 1)
    with office.scoped() as session:
        assert people_named(session, True, NOW, (1, 2)) == people(session, True, NOW)


def test_a_person_stands_with_their_next_date_and_not_with_a_later_one(office, database):
    with database.system("test: a later date") as session, session.begin():
        hearing(session, office.matter, NOW.replace(month=NOW.month + 1))
        first = min(session.query(Hearing.starts_at).where(Hearing.starts_at > NOW))[0]
    with office.scoped() as session:
        assert people(session, False, NOW)[office.matter.case].court_at == first


def test_no_statement_of_an_offices_today_works_out_which_cases_the_office_has(office, database):
    """On SQLite each row looks for its own case; a list of all of them would cost the more the larger the office is."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL is asked the same, and tells its plans in other words")
    sent = []
    hear = lambda _one, _cursor, statement, parameters, *_: sent.append((statement, parameters))  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", hear)
    with supervisors(office) as session:
        today_page(session, ZONE, NOW, team=True)
    event.remove(database.engine, "before_cursor_execute", hear)
    looked = 0
    for statement, parameters in sent:
        if "case_agency" in statement and not statement.startswith("SELECT count("):  # which is about all of them
            with database.plainly("test: how it is found") as connection:
                plan = connection.exec_driver_sql(f"explain query plan {statement}", parameters).all()
            steps = [row[3] for row in plan if "case_agency" in row[3]]
            assert steps and all("case_id=?" in one for one in steps), (statement, steps)
            looked += 1
    assert looked >= 15


def test_a_supervisor_reads_the_same_of_each_caseload_as_before_one_by_one(office):
    with supervisors(office) as session:
        team = team_page(session, ZONE, NOW)
    counts = {one.id: (one.people, one.overdue, len(one.no_shows)) for one in team.officers}
    assert counts == {office.officer: (3, 1, 1), office.colleague: (2, 0, 0)}
