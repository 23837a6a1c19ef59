"""A change whose transaction the database ends: nothing is saved, or it is found out that it was; nothing twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from sqlalchemy import Connection, Update, event, func, select, text, update

import web.app
from monitor import commits
from monitor.access.fields import Field
from monitor.access.policy import POLICY, allow
from monitor.access.roles import Role
from monitor.access.scope import trusted_sql
from monitor.db import Database
from monitor.models import AuditEntry, Membership
from monitor.one_at_a_time import one_at_a_time
from tests.web.at_once import WAITING
from web.database import DB
from web.forms import Form
from web.pages import Flash, see_other
from web.site import Answer, Visit

MINE, OTHER = 5, 6  # what the address names, and what the act comes to need
postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


class ProbeForm(Form):
    """What the probe shall do."""

    then: str = ""


@post("/probe/{probe_id:int}", sync_to_thread=True)
def change(request: Visit, db: DB, probe_id: FromPath[int], data: URLEncodedBody[ProbeForm]) -> Answer:
    """Write a row, and then be cut off, or wait for something else."""
    member = {"user_id": request.user.user_id, "agency_id": request.user.agency_id, "role": "probe"}
    db.add(Membership(**member, from_on=date(2026, 2 if data.then == "overtaken" else 1, probe_id)))
    db.flush()
    if data.then == "cut":
        with trusted_sql("test: which backend"):
            cut(request.app.state.site.database.url, db.scalar(select(func.pg_backend_pid())) or 0)
    if data.then == "overtaken":
        moved = update(Membership).where(Membership.role == "probe").values(until_on=date(2027, 1, 2))
        with trusted_sql("test: somebody else is sooner"):
            db.scalar(select(func.count()).where(Membership.role == "probe"))
            beside(request.app.state.site.database.url, moved)
            db.execute(moved)
    one_at_a_time(db, OTHER)
    return see_other(request, "/help", Flash("Probe saved."))


class Probe:
    """A screen of the test's own."""

    HANDLERS = [change]


def cut(url: str, backend: int) -> None:
    """End a connection at the server, and wait until it is gone."""
    beside = Database(url, 1)
    with beside.system("test: a connection is ended") as session:
        session.execute(select(func.pg_terminate_backend(backend)))
        there = text("select count(*) from pg_stat_activity where pid = :pid")
        for _look in range(3000):
            session.rollback()
            if not session.scalar(there, {"pid": backend}):
                break
            time.sleep(0.02)
    beside.close()


def beside(url: str, change: Update) -> None:
    """Somebody else does it, and is done."""
    other = Database(url, 1)
    with other.system("test: somebody else") as session, session.begin():
        assert session.execute(change).rowcount
    other.close()


@contextmanager
def one_picture(database: Database) -> Iterator[None]:
    """As where a site has set its transactions to REPEATABLE READ: whoever was overtaken is ended with 40001."""

    def ask(driver: Any, _entry: Any) -> None:
        driver.execute("set default_transaction_isolation = 'repeatable read'")
        driver.commit()

    database.engine.dispose()
    event.listen(database.engine, "connect", ask)
    yield
    event.remove(database.engine, "connect", ask)
    database.engine.dispose()


@pytest.fixture
def app(settings, database, monkeypatch):
    monkeypatch.setattr(web.app, "SCREENS", (*web.app.SCREENS, Probe))
    takes = {"then": Field.CHOICE}
    told = allow("probe:change", Role.ADMINISTRATOR, event="probe.changed", takes=takes)
    monkeypatch.setitem(POLICY, ("POST", "/probe/{probe_id}"), told)
    return web.app.create_app(settings, database)


@pytest.fixture
def browser(client_as):
    return client_as("administrator")


def kept(database):
    """How many rows there are, and how many acts the trail has as done."""
    rows = select(func.count()).where(Membership.role == "probe")
    acts = select(func.count()).where(AuditEntry.event == "probe.changed", AuditEntry.outcome == "done")
    with database.system("test: count", writes=False) as session:
        return session.scalar(rows), session.scalar(acts)


def refused(answer):
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) in (5, 10)
    assert "Nothing was saved" in answer.text
    return True


@postgres
def test_a_real_deadlock_ends_in_a_refusal_that_says_when_to_ask_again_and_the_next_try_is_kept_once(browser, database):
    with database.system("test: the other side") as rival, rival.begin(), ThreadPoolExecutor(1) as hand:
        one_at_a_time(rival, OTHER)
        sent = hand.submit(browser.post, f"/probe/{MINE}", data={})
        with database.system("test: who waits") as watch:
            while not watch.execute(WAITING).all():
                watch.rollback()
        one_at_a_time(rival, MINE)  # it waits for us, and we for it: the one that has waited longer finds out
        answer = sent.result(timeout=120)
    assert refused(answer) and kept(database) == (0, 0)
    assert browser.post(f"/probe/{MINE}", data={}).status_code == 303
    assert kept(database) == (1, 1)


@postgres
def test_a_real_serialization_failure_ends_in_the_same_refusal_and_the_next_try_is_kept_once(browser, database):
    assert browser.post(f"/probe/{MINE}", data={}).status_code == 303
    seen: list[str | None] = []
    told = event.listens_for(database.engine, "handle_error")
    told(lambda context: seen.append(getattr(context.original_exception, "sqlstate", None)))
    with one_picture(database):
        answer = browser.post(f"/probe/{MINE}", data={"then": "overtaken"})
        assert refused(answer)
        assert seen == ["40001"] and kept(database) == (1, 1)
        assert browser.post(f"/probe/{OTHER}", data={}).status_code == 303
    assert kept(database) == (2, 2)


@postgres
def test_a_connection_that_is_ended_in_the_midst_of_a_request_saves_nothing_and_the_pool_recovers(browser, database):
    for _again in range(3):
        assert refused(browser.post(f"/probe/{MINE}", data={"then": "cut"}))
    assert kept(database) == (0, 0)
    assert browser.post(f"/probe/{MINE}", data={}).status_code == 303
    assert kept(database) == (1, 1)
    with ThreadPoolExecutor(6) as hands:
        pages = list(hands.map(lambda _n: browser.get("/help").status_code, range(18)))
    assert pages == [200] * 18 and sum(pool.checkedout() for pool in database.pools) == 0


@postgres
@pytest.mark.parametrize(("when", "status", "rows"), [("before", 503, 0), ("after", 303, 1)])
def test_a_connection_that_is_ended_in_the_midst_of_saving_is_asked_after_and_told_as_it_is(
    browser, database, when, status, rows
):
    with cut_at_commit(database, when):
        answer = browser.post(f"/probe/{MINE}", data={})
    assert answer.status_code == status, answer.text
    assert kept(database) == (rows, rows)
    assert rows or refused(answer)


@postgres
def test_where_it_cannot_be_found_out_the_page_says_so_and_promises_nothing(browser, database, monkeypatch):
    monkeypatch.setattr(commits, "LONGEST", 0.0)
    with cut_at_commit(database, "after"):
        answer = browser.post(f"/probe/{MINE}", data={})
    assert answer.status_code == 503 and "We cannot tell whether it was saved" in answer.text
    assert "Nothing was saved" not in answer.text


class cut_at_commit:  # noqa: N801
    """End the connection of the next change at its COMMIT: before the server has it, or after, with no answer."""

    def __init__(self, database: Database, when: str) -> None:
        self.database, self.when, self.done = database, when, False

    def __enter__(self) -> None:
        event.listen(self.database.engine, "commit", self._cut)

    def __exit__(self, *_fault: object) -> None:
        event.remove(self.database.engine, "commit", self._cut)

    def _cut(self, connection: Connection) -> None:
        driver = connection.connection.driver_connection
        if self.done or connection.get_execution_options().get("readonly") or driver is None:
            return
        if not driver.execute("select count(*) from membership where role = 'probe'").fetchone()[0]:
            return
        self.done = True
        if self.when == "after":
            driver.commit()
            driver.close()  # SQLAlchemy's own COMMIT now hears nothing but that the connection is gone
        else:
            cut(self.database.url, driver.info.backend_pid)
