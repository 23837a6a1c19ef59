"""Whatever the habits of a sheet, it is read as it is meant or somebody is asked; never is something false recorded."""

from __future__ import annotations

from collections import Counter

import pytest

from monitor.intake.answers import Answers
from monitor.intake.cells.people import split_name
from monitor.intake.check import Check, Judged
from monitor.intake.examine import Examined, examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.reading.workbook import read_workbook
from tests.monitor.intake.messy import Made, Maker, as_text, as_workbook
from tests.monitor.intake.sample_county import desk

TAKEN = ("new", "same", "changed")
SHEETS = 400


def read(made: Made, seed: int) -> Reading:
    """In this process: the jail is tested elsewhere."""
    if seed % 3 == 0:
        content, _ = as_workbook(made.rows, seed)
        tables, notes = read_workbook(content, Limits())
    else:
        content, _ = as_text(made.rows, seed)
        tables, notes = read_text(content, Limits())
    return Reading(tables, notes)


def examined(made: Made, seed: int, answers: Answers = Answers()) -> Examined:  # noqa: B008
    return examine(read(made, seed), desk("a.csv", answers=answers, stored={}))


def answers_of(made: Made, told: Examined) -> Answers:
    """What somebody who knows the truth would answer."""
    people = {}
    for name, code in made.names.items():
        family, given = split_name(name)
        people[f"{given} {family}".strip()] = code
    # asked of a Spanish sheet whose days could be either, the answer may also be no
    return Answers(values=dict(made.signs), day_first=bool(made.day_first), week_one=made.week_one, people=people)


def false_records(made: Made, rows: tuple[Judged, ...]) -> list[str]:
    found = []
    for one in rows:
        if one.outcome in TAKEN and one.member and one.on:
            truth = made.said.get((one.member.code, one.on))
            if truth != one.says:
                found.append(f"row {one.row} {one.member.code} {one.on}: {one.says}, in truth {truth}")
    return found


def story(made: Made, seed: int, check: Check) -> str:
    lines = "\n".join("\t".join(map(str, row)) for row in made.rows)
    told = [m.text for m in (*check.messages, *check.errors)] + [q.what for q in check.questions]
    return f"sheet {seed} ({made.layout}; {', '.join(made.quirks)})\n{lines}\n" + "\n".join(told)


@pytest.mark.parametrize("seed", range(0, SHEETS, 50))
def test_no_habit_of_a_sheet_makes_it_say_what_is_not_so(seed: int) -> None:
    for number in range(seed, seed + 50):
        judge_one(number)


@pytest.mark.slow
def test_nor_do_thousands_of_them() -> None:
    for number in range(SHEETS, 6_000):
        judge_one(number)


def judge_one(seed: int) -> None:
    made = Maker(seed).make()
    first = examined(made, seed)
    assert not false_records(made, first.rows), story(made, seed, first.check) + str(false_records(made, first.rows))
    again = examined(made, seed, answers_of(made, first))
    assert not false_records(made, again.rows), story(made, seed, again.check) + str(false_records(made, again.rows))
    taken = {(one.member.code, one.on) for one in again.rows if one.outcome in TAKEN and one.member}
    lost = [key for key in made.said if key not in taken]
    assert not lost, story(made, seed, again.check) + f"\nlost: {lost}"
    doubled = Counter((one.member.code, one.on) for one in again.rows if one.outcome in TAKEN and one.member)
    assert set(doubled.values()) <= {1}
