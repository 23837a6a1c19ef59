"""Whoever has the words of a name in another order is somebody else, until name and day of birth say so: a list."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.db import Database
from monitor.verify.asked import Asked
from monitor.verify.standing import Verdict
from monitor.verify.verifying import whom
from tests.monitor.verify_town import NOW, Room, ask, build_room

BORN = date(1985, 5, 5)


@pytest.fixture
def room(database: Database) -> Room:
    return build_room(database)


def filed(room: Room, words: str, born: date | None = None) -> str | None:
    """The case in which an incident would be put."""
    with room.scoped() as session:
        about, _ = whom(session, Asked(words, born), ("05",), NOW)
        return about.number if about else None


@pytest.mark.parametrize(("name", "typed"), [
    ("Garcia, Miguel", "Garcia, Luis Miguel"), ("Smith, Paul", "John Paul Smith"),
    ("Garcia, José", "García Ortiz, José"),  # the order has one of his two last names, or it is another man
    ("Thomas, James", "James, Thomas"),  # the comma says which is the family name
    ("García Ortiz, José Luis", "Jose Luis, Garcia Ortiz"),
])  # fmt: skip
def test_another_man_with_such_words_and_the_same_day_of_birth_is_possible_and_bears_no_incident(room, name, typed):
    room.order(name, "A-1", born=BORN)
    for born in (None, BORN, date(1985, 5, 6)):
        found = ask(room, typed, born)
        assert (found.verdict, found.cards, [one.name for one in found.possible]) == (Verdict.POSSIBLE, (), [name])
        assert filed(room, typed, born) is None


@pytest.mark.parametrize(("name", "typed"), [
    ("Thomas, James", "Thomas James"), ("O'Brien, Ann", "O Brien, Ann"), ("Delacruz, Ana", "De La Cruz, Ana"),
    ("García Ortiz, José Luis", "garcia ortiz jose luis"),
])  # fmt: skip
def test_the_whole_name_in_another_order_or_joined_is_sure_with_the_date_of_birth_alone(room, name, typed):
    room.order(name, "A-1", born=BORN)
    assert ask(room, typed).verdict is Verdict.POSSIBLE and filed(room, typed) is None
    assert ask(room, typed, BORN).matched_on == "name and date of birth"
    assert filed(room, typed, BORN) == "A-1"


def test_of_two_who_bear_each_others_names_the_comma_and_the_day_say_who_is_meant(room: Room) -> None:
    room.order("Thomas, James", "A-1", born=date(1970, 1, 1))
    room.order("James, Thomas", "A-2", born=date(1988, 1, 1))
    found = ask(room, "James, Thomas", date(1970, 1, 1))
    assert (found.verdict, found.cards) == (Verdict.POSSIBLE, ())
    assert [one.born_year for one in found.possible] == [1988, 1970]
    assert [one.case_number for one in ask(room, "James, Thomas", date(1988, 1, 1)).cards] == ["A-2"]
    assert filed(room, "James, Thomas", date(1970, 1, 1)) is None
    assert filed(room, "James, Thomas", date(1988, 1, 1)) == "A-2"


@pytest.mark.parametrize(("one", "other", "typed"), [
    ("Brien, Ann", "O'Brien, Ann", "O Brien, Ann"), ("De La Cruz, Ana", "Delacruz, Ana", "De La Cruz, Ana"),
    ("Garcia Lopez, Juan", "Garcia, Juan", "Juan Garcia Lopez"),
])  # fmt: skip
def test_the_order_that_is_looked_for_is_among_the_possible_ones(room: Room, one: str, other: str, typed: str) -> None:
    room.order(one, "A-1", born=date(1970, 1, 1))
    room.order(other, "A-2", born=BORN)
    for born in (None, date(1999, 9, 9)):
        found = ask(room, typed, born)
        assert (found.verdict, {each.name for each in found.possible}) == (Verdict.POSSIBLE, {one, other})


def test_of_many_who_are_only_alike_it_is_not_said_that_they_have_this_name(room: Room) -> None:
    for number in range(7):
        room.order("Lee, Ann", f"A-{number}", born=date(1980 + number, 1, 1))
    for born in (None, BORN):
        found = ask(room, "Doe, Ann Lee", born)
        assert (found.verdict, found.possible) == (Verdict.POSSIBLE, ())
        assert found.said == (
            "Nobody was found with this name as it was typed. More than 5 people have a name like this one, and are "
            "not all shown: check the spelling."
        )
        assert filed(room, "Doe, Ann Lee", born) is None
    assert "people have this name. Ask for the number of the order." in ask(room, "Lee, Ann", BORN).said
    assert "people have this name. Ask for the date of birth." in ask(room, "Lee, Ann").said


def test_of_many_who_are_alike_those_of_that_day_and_those_of_that_name_stay_in_the_list(room: Room) -> None:
    for number in range(6):
        room.order("Lee, Ann", f"A-{number}", born=date(1980 + number, 1, 1))
    room.order("Doe, Ann", "B-1", born=date(1960, 1, 1))
    by_day, by_name = ask(room, "Doe, Ann Lee", date(1983, 1, 1)), ask(room, "Doe, Ann Lee")
    assert [(one.name, one.born_year) for one in by_day.possible] == [("Doe, Ann", 1960), ("Lee, Ann", 1983)]
    assert [one.name for one in by_name.possible] == ["Doe, Ann"]
    for found in (by_day, by_name):
        assert (found.verdict, found.cards) == (Verdict.POSSIBLE, ())
        assert "not all shown" in found.said
