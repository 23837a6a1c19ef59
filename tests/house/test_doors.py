"""The doors between the rooms open one way, and our four names are ours alone."""

from __future__ import annotations

import ast
import importlib.metadata
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.the_house import ROOMS, ROOT, modules, read

RULES_MAY_IMPORT = {*sys.stdlib_module_names, "polars", "msgspec", "yaml", "rules"}
# what only asks the time, the machine or chance: a rule that did could not be replayed
RULES_NEVER = {"os", "time", "random", "secrets", "socket", "subprocess", "sqlite3", "urllib"}
CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
DOORS = ("monitor/commands/", "web/", "jobs/")


def imports_of(path: Path) -> set[str]:
    """Top-level names that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_the_import_contracts_hold():
    tool = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    result = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"web | jobs → monitor → rules, never back. Move the code:\n{result.stdout[-3000:]}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_ships_a_package_of_our_name(room):
    owners = set(importlib.metadata.packages_distributions().get(room, []))
    strangers = owners - {"accountability-monitor"}
    assert not strangers, f"{room!r} is also shipped by {strangers}: pip overwrites one with the other; remove it."


def test_rules_import_nothing_but_the_standard_library_polars_msgspec_and_yaml():
    strange = {str(path): extra for path in modules("rules") if (extra := imports_of(path) - RULES_MAY_IMPORT)}
    assert not strange, f"Rules are data and pure functions; hand the value in as an argument: {strange}"


def test_rules_ask_neither_clock_nor_machine_nor_chance():
    strange = {str(path): asked for path in modules("rules") if (asked := imports_of(path) & RULES_NEVER)}
    assert not strange, f"The same facts must give the same spans for ever. Pass it in: {strange}"


def test_one_module_reads_the_clock():
    readers = [
        f"{path}:{node.lineno}"
        for path in modules(*ROOMS)
        if path != Path("monitor/clock.py")
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCK
    ]
    assert not readers, f"Time is an argument (now, as_of, known_at); doors take it from monitor.clock: {readers}"


def test_only_doors_ask_what_time_it_is():
    askers = [
        str(path)
        for path in modules(*ROOMS)
        if "utc_now" in read(path) and str(path) != "monitor/clock.py" and not str(path).startswith(DOORS)
    ]
    assert not askers, f"Take `now` as an argument; only web, jobs and the command line call utc_now(): {askers}"
