"""The 28 sample sheets of the upload design give exactly what is written for them in expected.json."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from monitor.intake.check import Check, Message, Question, Stored
from monitor.intake.examine import examine
from monitor.intake.reading.jail import read_file
from monitor.intake.reading.tables import Reading
from monitor.intake.workbook_out import write_workbook
from tests.monitor.intake.sample_county import STORED, desk

SAMPLES = Path(__file__).parent / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
COUNTS = ("new", "same", "changed", "held", "skipped")


@cache
def reading_of(name: str) -> Reading:
    """Each sample goes through the jail once."""
    return read_file((SAMPLES / name).read_bytes(), name)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_sheet_gives_what_is_expected(name: str) -> None:
    check = examine(reading_of(name), desk(name)).check
    assert _as_expected(check) == _expected(name)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_sheet_brings_nothing_new_once_it_is_on_record(name: str) -> None:
    reading = reading_of(name)
    first = examine(reading, desk(name))
    taken = [one for one in first.rows if one.outcome in ("new", "changed")]
    stored = STORED | {
        (one.member.key, one.on, one.number): Stored(200 + number, one.says, one.minutes_late, one.makeup_for)
        for number, one in enumerate(taken)
        if one.member and one.on
    }
    again = examine(reading, desk(name, stored=stored)).check
    if again.layout != "C":
        assert (again.new, again.changed) == (0, 0)
        assert again.same == first.check.same + len(taken)


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - {"25_empty.csv"}))
def test_a_sample_sheet_gives_the_same_as_a_workbook(name: str) -> None:
    reading = reading_of(name)
    again = read_file(write_workbook({"": reading.tables[0].rows}), "sheet.xlsx")
    book = msgspec.structs.replace(again, tables=[msgspec.structs.replace(again.tables[0], sheet="")])
    check = _as_expected(examine(book, desk(name)).check)
    expected = _expected(name)
    read_as = [code for code in expected["file_messages"] if not code.startswith(("I-ENCODING", "I-DELIMITER"))]
    assert check == {**expected, "file_messages": read_as}


def _as_expected(check: Check) -> dict[str, Any]:
    return {
        "layout": check.layout,
        "file_messages": check.file_messages,
        "mapping": check.mapping,
        "questions": [_asked(question) for question in check.questions],
        **{count: getattr(check, count) for count in COUNTS},
        "errors": [[message.row, _code(message)] for message in check.errors],
        "warnings": [[message.row or "-", _code(message)] for message in check.warnings],
        "records": [list(record) for record in check.records],
    }


def _expected(name: str) -> dict[str, Any]:
    expected = {key: value for key, value in EXPECTED[name].items() if key not in ("file", "sha256")}
    layout = expected["layout"]
    return {**expected, "layout": layout[0] if layout else None}


def _code(message: Message) -> str:
    return f"{message.code}:{message.detail}" if message.detail else message.code


def _asked(question: Question) -> str:
    """The question in the words of expected.json."""
    row, value = question.row, question.values[0]
    return {
        "Q-WEEK-DATES": f"Q-WEEK-DATES: which date is '{value}'?",
        "Q-VALUE": f"Q-VALUE: '{value}' appears {question.count}x; suggestion: {question.suggest}",
        "Q-DAY-FIRST": f"Q-DAY-FIRST: row {row} can only be day/month; is the whole column day/month?",
        "Q-NOT-SIGNED": f"Q-NOT-SIGNED: row {row} has no time-in and no signature - absent?",
        "Q-DISCHARGE": f"Q-DISCHARGE: row {row} says '{value}' - record a discharge?",
    }[question.code]
