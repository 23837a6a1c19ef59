"""Measuring: a function in a fresh child process, its processor and wall seconds and its peak memory, as JSON lines.

Processor seconds are what we compare: they stay nearly the same when others use the machine. Compare only what was
measured in one run: a ratio holds on another machine, a second does not.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from monitor.side_by_side import MEMORY

ROOT = Path(__file__).parents[2]
ENTRY = "from tests.benchmarks.measure import answer; answer()"


class Measured(msgspec.Struct):
    """`cpu_s`: processor seconds of the function alone; `process_cpu_s`: of the whole process, imports included."""

    result: Any
    cpu_s: float
    wall_s: float
    process_cpu_s: float
    peak_mib: float


def in_child(function: Callable[..., Any], *arguments: Any, threads: int | None = None) -> Measured:
    """Call a module's function in a process of its own. Arguments and result must be plain JSON."""
    where = f"{function.__module__}:{function.__name__}"
    if function.__module__ == "__main__":
        where = f"tests.benchmarks.{Path(sys.argv[0]).stem}:{function.__name__}"
    surroundings = MEMORY | os.environ | ({"POLARS_MAX_THREADS": str(threads)} if threads else {})
    command = [sys.executable, "-c", ENTRY, where, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True, check=True)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Measured)


def called(where: str, arguments: list[Any]) -> Measured:
    """What the child does: call, and look at itself."""
    module, name = where.split(":")
    function = getattr(import_module(module), name)
    cpu, wall = cpu_seconds(), time.perf_counter()
    result = function(*arguments)
    spent, waited = cpu_seconds() - cpu, time.perf_counter() - wall
    return Measured(result, round(spent, 3), round(waited, 3), round(cpu_seconds(), 3), peak_mib())


def cpu_seconds() -> float:
    """Of this process and of the children it waited for."""
    own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime


def peak_mib() -> float:
    """The most memory this process has held. Not ru_maxrss, which a child takes over from its parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024, 1)


def tell(benchmark: str, **figures: Any) -> dict[str, Any]:
    """One JSON line on standard output."""
    row = {"benchmark": benchmark, **figures}
    print(json.dumps(row), flush=True)
    return row


def answer() -> None:
    """In the child: call what the command line names, and print what it measured as the last line."""
    print(msgspec.json.encode(called(sys.argv[1], json.loads(sys.argv[2]))).decode())
