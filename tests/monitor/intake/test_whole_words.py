"""What the small readers of words make of what programs write: each word, and all that is read from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.intake.cells.dates import _away, read_minutes
from monitor.intake.cells.headers import field_of, letters, says_status, session_header
from monitor.intake.cells.key import explains, heads_key, is_all_key, is_key, read_key
from monitor.intake.cells.people import initials_of, may_stand_for, split_name
from monitor.intake.cells.preamble import days_in, is_footer, is_of_else, labelled, month_in, names_label
from monitor.intake.cells.statuses import read_status
from tests.monitor.intake.sample_county import TODAY
from tests.promises import held_by

WORDS: dict[str, dict[Any, str]] = yaml.safe_load(Path(__file__).with_name("whole_words.yaml").read_text("utf-8"))


def _status(text: str) -> str:
    plain, other = read_status(text, TODAY, {}), read_status(text, TODAY, {"x": "P", "late": "LN", "*": "?"}, fees=True)
    first = read_status(text, TODAY, {}, day_first=True)
    ways = [plain, *([other] if other != plain else []), *([first] if first != plain else [])]
    return "; ".join("nothing" if one is None else _told(one) for one in ways)


def _told(one: Any) -> str:
    names = ("code", "word", "minutes_late", "makeup_for", "reason", "fee")
    return ", ".join(f"{name} {value}" for name in names if (value := getattr(one, name, "")) not in ("", None))


def _session(text: str) -> str:
    found = session_header(text, TODAY)
    if found is None:
        return "none"
    read = found.date
    day = f"day {found.day} is {read.on} {read.code}" if read else ""
    return " ".join(f"week {found.week} weekday {found.weekday} {day}".split())


READERS: dict[str, Callable[[Any], Any]] = {
    "status": _status,
    "key": lambda text: f"{read_key([[text]])} listed {read_key([[text]], listed=True)}",
    "is key": lambda text: f"{is_key([text])} explains {explains([text])} heads {heads_key([text])} "
                           f"alone {is_all_key([[text]])} {is_all_key([['Key'], text.split(' = ')])}",
    "labels": lambda text: f"{labelled([[text]])} in cells {labelled([text.split(': ')])} names {names_label([text])}",
    "days": lambda text: days_in([[text]]), "month": lambda text: month_in([[text]]), "of else": is_of_else,
    "footer": lambda text: is_footer(["", text]), "split": split_name,
    "initials": lambda text: sorted(initials_of(*text.split("|"))),
    "stands for": lambda text: may_stand_for(*text.split("|")), "field": field_of, "session": _session,
    "says status": says_status, "minutes": read_minutes, "away": _away, "letters": letters,
}  # fmt: skip


@pytest.mark.parametrize("kind", READERS)
def test_all_that_is_read_from_words_of_a_kind(kind: str) -> None:
    with held_by("monitor.intake.cells"):
        assert {word: str(READERS[kind](word)) for word in WORDS[kind]} == WORDS[kind]
