"""Import, a first day, freezing and sending are killed (-9) at any instant: whole or not there, nothing twice (J-08).

Evaluation has its storm in `test_kills`, migration its own in `tests/monitor/models/test_killed_migrations`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text

from monitor.amending import amend
from monitor.compliance.evaluation import switched_on
from monitor.compliance.ground import mark_all
from monitor.db import Database
from monitor.models import (
    Adjudication,
    Attendance,
    AuditEntry,
    Case,
    Coverage,
    Dirty,
    Enrollment,
    Flag,
    Hearing,
    Mark,
    Outbox,
    Packet,
    Span,
    Upload,
)
from monitor.outbox.sending import LEASE
from monitor.packets import compare
from monitor.soundness import broken, rules
from tests.builders import ZONE, absent, add_user, at, build_town, person_with_order
from tests.monitor.court_town import add_case, build_court_town
from tests.monitor.outbox.post_office import post_office

ROOT = Path(__file__).resolve().parents[2]
A_ROUND = 3  # kills before the act is let finish


def struck(normal: int) -> pytest.MarkDecorator:
    """How often on which database: a few each time, hundreds by name."""
    slow = [pytest.param(kind, 100, marks=pytest.mark.slow) for kind in ("sqlite", "postgres")]
    return pytest.mark.parametrize(("database_url", "kills"), [("sqlite", normal), *slow], indirect=["database_url"])


@contextmanager
def doing(act: str, database: Database) -> Iterator[Callable[..., int]]:
    """Do the act in a process that dies at ``step`` (0: none); how it ended."""
    command = [sys.executable, str(ROOT / "tests" / "jobs" / "acts.py"), act, database.url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "POLARS_MAX_THREADS": "1"}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:  # fmt: skip
        assert running.stdin and running.stdout

        def once(step: int, **told: Any) -> int:
            running.stdin.write(f"{step} {json.dumps(told)}\n")
            running.stdin.flush()
            return int(running.stdout.readline())

        yield once
        running.stdin.close()


def sound(database: Database) -> None:
    """Nothing of it is torn."""
    with database.system("test: what stands", writes=False) as session:
        if database.is_sqlite:
            assert session.execute(text("pragma integrity_check")).scalar_one() == "ok"
        assert [rule.name for rule in rules() if broken(session, rule)] == []


def count(database: Database, what: Any, *conditions: Any) -> int:
    with database.system("test: how many", writes=False) as session:
        return session.scalar(select(func.count()).select_from(what).where(*conditions)) or 0


@struck(9)
def test_a_sheet_is_whole_on_record_or_not_there(database: Database, kills: int) -> None:
    with database.system("test: a program") as session, session.begin():
        town = build_town(session)
        people = [person_with_order(session, town, number=f"26-{n}") for n in range(4)]
        codes = [session.get_one(Enrollment, matter.enrollment).code for matter in people]
    random, done, day = Random(1), 0, date(2026, 1, 12)
    with doing("import", database) as once:
        while done < kills:
            told = {"agency": town.program_agency, "program": town.program, "zone": ZONE, "codes": codes,
                    "day": day.isoformat(), "now": at(day + timedelta(days=1)).isoformat()}  # fmt: skip
            for _ in range(A_ROUND):
                done += once(random.randint(1, 60), **told) == -signal.SIGKILL
                assert on_record(database, day) in ((0, 0, False), (len(codes), len(codes), True))
            assert once(0, **told) == 0
            assert on_record(database, day) == (len(codes), len(codes), True)
            day += timedelta(days=7)
    assert count(database, Adjudication) == 0
    sound(database)


def on_record(database: Database, day: date) -> tuple[int, int, bool]:
    """Classes of that day, people for whom its sheet is complete, and whether a sheet of it was saved."""
    covered = Coverage.covers_from <= day, Coverage.covers_to > day
    return (
        count(database, Attendance, Attendance.occurred_on == day), count(database, Coverage, *covered),
        count(database, Upload, Upload.sha256 == f"sheet-{day}", Upload.state == "SAVED") > 0,
    )  # fmt: skip


@struck(6)
def test_a_packet_is_whole_or_not_there_and_none_is_frozen_twice(database: Database, kills: int) -> None:
    town = build_court_town(database, at(date(2026, 3, 4), 9), cases=False)
    for number in ("1", "2"):
        add_case(town, number, f"Doe{number}", classes="yMy")
    random, done, thursday, rounds = Random(2), 0, date(2026, 3, 12), 0
    with doing("freeze", database) as once:
        while done < kills:
            noon = move(database, town.hearings, thursday)
            for _ in range(A_ROUND):
                done += once(random.randint(1, 150), now=noon.isoformat()) == -signal.SIGKILL
                assert count(database, Packet) == count(database, AuditEntry, AuditEntry.event == "packet.frozen")
            assert once(0, now=noon.isoformat()) == 0
            rounds, thursday = rounds + 1, thursday + timedelta(days=7)
            assert count(database, Packet) == 2 * rounds
    with database.system("test: again", writes=False) as session:
        packets = list(session.scalars(select(Packet)))
        assert len({(one.hearing_id, one.freeze_key) for one in packets}) == len(packets)
        assert all(compare(session, one, switched_on()).page for one in packets)


def move(database: Database, hearings: list[int], thursday: date) -> datetime:
    """Hearings of that day; the noon at which their packets are due."""
    monday = at(thursday - timedelta(days=3))
    with database.system("test: the day") as session, session.begin():
        for number in hearings:
            known = at(thursday - timedelta(days=6))
            amend(session, session.get_one(Hearing, number), known, starts_at=at(thursday, 14))
    return monday


@struck(6)
def test_a_first_day_is_written_case_by_case_in_whole(database: Database, kills: int) -> None:
    with database.system("test: a year of misses") as session:
        town = build_town(session)
        for number in range(4):
            matter = person_with_order(session, town, date(2025, 1, 6), number=f"26-{number}")
            absent(session, matter, *(date(2025, 1, 13) + timedelta(weeks=week) for week in range(55)))
        session.commit()
    random, done, now = Random(4), 0, at(date(2026, 3, 2)).isoformat()
    with doing("first day", database) as once:
        while done < kills:
            for _ in range(A_ROUND):
                done += once(random.randint(1, 90), now=now, at_once=2) == -signal.SIGKILL
                assert evaluated(database)[0] in (0, 2, 4)
            assert once(0, now=now, at_once=2) == 0
            cases, spans, flags = evaluated(database)
            assert (cases, spans > 4 * 55, flags > 4 * 55) == (4, True, True)
            forget_evaluations(database)
    sound(database)


def evaluated(database: Database) -> tuple[int, int, int]:
    """Cases of which nothing waits, all their spans and all their flags; a case that waits has none of either."""
    with database.system("test: what stands", writes=False) as session:
        waiting = set(session.scalars(select(Dirty.case_id)))
        spans, flags = (Counter(session.scalars(select(kind.case_id))) for kind in (Span, Flag))
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
    assert not waiting & (spans.keys() | flags.keys())
    assert len(set(spans.values())) == len(set(flags.values())) == bool(spans), "each has as many as the others"
    return cases - len(waiting), sum(spans.values()), sum(flags.values())


def forget_evaluations(database: Database) -> None:
    """As before the first day."""
    with database.system("test: once more") as session, session.begin():
        for kind in (Flag, Span, Mark, Dirty):
            session.execute(delete(kind))
        mark_all(session)


@struck(9)
def test_a_letter_is_never_lost_and_a_repeat_bears_its_id(database: Database, kills: int) -> None:
    with database.system("test: a reader") as session, session.begin():
        reader = add_user(session, build_town(session).office, "officer", "reyes@agency.example")
    random, done, written, now = Random(3), 0, 0, at(date(2026, 3, 4), 9)
    with post_office() as post, doing("send", database) as once:
        while done < kills:
            written += write(database, reader, written, now)
            for _ in range(A_ROUND):
                done += once(random.randint(1, 24), now=now.isoformat(), mail=post.url) == -signal.SIGKILL
                assert count(database, Outbox, Outbox.state == "SENT") <= len(set(post.ids())) <= written
                now += LEASE + timedelta(minutes=1)
            assert once(0, now=now.isoformat(), mail=post.url) == 0
            assert count(database, Outbox, Outbox.state == "SENT") == len(set(post.ids())) == written
    sound(database)


def write(database: Database, reader: int, before: int, now: datetime) -> int:
    """Two more letters."""
    with database.system("test: letters") as session, session.begin():
        for number in (before + 1, before + 2):
            session.add(Outbox(key=f"concern:{number}", channel="email", recipient_id=reader, subject="1 item",
                               body="Sign in.", why="it waits for you.", due_at=now))  # fmt: skip
    return 2
