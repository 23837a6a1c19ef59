"""Every message has a stable code, says what and how to go on, and says the same in Spanish."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from monitor.intake.examine import examine
from monitor.intake.judging.messages import catalogue, spanish, tell
from monitor.intake.problems import problem_file
from monitor.intake.reading.jail import read_file
from tests.monitor.intake.sample_county import TODAY, desk


def slots(*texts: str) -> set[str]:
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def test_the_catalogues_have_the_same_codes() -> None:
    assert spanish().keys() == catalogue().keys()


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_message_says_nothing_in_spanish_that_it_does_not_know(code: str) -> None:
    english, other = catalogue()[code], spanish()[code]
    assert slots(other.what, other.why, other.how) <= slots(english.what, english.why, english.how)
    assert bool(english.how) == bool(other.how) and other.what


@pytest.mark.parametrize("code", sorted(code for code, told in catalogue().items() if told.level in ("error", "file")))
def test_whatever_stops_a_row_or_a_file_says_how_to_go_on(code: str) -> None:
    assert catalogue()[code].how, code
    assert not re.search(r"\b(invalid|illegal|bad)\b", catalogue()[code].what, re.IGNORECASE)


def test_a_spanish_sheet_is_answered_in_spanish_too_and_an_english_one_is_not() -> None:
    text = "Nombre;Caso;Fecha;Asistencia\nPaul Nguyen;99;11/16/2026;Presente\n"
    reading = read_file(text.encode(), "lista.csv")
    check = examine(reading, desk("lista.csv")).check
    (error,) = check.errors
    assert error.code == "R-WHO-NOT-ON-ROSTER" and error.es.startswith("«Paul Nguyen» no está en su lista.")
    assert "no está en su lista" in problem_file(reading, check, (), TODAY).content.decode("utf-8-sig")
    english = examine(read_file(b"Name,Case #,Date,Status\nPaul Nguyen,99,11/16/2026,P\n", "a.csv"), desk("a.csv"))
    assert english.check.errors[0].es == ""


def test_days_and_words_of_ours_are_turned() -> None:
    text = "Nombre;Fecha;Asistencia\nWhitefeather, James;11/30/2026;Presente\n"
    (error,) = examine(read_file(text.encode(), "a.csv"), desk("a.csv")).check.errors
    assert error.es.startswith("El 30 de noviembre de 2026 todavía no ha llegado.")


def test_the_answers_to_a_spanish_sheets_questions_are_in_spanish_too() -> None:
    text = "Nombre;Caso;16 nov;9 nov\nWhitefeather, James;25-CR-001220;X;term\nBobby Smith;;X;\n"
    check = examine(read_file(text.encode(), "lista.csv"), desk("lista.csv")).check
    offered = [option for asked in (*check.questions, *check.errors) for option in asked.options]
    assert {option.es for option in offered} >= {"asistió", "no está en mi lista"}
    named = [option for option in offered if not option.es]
    assert named and all("Smith" in option.label for option in named), "only names stay as they are"


def test_a_count_is_said_as_one_or_many() -> None:
    assert tell("I-PREAMBLE", detail="1").what == "Skipped 1 line above the table."
    assert tell("I-PREAMBLE", detail="12").what == "Skipped 12 lines above the table."
