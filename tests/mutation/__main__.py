"""How many small faults in the rules the tests notice: `python -m tests.mutation --seed 1 --sample 300`.

Prints a JSON line for each mutant that nobody noticed, then one a file and one for all, with a 95 % interval. Mutants
that change nothing anyone could see are listed in `equivalent.yaml`, each with its reason, and count on neither side.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import math
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.mutation.bench import APART, ENOUGH, GREAT, LONG, OPTIONS, WITHIN_GREAT, Bench, Survey, survey
from tests.mutation.mutants import Mutant, mutants_of, mutated, sampled
from tests.mutation.trial import CPU_SECONDS, exchange, import_with, in_a_child, quiet
from tests.mutation.tries import Try, counted, keep, kept_in, rate

if TYPE_CHECKING:
    from tests.mutation.great_run import GreatRun

ROOT = Path(__file__).parents[2]
AT_LENGTH = 900  # CPU seconds of all checks that enter a function, for a mutant that the cheap ones passed over
EQUIVALENT = Path(__file__).with_name("equivalent.yaml")


class Score:
    """What became of each mutant."""

    def __init__(self, kept: Path | None, at_length: int) -> None:
        self.kept, self.at_length = kept, at_length
        self.killed: Counter[str] = Counter()
        self.survived: Counter[str] = Counter()
        self.noticed: dict[str, Counter[str]] = defaultdict(Counter)
        self.sure: set[str] = {"time"}
        self.began = time.monotonic()

    def add(self, mutant: Mutant, noticed: str | None) -> None:
        """Tell what nobody noticed at once: it is what one reads.

        A check that notices for the first time is run without any fault, too: one that fails then notices nothing.
        """
        if noticed is not None and noticed not in self.sure:
            self.sure.add(noticed)
            if trouble := in_a_child(lambda: None, lambda: alone(noticed)):
                raise SystemExit(f"without any fault put in, this fails: {trouble}")
        keep(self.kept, Try.of(mutant, noticed))
        if noticed is None:
            self.survived[mutant.file] += 1
            print(json.dumps({"survived": mutant.name, "line": mutant.line, "operator": mutant.operator}), flush=True)
        else:
            self.killed[mutant.file] += 1
            self.noticed[mutant.file][noticed.partition("::")[0]] += 1
            if "-v" in sys.argv:
                print(json.dumps({"killed": mutant.name, "line": mutant.line, "by": noticed}), flush=True)

    def lines(self) -> Iterator[dict[str, object]]:
        """One line a file, one for all."""
        for file in sorted({*self.killed, *self.survived}):
            yield {"file": file, **rate(self.killed[file], self.survived[file])}
        whole = rate(sum(self.killed.values()), sum(self.survived.values()))
        spent = os.times()
        cpu = round(spent.user + spent.system + spent.children_user + spent.children_system)
        yield {"file": "rules", **whole, "cpu_seconds": cpu, "seconds": round(time.monotonic() - self.began)}


def main() -> int:
    """The whole run. Returns 0 if the score reaches `--least`."""
    asked = arguments()
    files = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "rules").rglob("*.py"))]
    known = {name for name in (yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or {})}
    if asked.files and not any(one.startswith("rules") for one in asked.files):
        from tests.mutation.walls import main as try_walls

        return try_walls(asked, known)
    chosen = [file for file in files if not asked.files or file.startswith(tuple(asked.files))]
    every = {file: mutants_of(ROOT, file) for file in chosen}
    argued = {name.split(" ")[0] for name in known}  # of the walls, too: their names are not of `rules/`
    unknown = known - {one.name for file in argued for one in (every.get(file) or mutants_of(ROOT, file))}
    if unknown:
        print(json.dumps({"equivalent mutants that are none any more": sorted(unknown)}))
    open_ = {file: [one for one in found if one.name not in known] for file, found in every.items()}
    if asked.count:
        print("\n".join(json.dumps(line) for line in counted(kept_in(asked.count), known)))
        return 0
    get_ready()
    seen = Survey.read(asked.survey.read_text()) if asked.survey else looked_at()
    drawn = draw(asked, open_, seen)
    score = Score(asked.kept, asked.at_length)
    longest = math.inf if asked.thorough else LONG
    fast, slow = apart(drawn, seen)
    for mutant in slow:  # first: afterwards the rules are imported here
        noticed = by_import(mutant, seen, score, longest) or at_length(mutant, seen, score, longest)
        score.add(mutant, noticed)
    if fast:
        by_exchange(fast, seen, score, longest)
    told = list(score.lines())
    print("\n".join(json.dumps(line) for line in told), flush=True)
    return int(float(str(told[-1].get("score", 0))) < asked.least)


def draw(asked: argparse.Namespace, open_: dict[str, list[Mutant]], seen: Survey) -> list[Mutant]:
    """The mutants to try, without those that `--kept` holds.

    `--inside` draws among all of them alike and in random order: wherever such a draw is stopped, it is a fair one.
    """
    every = [one for found in open_.values() for one in found]
    if asked.only:
        drawn = [one for one in every if asked.only in one.name]
    elif asked.inside:
        drawn = random.Random(asked.seed).sample(inside := apart(every, seen)[0], asked.sample or len(inside))
    else:
        drawn = sampled(open_, asked.sample, asked.seed) if asked.sample else every
    tried = {(one.name, one.number, one.variant) for one in kept_in(asked.kept)}
    return [one for one in drawn if (one.name, one.number, one.variant) not in tried]


def arguments() -> argparse.Namespace:
    """What is asked for on the command line."""
    ask = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--sample", type=int, default=0, help="how many mutants; 0: every one")
    ask.add_argument("--files", nargs="*", default=[], help="beginnings of paths, such as rules/kinds")
    ask.add_argument("--only", default="", help="mutants whose name holds this text")
    ask.add_argument("--inside", action="store_true", help="only those inside functions, in random order")
    ask.add_argument("--kept", type=Path, help="a file of tries: each is written to it, none of it is tried again")
    ask.add_argument("--count", type=Path, help="try nothing, count what such a file holds")
    ask.add_argument("--at-length", type=int, default=AT_LENGTH, help="processor seconds for one that is passed over")
    ask.add_argument("--thorough", action="store_true", help="with the tests that take long, too")
    ask.add_argument("--least", type=float, default=90.0, help="the score that is asked for, in percent")
    ask.add_argument("--survey", type=Path, help="what checks enter, as an earlier run kept it")
    ask.add_argument("--look", type=Path, help="outside the rules: what coverage.py kept of every test")
    ask.add_argument("--costs", nargs="*", type=Path, default=[], help="outside the rules: what every test costs")
    ask.add_argument("-v", action="store_true", help="say also who noticed what")
    return ask.parse_args()


def get_ready() -> None:
    """Import what takes long and is not under test, so that no child need do it."""
    os.chdir(ROOT)
    os.environ["POLARS_MAX_THREADS"] = "1"
    import hypothesis  # noqa: F401
    import msgspec  # noqa: F401
    import polars  # noqa: F401

    import monitor.models
    import monitor.schema  # noqa: F401

    assert not any(name.partition(".")[0] == "rules" for name in sys.modules), "the rules must not be imported yet"


def looked_at() -> Survey:
    """Which check executes what; looked at anew when a file of the rules or of their tests has changed."""
    whole = hashlib.blake2b(digest_size=8)
    for folder in ("rules", "tests/rules", "tests/mutation", "tests/scenarios"):
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in {".py", ".yaml"}:
                whole.update(path.read_bytes())
    place = Path(tempfile.gettempdir()) / f"monitor-mutation-{whole.hexdigest()}.json"
    if not place.exists():
        part = place.with_suffix(".part")
        print(json.dumps({"looks at every check first; kept in": str(place), "so far in": str(part)}), flush=True)
        trouble = in_a_child(lambda: None, lambda: place.write_text(survey(ROOT, part).written()) and None, 3600)
        if trouble:
            raise SystemExit(trouble)
    return Survey.read(place.read_text())


def apart(drawn: list[Mutant], seen: Survey) -> tuple[list[Mutant], list[Mutant]]:
    """(mutants in functions that only run in tests, those of what runs at import or collection)."""
    fast, slow = [], []
    for mutant in drawn:
        early = mutant.scope in seen.imported.get(mutant.file, set())
        early = early or mutant.file.startswith("rules/calendar")  # its tests are in APART
        early = early or mutant.scope.rpartition(".")[2][:1].isupper()  # in a class, but in no function of it
        (slow if early or not mutant.scope else fast).append(mutant)
    return fast, slow


def by_exchange(mutants: list[Mutant], seen: Survey, score: Score, longest: float) -> None:
    """Try each mutant in a child of one process that has everything collected."""

    def each(bench: Bench) -> None:
        from rules.packs import load
        from tests.mutation.great_run import GreatRun

        great = GreatRun(load())
        unseen = [one for one in bench.items if one not in seen.checks and not one.startswith((*WITHIN_GREAT, *APART))]
        if trouble := in_a_child(lambda: None, lambda: first_to_notice(bench, great, [GREAT, *unseen], seen, longest)):
            raise SystemExit(f"without any fault put in, this fails: {trouble}")
        for mutant in mutants:
            order = unseen + seen.in_order(asked_of(mutant, seen), score.noticed[mutant.file], longest)
            put_in = partial(exchange, mutant.file, mutant.scope, mutated(ROOT, mutant))
            check = partial(first_to_notice, bench, great, order, seen)
            noticed = in_a_child(put_in, partial(check, longest)) or whole(
                put_in, partial(check, math.inf), longest, score.at_length
            )
            with telling():
                score.add(mutant, noticed)

    Bench(each).session(["tests/rules", *(f"--ignore={one}" for one in APART)])


def asked_of(mutant: Mutant, seen: Survey) -> Iterator[str]:
    """The checks that enter the mutant's function; the great run stands for what it holds."""
    for name in seen.covering(mutant.file, mutant.scope):
        held = name == "tests/rules/test_scenarios.py" and not mutant.file.startswith("rules/scenarios/")
        if not held and not name.startswith((*WITHIN_GREAT, *APART)):
            yield name


def first_to_notice(bench: Bench, great: GreatRun, order: list[str], seen: Survey, longest: float) -> str | None:
    """Run checks in order until they have cost enough; who noticed first."""
    began = time.process_time()
    for name in order:
        if time.process_time() - began > ENOUGH and longest < math.inf:
            return None
        if name == GREAT:
            if next(great.faults(), None):
                return GREAT
            continue
        items = [one for one in bench.items[name] if seen.checks[name].seconds.get(one.nodeid, 0) <= longest]
        if failed := bench.run(items):
            return failed
    return None


def telling() -> contextlib.AbstractContextManager[object]:
    """The terminal again, inside of what is quiet."""
    return contextlib.redirect_stdout(sys.__stdout__)


def by_import(
    mutant: Mutant, seen: Survey, score: Score, longest: float, cpu_seconds: int = CPU_SECONDS
) -> str | None:
    """Try a mutant in a child that imports the rules with it."""
    order = [
        name for name in seen.in_order(seen.covering(mutant.file), score.noticed[mutant.file], longest)
        if not name.startswith(WITHIN_GREAT)
    ]  # fmt: skip
    if GREAT not in order:
        order.append(GREAT)
    order = affordable(order, seen, longest)
    at = order.index(GREAT)
    tree = mutated(ROOT, mutant)

    def checks() -> str | None:
        return (
            great_alone(short=True)
            or collected(order[:at], seen, longest)
            or great_alone()
            or collected(order[at + 1 :], seen, longest)
        )

    return in_a_child(lambda: import_with(ROOT, mutant.file, tree), checks, cpu_seconds)


def at_length(mutant: Mutant, seen: Survey, score: Score, longest: float) -> str | None:
    """Once more, with every check that enters the file, whatever it costs. Time alone notices nothing here."""
    noticed = None if longest == math.inf else by_import(mutant, seen, score, math.inf, score.at_length)
    return noticed if noticed != "time" else None


def whole(
    put_in: Callable[[], None], checks: Callable[[], str | None], longest: float, cpu_seconds: int
) -> str | None:
    """The same for a fault inside of a function."""
    noticed = None if longest == math.inf else in_a_child(put_in, checks, cpu_seconds)
    return noticed if noticed != "time" else None


def alone(noticed: str) -> str | None:
    """One check by itself, in a child that imports everything."""
    if noticed == GREAT:
        return great_alone()
    if "::" not in noticed:
        return None  # what broke has no name
    with quiet():
        return noticed if pytest.main([*OPTIONS, noticed]) else None


def affordable(order: list[str], seen: Survey, longest: float) -> list[str]:
    """The checks at the beginning of `order` that together cost no more than enough, and the great run."""
    kept, spent = [], 0.0
    for name in order:
        spent += seen.checks[name].cost(longest) if name != GREAT else 0
        if name == GREAT or spent <= ENOUGH or longest == math.inf:
            kept.append(name)
    return kept


def great_alone(short: bool = False) -> str | None:
    """The great run, with everything imported now; or the short one, which is asked first of all."""
    from rules.packs import load
    from tests.mutation.great_run import GreatRun

    return GREAT if next(GreatRun(load(), short=short).faults(), None) else None


def collected(modules: list[str], seen: Survey, longest: float) -> str | None:
    """Collect and run these modules of tests; the first test that fails."""
    if not modules:
        return None
    dropped = [
        f"--deselect={test}"
        for module in modules
        for test, seconds in seen.checks[module].seconds.items()
        if seconds > longest
    ]

    class Watch:
        failed: str | None = None

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed and Watch.failed is None:
                Watch.failed = report.nodeid

    with quiet():
        code = pytest.main([*OPTIONS, *modules, *dropped], plugins=[Watch()])
    return Watch.failed or (f"{modules[0]} (not collected)" if code not in (0, 5) else None)


if __name__ == "__main__":
    raise SystemExit(main())
