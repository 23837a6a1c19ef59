"""Levels: a trained assessor's word with its tool and days, never a number of ours, and out of date by themselves."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from monitor.bench_page.reading import bench_page
from monitor.colleagues import colleagues
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.compliance.loading import load_facts
from monitor.levels import LEVELS, LevelsPage, Typed, enter, faults_of, levels_page, standing_level, take_back, tools_of
from monitor.models import Assessment, Base, Span, Training, random_id
from monitor.person_page.reading import person_page
from monitor.today.reading import today_page
from monitor.trainings import end, mark
from rules.pack_files import DUTIES, OURS
from tests import builders
from tests.builders import ZONE, add_user, build_town
from tests.office import NOW, TODAY, hearing, open_office, supervised

DAY = timedelta(days=1)
# what the database itself has no part in
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HIGH = Typed(tool="ODARA", version="2005", level="high")


@pytest.fixture
def office(database):
    """An office whose officer Reyes is trained in one tool until a year from now."""
    office = open_office(database)
    with database.system("test: trained") as session, session.begin():
        boss = add_user(session, office.town.office, "administrator", "admin")
        mark(session, boss, office.officer, "ODARA", TODAY + timedelta(days=365), NOW)
    return office


def entered(office, typed=HIGH, now=NOW, who=0):
    with office.scoped(writes=True, who=who) as session, session.begin():
        return enter(session, office.matter.case, typed, now, now.date())


def page_of(office, now=NOW) -> LevelsPage:
    with office.scoped() as session:
        return levels_page(session, office.matter.person, now)


def standing(office, day):
    with office.scoped() as session:
        return standing_level(session, office.matter.case, day)


def test_only_who_is_trained_today_has_a_tool_to_enter_with(office, database):
    with office.scoped() as session:
        assert tools_of(session, TODAY) == ("ODARA",)
        assert tools_of(session, TODAY + timedelta(days=365)) == ()
    with office.scoped(who=office.colleague) as session:
        assert tools_of(session, TODAY) == ()
    with database.system("test: the mark ends") as session, session.begin():
        training = session.query(Training).one().id
        assert end(session, office.supervisor, training, NOW)
        assert not end(session, office.supervisor, training, NOW)
    with office.scoped() as session:
        assert tools_of(session, TODAY) == ()


@ON_SQLITE
def test_a_newer_mark_of_the_same_tool_takes_the_place_of_the_older(office, database):
    with database.system("test: marked again") as session, session.begin():
        mark(session, office.supervisor, office.officer, "ODARA", TODAY + DAY, NOW)
    with office.scoped() as session:
        assert tools_of(session, TODAY + DAY) == ()


@ON_SQLITE
def test_officers_and_supervisors_may_be_marked_and_nobody_else(office, database):
    with database.system("test") as session:
        found = {one.id for one in colleagues(session, NOW)}
    assert found == {office.officer, office.colleague, office.supervisor}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Typed(tool="SARA", version="2", level="high"), "tool"),
        (Typed(tool="ODARA", version="", level="high"), "version"),
        (Typed(tool="ODARA", version="7 of 13 points", level="high"), "version"),
        (Typed(tool="ODARA", version="2005", level="elevated"), "level"),
        (Typed(tool="ODARA", version="2005", level="high", on=TODAY + DAY), "on"),
        (Typed(tool="ODARA", version="2005", level="high", on=TODAY - 90 * DAY), "on"),
        (Typed(tool="ODARA", version="2005", level="high", bad=("on",)), "on"),
        (Typed(tool="ODARA", version="2005", level="high", expires_on=TODAY + 91 * DAY), "expires_on"),
        (Typed(tool="ODARA", version="2005", level="high", expires_on=TODAY), "expires_on"),
    ],
)
def test_what_is_missing_is_named_by_its_field(typed, field):
    assert list(faults_of(typed, ("ODARA",), TODAY)) == [field]


def test_a_level_is_out_of_date_on_its_ninetieth_day_and_drives_nothing_from_then_on(office):
    entered(office)
    assert standing(office, TODAY + 89 * DAY).level == "high"
    assert standing(office, TODAY + 90 * DAY) is None
    newest = page_of(office).newest
    assert (newest.tool, newest.version, newest.on, newest.expires_on) == ("ODARA", "2005", TODAY, TODAY + 90 * DAY)
    assert newest.by == "reyes@agency.example"


@ON_SQLITE
def test_an_assessor_may_set_an_earlier_day_and_never_a_later_one(office):
    entered(office, Typed(tool="ODARA", version="2005", level="high", expires_on=TODAY + 30 * DAY))
    assert standing(office, TODAY + 29 * DAY) is not None
    assert standing(office, TODAY + 30 * DAY) is None


@ON_SQLITE
def test_an_older_level_is_not_in_force_again_when_the_newer_one_is_out_of_date(office):
    entered(office)
    entered(office, Typed(tool="ODARA", version="2005", level="medium", on=TODAY, expires_on=TODAY + DAY),
            now=NOW + timedelta(hours=1))  # fmt: skip
    assert standing(office, TODAY + 5 * DAY) is None


def test_a_level_that_was_taken_back_stays_in_sight_and_the_one_before_it_counts_again(office):
    entered(office, Typed(tool="ODARA", version="2005", level="medium", on=TODAY - DAY))
    wrong = entered(office)
    with office.scoped(writes=True) as session, session.begin():
        take_back(session, wrong, NOW)
    assert standing(office, TODAY).level == "medium"
    assert [(one.level, one.taken_back) for one in page_of(office).levels] == [("high", True), ("medium", False)]


def today_of(office, now):
    with office.scoped() as session:
        return today_page(session, ZONE, now, team=False)


def test_a_level_out_of_date_stands_on_today_once_for_all_until_somebody_assesses_again(office):
    entered(office)
    assert not [item for item in today_of(office, NOW + 80 * DAY).overdue if item.why == "Level out of date"]
    for days, there in ((89, 0), (90, 1)):  # on the very day on which it drives nothing any more
        told = [item for item in today_of(office, NOW + days * DAY).overdue if item.why == "Level out of date"]
        assert len(told) == there, days
    [item] = [item for item in today_of(office, NOW + 91 * DAY).overdue if item.why == "Level out of date"]
    assert item.questions[0].title == "Level out of date: 1 person"
    assert item.questions[1].path == f"/people/{office.matter.person}/level?case={office.matter.case}"
    entered(office, now=NOW + 91 * DAY)
    assert not [item for item in today_of(office, NOW + 91 * DAY).overdue if item.why == "Level out of date"]


def test_who_never_had_a_level_is_on_no_list(office):
    assert not [item for item in today_of(office, NOW + 91 * DAY).overdue if item.why == "Level out of date"]


def levels_of(database, known_at=None):
    with database.system("test: what the rules read") as session:
        return [(row["from"], row["level"]) for row in load_facts(session, None, known_at).levels.to_dicts()]


def test_the_rules_read_the_level_and_a_correction_of_it_and_what_was_known_before(office, database):
    wrong = entered(office, Typed(tool="ODARA", version="2005", level="high", on=TODAY - 3 * DAY))
    assert levels_of(database) == [(TODAY - 3 * DAY, "high")]
    with office.scoped(writes=True) as session, session.begin():
        take_back(session, wrong, NOW + timedelta(hours=2))
    entered(office, Typed(tool="ODARA", version="2005", level="medium"), now=NOW + timedelta(hours=3))
    assert levels_of(database) == [(TODAY, "medium")]
    assert levels_of(database, NOW + timedelta(hours=1)) == [(TODAY - 3 * DAY, "high")]
    assert levels_of(database, NOW - timedelta(hours=1)) == []


def test_the_bench_says_tool_level_day_and_assessor_among_the_facts_or_that_none_is_current(office, database):
    with database.system("test: a hearing") as session, session.begin():
        number = hearing(session, office.matter, NOW + 2 * DAY)
    entered(office)
    with database.system("test: the bench") as session:
        now, later, before = (
            bench_page(session, number, at) for at in (NOW, NOW + 90 * DAY, NOW - timedelta(minutes=1))
        )
    said = [one.line for one in now.safety]
    assert f"Risk: ODARA 2005, level high, recorded {TODAY.day} Mar, reyes@agency.example (O)" in said
    assert "Risk assessment: none current" not in said
    for page in (later, before):
        assert "Risk assessment: none current" in [one.line for one in page.safety]


@ON_SQLITE
def test_nothing_of_a_level_stands_beside_what_probation_asks_or_what_the_court_may_order(office, database):
    with database.system("test: a hearing") as session, session.begin():
        number = hearing(session, office.matter, NOW + 2 * DAY)
    entered(office)
    with database.system("test: the bench") as session:
        page = bench_page(session, number, NOW)
    beside = " ".join([*page.options, *(one.line for one in (*page.asks, *page.before, *page.since))])
    assert not re.search(r"ODARA|\bhigh\b|[Rr]isk|\blevel\b", beside)


@ON_SQLITE
def test_the_persons_page_says_the_level_and_since_when_it_is_out_of_date(office):
    with office.scoped() as session:
        assert person_page(session, office.matter.person, NOW).level == ""
    entered(office)
    with office.scoped() as session:
        assert person_page(session, office.matter.person, NOW).level == "High (ODARA 2005), until Tue, Jun 2, 2026"
        late = person_page(session, office.matter.person, NOW + 90 * DAY).level
    assert late == "out of date since Tue, Jun 2, 2026 (High (ODARA 2005))"


@ON_SQLITE
def test_an_assessment_has_no_place_for_questions_answers_or_points(database):
    assert set(Assessment.__table__.columns.keys()) == {
        "id", "case_id", "agency_id", "tool", "tool_version", "level", "occurred_on", "expires_on", "assessed_by_id",
        "recorded_at", "recorded_by_id", "supersedes_id", "retracted", "reason",
    }  # fmt: skip
    asked = re.compile(r"score|points|question|item_|answer_|risk_")
    assert not [
        f"{table.name}.{name}" for table in Base.metadata.sorted_tables for name in table.columns.keys()
        if asked.search(name)
    ]  # fmt: skip


def test_the_levels_are_those_that_packs_have_values_for():
    named = set()
    for path in (*OURS.rglob("*.yaml"), *DUTIES.rglob("*.yaml")):
        named |= set(re.findall(r"\blevel: *['\"]?([\w]+)", path.read_text()))
    assert named
    assert named <= set(LEVELS), named - set(LEVELS)


@ON_SQLITE
def test_contact_falls_due_as_often_as_the_level_that_was_entered_asks(database):
    with database.system("test: an office in Idaho") as session, session.begin():
        town = build_town(session, pack="us_id", code="id")
        officer = add_user(session, town.office, "officer", "assessor")
        began = {"supervision_started_on": builders.ORDERED_ON.isoformat()}
        matter = supervised(session, town, officer, "Example", "Ann", facts=began)
        builders.contact(session, matter, TODAY - 14 * DAY)
    overdue = []
    for level, now in (("medium", NOW), ("high", NOW + timedelta(hours=1))):
        with database.system("test: a level") as session, session.begin():
            session.add(
                Assessment(
                    id=random_id(), case_id=matter.case, agency_id=town.office, recorded_at=now, level=level,
                    recorded_by_id=officer, tool="ODARA", tool_version="2005", occurred_on=builders.ORDERED_ON,
                    expires_on=TODAY + 30 * DAY, assessed_by_id=officer,
                )
            )  # fmt: skip
        evaluate_now(database, switched_on(), now)
        with database.system("test: spans") as session:
            wanted = Span.code == "CONTACT_OVERDUE", Span.known_until.is_(None)
            overdue.append(session.scalar(select(func.max(Span.due_on)).where(*wanted)))
    assert overdue == [TODAY + 31 * DAY, TODAY + DAY], "45 days after the last contact, then 15"
