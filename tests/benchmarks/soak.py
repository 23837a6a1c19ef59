"""A county at three times its pace for an hour, with random kills: what grows in the site, and what stays open.

    python -m tests.benchmarks.soak 60 sqlite

Two workers and the scheduler. Every half minute or so one of them is killed outright (a worker comes back by itself,
the scheduler as its service manager would), a connection of PostgreSQL is cut, or somebody hangs up in the midst of a
request. One worker is never killed: its memory and open files are those that could grow.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import func, select, text

from monitor.db import Database
from monitor.models import AuthSession
from tests.benchmarks.county_site import County, Site, build, running
from tests.benchmarks.databases import Store, both
from tests.benchmarks.visitors import GOOD, crowd

PEOPLE, WORKERS, MINUTES, TIMES, A_SLICE = 300, 2, 60.0, 3, 60.0
WARM: Final = 0.2  # of the time: what is compiled, read and kept once is there by then
BETWEEN = (10, 50)  # seconds from strike to strike
GOAL_GROWTH = 0.05


class Look(msgspec.Struct, frozen=True):
    """At the worker that lives through all of it, and at what the database holds open for the site."""

    mib: float
    files: int
    connections: int
    sessions: int


def run(folder: Path, minutes: float = MINUTES, kinds: tuple[str, ...] = ("sqlite", "postgresql")) -> Iterator[Any]:
    """One result a database."""
    for store in both(folder, "soak"):
        if store.kind in kinds:
            county = build(store, PEOPLE)
            with running(store, WORKERS) as site:
                yield {"database": store.kind, "minutes": minutes, **_soaked(store, county, site, minutes)}


def _soaked(store: Store, county: County, site: Site, minutes: float) -> dict[str, Any]:
    owner = Database(store.free)
    survivor, looks = site.workers()[0], list[Look]()
    answers: Counter[str] = Counter()
    strikes = Strikes(owner, site, survivor)
    with strikes:
        for number in range(round(minutes * 60 / A_SLICE)):
            told = crowd(county, site.port, site.base, TIMES, A_SLICE, seed=number)
            answers.update("good" if one.status in GOOD else str(one.status) for one in told)
            looks.append(_look(owner, survivor))
    owner.close()
    return {"answers": answers, "strikes": strikes.done, **grown(looks)}


def grown(looks: list[Look]) -> dict[str, Any]:
    """Memory, files, connections and sessions once warm and at the end; each the middle of some looks."""
    warm = looks[int(len(looks) * WARM) :]
    some = max(1, len(warm) // 5)
    then, now = warm[:some], warm[-some:]
    told: dict[str, Any] = {
        name: [_middle(then, name), _middle(now, name)] for name in ("mib", "files", "connections", "sessions")
    }
    return {**told, "growth": round(told["mib"][1] / told["mib"][0] - 1, 3), "goal_growth": GOAL_GROWTH}


def _middle(looks: list[Look], name: str) -> Any:
    return sorted(getattr(look, name) for look in looks)[len(looks) // 2]


def _look(owner: Database, survivor: int) -> Look:
    with owner.system("benchmark: a look", writes=False) as session:
        sessions = session.scalar(select(func.count(AuthSession.id))) or 0
    return Look(_rss(survivor), len(os.listdir(f"/proc/{survivor}/fd")), len(_backends(owner)), sessions)


def _rss(pid: int) -> float:
    line = next(one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def _backends(owner: Database) -> list[int]:
    """PostgreSQL's processes for the site's connections, ours left out."""
    if owner.is_sqlite:
        return []
    ask = "select pid from pg_stat_activity where datname = current_database() and usename <> current_user"
    with owner.migrating() as connection:
        return list(connection.scalars(text(ask)))


class Strikes:
    """Something breaks every now and then, while the block lasts. ``done``: how often what was."""

    def __init__(self, owner: Database, site: Site, survivor: int) -> None:
        self._owner, self._site, self._survivor = owner, site, survivor
        self._chance, self._over = random.Random(11), threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._jobs: subprocess.Popen[bytes] = site.start("-m", "jobs")
        self.done: Counter[str] = Counter()

    def __enter__(self) -> Strikes:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._jobs.terminate()
        self._jobs.wait(60)

    def _go_on(self) -> None:
        kinds: list[Callable[[], None]] = [self._worker, self._scheduler, self._hang_up]
        kinds += [] if self._owner.is_sqlite else [self._cut]
        while not self._over.wait(self._chance.uniform(*BETWEEN)):
            strike = self._chance.choice(kinds)
            strike()
            self.done[strike.__name__.strip("_")] += 1

    def _worker(self) -> None:
        others = [pid for pid in self._site.workers() if pid != self._survivor]
        if others:
            os.kill(self._chance.choice(others), signal.SIGKILL)

    def _scheduler(self) -> None:
        self._jobs.kill()
        self._jobs.wait()
        self._jobs = self._site.start("-m", "jobs")

    def _hang_up(self) -> None:
        """Six bytes of a hundred, and gone."""
        with socket.create_connection(("127.0.0.1", self._site.port)) as half:
            half.sendall(b"POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\nemail=")

    def _cut(self) -> None:
        if there := _backends(self._owner):
            with self._owner.migrating() as connection:
                connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": self._chance.choice(there)})


if __name__ == "__main__":
    minutes = float(sys.argv[1]) if sys.argv[1:] else MINUTES
    with tempfile.TemporaryDirectory() as place:
        for result in run(Path(place), minutes, *([tuple(sys.argv[2:])] if sys.argv[2:] else [])):
            print(json.dumps({"benchmark": "soak", **result}), flush=True)
