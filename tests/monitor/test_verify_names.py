"""How names are typed in a dispatch room at night: swapped, without accents, by one of two last names, in pieces."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from monitor.db import Database
from monitor.models import Person
from monitor.name_keys import fold_again
from monitor.names import keys_of, wide_keys, words_of
from monitor.verify.asked import Asked
from monitor.verify.standing import Verdict
from monitor.verify.verifying import whom
from tests.monitor.verify_town import NOW, Room, ask, build_room

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
    ("De La Cruz, Ana", "Delacruz, Ana", Verdict.POSSIBLE),
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


@pytest.mark.parametrize("typed", [
    "García, José", "jose garcia", "Ortiz, José", "GARCIA, JOSE LUIS", "Garcia Paz, Jose",
])  # fmt: skip
def test_by_one_of_two_last_names_somebody_is_found_and_is_in_a_list_alone(room: Room, typed: str) -> None:
    room.order("García Ortiz, José Luis", "A-1", born=BORN)
    for born in (None, BORN, date(1990, 1, 3)):
        found = ask(room, typed, born)
        assert (found.verdict, found.cards, found.beside) == (Verdict.POSSIBLE, (), None)
        assert [one.name for one in found.possible] == ["García Ortiz, José Luis"]
        assert "Do not act on this" in found.said and ("as it is listed" in found.said) is (born is not None)
        with room.scoped() as session:
            assert whom(session, Asked(typed, born), ("05",), NOW)[0] is None, "and no incident is put in his case"
    assert ask(room, found.possible[0].name, BORN).matched_on == "name and date of birth"


def test_one_of_three_last_names_is_the_first_or_the_last_and_what_stands_between_is_none(room: Room) -> None:
    room.order("De la Fuente López Ortiz, Ana", "A-1", born=BORN)
    assert ask(room, "Fuente, Ana").verdict is ask(room, "Ortiz, Ana").verdict is Verdict.POSSIBLE
    assert ask(room, "de la Fuente, Ana").verdict is ask(room, "López Ortiz, Ana").verdict is Verdict.POSSIBLE
    assert ask(room, "De, Ana").verdict is ask(room, "Fuente, Eva").verdict is Verdict.NO_MATCH


def test_whoever_has_the_one_last_name_alone_is_meant_with_his_day_and_else_both_are_listed(room: Room) -> None:
    room.order("García Ortiz, José", "A-1", born=BORN)
    room.order("García, José", "A-2", born=date(1970, 1, 1))
    assert [one.case_number for one in ask(room, "García, José", date(1970, 1, 1)).cards] == ["A-2"]
    for born in (None, BORN):
        found = ask(room, "García, José", born)
        assert (found.verdict, len(found.possible)) == (Verdict.POSSIBLE, 2)


def test_of_many_of_that_name_whoever_was_born_on_that_day_stays_in_the_list(room: Room) -> None:
    for number in range(7):
        room.order("García, José", f"A-{number}", born=date(1960 + number, 1, 1))
    room.order("García Ortiz, José", "B-1", born=BORN)
    found = ask(room, "García, José", BORN)
    assert [one.name for one in found.possible] == ["García Ortiz, José"]
    assert (found.verdict, found.cards) == (Verdict.POSSIBLE, ()) and "not all shown" in found.said
    assert ask(room, "García, José").possible == ()


@pytest.mark.parametrize(("name", "suffix", "typed", "sure"), [
    ("Smith, John Michael", None, "Smith, John", True), ("Smith, John Michael", None, "John M. Smith", True),
    ("Smith, John M.", None, "Smith, John Michael", True), ("Smith, John", None, "Smith, John Paul", True),
    ("Smith, John", "Jr.", "Smith Jr, John", True), ("Smith, John", "Jr.", "Smith, John", True),
    ("Smith, John Michael", None, "Smith, John Paul", False),  # the same day, another second name: another man
    ("Smith, John Michael", None, "Smith, Michael", False), ("Smith, John", "Jr.", "Smith III, John", False),
    ("Smith Jones, Ann", None, "Jones, Ann", False), ("Smith, Ann", None, "Smith Jones, Ann", False),
])  # fmt: skip
def test_with_the_day_of_birth_a_word_may_be_left_out_of_the_given_names_and_none_may_differ(
    room: Room, name: str, suffix: str | None, typed: str, sure: bool
) -> None:
    matter = room.order(name, "A-1", born=BORN)
    with room.database.system("test: a suffix") as session, session.begin():
        session.get_one(Person, matter.person).suffix = suffix
    assert bool(ask(room, typed, BORN).cards) is sure
    assert not ask(room, typed, date(1990, 1, 3)).cards


def test_what_an_older_version_entered_or_amended_is_found_by_each_name_after_the_night(room: Room) -> None:
    matter = room.order("García Ortiz, José", "A-1")
    other = room.order("Ruiz, Eva", "A-2")
    with room.database.system("test: an older version knows nothing of the other key") as session, session.begin():
        session.execute(update(Person).where(Person.id == matter.person).values(other_name_key=None))
        session.execute(update(Person).where(Person.id == other.person).values(other_name_key="eva paz"))
    assert ask(room, "García, José").verdict is Verdict.NO_MATCH
    for told in (2, 0):
        with room.database.system("test: the night") as session, session.begin():
            assert fold_again(session) == told
    assert ask(room, "García, José").verdict is Verdict.POSSIBLE
    assert ask(room, "Paz, Eva").verdict is Verdict.NO_MATCH


def test_where_nobody_is_found_by_a_name_it_is_said_how_else_to_look(room: Room) -> None:
    room.order("García Ortiz, José", "A-1")
    by_name, by_number = ask(room, "Garza, José"), ask(room, "A-2")
    assert by_name.verdict is by_number.verdict is Verdict.NO_MATCH
    assert "two last names by both or by either one" in by_name.said
    assert by_number.said == "No order found under these identifiers. This does not prove there is none."


def test_a_name_of_many_words_asks_for_a_bounded_number_of_keys() -> None:
    assert len(wide_keys(" ".join("abcdefghijklmnop"))) == len(wide_keys("a b c d e f")) <= 130
    assert len(keys_of("c d e f g h, a b")) == 2


@pytest.mark.parametrize("name", ["Doe", "DOE", "d", "Fnu", "III"])
def test_one_plain_word_is_that_word_as_it_would_be_among_others(name: str) -> None:
    assert words_of(name) == words_of(f"{name},") == words_of(f" {name} ")
