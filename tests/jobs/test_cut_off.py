"""A job and a sending whose connection the database ends: done again from its beginning, nothing lost or twice."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from jobs import missing_rosters
from jobs.runner import Runner
from monitor.again import again
from monitor.config import Settings
from monitor.models import JobRun, Outbox
from monitor.outbox.sending import send_due
from tests.builders import add_user, build_town
from tests.jobs.test_runner import NOW, SETTINGS, county
from tests.monitor.outbox.post_office import post_office
from tests.web.accounts import SECRET
from tests.web.test_cut_off import beside, cut, one_picture

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def end(database, session):
    cut(database.url, session.scalar(select(func.pg_backend_pid())))


def outbox(database):
    with database.system("test: look", writes=False) as session:
        return session.execute(select(Outbox.key, Outbox.state).order_by(Outbox.key)).all()


def test_a_run_whose_connection_is_ended_before_its_effects_are_kept_is_done_again_once(database, monkeypatch):
    county(database)
    plain, clock, tries = missing_rosters.remind_programs, [NOW], []

    def remind(session, *told):
        notices = plain(session, *told)
        tries.append(notices)
        if len(tries) == 1:
            session.flush()
            end(database, session)
        return notices

    monkeypatch.setattr(missing_rosters, "remind_programs", remind)
    runner = Runner(database, SETTINGS, lambda: clock[0])
    runner.tick()
    assert state(database) == ("DUE", 1) and outbox(database) == []
    clock[0] += timedelta(minutes=2)
    runner.tick()
    assert state(database) == ("DONE", 2) and len(outbox(database)) == tries[0] == tries[1] > 0
    assert sum(pool.checkedout() for pool in database.pools) == 0


def state(database):
    with database.system("test: look", writes=False) as session:
        told = select(JobRun.state, JobRun.attempt).where(JobRun.job.startswith("missing_rosters"))
        return tuple(session.execute(told.order_by(JobRun.due_at.desc()).limit(1)).one())


@pytest.mark.parametrize("cuts", [1, 2])
def test_a_letter_that_has_gone_out_goes_out_once_though_its_connection_was_ended_at_the_settling(database, cuts):
    with database.system("test: a letter") as session, session.begin():
        reader = add_user(session, build_town(session).office, "officer", "reyes@agency.example")
        session.add(Outbox(key="concern:1", channel="email", recipient_id=reader, subject="1 item", why="because.",
                           body="You have 1 item. Sign in.", due_at=NOW))  # fmt: skip
    opens = []

    @contextmanager
    def opened():
        with database.system("test: one") as session, session.begin():
            opens.append(1)
            yield session
            if 1 < len(opens) <= 1 + cuts:  # the first one claims; then one settles
                session.flush()
                end(database, session)

    with post_office() as office:
        settings = Settings(
            database_url=database.url, secret_key=SECRET, mail_url=office.url, mail_from="monitor@court.example"
        )
        done = send_due(opened, settings, lambda: NOW)
        assert len(office.ids()) == 1 and done.sent == 1
        assert send_due(opened, settings, lambda: NOW + timedelta(hours=1)).sent == 0
        assert len(office.ids()) == 1
    assert outbox(database) == [("concern:1", "SENT")]


def test_whoever_is_overtaken_begins_again_from_what_stands_now(database):
    """A real serialization failure (40001), as where a site has set REPEATABLE READ: no addition is lost."""
    with database.system("test: a letter") as session, session.begin():
        reader = add_user(session, build_town(session).office, "officer", "reyes@agency.example")
        session.add(Outbox(key="concern:1", channel="email", recipient_id=reader, subject="1 item", why="because.",
                           body="You have 1 item. Sign in.", due_at=NOW, attempt=0))  # fmt: skip
    read = []

    def count_one_more():
        with database.system("test: overtaken") as session, session.begin():
            read.append(session.scalar(select(Outbox.attempt)))
            if len(read) < 3:
                beside(database.url, update(Outbox).values(attempt=Outbox.attempt + 10))
            session.execute(update(Outbox).values(attempt=read[-1] + 1))

    with one_picture(database):
        again(count_one_more)
    assert read == [0, 10, 20]
    with database.system("test: look", writes=False) as session:
        assert session.scalar(select(Outbox.attempt)) == 21
