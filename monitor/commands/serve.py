"""`monitor serve` and `monitor work`: the web and scheduler processes, as children of this one.

monitor may not import web or jobs, so they are started by name, `python -m web` and `python -m jobs`; settings reach
them through the environment.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import click

GRACE_SECONDS = 25


@click.command("serve")
@click.option("--with-jobs", is_flag=True, help="Run the scheduler beside it (for SQLite and small sites).")
def serve_command(with_jobs: bool) -> None:
    """Serve the web site at MONITOR_HOST and MONITOR_PORT until told to stop."""
    from monitor.config import load_settings

    settings = load_settings()
    refuse_taken(settings.host, settings.port)
    sys.exit(run_together(["web", "jobs"] if with_jobs else ["web"], os.environ))


@click.command("work")
def work_command() -> None:
    """Run the scheduler until told to stop."""
    sys.exit(run_together(["jobs"], os.environ))


def refuse_taken(host: str, port: int) -> None:
    """Say so in one sentence when somebody listens there already, rather than after minutes of work."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise click.ClickException(f"Port {port} of {host} {reason}; choose another one.") from None


def run_together(
    rooms: Sequence[str], environment: Mapping[str, str], answers: Callable[[], bool] = lambda: False, up: str = ""
) -> int:
    """Run ``python -m`` each of ``rooms`` until one ends or we are told to stop; then stop all, gently.

    Says ``up`` once ``answers`` is true.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: told.append(received))
    children = [subprocess.Popen([sys.executable, "-m", room], env=dict(environment)) for room in rooms]
    while not told and all(child.poll() is None for child in children):
        time.sleep(0.2)
        if up and answers():
            click.echo(up)
            up = ""
    for child in children:
        child.terminate()
    _wait(children)
    return 0 if told else max((abs(child.returncode) for child in children), default=1) or 1


def listening(host: str, port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _wait(children: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
