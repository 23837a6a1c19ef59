"""The same name in other writing, as patrol says and types it: with the right day no NO MATCH, and no wrong card."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from monitor.db import Database
from monitor.models import Person
from monitor.name_keys import fold_again
from monitor.names import column_key, other_column_key, wide_keys
from monitor.verify.answer import Answer
from monitor.verify.asked import read
from monitor.verify.standing import Verdict
from tests.monitor.verify_town import Room, ask, build_room

BORN = date(1990, 5, 17)
DAY = "5/17/1990"


@pytest.fixture
def room(database: Database) -> Room:
    return build_room(database)


def recorded(room: Room, name: str, suffix: str | None = None, middle: str | None = None) -> int:
    """An order on somebody whose name stands so on record."""
    family, _, given = name.partition(", ")
    matter = room.order("Quince, Ada", "24-PO-0300", born=BORN)
    with room.database.system("test: a name") as session, session.begin():
        person = session.get_one(Person, matter.person)
        person.family_name, person.given_name, person.suffix, person.middle_name = family, given, suffix, middle
    return matter.person


def typed(room: Room, words: str, born: str = DAY) -> Answer:
    asked, wrong = read(words, born, "")
    assert asked is not None and not wrong, (words, wrong)
    return ask(room, asked.words, asked.born_on)


@pytest.mark.parametrize("words", ["Smith 3rd, John", "Smith, John 3rd", "John Smith 3rd", "SMITH, JOHN 3RD"])
@pytest.mark.parametrize("suffix", ["3rd", "III"])
def test_a_figure_in_a_name_makes_no_number_of_it(room: Room, words: str, suffix: str) -> None:
    recorded(room, "Smith, John", suffix)
    assert typed(room, words).matched_on == "name and date of birth"
    assert typed(room, words, "").verdict is not Verdict.NO_MATCH


def test_a_zero_for_an_o_is_a_letter(room: Room) -> None:
    recorded(room, "O'Neal, Dwayne")
    assert typed(room, "0'Neal, Dwayne").cards and typed(room, "Dwayne 0NEAL").cards


@pytest.mark.parametrize("words", ["Smith, John 5/17/1990", "John Smith 1990-05-17", "Smith, John, DOB: 5/17/1990"])
def test_a_date_behind_the_name_is_the_date_of_birth(room: Room, words: str) -> None:
    recorded(room, "Smith, John")
    assert typed(room, words, "").matched_on == "name and date of birth"
    assert typed(room, words, DAY).matched_on == "name and date of birth"
    asked, wrong = read(words, "5/18/1990", "")
    assert asked is None and "in its own field" in wrong["words"], "two days are asked about"


@pytest.mark.parametrize("words", [
    "Smith, John 90", "John Smith 5/17/90", "Smith 1990", "Case 24-PO-0300", "Smith, 42",
])  # fmt: skip
def test_a_name_with_figures_that_mean_something_else_is_asked_about_and_not_denied(words: str) -> None:
    asked, wrong = read(words, "", "")
    assert asked is None and "the number alone" in wrong["words"]


@pytest.mark.parametrize("words", ["24-PO-0300", "24po0300", "CR 2024 0012", "24 PO 0300", "1187"])
def test_a_number_is_a_number(words: str) -> None:
    asked, _ = read(words, "", "")
    assert asked is not None and asked.number == words


@pytest.mark.parametrize(("name", "words"), [
    ("Kaʻahumanu, Keola", "Kaahumanu, Keola"), ("Kaʻahumanu, Keola", "Ka'ahumanu, Keola"),
    ("Kaahumanu, Keola", "Kaʻahumanu, Keola"), ("Sāʿid, ʿAlī", "Said, Ali"), ("O'Neal, Ann", "O′Neal, Ann"),
    ("O＇Neal, Ann", "ONeal, Ann"), ("Van Dyke, Bob", "Vandyke, Bob"), ("von der Heide, Hans", "Hans Vonderheide"),
    ("al-Hassan, Omar", "Alhassan, Omar"), ("Abdul Rahman, Mohammed", "Abdulrahman, Mohammed"),
    ("St. John, Amy", "Stjohn, Amy"), ("Mc Donald, Ray", "McDonald, Ray"), ("de la Cruz, Ana", "Delacruz, Ana"),
    ("García Ortiz, José", "García y Ortiz, José"), ("García y Ortiz, José", "Jose Garcia Ortiz"),
    ("de la Cruz de los Santos, Ana María", "de la Cruz de los Santos Ana Maria"),
    ("Smith, FNU", "Smith,"), ("Suryati, ", "Suryati,"),
])  # fmt: skip
def test_the_same_name_in_other_writing_is_sure_with_the_day_alone(room: Room, name: str, words: str) -> None:
    recorded(room, name)
    assert typed(room, words).matched_on == "name and date of birth"
    assert typed(room, words, "").verdict is not Verdict.NO_MATCH
    assert typed(room, words, "5/18/1990").verdict is Verdict.POSSIBLE


@pytest.mark.parametrize(("name", "words"), [
    ("Smith, FNU", "Smith, John"), ("LNU, John", "Smith, John"), ("Suryati, ", "Siti Suryati"),
    ("Suryati, ", "Suryati, Siti"), ("Nguyễn, Văn Minh", "Nguyen, Minh"), ("Nguyễn, Văn Minh", "Minh Nguyen"),
    ("Müller, Jörg", "Mueller, Joerg"), ("Mueller, Joerg", "Müller, Jörg"), ("Müller, Jörg", "Joerg Muller"),
    ("de la Cruz, Ana", "De la Cruz de los Santos, Ana"), ("Smith, John", "Jones, Smith John"),
    ("de la Cruz, Ana", "Cruz, Ana"), ("Van Dyke, Bob", "Dyke, Bob"), ("García Ortiz, José", "García de, José"),
])  # fmt: skip
def test_whoever_may_be_meant_by_half_a_name_or_other_spelling_is_in_a_list(room: Room, name: str, words: str) -> None:
    recorded(room, name)
    found = typed(room, words)
    assert (found.verdict, found.cards, len(found.possible)) == (Verdict.POSSIBLE, (), 1)
    assert not typed(room, words, "").cards and not typed(room, words, "5/18/1990").cards


@pytest.mark.parametrize(("name", "words"), [
    ("García Ortiz, José", "GarciaOrtiz, Jose"), ("García Ortiz, José", "Jose Garciaortiz"),
    ("García Ortiz, José", "GarciaOrtiz Jose"), ("de la Cruz García, Ana", "DelacruzGarcia, Ana"),
    ("García de la Cruz, Ana", "Garciadelacruz, Ana"), ("García, Ana María", "Garcia, Anamaria"),
])  # fmt: skip
def test_two_names_typed_as_one_are_a_list_and_sure_with_the_day(room: Room, name: str, words: str) -> None:
    recorded(room, name)
    for born in ("", "5/18/1990"):
        found = typed(room, words, born)
        assert (found.verdict, found.cards, len(found.possible)) == (Verdict.POSSIBLE, (), 1)
    assert typed(room, words).matched_on == "name and date of birth"


@pytest.mark.parametrize(("name", "words"), [
    ("de la Cruz García, Ana", "Delacruz, Ana"), ("Smith de la Cruz, Ana", "Ana Delacruz"),
    ("Van Dyke Smith, Bob", "VanDyke Bob"), ("O Neal Smith, Ann", "ONeal, Ann"),
    ("Mc Donald Hall, Ray", "McDonald, Ray"),
])  # fmt: skip
def test_a_last_name_typed_as_one_word_that_is_one_of_several_is_a_list(room: Room, name: str, words: str) -> None:
    recorded(room, name)
    for born in ("", DAY, "5/18/1990"):
        found = typed(room, words, born)
        assert (found.verdict, found.cards, len(found.possible)) == (Verdict.POSSIBLE, (), 1)


@pytest.mark.parametrize(("name", "words"), [
    ("García Ortiz, José", "GarciaPaz, Jose"), ("García Ortiz, José", "PazOrtiz, Jose"),
    ("Ortiz, José", "GarciaOrtiz, Jose"), ("Wen, Li", "Owen, Li"), ("García, Ana", "Garcia, Anamaria"),
    ("Neal, Ann", "ONeal, Ann"),
])  # fmt: skip
def test_of_two_names_typed_as_one_both_are_on_record_or_nobody_is_found(room: Room, name: str, words: str) -> None:
    recorded(room, name)
    assert typed(room, words, "").verdict is Verdict.NO_MATCH


@pytest.mark.parametrize(("name", "words"), [
    ("Smith, FNU", "Smith,"), ("Smith, FNU", "FNU Smith"), ("Smith, UNK", "Smith,"), ("LNU, John", "John,"),
])  # fmt: skip
def test_half_a_name_on_record_is_never_sure_without_the_day(room: Room, name: str, words: str) -> None:
    recorded(room, name)
    assert typed(room, words, "").verdict is Verdict.POSSIBLE
    assert typed(room, words).cards


@pytest.mark.parametrize("shape", [
    "Smith, John {}", "Smith {}, John", "John Smith {}", "Smith, {}, John", "Smith, John, {}",
])  # fmt: skip
def test_another_suffix_is_another_man_wherever_it_is_typed(room: Room, shape: str) -> None:
    recorded(room, "Smith, John", "Jr.")
    assert typed(room, shape.format("Jr")).cards
    for other in ("III", "Sr.", "2nd"):
        found = typed(room, shape.format(other))
        assert (found.verdict, found.cards) == (Verdict.POSSIBLE, ()), other


@pytest.mark.parametrize(("name", "suffix", "words"), [
    ("Smith, John", None, "John Smith Jr."), ("Smith, John", "Jr.", "John Smith"),
    ("Smith Jr, John", None, "Smith, John"), ("Smith, John Jr", None, "Smith Jr., John"),
    ("Smith Jr, John", None, "John Smith Jr"), ("Ii, Naoki", None, "Naoki Ii"),
])  # fmt: skip
def test_a_suffix_that_one_side_does_not_tell_says_nothing_against_it(room: Room, name, suffix, words) -> None:
    recorded(room, name, suffix)
    assert typed(room, words).matched_on == "name and date of birth"


def test_a_middle_name_that_is_told_to_be_none_is_none(room: Room) -> None:
    recorded(room, "Smith, John", middle="NMI")
    assert typed(room, "Smith, John Paul").cards and typed(room, "Smith, John NMN").cards


@pytest.mark.parametrize(("name", "suffix"), [
    ("Smith, John", "3rd"), ("Smith, FNU", None), ("LNU, John", None), ("Suryati, ", None), ("Suryati, ", "Jr."),
])  # fmt: skip
def test_the_listed_line_shows_the_order_when_it_is_sent_back(room: Room, name: str, suffix: str | None) -> None:
    person = recorded(room, name, suffix)
    with room.database.system("test: the line") as session:
        line = session.get_one(Person, person).listed_name
    assert typed(room, line if "," in line else f"{line},").cards


def test_a_suffix_in_the_family_field_is_no_last_name() -> None:
    assert column_key("John", "Smith Jr.") == column_key("John", "Smith 3rd") == "john smith"
    assert other_column_key("John", "Smith Jr.") is other_column_key("John", "Smith III") is None
    assert other_column_key("Hans", "von der Heide") == "hans vonderheide"


def test_a_name_of_many_words_keeps_both_its_ends() -> None:
    keys = wide_keys("Maria del Carmen de los Angeles Garcia Lopez Ortiz Vega")
    assert {"maria vega", "vega maria"} <= keys and len(keys) <= 130


@pytest.mark.parametrize("family", ["García\u00a0Ortiz", "García–Ortiz", "García/Ortiz", "García.Ortiz", "Kaʻahumanu"])
def test_the_night_writes_anew_the_keys_of_an_older_version(room: Room, family: str) -> None:
    person = recorded(room, f"{family}, José")
    key = "josé" if "\u02bb" not in family else "josé kaʻahumanu"
    with room.database.system("test: an older version") as session, session.begin():
        session.execute(update(Person).where(Person.id == person).values(
            other_name_key=None, **({"name_key": key} if "\u02bb" in family else {})
        ))  # fmt: skip
    with room.database.system("test: the night") as session, session.begin():
        assert fold_again(session) == 1
    with room.database.system("test: the next night") as session, session.begin():
        assert fold_again(session) == 0
    assert typed(room, "García, José" if "Ortiz" in family else "Kaahumanu, José").verdict is not Verdict.NO_MATCH
