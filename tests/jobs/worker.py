"""One worker of the storm test: runs what is due, again and again, by a clock that goes faster than ours.

`python worker.py URL` reads one command a line from standard input, and forks: so a worker starts in milliseconds and
can be killed thousands of times. Nothing here uses Polars before the fork; its threads would not survive it.

    work START FASTER    fork a worker whose clock starts at START (ISO) and goes FASTER than ours; print its process id
    quit                 end; workers that live are killed
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

from jobs.runner import Runner
from monitor import log_lines
from monitor.compliance import evaluation, news
from monitor.config import Settings
from monitor.db import Database

# of the rules in force a few, and batches of three cases: more instants at which to be killed
CODES = {"ABSENCE_UNEXCUSED", "ABSENCE_PENDING", "ADJUDICATION_OVERDUE", "ATTENDANCE_NOT_REPORTED"}


def few_packs() -> evaluation.Packs:
    """California's packs with a few rules only."""
    packs = evaluation.switched_on()
    rules = {name: [rule for rule in own if rule.code in CODES] for name, own in packs.rules.items() if name == "us_ca"}
    return replace(packs, rules=rules)


def run_worker(url: str, start: datetime, faster: float) -> None:
    """Tick for ever; this process ends by being killed."""
    began = time.monotonic()

    def clock() -> datetime:
        return start + timedelta(seconds=faster * (time.monotonic() - began))

    runner = Runner(Database(url), Settings(database_url=url), clock)
    while True:
        try:
            runner.tick()
        except Exception as error:  # a database that is locked or away is tried again
            print(type(error).__name__, file=sys.stderr)
        time.sleep(0.01)


def main(url: str) -> None:
    news.BATCH = 3
    packs = few_packs()
    evaluation.switched_on = lambda *_folders: packs  # type: ignore[assignment]
    log_lines.configure("critical")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    children = set[int]()
    for line in sys.stdin:
        command, *rest = line.split()
        if command == "quit":
            break
        child = os.fork()
        if child == 0:
            run_worker(url, datetime.fromisoformat(rest[0]), float(rest[1]))
            os._exit(1)
        children.add(child)
        print(child, flush=True)
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main(sys.argv[1])
