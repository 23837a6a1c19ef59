"""What the weekly look-back asks about, look by look: the hour, the day of an assignment, the tenth look, the name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from monitor import audit
from monitor.access.scope import Scope
from monitor.trail import entries, own
from monitor.trail.look_back import OFTEN, Line, Look, _Known, _line, look_back
from tests.builders import add_user, build_town
from tests.web.accounts import SECRET

ZONE = "America/Los_Angeles"
ALEX, CASE, OTHER = 5, 71, 72
DAY = date(2026, 11, 25)  # a Wednesday


def at(day: date, *clock: int) -> datetime:
    return datetime.combine(day, time(*clock), ZoneInfo(ZONE)).astimezone(UTC)


def seen(when: datetime, *cases: int, **more: bool) -> Look:
    return Look(ALEX, when, cases or (CASE,), **{"shown": True} | more)


def known(roles=("officer",), name="Alex Reyes", family="Doe", stretches=((DAY, None),)) -> _Known:
    cases = {CASE: ("B-2", family), OTHER: ("A-1", "Nobody")}
    return _Known({ALEX: name}, {ALEX: set(roles)}, {(ALEX, CASE): list(stretches)}, cases)


def line(*looks: Look, **more) -> Line:
    return _line(ALEX, list(looks), known(**more), ZONE)


def test_one_look_at_ones_own_case_by_day_asks_nothing():
    said = line(seen(at(DAY, 12)))
    assert said == Line("Alex Reyes", 1, 1, (), (), (), (), 0, 0)
    assert not said.to_ask


ASKED = {
    "unassigned": ("A-1",), "often": ("A-1",), "namesakes": ("A-1",), "protected": ("A-1",), "off_hours": 1,
    "refused": 1,
}  # fmt: skip


@pytest.mark.parametrize("field", ASKED)
def test_each_of_them_alone_is_asked_about(field):
    assert msgspec.structs.replace(line(seen(at(DAY, 12))), **{field: ASKED[field]}).to_ask


@pytest.mark.parametrize(
    ("when", "off"),
    [((6, 59, 59), 1), ((7,), 0), ((18, 59, 59), 0), ((19,), 1)],
    ids=["before seven", "seven", "before seven in the evening", "seven in the evening"],
)
def test_the_hours_are_those_of_the_agencys_own_clock(when, off):
    assert line(seen(at(DAY, *when))).off_hours == off


@pytest.mark.parametrize(("day", "off"), [(27, 0), (28, 1), (29, 1), (30, 0)])
def test_a_saturday_and_a_sunday_are_asked_about_whatever_the_hour(day, off):
    assert line(seen(at(date(2026, 11, day), 12))).off_hours == off


@pytest.mark.parametrize(
    ("roles", "off"),
    [(("dispatch",), 0), (("law_enforcement", "program"), 0), (("dispatch", "officer"), 1), ((), 1)],
)
def test_who_works_by_shifts_alone_is_not_asked_about_the_hour(roles, off):
    assert line(seen(at(DAY, 23)), roles=roles).off_hours == off


def test_an_assignment_is_held_against_the_local_day_of_the_look():
    """Five in the afternoon there is tomorrow in UTC: the last day of an assignment lasts until its own midnight."""
    last = ((DAY - timedelta(days=9), DAY + timedelta(days=1)),)
    assert line(seen(at(DAY, 17)), stretches=last).unassigned == ()
    assert line(seen(at(DAY + timedelta(days=1), 9)), stretches=last).unassigned == ("B-2",)
    assert line(seen(at(DAY - timedelta(days=1), 17))).unassigned == ("B-2",), "the evening before it began"
    assert line(seen(at(DAY, 9))).unassigned == ()


def test_one_look_outside_of_an_assignment_is_enough_and_the_teams_list_asks_nothing():
    day = at(DAY, 12)
    assert line(seen(day), seen(day - timedelta(days=2))).unassigned == ("B-2",)
    assert line(seen(day, OTHER, team=True)).unassigned == ()
    assert line(seen(day, OTHER), roles=("clerk",)).unassigned == ()
    assert line(seen(day, OTHER), roles=("clerk", "officer")).unassigned == ("A-1",)


def test_the_tenth_look_at_one_case_is_often_and_what_was_done_there_or_by_the_team_is_none_of_them():
    day = at(DAY, 12)
    looks = [seen(day)] * (OFTEN - 1) + [seen(day, act=True), seen(day, team=True), seen(day, OTHER)]
    nine = line(*looks)
    assert (nine.often, nine.looks, nine.cases) == ((), OFTEN + 1, 2)
    assert line(*looks, seen(day)).often == ("B-2",)


def test_an_act_at_night_counts_its_case_and_not_its_hour():
    said = line(seen(at(DAY, 23), act=True))
    assert (said.looks, said.cases, said.off_hours) == (0, 1, 0)


@pytest.mark.parametrize(("name", "family", "told"), [
    ("Alex Reyes", "REYES", ("B-2",)), ("Reyes Alex", "Reyes", ()), ("", "Reyes", ()), ("Alex Reyes", "Reye", ()),
])  # fmt: skip
def test_who_bears_the_lookers_own_family_name_is_told_of(name, family, told):
    assert line(seen(at(DAY, 12)), name=name, family=family).namesakes == told


def test_what_was_refused_and_a_protected_name_that_was_shown_are_told_of():
    day = at(DAY, 12)
    said = line(seen(day, name=True), seen(day, CASE, OTHER, name=True), Look(ALEX, day, (), shown=False))
    assert (said.protected, said.refused, said.looks) == (("A-1", "B-2"), 1, 3)
    assert line(seen(day)).protected == ()


def test_a_case_that_is_on_record_no_more_has_no_number_and_one_who_left_no_name():
    found = _line(6, [Look(6, at(DAY, 12), (99,), shown=True)], known(), ZONE)
    assert (found.who, found.cases, found.namesakes, found.unassigned) == ("Somebody who has left", 1, (), ())


class Office(msgspec.Struct):
    """Two people of one agency, and another agency."""

    one: int
    two: int
    agency: int
    other: int


@pytest.fixture
def office(database) -> Office:
    with database.system("test: an office") as session, session.begin():
        town = build_town(session)
        users = [add_user(session, town.office, "officer", f"{name}@near.example") for name in ("one", "two")]
        return Office(*users, town.office, town.program_agency)


def refused(database, office: Office, user: int, *instants: datetime) -> None:
    """Looks of one user that showed nothing."""
    with database.system("test: looks") as session, session.begin():
        for one in instants:
            act = audit.Act(event="person.read", user_id=user, agency_id=office.agency, outcome=audit.Outcome.ABSENT)
            audit.append(session, act, audit.audit_key(SECRET), one)


sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
INSTANT = timedelta(microseconds=1)


@sqlite
def test_the_week_is_half_open_and_another_agencys_looks_are_not_in_it(database, office):
    until = at(DAY, 0)
    since = until - timedelta(days=7)
    refused(database, office, office.one, since - INSTANT, since, until - INSTANT, until)
    with database.scoped(Scope(1, "privacy_officer", office.agency)) as session:
        back = look_back(session, office.agency, ZONE, until)
        assert (back.since, back.until) == (since, until)
        assert [(one.who, one.refused) for one in back.lines] == [("one@near.example", 2)]
    with database.scoped(Scope(1, "privacy_officer", office.other)) as session:
        assert look_back(session, office.other, ZONE, until).lines == []


@sqlite
def test_a_day_of_the_trail_is_the_local_one_newest_first_and_cut_where_a_page_is_full(database, office, monkeypatch):
    end = at(DAY + timedelta(days=1), 0)
    refused(database, office, office.one, at(DAY, 0) - INSTANT, at(DAY, 0), at(DAY, 12), end - INSTANT)
    refused(database, office, office.two, at(DAY, 13), end)
    with database.system("test: a day", writes=False) as session:
        mine = own.own_day(session, office.one, DAY, ZONE)
        assert [one.at for one in mine.entries] == [end - INSTANT, at(DAY, 12), at(DAY, 0)]
        assert ({one.who for one in mine.entries}, mine.cut, mine.day) == ({""}, False, DAY)
        monkeypatch.setattr(entries, "MOST", 3)
        monkeypatch.setattr(own, "MOST", 3)
        agency = own.agency_day(session, office.agency, DAY, ZONE)
        assert (len(agency.entries), agency.cut) == (3, True)
        assert [one.who for one in agency.entries] == ["one@near.example", "two@near.example", "one@near.example"]
        assert own.agency_day(session, office.other, DAY, ZONE).entries == []
