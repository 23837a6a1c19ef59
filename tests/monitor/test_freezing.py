"""Packets freeze by themselves at noon three court days before a hearing and one, once each, whoever is killed when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from jobs import freeze_packets
from monitor.amending import amend
from monitor.bench_page.foot import NO_COPY
from monitor.compliance.evaluation import switched_on
from monitor.config import Settings
from monitor.court_days import court_day_before
from monitor.freezing import due, freeze
from monitor.models import AuditEntry, CourtHoliday, DefenseCopy, Hearing, Packet
from monitor.packets import compare, page_of
from tests.builders import add_user
from tests.monitor.court_town import ZONE, add_case, build_court_town

PACKS = switched_on()
lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(day, datetime.min.time(), ZoneInfo(ZONE)).replace(hour=hour, minute=minute)


THURSDAY = date(2026, 3, 12)  # the day of the hearing; Monday the 9th is three court days before


@pytest.fixture
def town(database):
    town = build_court_town(database, at(date(2026, 3, 4), 9), cases=False)
    add_case(town, "1", "Doe", classes="yyMEyu", alleged="ABSENCE_UNEXCUSED")
    with database.system("test: the day") as session, session.begin():
        amend(session, session.get_one(Hearing, town.hearings[0]), town.now, starts_at=at(THURSDAY, 13, 30))
    return town


def keys(town, now):
    with town.database.system("test: due", writes=False) as session:
        return [one.key for one in due(session, now)]


def frozen(town, now):
    """What the job does at ``now``: how many were kept."""
    with town.database.system("test: due", writes=False) as session:
        waiting = due(session, now)
    done = 0
    for one in waiting:
        with town.database.system("test: freeze") as session, session.begin():
            done += freeze(session, one, now, PACKS, "a secret of the test site, long enough")
    return done


def kept(town):
    with town.database.system("test: kept", writes=False) as session:
        return list(session.scalars(select(Packet).order_by(Packet.known_at)))


@lite
def test_a_packet_falls_due_at_noon_three_court_days_before_and_one(town):
    assert keys(town, at(date(2026, 3, 9), 11, 59)) == []
    assert keys(town, at(date(2026, 3, 9))) == ["3:2026-03-12"]
    assert keys(town, at(date(2026, 3, 11))) == ["1:2026-03-12"], "of two that are due the nearer one"
    assert keys(town, at(THURSDAY, 14)) == [], "once it has begun it is late for packets"


@lite
def test_holidays_of_this_court_and_weekends_are_no_court_days(town):
    assert court_day_before(THURSDAY, 3, frozenset()) == date(2026, 3, 9)
    with town.database.system("test: closed") as session, session.begin():
        closed = date(2026, 3, 10)
        session.add(CourtHoliday(court_id=town.court, closed_on=closed, title="Closed", recorded_at=town.now))
    assert keys(town, at(date(2026, 3, 6), 11, 59)) == []
    assert keys(town, at(date(2026, 3, 6))) == ["3:2026-03-12"], "Friday: Tuesday is closed, and so is the weekend"


@lite
def test_a_court_that_is_closed_for_weeks_has_its_packet_before_it_closes(town):
    with town.database.system("test: closed") as session, session.begin():
        for number in range(28):
            closed, known = date(2026, 3, 11) - timedelta(days=number), at(date(2026, 1, 5))
            session.add(CourtHoliday(court_id=town.court, closed_on=closed, title="Closed", recorded_at=known))
    assert keys(town, at(date(2026, 2, 9), 11, 59)) == []
    assert keys(town, at(date(2026, 2, 9))) == ["3:2026-03-12"]


def test_each_is_frozen_once_with_hash_and_trail_and_reads_the_same_after_corrections(town):
    monday, wednesday = at(date(2026, 3, 9)), at(date(2026, 3, 11))
    assert [frozen(town, when) for when in (monday, monday, wednesday, wednesday)] == [1, 0, 1, 0]
    first, second = kept(town)
    assert (first.why, first.freeze_key, second.freeze_key) == ("FREEZE", "3:2026-03-12", "1:2026-03-12")
    with town.database.system("test: look") as session:
        events = session.execute(select(AuditEntry.event, AuditEntry.subjects)).all()
        assert {row.event for row in events} == {"packet.frozen"} and len(events) == 2
        assert {row.subjects[0] for row in events} == {first.id, second.id}
    with town.database.system("test: again", writes=False) as session:
        for one in (first, second):
            verdict = compare(session, session.get_one(Packet, one.id), PACKS)
            assert verdict.whole and verdict.page and verdict.spans and verdict.ground


@lite
def test_a_hearing_that_moves_has_packets_of_its_new_day_and_one_that_was_heard_has_none(town):
    frozen(town, at(date(2026, 3, 9)))
    with town.database.system("test: moved") as session, session.begin():
        row = session.get_one(Hearing, town.hearings[0])
        amend(session, row, at(date(2026, 3, 9), 15), starts_at=at(date(2026, 3, 19), 9))
    assert keys(town, at(date(2026, 3, 11))) == []
    assert keys(town, at(date(2026, 3, 16))) == ["3:2026-03-19"]
    with town.database.system("test: heard") as session, session.begin():
        row = session.get_one(Hearing, town.hearings[0])
        amend(session, row, at(date(2026, 3, 16)), outcome="OFF_CALENDAR", resulted_at=at(date(2026, 3, 16)))
    assert keys(town, at(date(2026, 3, 16))) == []


@lite
def test_the_foot_names_the_copy_and_what_reads_otherwise_since_and_a_packet_of_then_stays(town):
    frozen(town, at(date(2026, 3, 9)))
    [packet] = kept(town)
    with town.database.system("test: a copy") as session, session.begin():
        clerk = add_user(session, town.court_agency, "clerk", "clerk@court.example")
        session.add(
            DefenseCopy(case_id=packet.case_id, agency_id=packet.agency_id, packet_id=packet.id, given_to="COUNSEL",
                        hearing_id=packet.hearing_id, how="BY_HAND", given_at=at(date(2026, 3, 9), 16),
                        given_by_id=clerk, undone_at=None, undone_by_id=None)
        )  # fmt: skip
    hearing = town.hearings[0]
    assert town.page(hearing, at(date(2026, 3, 9), 15)).foot == (NO_COPY,)
    foot = town.page(hearing, at(date(2026, 3, 9), 17)).foot[0]
    assert foot == "Copy to defense Mon 9 Mar 2026 16:00 (counsel, by hand). Changed since: nothing."
    with town.database.system("test: another room") as session, session.begin():
        amend(session, session.get_one(Hearing, hearing), at(date(2026, 3, 10)), room="Dept 9")
    later = town.page(hearing, at(date(2026, 3, 10), 13)).foot[0]
    assert "Changed since: " in later and "date, room or custody" in later
    assert page_of(packet).foot == (NO_COPY,), "what was kept does not change"


@lite
def test_a_worker_that_is_killed_leaves_every_packet_whole_and_none_twice(town):
    for number in range(2, 8):
        add_case(town, str(number), f"Doe{number}", classes="yMy")
    noon = at(date(2026, 3, 9))
    with town.database.system("test: the day") as session, session.begin():
        for row in session.scalars(select(Hearing).where(Hearing.outcome.is_(None))).all():
            amend(session, row, town.now, starts_at=at(THURSDAY, 13, 30))
    command = [sys.executable, "-c", WORKER, town.database.url, noon.isoformat()]
    for done in (1, 3):  # killed in the middle, twice
        before = len(kept(town))
        child = subprocess.Popen([*command, str(done)])
        assert os.WIFSTOPPED(os.waitpid(child.pid, os.WUNTRACED)[1]), "it stands still before the commit of one more"
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert len(kept(town)) == before + done
    subprocess.run(command, check=True, timeout=180)
    packets = kept(town)
    assert len(packets) == len({one.hearing_id for one in packets}) == 7
    with town.database.system("test: again", writes=False) as session:
        assert all(compare(session, session.get_one(Packet, one.id), PACKS).page for one in packets)


@lite
def test_a_case_that_cannot_be_read_keeps_no_later_hearing_from_its_packet_and_the_run_is_told_of(town):
    noon = at(date(2026, 3, 9))
    add_case(town, "2", "Doe2", classes="yMy")
    with town.database.system("test: the day, and a case with broken facts heard first") as session, session.begin():
        broken, whole = (session.get_one(Hearing, one) for one in town.hearings)
        amend(session, broken, town.now, starts_at=at(THURSDAY, 9))
        amend(session, whole, town.now, starts_at=at(THURSDAY, 13, 30))
        told = {"case": broken.case_id}
        session.execute(text("update order_version set facts = '{' where case_id = :case"), told)
    work = SimpleNamespace(
        settings=Settings(database_url=town.database.url, secret_key="a secret of the test site, long enough"),
        reading=lambda: opened(town), transaction=lambda: opened(town), clock=lambda: noon,
    )  # fmt: skip
    with pytest.raises(freeze_packets.PacketsFailed, match="1 packets failed, 1 frozen"):
        freeze_packets.run(work)
    assert [one.hearing_id for one in kept(town)] == [town.hearings[1]]


@contextmanager
def opened(town):
    with town.database.system("test: a worker") as session, session.begin():
        yield session


# the job itself, without the leases, which are the business of tests/jobs
WORKER = """
import os, signal, sys
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from jobs import freeze_packets
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Packet
from sqlalchemy import event
from sqlalchemy.orm import Session
database, now = Database(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
left = [int(sys.argv[3]) if len(sys.argv) > 3 else 100]
@contextmanager
def opened():
    with database.system("test: a worker") as session, session.begin():
        yield session
        session.flush()
        if session.info.pop("packets", 0):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGSTOP)
@event.listens_for(Session, "after_flush")
def see(session, _context):
    session.info["packets"] = session.info.get("packets", 0) + sum(isinstance(one, Packet) for one in session.new)
settings = Settings(database_url=sys.argv[1], secret_key="a secret of the test site, long enough")
freeze_packets.run(SimpleNamespace(settings=settings, reading=opened, transaction=opened, clock=lambda: now))
"""
