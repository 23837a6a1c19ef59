"""What a cell says: every word of the vocabulary, split off fees and minutes, and never a guess."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.intake.cells.people import split_name
from monitor.intake.cells.statuses import AMBIGUOUS, DISCHARGE, LABELS, read_status, takes_back
from monitor.intake.vocabulary import load, status_codes

TODAY = date(2026, 11, 22)


def code(text: str, known: dict[str, str] | None = None) -> str:
    says = read_status(text, TODAY, known or {})
    return says.code if says else ""


def test_no_word_means_two_things() -> None:
    words = [str(word) for listed in load("statuses.yaml").values() for word in listed]
    assert sorted(word for word in set(words) if words.count(word) > 1) == []


@pytest.mark.parametrize("word", sorted(status_codes()))
def test_every_word_of_the_list_means_what_the_list_says(word: str) -> None:
    assert code(word.upper()) == code(f" {word} ") == status_codes()[word]
    assert status_codes()[word] in {*LABELS, AMBIGUOUS, DISCHARGE}


@pytest.mark.parametrize(
    ("text", "expected", "minutes", "fee"),
    [
        ("P $25", "P", None, "25"), ("P 25", "P", None, "25"), ("late 12", "L", 12, ""), ("L 15 min", "L", 15, ""),
        ("M 11/9", "M", None, ""), ("“Present”", "P", None, ""), ("NS.", "U", None, ""), ("P25.00", "P", None, "25.00"),
    ],
)  # fmt: skip
def test_what_is_glued_to_a_status_is_split_off(text: str, expected: str, minutes: int | None, fee: str) -> None:
    says = read_status(text, TODAY, {})
    assert says is not None and (says.code, says.minutes_late, says.fee) == (expected, minutes, fee)


def test_a_make_up_names_the_class_it_makes_up_for() -> None:
    says = read_status("makeup for 11/9", TODAY, {})
    assert says is not None and says.makeup_for == date(2026, 11, 9)


@pytest.mark.parametrize("sign", ["a", "X", "o", "/"])
def test_a_sign_of_two_meanings_is_asked_until_the_sheet_or_a_person_explains_it(sign: str) -> None:
    assert code(sign) == AMBIGUOUS
    assert code(sign, {sign.lower(): "P"}) == "P"
    assert code(f"{sign} $25", {sign.lower(): "P"}) == "P"


@given(st.text(max_size=20))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    says = read_status(text, TODAY, {})
    assert says is None or says.code in {*LABELS, AMBIGUOUS, DISCHARGE, ""}
    family, given_name = split_name(text)
    assert isinstance(family, str) and isinstance(given_name, str)


def test_only_what_removes_something_held_against_the_person_takes_it_back() -> None:
    assert takes_back("U", "E") and takes_back("ABS", "P") and takes_back("D", "P")
    assert not takes_back("P", "U") and not takes_back("U", "ABS") and not takes_back("P", "L")
