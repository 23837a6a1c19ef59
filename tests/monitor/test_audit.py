"""The audit trail shows every change made to it, and is part of the act it records."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from monitor import audit
from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import AuditEntry, AuditHead
from monitor.trail.blocks import seal_finished
from monitor.trail.seals import IN_BLOCKS, root_of
from tests.monitor.tampering import KEY, NOW, tamper, write
from tests.web.accounts import new_account

chained = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL: test_audit_blocks


def verdict(database, anchors=None, key=KEY):
    with database.system("test: verify", writes=False) as session:
        return audit.verify(session, key, anchors)


def all_of(database) -> int:
    """Entries that hold, sealed in a block or not."""
    found = verdict(database)
    assert found.broken_at is None, found
    return found.entries + found.unsealed


def test_an_untouched_trail_holds(database):
    write(database, 5)
    assert verdict(database).broken_at is None
    assert all_of(database) == 5


def test_an_empty_trail_holds(database):
    assert verdict(database) == audit.Verdict(0, bytes(32).hex())


@chained
@pytest.mark.parametrize(
    "values", [{"event": "flag.unread"}, {"user_id": None, "subjects": [1]}, {"detail": {}}, {"request_id": "x"}]
)
def test_a_changed_entry_is_found(database, values):
    write(database, 4)
    tamper(database, update(AuditEntry).where(AuditEntry.number == 2).values(**values))
    assert verdict(database).broken_at == 2


@chained
def test_a_deleted_entry_is_found(database):
    write(database, 4)
    tamper(database, delete(AuditEntry).where(AuditEntry.number == 2))
    assert verdict(database).broken_at == 2


@chained
def test_two_entries_that_changed_places_are_found(database):
    write(database, 4)
    numbers = (2, 99), (3, 2), (99, 3)
    tamper(database, *(update(AuditEntry).where(AuditEntry.number == a).values(number=b) for a, b in numbers))
    assert verdict(database).broken_at == 2


FORBIDDEN = {
    "an entry is changed": "update audit_entry set event = 'flag.unread'",
    "an entry is removed": "delete from audit_entry where event = 'flag.read'",
    "all entries are removed": "delete from audit_entry",
}
OF_THE_CHAIN = {
    "the head is removed": "delete from audit_head",
    "the head goes back": "update audit_head set number = 1",
    "a second head is made of the first": "update audit_head set id = 2",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_database_itself_refuses_what_would_change_the_trail(database, statement):
    write(database, 3)
    with pytest.raises(DatabaseError), database.system("test: tamper") as session, session.begin():
        session.execute(text(statement))
    assert all_of(database) == 3


@chained
@pytest.mark.parametrize("statement", OF_THE_CHAIN.values(), ids=OF_THE_CHAIN.keys())
def test_the_database_itself_refuses_what_would_change_the_head(database, statement):
    write(database, 3)
    with pytest.raises(DatabaseError), database.system("test: tamper") as session, session.begin():
        session.execute(text(statement))
    assert all_of(database) == 3


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_on_postgresql_the_trail_cannot_be_truncated_either(database):
    write(database, 3)
    for table in ("audit_entry", "audit_head"):
        with pytest.raises(DatabaseError), database.system("test: tamper") as session, session.begin():
            session.execute(text(f"truncate {table}"))
    assert all_of(database) == 3


@chained
def test_a_cut_tail_is_found_by_the_head(database):
    write(database, 4)
    tamper(database, delete(AuditEntry).where(AuditEntry.number == 4))
    assert verdict(database).broken_at == 4


@chained
def test_a_cut_tail_with_a_rewritten_head_is_found_by_an_anchor_only(database):
    write(database, 4)
    with database.system("test: anchor", writes=False) as session:
        number, seal = audit.head(session)
        third = session.scalar(select(AuditEntry.seal).where(AuditEntry.number == 3))
    tamper(
        database, delete(AuditEntry).where(AuditEntry.number == 4), update(AuditHead).values(number=3, seal=third)
    )  # fmt: skip
    assert verdict(database).broken_at is None
    assert verdict(database, {number: seal}).broken_at == 4


@pytest.fixture
def went_on(database) -> Database:
    """A copy of a site with blocks, put back on SQLite: two entries of a chain, then three that a block holds."""
    write(database, 2)
    tamper(database, update(AuditHead).values(seal=IN_BLOCKS))
    write(database, 3)
    return database


def sealed(database) -> int:
    with database.system("test: seal") as session, session.begin():
        return seal_finished(session, KEY, NOW)


@chained
def test_a_copy_of_a_site_with_blocks_goes_on_in_blocks_here(went_on):
    with went_on.system("test: anchor", writes=False) as session:
        assert audit.head(session)[0] == 2, "the end of the chain, as long as no block is sealed"
    assert (verdict(went_on).entries, verdict(went_on).unsealed) == (2, 3)
    assert sealed(went_on) == 3
    found = verdict(went_on)
    assert (found.entries, found.unsealed, found.broken_at) == (5, 0, None)
    assert verdict(went_on, {5: found.head}).broken_at is None
    assert verdict(went_on, {5: "00" * 32}).broken_at == 5


@chained
def test_whoever_removes_every_entry_of_the_only_block_is_found(went_on):
    assert sealed(went_on) == 3
    tamper(went_on, delete(AuditEntry).where(AuditEntry.cluster.is_not(None)))
    found = verdict(went_on)
    assert found.broken_at == 3
    assert "fewer are there" in found.why


def test_no_block_is_empty():
    with pytest.raises(ValueError, match="at least one"):
        root_of([])


@chained
def test_another_entry_in_the_place_of_an_anchored_one_is_found_even_with_the_key(database):
    write(database, 3)
    assert verdict(database, {2: "00" * 32}).why == "the entry is not the one that was anchored"


@chained
def test_whoever_checks_a_long_trail_says_now_and_then_that_it_is_at_work(database, monkeypatch):
    monkeypatch.setattr("monitor.trail.verdict.BEAT", 2)
    write(database, 5)
    beats: list[int] = []
    with database.system("test: verify", writes=False) as session:
        assert audit.verify(session, KEY, beat=lambda: beats.append(1)).entries == 5
    assert len(beats) == 2


def test_without_the_key_a_chain_cannot_be_forged(database):
    write(database, 2)
    assert verdict(database, key=audit.audit_key("some other secret of forty characters")).broken_at == 1


def test_entries_written_at_once_stay_in_one_chain(database):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: write(database, 5), range(4)))
    assert all_of(database) == 20


def write_elsewhere(url: str) -> None:
    """In a process of its own."""
    database = Database(url)
    write(database, 10)
    database.close()


def test_four_processes_that_write_at_once_make_one_chain(database):
    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        list(pool.map(write_elsewhere, [database.url] * 4))
    assert all_of(database) == 40


def test_if_the_act_fails_there_is_no_entry(database):
    with pytest.raises(RuntimeError), database.system("test: a failing act") as session, session.begin():
        audit.append(session, audit.Act(event="flag.read"), KEY, NOW)
        raise RuntimeError
    assert all_of(database) == 0


def test_if_the_entry_cannot_be_written_the_act_is_not_done(database):
    with pytest.raises(TypeError), database.system("test: an act") as session, session.begin():
        account = new_account(session, Role.OFFICER)
        audit.append(session, audit.Act(event="flag.read", detail={"bad": object()}), KEY, NOW)  # type: ignore[dict-item]
    assert account.user_id
    assert all_of(database) == 0
