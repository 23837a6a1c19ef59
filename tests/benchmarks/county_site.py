"""A county's site in processes of its own, with everybody who works there signed in (`load`, `soak`).

Sixty officers, twenty people of programs, six judges and dispatch, on the demo's invented county. The site is the one
that `monitor serve` runs; beside its own pages it makes any answer larger by as many bytes as the header `x-pad` asks
for, so that a page with a trivial query can be of the size of another.
"""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.compliance import evaluation
from monitor.config import load_settings
from monitor.db import Database
from monitor.demo.county import build_county
from monitor.demo.opening import LOCAL_LAW
from monitor.models import Agency, Assignment, Case, Court, Hearing
from tests.benchmarks.databases import Store, know_sizes
from tests.web.accounts import SECRET, sign_in_as
from tests.web.machines import machine_of
from web.warm import create_warm_app

OFFICERS, STAFF, JUDGES, DISPATCHERS = 60, 20, 6, 4
OFFICE, COURT, PROGRAMS = "riverbend-probation", "riverbend-court", ("north-star", "open-door")
CAN_BE_WAITED_FOR = 60.0


class Worker(msgspec.Struct, frozen=True):
    """Somebody who is signed in, and one case that they work on."""

    token: str
    person: int = 0


class County(msgspec.Struct, frozen=True):
    """Who works there; ``docket``: the fullest one of the court; secrets of the machines of dispatch and a program."""

    officers: list[Worker]
    staff: list[Worker]
    judges: list[Worker]
    dispatchers: list[Worker]
    numbers: list[str]
    docket: str
    cad: str
    software: str


def build(store: Store, people: int) -> County:
    """An evaluated county in an empty database."""
    owner = store.open()
    now = utc_now()
    try:
        build_county(owner, SECRET, now, people=people, say=lambda _text: None)
        evaluation.evaluate_now(owner, evaluation.switched_on(), now, site_secret=SECRET)
        county = _staffed(owner)
        know_sizes(owner)
        return county
    finally:
        owner.close()


def _staffed(owner: Database) -> County:
    with owner.system("benchmark: agencies", writes=False) as session:
        agency = {one.code: one.id for one in session.scalars(select(Agency))}
        docket, numbers = _fullest(session), list(session.scalars(select(Case.number).limit(200)))
    officers = [sign_in_as(owner, Role.OFFICER, agency[OFFICE], f"Officer {number}") for number in range(OFFICERS)]
    people = _assigned(owner, [user for user, _ in officers])
    signed_in = {
        role: [Worker(sign_in_as(owner, role, agency[code], f"{role} {number}")[1])
               for number, code in zip(range(most), itertools.cycle(codes), strict=False)]
        for role, most, codes in ((Role.PROGRAM, STAFF, PROGRAMS), (Role.JUDGE, JUDGES, (COURT,)),
                                  (Role.DISPATCH, DISPATCHERS, ("riverbend-dispatch",)))
    }  # fmt: skip
    return County(
        [Worker(token, people.get(user, 0)) for user, token in officers],
        signed_in[Role.PROGRAM], signed_in[Role.JUDGE], signed_in[Role.DISPATCH],
        numbers, docket, machine_of(owner, "riverbend-dispatch"), machine_of(owner, PROGRAMS[0]),
    )  # fmt: skip


def _fullest(session: Session) -> str:
    court = session.scalars(select(Court).where(Court.code == COURT.removesuffix("-court"))).one()
    begin = session.scalars(select(Hearing.starts_at).where(Hearing.court_id == court.id, Hearing.outcome.is_(None)))
    days = Counter(local_day(at, court.zone) for at in begin)
    return f"/dockets/{court.code}/{days.most_common(1)[0][0]}"


def _assigned(owner: Database, officers: list[int]) -> dict[int, int]:
    """The office's open cases go round among these officers; one person of each."""
    people: dict[int, int] = {}
    with owner.system("benchmark: caseloads") as session, session.begin():
        office = select(Agency.id).where(Agency.code == OFFICE).scalar_subquery()
        open_ones = select(Assignment).where(Assignment.agency_id == office, Assignment.until_on.is_(None))
        for row, officer in zip(session.scalars(open_ones).all(), itertools.cycle(officers), strict=False):
            row.user_id = officer
            people.setdefault(officer, session.get_one(Case, row.case_id).person_id)
    return people


class Site:
    """The processes of a running site. ``base``: its address."""

    def __init__(self, store: Store, folder: Path, workers: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.base = f"http://127.0.0.1:{self.port}"
        law = folder / "local-law.toml"
        law.write_text(LOCAL_LAW, encoding="utf-8")
        told = {
            "DATABASE_URL": store.held, "SECRET_KEY": SECRET, "BASE_URL": self.base, "PORT": str(self.port),
            "WORKERS": str(workers), "LOG_LEVEL": "critical", "ACTS_PER_MINUTE": "1000000", "LOCAL_LAW_FILE": str(law),
        }  # fmt: skip
        self.surroundings = os.environ | {f"MONITOR_{name}": value for name, value in told.items()}
        self.parent = self.start("-c", "from tests.benchmarks.county_site import main; main()")
        self._wait()

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """A process of this site: what Python is called with."""
        return subprocess.Popen([sys.executable, *words], env=self.surroundings, start_new_session=True)

    def workers(self) -> list[int]:
        """Process numbers of those who answer pages."""
        children = Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def end(self) -> None:
        """As `systemctl stop` would."""
        self.parent.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.parent.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(self.parent.pid, signal.SIGKILL)

    def _wait(self) -> None:
        until = time.monotonic() + CAN_BE_WAITED_FOR
        while time.monotonic() < until:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.base}/health/live", timeout=1)
                return
            time.sleep(0.1)
        raise TimeoutError("the site did not start")


@contextmanager
def running(store: Store, workers: int) -> Iterator[Site]:
    """The site on this database, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(store, Path(folder), workers)
        try:
            yield site
        finally:
            site.end()


def padded() -> Any:
    """The site's own application; an answer grows by the bytes that the request asks for."""
    site = create_warm_app()

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        asked = dict(scope["headers"]).get(b"x-pad") if scope["type"] == "http" else None
        await site(scope, receive, _growing(send, int(asked)) if asked else send)

    return answer


def _growing(send: Any, more: int) -> Any:
    async def grown(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, str(int(value) + more).encode() if name.lower() == b"content-length" else value)
                for name, value in message["headers"]
            ]
        elif not message.get("more_body"):
            message["body"] = message.get("body", b"") + b" " * more
        await send(message)

    return grown


def main() -> None:
    """Serve, with the settings of the environment."""
    settings = load_settings()
    Granian(
        "tests.benchmarks.county_site:padded", factory=True, interface=Interfaces.ASGI, address=settings.host,
        port=settings.port, workers=settings.workers, websockets=False, respawn_failed_workers=True,
    ).serve()  # fmt: skip
