"""One act in a process that dies by SIGKILL before its so-manieth statement, commit or letter.

`python acts.py ACT URL` reads lines from standard input: the step to die at (0: none), and what the act is told, as
JSON. Each is done in a fork, so that a process starts in milliseconds; printed is how it ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from jobs import freeze_packets
from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.compliance import evaluation, news
from monitor.config import Settings
from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.receiver import Receiver
from monitor.intake.record.saving import save
from monitor.intake.uploads import Sheet, keep_answers, prepare, receive
from monitor.models import Upload
from monitor.outbox.mailer import Mailer
from monitor.outbox.sending import send_due

SECRET = "a secret of the test site, long enough"  # noqa: S105
Told = dict[str, Any]


def take_a_sheet(database: Database, told: Told, strike: Callable[..., None]) -> None:
    """As the desk does it: one transaction keeps the check, another one saves."""
    now = datetime.fromisoformat(told["now"])
    by = Receiver(told["agency"], told["program"], None, now, local_day(now, told["zone"]))
    rows = [["Client ID", "Date", "Status"], *([code, told["day"], "Present"] for code in told["codes"])]
    sheet = Sheet(f"{told['day']}.csv", f"sheet-{told['day']}", Reading([Table(rows)]))
    scope = Scope(0, "program", told["agency"])
    with database.scoped(scope, writes=True) as session:
        upload = receive(session, sheet, by, prepare(session, sheet, by))
        keep_answers(upload, Answers(everyone=True))
        session.commit()
    with database.scoped(scope, writes=True) as session:
        save(session, session.get_one(Upload, upload.id), by)
        session.commit()


def freeze_pages(database: Database, told: Told, strike: Callable[..., None]) -> None:
    """The job, without its lease: each packet has a transaction of its own."""
    opened = _opening(database)
    settings = Settings(database_url=database.url, secret_key=SECRET)
    now = datetime.fromisoformat(told["now"])
    freeze_packets.run(
        SimpleNamespace(settings=settings, reading=opened, transaction=opened, clock=lambda: now)  # type: ignore[arg-type]
    )


def send_letters(database: Database, told: Told, strike: Callable[..., None]) -> None:
    """To a real mail server; it may also die just before or just after a letter was handed over."""
    hand_over = Mailer.send

    def send(mailer: Mailer, message: Any) -> None:
        strike()
        hand_over(mailer, message)
        strike()

    Mailer.send = send  # type: ignore[method-assign]
    settings = Settings(database_url=database.url, mail_url=told["mail"], mail_from="monitor@court.example")
    now = datetime.fromisoformat(told["now"])
    send_due(_opening(database), settings, lambda: now)


def know_a_first_day(database: Database, told: Told, strike: Callable[..., None]) -> None:
    """Every case evaluated for the first time: spans and flags by the hundred, so many cases a transaction."""
    news.WRITTEN_AT_ONCE = told["at_once"]
    evaluation.evaluate_now(database, evaluation.switched_on(), datetime.fromisoformat(told["now"]))


def _opening(database: Database) -> Callable[[], Any]:
    @contextmanager
    def opened() -> Iterator[Session]:
        with database.system("test: a process that may die") as session, session.begin():
            yield session

    return opened


ACTS = {"import": take_a_sheet, "freeze": freeze_pages, "send": send_letters, "first day": know_a_first_day}


def do(act: str, url: str, step: int, told: Told) -> None:
    """In a fork."""
    database, left = Database(url), [step]

    def strike(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", strike)
    event.listen(database.engine, "commit", strike)
    ACTS[act](database, told, strike)


def main(act: str, url: str) -> None:
    for line in sys.stdin:
        step, _, told = line.partition(" ")
        child = os.fork()
        if child == 0:
            do(act, url, int(step), json.loads(told))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
