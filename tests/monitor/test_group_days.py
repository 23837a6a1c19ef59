"""A participant moves to another group: no page names a class that was, or will be, another group's."""

from __future__ import annotations

from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.bench_page.classes import seats
from monitor.bench_page.record import CaseRecord, gather
from monitor.db import Database
from monitor.enrollment.making import Answers, faults_of, make
from monitor.enrollment.moves import BY_NAME
from monitor.enrollment.reading import place_page, places_page
from monitor.enrollment.undoing import take_back_last
from monitor.grid.classes import classes_between
from monitor.grid.reading import read_grid
from monitor.group_days import Turn, group_days, turn_on, turns_of
from monitor.intake.receiver import Receiver
from monitor.models import Group, random_id
from monitor.person_page.strip import class_days
from monitor.prosecution import roster
from monitor.rosters import missing_sheets
from tests.builders import ORDERED_ON, Matter, at, attended, build_town, person_with_order

ENROLLED = ORDERED_ON + timedelta(days=7)
MONDAYS = [day for number in range(1, 70) if (day := ENROLLED + timedelta(days=number)).weekday() == 0]
WEDNESDAYS = [day + timedelta(days=2) for day in MONDAYS]
CAME = 3  # Mondays attended before the move


class Moved(SimpleNamespace):
    """A person of the Monday group, and a Wednesday group of the same program."""

    matter: Matter
    wednesday: int


def town(session: Session) -> Moved:
    """Came to three Mondays; the Wednesday group is there."""
    matter = person_with_order(session, build_town(session), enrolled_on=ENROLLED)
    group = Group(
        id=random_id(), agency_id=matter.town.program_agency, program_id=matter.town.program, code="WED", weekday=2,
        starts_at=time(18), minutes=90,
    )  # fmt: skip
    session.add(group)
    session.flush()
    attended(session, matter, *MONDAYS[:CAME])
    return Moved(matter=matter, wednesday=group.id)


def move(session: Session, moved: Moved, on: date, entered: date, group: int | None = None) -> None:
    """The program enters a move on one day, for another or the same."""
    place = place_page(session, moved.matter.enrollment, entered)
    assert place is not None
    answers = Answers(on=on, group=group or moved.wednesday)
    by = Receiver(moved.matter.town.program_agency, place.program_id, 7, at(entered, 13), entered)
    assert faults_of(place, BY_NAME["regroup"], answers, entered) == {}
    make(session, place, BY_NAME["regroup"], answers, by)


def record_of(session: Session, moved: Moved, today: date) -> CaseRecord:
    return gather(session, {moved.matter.case: moved.matter.town.zone}, at(today, 20))[moved.matter.case]


def missing_of(session: Session, moved: Moved, today: date) -> list[date]:
    """What the bench and the officer call not reported."""
    return seats(record_of(session, moved, today))[0].unreported


def week_of(database: Database, moved: Moved, first: date, last: date) -> list[tuple[str, date]]:
    """What the program's own first page calls missing."""
    with database.scoped(Scope(7, "program", moved.matter.town.program_agency)) as session:
        lines = classes_between(session, moved.matter.town.program_agency, first, last)
    return [(line.group, line.on) for line in lines if line.missing]


def test_after_a_move_to_another_group_no_page_names_a_class_before_or_after_it_wrongly(database: Database) -> None:
    moves_on, today = WEDNESDAYS[CAME], WEDNESDAYS[CAME + 2] + timedelta(days=1)
    with database.system("test") as session, session.begin():
        moved = town(session)
        move(session, moved, moves_on, moves_on)
        attended(session, moved.matter, MONDAYS[CAME], moves_on)
    owed = WEDNESDAYS[CAME + 1 : CAME + 3]
    with database.system("test", writes=False) as session:
        assert missing_of(session, moved, today) == owed, "no Wednesday before the move, no Monday after it"
        told = missing_sheets(session, today)
        assert [(one.group, one.held_on) for one in told] == [("WED", day) for day in owed]
        record = record_of(session, moved, today)
        assert {day.weekday() for day in class_days(record, seats(record)[0])} == {2}
    week = week_of(database, moved, MONDAYS[0], today)
    assert week == [("WED", day) for day in owed]
    with database.system("test", writes=False) as session:
        places = roster.places_of(session, moved.matter.case, today)  # type: ignore[arg-type]
        gaps = roster.gaps(session, places, MONDAYS[0], today)  # type: ignore[arg-type]
        assert len(gaps) == 2 and all("No roster for" in gap for gap in gaps)


def test_a_move_for_a_day_to_come_is_entered_ahead_and_holds_from_that_day(database: Database) -> None:
    entered, moves_on = MONDAYS[CAME - 1], MONDAYS[CAME + 1] + timedelta(days=1)
    with database.system("test") as session, session.begin():
        moved = town(session)
        move(session, moved, moves_on, entered)
        (line,) = places_page(session, entered).enrolled
        assert (line.group, line.next_group, line.next_on) == ("MON", "WED", moves_on)
        (line,) = places_page(session, moves_on).enrolled
        assert (line.group, line.next_group) == ("WED", "")
    until = moves_on + timedelta(days=9)
    expected = [("MON", MONDAYS[CAME]), ("MON", MONDAYS[CAME + 1]), ("WED", WEDNESDAYS[CAME + 1]),
                ("WED", WEDNESDAYS[CAME + 2])]  # fmt: skip
    assert week_of(database, moved, MONDAYS[0], until) == expected
    with database.scoped(Scope(7, "program", moved.matter.town.program_agency)) as session:
        for group, on, people in (
            (moved.matter.town.group, MONDAYS[CAME], 1), (moved.wednesday, WEDNESDAYS[CAME], 0),
            (moved.matter.town.group, MONDAYS[CAME + 2], 0), (moved.wednesday, WEDNESDAYS[CAME + 1], 1),
        ):  # fmt: skip
            grid = read_grid(session, group, on, 7, until)
            assert grid is not None and len(grid.rows) == people, (group, on)


def test_a_planned_move_that_is_taken_back_was_never_there(database: Database) -> None:
    entered, moves_on = MONDAYS[CAME - 1] + timedelta(days=1), MONDAYS[CAME + 1]
    with database.system("test") as session, session.begin():
        moved = town(session)
        move(session, moved, moves_on, entered)
        place = place_page(session, moved.matter.enrollment, entered)
        assert place is not None
        by = Receiver(moved.matter.town.program_agency, place.program_id, 7, at(entered, 15), entered)
        assert take_back_last(session, moved.matter.enrollment, by)
        today = WEDNESDAYS[CAME + 2]
        assert missing_of(session, moved, today) == MONDAYS[CAME : CAME + 3]


def test_to_the_group_of_that_day_nobody_is_moved(database: Database) -> None:
    with database.system("test") as session, session.begin():
        moved = town(session)
        place = place_page(session, moved.matter.enrollment, MONDAYS[CAME])
        assert place is not None
        same = Answers(on=MONDAYS[CAME], group=moved.matter.town.group)
        assert "group" in faults_of(place, BY_NAME["regroup"], same, MONDAYS[CAME])
        later = Answers(on=MONDAYS[CAME] + timedelta(days=200), group=moved.wednesday)
        assert "four months" in faults_of(place, BY_NAME["regroup"], later, MONDAYS[CAME])["on"]


def test_there_and_back_again_each_class_is_of_the_group_of_its_day(database: Database) -> None:
    there, back = MONDAYS[4] + timedelta(days=1), MONDAYS[6]
    with database.system("test") as session, session.begin():
        moved = town(session)
        move(session, moved, there, there)
        move(session, moved, back, back, moved.matter.town.group)
        turns = group_days(session, {moved.matter.enrollment: moved.matter.town.group})[moved.matter.enrollment]
        in_between = {turn_on(turns, there + timedelta(days=n)).group_id for n in range((back - there).days)}
        assert in_between == {moved.wednesday}
        outside = {turn_on(turns, day).group_id for day in (MONDAYS[0], there - timedelta(days=1), back, MONDAYS[8])}
        assert outside == {moved.matter.town.group}
        assert [day for day in missing_of(session, moved, MONDAYS[7]) if there <= day < back] == WEDNESDAYS[4:6]


@pytest.mark.parametrize("word", ["later", "sooner"])
def test_of_two_moves_each_holds_from_its_day_whichever_was_entered_first(word: str) -> None:
    """What a later day says is not undone by a word about an earlier one: each absence is of its group (F9)."""
    first = SimpleNamespace(on=MONDAYS[3], at=at(MONDAYS[0]))
    second = SimpleNamespace(on=MONDAYS[5] if word == "later" else MONDAYS[2], at=at(MONDAYS[1]))
    earlier = [(first.at, Turn(date.min, 1)), (second.at, Turn(date.min, 2))]
    turns = turns_of([second, first], earlier, Turn(date.min, 3))
    held = [turn_on(turns, day).group_id for day in (MONDAYS[1], MONDAYS[2], MONDAYS[3], MONDAYS[5])]
    assert held == ([1, 1, 2, 3] if word == "later" else [1, 3, 2, 2])


def test_of_two_moves_for_one_day_what_was_entered_last_holds() -> None:
    first, second = (SimpleNamespace(on=MONDAYS[3], at=at(MONDAYS[number])) for number in (0, 1))
    earlier = [(first.at, Turn(date.min, 1)), (second.at, Turn(date.min, 2))]
    turns = turns_of([second, first], earlier, Turn(date.min, 3))
    assert [turn_on(turns, day).group_id for day in (MONDAYS[2], MONDAYS[3])] == [1, 3]
