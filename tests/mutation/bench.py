"""The checks of `tests/rules`, ready to be run on one mutant after another: what each one executes, and what it costs.

Checks are the modules of `tests/rules` and the great run. What is imported and collected is so once; each mutant gets
a forked child.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.mutation.trial import quiet

GREAT = "great run"
# what the great run asks, too
WITHIN_GREAT = ("tests/rules/kinds/", "tests/rules/test_against_reference.py")
# builds tables as it is imported: then Polars has threads, and a process with threads cannot be forked
APART = ("tests/rules/test_calendar_table.py",)
OPTIONS = ["-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1"]
LONG = 4.0  # CPU seconds of a single test; longer ones are run by --thorough only
Lines = dict[str, set[int]]


class Tracer:
    """Which lines of the rules are executed, and the CPU seconds, between `start` and `stop`."""

    def __init__(self, root: Path) -> None:
        self.inside = f"{root}/rules/"
        self.cut = len(f"{root}/")
        self.lines: Lines = defaultdict(set)

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(self.inside):
            return None
        lines = self.lines[frame.f_code.co_filename[self.cut :]]
        lines.add(frame.f_lineno)

        def line(here: FrameType, _event: str, _argument: object) -> Any:
            lines.add(here.f_lineno)
            return line

        return line

    def start(self) -> None:
        """From here on."""
        self.lines, self.began = defaultdict(set), time.process_time()
        sys.settrace(self)

    def stop(self) -> tuple[float, Lines]:
        """CPU seconds and lines since the start."""
        sys.settrace(None)
        return time.process_time() - self.began, self.lines


@dataclass
class Check:
    """One module of tests (or the great run): CPU seconds of each test, and the lines that they execute."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: Lines = field(default_factory=lambda: defaultdict(set))

    def add(self, name: str, seconds: float, lines: Lines) -> None:
        """One test of it."""
        self.seconds[name] = seconds
        for file, numbers in lines.items():
            self.lines[file] |= numbers

    def cost(self, longest: float) -> float:
        """CPU seconds of its tests that take no longer."""
        return sum(one for one in self.seconds.values() if one <= longest)


@dataclass
class Survey:
    """Every check, and the lines that importing and collecting them executes."""

    checks: dict[str, Check] = field(default_factory=lambda: defaultdict(Check))
    imported: Lines = field(default_factory=dict)

    def covering(self, file: str, lines: Iterable[int] = ()) -> list[str]:
        """The checks that execute one of these lines of a file; without lines, any of its lines."""
        wanted = set(lines)
        return [
            name
            for name, one in self.checks.items()
            if file in one.lines and (not wanted or not wanted.isdisjoint(one.lines[file]))
        ]

    def in_order(self, names: Iterable[str], noticed: Counter[str], longest: float) -> list[str]:
        """The cheapest first, and those before that noticed most faults of this file so far."""
        return sorted(names, key=lambda name: (self.checks[name].cost(longest) + 0.1) / (1 + noticed[name]))

    def written(self) -> str:
        """As JSON."""
        checks = {name: [one.seconds, _listed(one.lines)] for name, one in self.checks.items()}
        return json.dumps([checks, _listed(self.imported)])

    @classmethod
    def read(cls, text: str) -> Survey:
        """From JSON."""
        checks, imported = json.loads(text)
        return cls({name: Check(one[0], _sets(one[1])) for name, one in checks.items()}, _sets(imported))


def _listed(lines: Lines) -> dict[str, list[int]]:
    return {file: sorted(numbers) for file, numbers in lines.items()}


def _sets(lines: dict[str, list[int]]) -> Lines:
    return {file: set(numbers) for file, numbers in lines.items()}


def module_of_test(item: pytest.Item) -> str:
    """tests/rules/test_x.py"""
    return item.nodeid.partition("::")[0]


class Bench:
    """A pytest session that, once everything is collected, does `then` in place of running the tests."""

    def __init__(self, then: Callable[[Bench], None], tracer: Tracer | None = None) -> None:
        self.then, self.tracer = then, tracer
        self.items: dict[str, list[pytest.Item]] = defaultdict(list)
        self.imported: Lines = {}
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


def survey(root: Path) -> Survey:
    """What every check executes and costs; runs each once, but for those that the great run holds."""
    found, tracer = Survey(), Tracer(root)

    def look(bench: Bench) -> None:
        from rules.packs import load
        from tests.mutation.great_run import GreatRun

        tracer.start()
        great = GreatRun(load())
        prepared = tracer.stop()[1]
        for lines in (bench.imported, prepared):
            for file, numbers in lines.items():
                found.imported.setdefault(file, set()).update(numbers)
        tracer.start()
        faults = list(great.faults())
        found.checks[GREAT].add(GREAT, *tracer.stop())
        if faults:
            raise SystemExit(f"without any fault put in, the great run tells {len(faults)}: {faults[:3]}")
        for module, items in bench.items.items():
            if not module.startswith(WITHIN_GREAT):
                _look_at(bench, items, found.checks[module], tracer)

    Bench(look, tracer).session(["tests/rules"])
    return found


def _look_at(bench: Bench, items: list[pytest.Item], check: Check, tracer: Tracer) -> None:
    """Run the tests of one module, each under the tracer."""
    for item, following in zip_longest(items, items[1:]):
        tracer.start()
        failed = bench.run_one(item, following)
        check.add(item.nodeid, *tracer.stop())
        if failed:
            raise SystemExit(f"without any fault put in, this fails: {failed}")
