"""`monitor serve` and `monitor work`: the web and scheduler processes, as children of this one.

monitor may not import web or jobs, so they are started by name, `python -m web` and `python -m jobs`; settings reach
them through the environment.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

import click

GRACE_SECONDS = 25


@click.command("serve")
@click.option("--with-jobs", is_flag=True, help="Run the scheduler beside it (for SQLite and small sites).")
def serve_command(with_jobs: bool) -> None:
    """Serve the web site at MONITOR_HOST and MONITOR_PORT until told to stop."""
    sys.exit(run_together(["web", "jobs"] if with_jobs else ["web"], os.environ))


@click.command("work")
def work_command() -> None:
    """Run the scheduler until told to stop."""
    sys.exit(run_together(["jobs"], os.environ))


def run_together(rooms: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run ``python -m`` each of ``rooms`` until one ends or we are told to stop; then stop all, gently."""
    children = [subprocess.Popen([sys.executable, "-m", room], env=dict(environment)) for room in rooms]
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: told.append(received))
    while not told and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        child.terminate()
    return 0 if told and _ended_well(children) else max((child.wait() for child in children), default=1) or 1


def _ended_well(children: Sequence[subprocess.Popen[bytes]]) -> bool:
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    return True
