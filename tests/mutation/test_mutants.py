"""The faults are really put in, and are noticed by a check that looks."""

from __future__ import annotations

import ast
import time
from datetime import date
from pathlib import Path

import pytest
import yaml

from rules import calendar
from tests.mutation import trial
from tests.mutation.bench import Check, looked_at_already, write
from tests.mutation.mutants import Mutant, mutants_of, mutated, sampled
from tests.mutation.trial import exchange, in_a_child, module_of
from tests.mutation.tries import Try, counted, keep, kept_in

ROOT = Path(__file__).parents[2]
CALENDAR = "rules/calendar.py"
SOURCE = '''
LIMIT: int = 3


def late(due, day, rows=None):
    """Not "word", this is a docstring."""
    if day > due and not rows:
        return due + LIMIT
    rows = rows.filter(pick).join(rows, on="order", how="left").fill_null(0)
    return min(rows, ~pick)
'''


def made(folder: Path) -> dict[tuple[str, str], Mutant]:
    (folder / "some.py").write_text(SOURCE)
    return {(one.operator, one.before): one for one in mutants_of(folder, "some.py")}


def test_every_kind_of_fault_is_made_and_docstrings_are_left_alone(tmp_path: Path) -> None:
    found = made(tmp_path)
    assert {operator for operator, _ in found} == {
        "comparison", "and/or", "negation dropped", "arithmetic", "constant + 1", "constant - 1", "word", "join",
        "filter dropped", "fill_null dropped", "min/max", "statement dropped", "returns None",
    }  # fmt: skip
    assert not any("docstring" in before for _, before in found)
    assert found["join", "'left'"].after == "'inner'"
    assert found["negation dropped", "~pick"].after == "pick"
    assert found["comparison", "day > due"].scope == "late"


def test_a_mutant_differs_from_its_source_in_one_place(tmp_path: Path) -> None:
    plain = ast.unparse(ast.parse(SOURCE)).splitlines()
    for one in made(tmp_path).values():
        lines = ast.unparse(mutated(tmp_path, one)).splitlines()
        assert len(lines) == len(plain), one
        assert sum(ours != theirs for ours, theirs in zip(lines, plain, strict=True)) == 1, one


def a_leap_year() -> str | None:
    """A check: tells what is wrong."""
    right = calendar.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    return None if right else "February"


@pytest.mark.parametrize(("before", "noticed"), [("month + 1", "February"), ("no fault", None)])
def test_a_fault_in_a_function_is_noticed_in_the_child_and_gone_in_the_parent(before: str, noticed: str | None) -> None:
    some = [one for one in mutants_of(ROOT, CALENDAR) if one.scope == "add_months" and one.before == before]
    for one in some[:1]:
        told = in_a_child(lambda m=one: exchange(m.file, m.scope, mutated(ROOT, m)), a_leap_year)
        assert told and (noticed in told or told.startswith("broke"))
    assert bool(some) == (noticed is not None)
    assert in_a_child(lambda: None, a_leap_year) is None
    assert a_leap_year() is None


def test_a_fault_that_cannot_be_put_in_is_no_fault_noticed() -> None:
    with pytest.raises(RuntimeError, match="could not be put in"):
        in_a_child(lambda: exchange(CALENDAR, "no_such_function", ast.parse("")), a_leap_year)


def test_a_child_that_never_ends_has_noticed() -> None:
    def for_ever() -> str | None:
        while True:
            pass

    assert in_a_child(lambda: None, for_ever, cpu_seconds=1) == "time"


def test_a_sample_takes_of_each_file_its_share_and_is_the_same_by_seed() -> None:
    each = {file: mutants_of(ROOT, file) for file in (CALENDAR, "rules/words.py")}
    once, again = sampled(each, 40, 1), sampled(each, 40, 1)
    assert once == again != sampled(each, 40, 2)
    assert {one.file for one in once} == set(each)
    assert module_of("rules/kinds/__init__.py") == "rules.kinds"


def test_equivalent_mutants_are_argued_and_are_there() -> None:
    listed = yaml.safe_load((Path(__file__).with_name("equivalent.yaml")).read_text(encoding="utf-8")) or {}
    files = {name.split(" ")[0] for name in listed}
    every = {one.name for file in files for one in mutants_of(ROOT, file)}
    assert set(listed) - every == set(), "no such mutant any more: take the line out"
    assert [name for name, reason in listed.items() if len(reason.split()) < 6] == []


def asleep() -> str | None:
    """A check that waits for what never comes: it uses no time of the processor."""
    while True:
        time.sleep(60)


def test_a_child_that_waits_for_ever_has_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "STILL_SECONDS", 1)
    assert in_a_child(lambda: None, asleep) == "time"


def test_a_child_that_is_slow_by_the_clock_alone_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that others work on, an hour may pass before a child has had its minute."""
    monkeypatch.setattr(trial, "STILL_SECONDS", 0.5)

    def slowly() -> str | None:
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            sum(range(20_000))
        return "done"

    assert in_a_child(lambda: None, slowly, cpu_seconds=60) == "done"


def tried(name: str, noticed: str | None) -> Try:
    return Try(name, number=1, variant=0, line=7, noticed=noticed)


def test_a_draw_that_was_stopped_is_counted_and_one_argued_since_counts_on_neither_side(tmp_path: Path) -> None:
    file = tmp_path / "tries.jsonl"
    for one in (tried("a", "some test"), tried("b", None), tried("c", None), tried("d", "great run")):
        keep(file, one)
    with file.open("a") as lines:
        lines.write('{"name": "e", "numb')  # the machine went down in the middle of a line
    assert [one.name for one in kept_in(file)] == ["a", "b", "c", "d"]
    told = list(counted(kept_in(file), equivalent={"c"}))
    assert told[0] == {"survived": "b", "line": 7}
    assert (told[-1]["mutants"], told[-1]["killed"]) == (3, 2)


def test_a_look_at_the_checks_goes_on_where_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "look.part"
    check = Check({"tests/rules/test_x.py::test_y": 0.5}, {"rules/calendar.py": {"add_months"}})
    write(kept, "tests/rules/test_x.py", check)
    with kept.open("a") as lines:
        lines.write('["tests/rules/test_z.py", {')
    found = looked_at_already(kept)
    assert set(found) == {"tests/rules/test_x.py"}
    assert found["tests/rules/test_x.py"].seconds == check.seconds
    assert found["tests/rules/test_x.py"].entered["rules/calendar.py"] == {"add_months"}


def a_week_in_short() -> str | None:
    """A check that leaves an argument out."""
    return None if calendar.week_start(date(2026, 12, 2)) == date(2026, 11, 30) else "Monday"


def test_what_an_argument_is_where_nobody_says_is_exchanged_too() -> None:
    one = next(m for m in mutants_of(ROOT, CALENDAR) if m.scope == "week_start" and m.before == "'monday'")
    told = in_a_child(lambda: exchange(one.file, one.scope, mutated(ROOT, one)), a_week_in_short)
    assert told and (told == "Monday" or told.startswith("broke"))
    assert a_week_in_short() is None
