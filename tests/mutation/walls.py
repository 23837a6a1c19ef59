"""How many small faults in the walls the tests notice: access, trail and intake, by what each test enters of them.

Called by `python -m tests.mutation --files monitor/access --look FILE --costs FILE`: what coverage.py kept with
`tests.mutation.look`, and what each test used of the processor. Only faults inside functions that run in tests are
tried here, each in a forked child of one session that has everything collected and its databases ready. Whoever is not
noticed is kept as tried only with `--thorough`: without it, a look that is not whole yet can be gone on with.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path

import coverage
import pytest

from tests.mutation import trial
from tests.mutation.bench import Bench
from tests.mutation.mutants import Mutant, mutants_of, mutated
from tests.mutation.trial import exchange, in_a_child, node_at
from tests.mutation.tries import Try, keep, kept_in

ROOT = Path(__file__).parents[2]
TERMINAL = os.dup(1)
ENOUGH = 20.0  # processor seconds of tests a mutant
# they look at the file that the child runs, which is another one where the child takes the fault
OF_THE_CHILD = ("test_the_child_sees_no_environment", "test_the_worker_is_run_with_nothing_but")
# its tests, too
ON_POSTGRES = (
    "access/row_policies.py", "access/closed.py", "trail/blocks.py", "trail/verdict.py", "trail/anchors.py",
)  # fmt: skip
READING = "monitor/intake/reading/"  # runs in a child of its own, which takes the fault by itself
CHILD = """
import ast, runpy, sys
sys.path.insert(0, {root!r})
from tests.mutation.trial import import_with
from pathlib import Path
tree = ast.parse(Path({source!r}).read_text())
if {file!r} == {worker!r}:
    exec(compile(tree, {worker!r}, "exec"), {{"__name__": "__main__", "__file__": {root!r} + "/" + {worker!r}}})
else:
    import_with(Path({root!r}), {file!r}, tree)
    runpy.run_path({root!r} + "/" + {worker!r}, run_name="__main__")
"""


class Everything:
    """Stands for whatever comes next: what a session shares stays up, also in the children, for it is the parent's."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        return [self.session]


class Looked:
    """Which tests enter a line, and what each costs."""

    def __init__(self, data: Path, costs: list[Path]) -> None:
        self.data = coverage.CoverageData(str(data))
        self.data.read()
        self.files = {name[name.index("monitor/") :]: name for name in self.data.measured_files()}
        self.costs: dict[str, float] = {}
        for line in chain.from_iterable(one.read_text().splitlines() for one in costs):
            name, seconds, _ = json.loads(line)
            self.costs[name] = seconds
        self.lines: dict[str, dict[int, list[str]]] = {}

    def at(self, mutant: Mutant, function: ast.FunctionDef) -> set[str]:
        """The tests that enter the mutant's line, or the nearest line above it in its function; for what an argument is
        where nobody says, the function's first line. "" is the import."""
        if mutant.file not in self.files:
            return set()
        if mutant.file not in self.lines:
            self.lines[mutant.file] = self.data.contexts_by_lineno(self.files[mutant.file])
        found, begins = self.lines[mutant.file], function.body[0].lineno
        ends = function.end_lineno or begins
        near = range(mutant.line, begins - 1, -1) if mutant.line >= begins else range(begins, ends + 1)
        return next((set(found[n]) for n in near if found.get(n)), set())

    def in_order(self, names: set[str], file: str) -> list[str]:
        """In turn from every file of tests, the cheapest of each first; the file's own tests before all others."""
        by_file: dict[str, list[str]] = {}
        for name in sorted(names, key=lambda one: self.costs.get(one, 1.0)):
            by_file.setdefault(name.partition("::")[0], []).append(name)
        own = Path(file).stem
        files = sorted(by_file, key=lambda one: (Path(one).stem != f"test_{own}", self.costs.get(by_file[one][0], 1.0)))
        return [one for turn in zip_longest(*(by_file[file] for file in files)) for one in turn if one]


def main(asked: argparse.Namespace, known: set[str]) -> int:
    """Draw, try, and tell who was not noticed."""
    os.chdir(ROOT)
    trial.STILL_SECONDS = 240
    chosen = sorted(path.relative_to(ROOT).as_posix() for one in asked.files for path in walked(ROOT / one))
    every = [one for file in chosen for one in mutants_of(ROOT, file) if one.name not in known and inside(one)]
    drawn = [one for one in every if asked.only in one.name] if asked.only else draw(every, asked.sample, asked.seed)
    tried = {(one.name, one.number, one.variant) for one in kept_in(asked.kept)}
    drawn = [one for one in drawn if (one.name, one.number, one.variant) not in tried]
    print(json.dumps({"faults inside functions": len(every), "to try": len(drawn)}), flush=True)
    looked = Looked(asked.look, asked.costs)
    entering = {one: looked.at(one, function_of(one)) for one in drawn}
    files = sorted({name.partition("::")[0] for names in entering.values() for name in names if name})
    Bench(partial(each, drawn, entering, looked, asked)).session(files or ["tests/monitor/access/test_totp.py"])
    return 0


def walked(path: Path) -> Iterator[Path]:
    """A file, or every file of a folder."""
    yield from [path] if path.is_file() else path.rglob("*.py")


def inside(mutant: Mutant) -> bool:
    """Whether it stands in a function."""
    return bool(mutant.scope) and not mutant.scope.rpartition(".")[2].lstrip("_")[:1].isupper()


def draw(every: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """In random order, so that a draw that was stopped is a fair one."""
    return random.Random(seed).sample(every, min(size or len(every), len(every)))


def function_of(mutant: Mutant) -> ast.FunctionDef:
    """The definition that a mutant stands in."""
    found: ast.FunctionDef = node_at(ast.parse((ROOT / mutant.file).read_text(encoding="utf-8")), mutant.scope)
    return found


def each(
    drawn: list[Mutant], entering: dict[Mutant, set[str]], looked: Looked, asked: argparse.Namespace, bench: Bench
) -> None:
    """Try one after another."""
    items = {item.nodeid: item for found in bench.items.values() for item in found}
    kinds = ["sqlite", "postgres"] if any(one.file.endswith(ON_POSTGRES) for one in drawn) else ["sqlite"]
    ready(bench, list(items.values()), kinds)
    for mutant in drawn:
        names = [one for one in looked.in_order(entering[mutant], mutant.file) if one in items and fits(one, mutant)]
        if "" in entering[mutant]:
            tell(mutant, "passed over: runs at import")
            continue
        if not names and not asked.thorough:
            tell(mutant, "passed over: no test that was looked at enters it")
            continue
        began = time.monotonic()
        put_in = partial(put, mutant)
        noticed = in_a_child(put_in, partial(first, bench, items, names, ENOUGH))
        if noticed is None and asked.at_length > ENOUGH:
            noticed = in_a_child(put_in, partial(first, bench, items, names, asked.at_length))
        if noticed and "::" in noticed and in_a_child(lambda: None, partial(first, bench, items, [noticed], ENOUGH)):
            tell(mutant, f"passed over: fails without any fault: {noticed}")
            continue
        if noticed or asked.thorough:
            keep(asked.kept, Try.of(mutant, noticed))
        tell(mutant, noticed, len(names), round(time.monotonic() - began))


def fits(test: str, mutant: Mutant) -> bool:
    """Whether a test may be asked about a mutant: on PostgreSQL only about what is PostgreSQL's."""
    if "[postgres" in test and not mutant.file.endswith(ON_POSTGRES):
        return False
    return not (mutant.file.startswith(READING) and test.partition("::")[2].startswith(OF_THE_CHILD))


def ready(bench: Bench, items: list[pytest.Item], kinds: Sequence[str]) -> None:
    """Have the databases that tests copy made once, before any fault: each by one test that uses it."""
    for item in items[:1]:
        item.config.option.maxfail = 0  # else a child whose test fails takes down all that is the parent's
    for kind in kinds:
        for item in [one for one in items if f"[{kind}" in one.nodeid][:1]:
            if failed := run(bench, item):
                raise SystemExit(f"without any fault put in, this fails: {failed}")
            for one in item.session._fixturemanager.getfixturedefs("postgres_pool", item) or ():
                if one.cached_result:  # no child shares a connection with another: each takes a database of its own
                    one.cached_result[0].drop()


def run(bench: Bench, item: pytest.Item) -> str | None:
    """One test; its name if it fails."""
    return bench.run_one(item, Everything(item.session))  # type: ignore[arg-type]


def put(mutant: Mutant) -> None:
    """The fault, here and in the child that reads sheets."""
    tree = mutated(ROOT, mutant)
    if mutant.file.startswith(READING):
        from monitor.intake.reading import jail

        worker = jail.WORKER.relative_to(ROOT).as_posix()
        folder = Path(tempfile.mkdtemp(prefix="walls-fault"))
        source, child = folder / "fault.py", folder / "child.py"
        source.write_text(ast.unparse(tree), encoding="utf-8")
        told = {"root": str(ROOT), "source": str(source), "file": mutant.file, "worker": worker}
        child.write_text(CHILD.format(**told), encoding="utf-8")
        jail.WORKER = child
    if trial.module_of(mutant.file) in sys.modules:
        exchange(mutant.file, mutant.scope, tree)


def first(bench: Bench, items: dict[str, pytest.Item], names: list[str], enough: float) -> str | None:
    """Run tests until they have cost enough; who noticed first."""
    began = sum(os.times()[:4])
    for name in names:
        if sum(os.times()[:4]) - began > enough:
            return None
        if failed := run(bench, items[name]):
            return failed
    return None


def tell(mutant: Mutant, noticed: str | None, *more: object) -> None:
    """One line a try, at once, past whatever pytest keeps for itself."""
    said = {"tried": mutant.name, "line": mutant.line, "by": noticed, "tests, seconds": more}
    os.write(TERMINAL, f"{json.dumps(said)}\n".encode())
