"""How names are typed in a dispatch room at night: swapped, without accents, by one of two last names, in pieces."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from monitor.db import Database
from monitor.models import Person
from monitor.name_keys import fold_again
from monitor.names import keys_of, wide_keys
from monitor.verify.standing import Verdict
from tests.monitor.verify_town import Room, ask, build_room

BORN = date(1990, 1, 2)


@pytest.fixture
def room(database: Database) -> Room:
    return build_room(database)


@pytest.mark.parametrize(("name", "typed", "verdict"), [
    ("García Ortiz, José Luis", "garcia ortiz jose luis", Verdict.POSSIBLE),  # the last names first, no comma
    ("García Ortiz, José Luis", "GARCIA-ORTIZ, JOSE", Verdict.POSSIBLE),
    ("García Ortiz, José Luis", "Luis Ortiz", Verdict.NO_MATCH),  # a second given name is another man's first
    ("O'Brien, Ann", "O Brien, Ann", Verdict.POSSIBLE),
    ("O'Brien, Ann", "Ann O’Brien", Verdict.ACTIVE),
    ("De La Cruz, Ana", "Delacruz, Ana", Verdict.NO_MATCH),  # nothing tells where to cut it
    ("Delacruz, Ana", "De La Cruz, Ana", Verdict.POSSIBLE),
    ("Smith-Jones, Pat", "Smith Jones, Pat", Verdict.ACTIVE),
    ("Smith, Jon", "Smith, John", Verdict.NO_MATCH),
])  # fmt: skip
def test_words_in_another_order_or_joined_are_found_and_only_the_whole_name_is_sure(room, name, typed, verdict):
    room.order(name, "A-1", born=BORN)
    found = ask(room, typed)
    assert found.verdict is verdict, typed
    assert bool(found.cards) == (verdict is Verdict.ACTIVE)
    if verdict is not Verdict.NO_MATCH:
        assert ask(room, typed, BORN).verdict is Verdict.ACTIVE, "the date of birth says that it is he"
        assert ask(room, typed, date(1990, 1, 3)).verdict is Verdict.POSSIBLE, "another date of birth never does"


@pytest.mark.parametrize(("name", "typed"), [
    ("Yılmaz, Gus", "Yilmaz, Gus"), ("Søndergård, Åse", "Sondergard, Ase"), ("Łuczak, Paweł", "Luczak, Pawel"),
    ("Weiß, Jörg", "Weiss, Jorg"), ("Đorđević, Ana", "dordevic, ana"), ("Æbelø, Ole", "Aebelo, Ole"),
])  # fmt: skip
def test_a_letter_that_keyboards_lack_is_found_by_the_one_that_is_typed_for_it(room, name, typed):
    room.order(name, "A-1")
    assert ask(room, typed).verdict is ask(room, name).verdict is Verdict.ACTIVE


def test_a_key_of_an_earlier_version_is_found_as_it_was_and_the_night_writes_it_anew(room: Room) -> None:
    matter = room.order("Yılmaz, Gus", "A-1")
    with room.database.system("test: as an earlier version wrote it") as session, session.begin():
        session.execute(update(Person).where(Person.id == matter.person).values(name_key="gus yılmaz"))
    assert ask(room, "Yılmaz, Gus").verdict is Verdict.ACTIVE
    with room.database.system("test: the night") as session, session.begin():
        assert fold_again(session) == 1
    with room.database.system("test: the next night") as session, session.begin():
        assert fold_again(session) == 0
    assert ask(room, "Yilmaz, Gus").verdict is Verdict.ACTIVE


def test_the_name_as_it_was_typed_goes_before_the_same_words_in_another_order(room: Room) -> None:
    room.order("Dwayne, Oneal", "A-1", born=BORN)
    room.order("Oneal, Dwayne", "A-2", born=BORN)
    assert [one.case_number for one in ask(room, "Oneal, Dwayne", BORN).cards] == ["A-2"]
    assert [one.case_number for one in ask(room, "Dwayne, Oneal", BORN).cards] == ["A-1"]
    assert [one.name for one in ask(room, "Dwayne, Oneal").possible] == ["Dwayne, Oneal", "Oneal, Dwayne"]


def test_where_nobody_is_found_by_a_name_it_is_said_how_else_to_look(room: Room) -> None:
    room.order("García Ortiz, José", "A-1")
    by_name, by_number = ask(room, "García, José"), ask(room, "A-2")
    assert by_name.verdict is by_number.verdict is Verdict.NO_MATCH
    assert "two last names by both or by the last one" in by_name.said
    assert by_number.said == "No order found under these identifiers. This does not prove there is none."


def test_a_name_of_many_words_asks_for_a_bounded_number_of_keys() -> None:
    assert len(wide_keys(" ".join("abcdefghijklmnop"))) == len(wide_keys("a b c d e f")) <= 130
    assert len(keys_of("c d e f g h, a b")) == 2
