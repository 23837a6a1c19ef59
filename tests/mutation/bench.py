"""The checks of `tests/rules`, ready to be run on one mutant after another: what each one executes, and what it costs.

Checks are the modules of `tests/rules` and the great run. What is imported and collected is so once; each mutant gets
a forked child.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FrameType

import pytest

from tests.mutation.trial import quiet

GREAT = "great run"
# what the great run asks, too
WITHIN_GREAT = ("tests/rules/kinds/", "tests/rules/test_against_reference.py")
# builds tables as it is imported: then Polars has threads, and a process with threads cannot be forked
APART = ("tests/rules/test_calendar_table.py",)
OPTIONS = ["-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1"]
LONG = 4.0  # CPU seconds of a single test; longer ones are run by --thorough only
# CPU seconds of checks a mutant: who has not been noticed by then has survived (unless --thorough), which can only
# make the score lower.
ENOUGH = 20.0
LIKELY = 4  # the great run notices so many times as many as any other check: it is asked early
Functions = dict[str, set[str]]  # by file


class Tracer:
    """Which functions of the rules are entered, and the CPU seconds, between `start` and `stop`."""

    def __init__(self, root: Path) -> None:
        self.inside = f"{root}/rules/"
        self.cut = len(f"{root}/")
        self.entered: Functions = defaultdict(set)
        self.of: dict[CodeType, tuple[str, str] | None] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if code not in self.of:
            mine = code.co_filename.startswith(self.inside)
            # what stands inside a function is part of it
            self.of[code] = (code.co_filename[self.cut :], code.co_qualname.partition(".<")[0]) if mine else None
        if place := self.of[code]:
            self.entered[place[0]].add(place[1])

    def start(self) -> None:
        """From here on."""
        self.entered, self.began = defaultdict(set), time.process_time()
        sys.settrace(self)

    def stop(self) -> tuple[float, Functions]:
        """CPU seconds and functions since the start."""
        sys.settrace(None)
        return time.process_time() - self.began, self.entered


@dataclass
class Check:
    """One module of tests (or the great run): CPU seconds of each test, and the functions that they enter."""

    seconds: dict[str, float] = field(default_factory=dict)
    entered: Functions = field(default_factory=lambda: defaultdict(set))

    def add(self, name: str, seconds: float, entered: Functions) -> None:
        """One test of it."""
        self.seconds[name] = seconds
        for file, names in entered.items():
            self.entered[file] |= names

    def cost(self, longest: float) -> float:
        """CPU seconds of its tests that take no longer."""
        return sum(one for one in self.seconds.values() if one <= longest)


@dataclass
class Survey:
    """Every check, and the functions that importing and collecting them enters.

    It names functions, not lines, so that one of last week still says which checks to run: what it does not know of
    can only leave a fault unnoticed.
    """

    checks: dict[str, Check] = field(default_factory=lambda: defaultdict(Check))
    imported: Functions = field(default_factory=dict)

    def covering(self, file: str, scope: str = "") -> list[str]:
        """The checks that enter that function of a file; without one, any of its functions.

        All that enter the file for a function, all for a file, that is newer than the survey.
        """
        here = [name for name, one in self.checks.items() if file in one.entered] or list(self.checks)
        return [name for name in here if scope in self.checks[name].entered.get(file, ())] or here

    def in_order(self, names: Iterable[str], noticed: Counter[str], longest: float) -> list[str]:
        """The cheapest first, and those before that noticed most faults of this file so far."""
        often = noticed + Counter({GREAT: LIKELY})
        return sorted(names, key=lambda name: (self.checks[name].cost(longest) + 0.1) / (1 + often[name]))

    def written(self) -> str:
        """As JSON."""
        checks = {name: [one.seconds, _listed(one.entered)] for name, one in self.checks.items()}
        return json.dumps([checks, _listed(self.imported)])

    @classmethod
    def read(cls, text: str) -> Survey:
        """From JSON."""
        checks, imported = json.loads(text)
        known = {name: Check(one[0], _sets(one[1])) for name, one in checks.items()}
        return cls(defaultdict(Check, known), _sets(imported))


def _listed(entered: Functions) -> dict[str, list[str]]:
    return {file: sorted(names) for file, names in entered.items()}


def _sets(entered: dict[str, list[str]]) -> Functions:
    return {file: set(names) for file, names in entered.items()}


def module_of_test(item: pytest.Item) -> str:
    """tests/rules/test_x.py"""
    return item.nodeid.partition("::")[0]


class Bench:
    """A pytest session that, once everything is collected, does `then` in place of running the tests."""

    def __init__(self, then: Callable[[Bench], None], tracer: Tracer | None = None) -> None:
        self.then, self.tracer = then, tracer
        self.items: dict[str, list[pytest.Item]] = defaultdict(list)
        self.imported: Functions = {}
        self.failed: str | None = None
        self.error: BaseException | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self.items[module_of_test(item)].append(item)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.failed is None:
            self.failed = report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        if self.tracer:
            self.imported = self.tracer.stop()[1]
        try:
            self.then(self)
        except BaseException as error:  # told by whoever began the session; pytest would only print it
            self.error = error
        return True

    def run(self, items: list[pytest.Item]) -> str | None:
        """Run tests until the first that fails; its name."""
        for item, following in zip_longest(items, items[1:]):
            if failed := self.run_one(item, following):
                return failed
        return None

    def run_one(self, item: pytest.Item, following: pytest.Item | None) -> str | None:
        """Run one test; what it shares with the following one stays up. Its name if it fails."""
        self.failed = None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self.failed

    def session(self, paths: list[str]) -> None:
        """Collect these paths and do what is to be done."""
        if self.tracer:
            self.tracer.start()
        with quiet():
            pytest.main([*OPTIONS, *paths], plugins=[self])
        if self.error:
            raise self.error


def survey(root: Path, kept: Path) -> Survey:
    """What every check executes and costs; runs each once, but for those that the great run holds.

    Each module is written to `kept` as it ends, one JSON line, and one that stands there is not looked at again: so a
    look that was cut short goes on where it was.
    """
    found, tracer = Survey(), Tracer(root)
    found.checks.update(looked_at_already(kept))

    def look(bench: Bench) -> None:
        from rules.packs import load
        from tests.mutation.great_run import GreatRun

        tracer.start()
        great = GreatRun(load())
        prepared = tracer.stop()[1]
        for entered in (bench.imported, prepared):
            for file, names in entered.items():
                found.imported.setdefault(file, set()).update(names)
        if GREAT not in found.checks:
            tracer.start()
            faults = list(great.faults())
            found.checks[GREAT].add(GREAT, *tracer.stop())
            if faults:
                raise SystemExit(f"without any fault put in, the great run tells {len(faults)}: {faults[:3]}")
            write(kept, GREAT, found.checks[GREAT])
        for module, items in bench.items.items():
            if not module.startswith(WITHIN_GREAT) and module not in found.checks:
                _look_at(bench, items, found.checks[module], tracer)
                write(kept, module, found.checks[module])

    Bench(look, tracer).session(["tests/rules"])
    return found


def looked_at_already(kept: Path) -> dict[str, Check]:
    """The checks that an earlier look wrote down; a line that was cut off is none."""
    found = {}
    for line in kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []:
        with contextlib.suppress(json.JSONDecodeError):
            name, seconds, entered = json.loads(line)
            found[name] = Check(seconds, defaultdict(set, _sets(entered)))
    return found


def write(kept: Path, name: str, check: Check) -> None:
    """One line more."""
    with kept.open("a", encoding="utf-8") as lines:
        lines.write(f"{json.dumps([name, check.seconds, _listed(check.entered)])}\n")


def _look_at(bench: Bench, items: list[pytest.Item], check: Check, tracer: Tracer) -> None:
    """Run the tests of one module, each under the tracer."""
    for item, following in zip_longest(items, items[1:]):
        tracer.start()
        failed = bench.run_one(item, following)
        check.add(item.nodeid, *tracer.stop())
        if failed:
            raise SystemExit(f"without any fault put in, this fails: {failed}")
