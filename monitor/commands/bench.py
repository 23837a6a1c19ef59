"""`monitor bench`: the benchmarks of the source tree, each in a process of its own; results as JSON lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from monitor.commands.opening import progress

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "benchmarks"


@click.command("bench")
@click.argument("names", metavar="[NAME]...", nargs=-1)
def bench_command(names: tuple[str, ...]) -> None:
    """Measure NAME, or everything; one JSON object a line on standard output."""
    there = benchmarks()
    if not there:
        raise click.ClickException("Benchmarks come with the source, not with an installed copy.")
    if unknown := sorted(set(names) - set(there)):
        raise click.ClickException(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(there)}.")
    failed = [name for name in names or there if not _run(name)]
    if failed:
        raise click.ClickException(f"These did not finish: {', '.join(failed)}.")


def benchmarks() -> list[str]:
    """Names of the benchmarks: modules that can be run by themselves."""
    return sorted(
        path.stem
        for path in FOLDER.glob("*.py")
        if not path.name.startswith("test_") and "__main__" in path.read_text(encoding="utf-8")
    )


def _run(name: str) -> bool:
    progress()(name)
    return subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], cwd=ROOT, check=False).returncode == 0
