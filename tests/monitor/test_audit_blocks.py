"""On PostgreSQL nobody waits to be recorded: blocks are sealed behind the writers, and what is done to one shows."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError, ProgrammingError

from jobs.runner import run_pending
from jobs.schedule import schedule
from monitor import audit
from monitor.config import Settings
from monitor.models import AuditBlock, AuditEntry, AuditHead
from monitor.models.base import random_id
from monitor.trail.anchors import unsealed_too_long
from monitor.trail.blocks import ONE_SEALER, carry_on, seal_finished
from monitor.trail.seals import BODY, entry_seal, leaf, root_of
from tests.monitor.commands.conftest import terminal as terminal
from tests.monitor.tampering import KEY, NOW, tamper, write
from tests.web.accounts import SECRET

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def seal(database, at_least: int = 0) -> int:
    """Seal until ``at_least`` entries are: other databases of the server may have transactions open."""
    sealed, until = 0, time.monotonic() + 60
    while True:
        with database.system("test: seal") as session, session.begin():
            sealed += seal_finished(session, KEY, NOW)
        if sealed >= at_least or time.monotonic() > until:
            return sealed
        time.sleep(0.05)


def blocks_of(database, *sizes: int) -> None:
    for size in sizes:
        write(database, size)
        assert seal(database, size) == size


def verdict(database, anchors=None, key=KEY):
    with database.system("test: verify", writes=False) as session:
        return audit.verify(session, key, anchors)


def head(database) -> tuple[int, str]:
    with database.system("test: anchor", writes=False) as session:
        return audit.head(session)


def nth(database, position: int):
    with database.system("test: an entry", writes=False) as session:
        order = select(AuditEntry).order_by(AuditEntry.xid, AuditEntry.number).offset(position - 1).limit(1)
        return session.scalars(order).one()


def test_what_is_sealed_holds_and_what_is_not_yet_is_told_as_such(database):
    blocks_of(database, 3, 4)
    write(database, 2)
    found = verdict(database)
    assert (found.entries, found.broken_at, found.unsealed, found.since) == (7, None, 2, NOW)
    assert head(database) == (7, found.head)


def test_an_entry_that_waits_for_more_than_an_hour_is_an_alarm(database):
    write(database, 1)
    waiting = verdict(database)
    assert unsealed_too_long(waiting, NOW + timedelta(minutes=59)) == ""
    assert "1 entries are not sealed" in unsealed_too_long(waiting, NOW + timedelta(hours=1))
    seal(database, 1)
    assert unsealed_too_long(verdict(database), NOW + timedelta(days=1)) == ""


def test_there_is_nothing_to_seal_twice(database):
    blocks_of(database, 3)
    assert seal(database) == 0
    assert verdict(database).entries == 3


def test_an_entry_that_commits_late_is_sealed_later_and_not_lost(database):
    with database.system("test: slow") as slow, slow.begin():
        audit.append(slow, audit.Act(event="flag.read"), KEY, NOW)  # has its number, and stays open
        write(database, 5)  # the others do not wait for it
        assert seal(database) == 0, "nothing from the oldest open transaction on is sealed"
        assert verdict(database).unsealed == 5
    assert seal(database, 6) == 6
    assert (verdict(database).entries, verdict(database).broken_at) == (6, None)


def test_an_act_that_was_taken_back_leaves_no_gap_that_breaks(database):
    write(database, 2)
    with database.system("test: taken back") as session:
        audit.append(session, audit.Act(event="flag.read"), KEY, NOW)
        session.rollback()
    write(database, 2)
    seal(database, 4)
    assert verdict(database).entries == 4


def test_many_writers_and_sealers_at_once_lose_nothing(database):
    with ThreadPoolExecutor(6) as pool:
        writing = [pool.submit(write, database, 15) for _ in range(4)]
        sealing = [pool.submit(lambda: [seal(database) for _ in range(10)]) for _ in range(2)]
        for one in (*writing, *sealing):
            one.result()
    seal(database)
    found = verdict(database)
    assert (found.entries + found.unsealed, found.broken_at) == (60, None)


def test_writers_do_not_wait_for_one_another(database):
    with database.system("test: first") as first, first.begin():
        audit.append(first, audit.Act(event="flag.read"), KEY, NOW)
        with database.system("test: second") as second, second.begin():
            second.execute(text("set local lock_timeout = '500ms'"))
            audit.append(second, audit.Act(event="flag.read"), KEY, NOW)
    assert verdict(database).unsealed == 2


def edited(database):
    tamper(database, update(AuditEntry).where(AuditEntry.id == nth(database, 5).id).values(event="flag.unread"))


def edited_and_sealed_anew(database):
    """By somebody who has the key, but not that of a block: the two are one, so the root has to show it."""
    row = nth(database, 5)
    body = [row.id, *(getattr(row, name) for name in BODY[1:])]
    body[BODY.index("event")] = "flag.unread"
    tamper(
        database,
        update(AuditEntry).where(AuditEntry.id == row.id).values(event="flag.unread", seal=entry_seal(KEY, b"", body)),
    )


def removed(database):
    tamper(database, delete(AuditEntry).where(AuditEntry.id == nth(database, 5).id))


def changed_places(database):
    a, b = nth(database, 4), nth(database, 6)
    steps = (a.id, 10**6, b.xid), (b.id, a.number, a.xid), (a.id, b.number, b.xid)
    tamper(
        database,
        *(update(AuditEntry).where(AuditEntry.id == one).values(number=number, xid=xid) for one, number, xid in steps),
    )


def moved_to_another_block(database):
    tamper(database, update(AuditEntry).where(AuditEntry.id == nth(database, 5).id).values(xid=nth(database, 1).xid))


def slipped_in(database):
    """An entry of one's own, well sealed, into a block that is sealed already."""
    row = nth(database, 5)
    values = {name: getattr(row, name) for name in (*BODY[1:], "previous", "cluster", "xid")}
    other = random_id()
    mark = entry_seal(KEY, b"", [other, *(values[name] for name in BODY[1:])])
    tamper(database, insert(AuditEntry).values(id=other, number=10**6, seal=mark, **values))


def a_block_removed(database):
    tamper(database, delete(AuditBlock).where(AuditBlock.number == 2))


def a_block_changed(database):
    tamper(database, update(AuditBlock).where(AuditBlock.number == 2).values(entries=4))


# what was done, and where the check says that it breaks: the block's first entry where it cannot tell which
BY_ITSELF = [
    (edited, 5), (edited_and_sealed_anew, 4), (removed, 4), (changed_places, 4), (moved_to_another_block, 1),
    (slipped_in, 4), (a_block_removed, 4), (a_block_changed, 4),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "at"), BY_ITSELF, ids=[plant.__name__ for plant, _ in BY_ITSELF])
def test_whatever_is_done_to_a_sealed_entry_or_block_shows_by_itself(database, plant, at):
    blocks_of(database, 3, 3, 2)
    plant(database)
    assert verdict(database).broken_at == at


def cut_with_its_block(database):
    tamper(
        database, delete(AuditBlock).where(AuditBlock.number == 3),
        delete(AuditEntry).where(AuditEntry.id.in_([nth(database, one).id for one in (7, 8)])),
    )  # fmt: skip


def unsealed_again(database):
    tamper(database, delete(AuditBlock).where(AuditBlock.number == 3))


def cut_and_written_on(database):
    cut_with_its_block(database)
    blocks_of(database, 2)


def emptied(database):
    tamper(database, delete(AuditBlock), delete(AuditEntry), delete(AuditHead))


@pytest.mark.parametrize("plant", [cut_with_its_block, unsealed_again, cut_and_written_on, emptied])
def test_a_tail_that_was_cut_shows_against_an_anchor_only(database, plant):
    blocks_of(database, 3, 3, 2)
    number, newest = head(database)
    assert verdict(database, {number: newest}).broken_at is None
    plant(database)
    assert verdict(database).broken_at is None
    assert verdict(database, {number: newest}).broken_at == 8


def test_an_entry_that_no_block_holds_yet_cannot_be_changed_unseen_either(database):
    blocks_of(database, 3)
    write(database, 2)
    tamper(database, update(AuditEntry).where(AuditEntry.id == nth(database, 5).id).values(outcome="denied"))
    assert verdict(database).broken_at == 5


def test_without_the_key_neither_entries_nor_blocks_can_be_forged(database):
    blocks_of(database, 2)
    assert verdict(database, key=audit.audit_key("some other secret of forty characters")).broken_at == 1


FORBIDDEN = "update audit_block set entries = 0", "delete from audit_block", "truncate audit_block"


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_what_would_change_a_block(database, statement):
    blocks_of(database, 2)
    with pytest.raises(DatabaseError), database.system("test: tamper") as session, session.begin():
        session.execute(text(statement))
    assert verdict(database).entries == 2


def test_a_chain_that_there_was_before_is_carried_on_by_the_first_block(database):
    a_chain_of(database, 4)
    blocks_of(database, 3)
    found = verdict(database)
    assert (found.entries, found.broken_at) == (7, None)
    tamper(database, delete(AuditEntry).where(AuditEntry.number == 4), update(AuditHead).values(number=3))
    assert verdict(database).broken_at is not None


def a_chain_of(database, length: int) -> None:
    """Entries as versions before blocks wrote them."""
    previous = bytes(32)
    with database.system("test: an old chain") as session, session.begin():
        for number in range(1, length + 1):
            body = (number, NOW, None, None, "flag.read", "done", "web", None, None, [], {}, None)
            mark = entry_seal(KEY, previous, body)
            session.add(AuditEntry(**dict(zip(BODY, body, strict=True)), previous=previous, seal=mark))
            previous = mark
        session.add(AuditHead(id=1, number=length, seal=previous))
    newest = text("select setval('audit_entry_number', greatest(:newest, (select last_value from audit_entry_number)))")
    tamper(database, newest.bindparams(newest=length))  # as the migration leaves it


def test_after_a_restore_on_another_server_numbers_of_transactions_start_anew(database):
    """There what was left unsealed is sealed first, and the record goes on in blocks of the new server."""
    blocks_of(database, 3)
    write(database, 2)
    tamper(database, update(AuditEntry).values(cluster=1, xid=AuditEntry.xid + 10**9))
    tamper(database, delete(AuditBlock))
    with database.system("test: sealed there") as session, session.begin():
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.xid).limit(3)).all()
        add_block(session, rows)
    write(database, 2)
    assert seal(database, 4) == 4
    found = verdict(database)
    assert (found.entries, found.unsealed, found.broken_at) == (7, 0, None)


def test_while_one_process_seals_another_seals_nothing_and_goes_on(database):
    write(database, 2)
    with database.system("test: one seals") as first, first.begin():
        first.execute(text("select pg_advisory_xact_lock(:one)"), {"one": ONE_SEALER})
        with database.system("test: another") as second, second.begin():
            assert seal_finished(second, KEY, NOW) == 0
            assert second.scalars(select(AuditBlock.number)).all() == []
    assert seal(database, 2) == 2


def test_into_an_empty_trail_that_was_put_back_the_first_entry_is_number_one(database):
    with database.system("test: put back") as session, session.begin():
        carry_on(session)
    write(database, 2)
    with database.system("test: look", writes=False) as session:
        assert session.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all() == [1, 2]
    with database.system("test: put back once more") as session, session.begin():
        carry_on(session)
    write(database, 1)
    with database.system("test: look", writes=False) as session:
        assert session.scalar(select(AuditEntry.number).order_by(AuditEntry.number.desc()).limit(1)) == 3


def add_block(session, rows) -> None:
    from monitor.trail.blocks import SAID
    from monitor.trail.seals import START, block_seal

    said = {"number": 1, "cluster": 1, "low_xid": 0, "high_xid": rows[-1].xid + 1, "entries": 3, "total": 3}
    root = root_of([leaf(row.number, row.seal) for row in rows])
    said["sealed_at"] = NOW
    mark = block_seal(KEY, START, root, [said[name] for name in SAID])
    session.add(AuditBlock(**said, root=root, previous=START, seal=mark))


def test_no_person_writes_a_block(database):
    from tests.monitor.access.two_offices import two_offices

    offices = two_offices(database)
    from monitor.access.scope import trusted_sql

    with database.scoped(offices.scope, writes=True) as session, trusted_sql("test: past our own scope"):
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(
                insert(AuditBlock).values(
                    number=1, cluster=1, low_xid=0, high_xid=1, entries=1, total=1, root=b"", previous=b"", seal=b"",
                    sealed_at=NOW,
                )
            )  # fmt: skip


def as_the_rfc_has_it(entries: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word: split at the largest power of two that is smaller than the whole."""
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return sha256(b"\1" + as_the_rfc_has_it(entries[:split]) + as_the_rfc_has_it(entries[split:])).digest()


def test_the_root_is_that_of_rfc_6962(database_url):
    for count in (*range(1, 35), 1000):
        seals = [bytes([number % 256]) * 32 for number in range(count)]
        entries = [number.to_bytes(8, "big") + seal for number, seal in enumerate(seals)]
        assert root_of([leaf(number, seal) for number, seal in enumerate(seals)]) == as_the_rfc_has_it(entries), count


def test_each_minute_what_is_over_is_sealed_and_each_night_anchored(database, tmp_path, monkeypatch):
    found = [job for job in schedule(["UTC"]) if job.name in ("trail_seal", "trail_check")]
    monkeypatch.setattr("jobs.runner.schedule", lambda _zones: found)
    monkeypatch.setattr("monitor.trail.verdict.BEAT", 2)
    settings = Settings(secret_key=SECRET, anchors_file=str(tmp_path / "anchors"))
    write(database, 5)
    minute, until = NOW, time.monotonic() + 60
    while verdict(database).entries < 5 and time.monotonic() < until:
        minute += timedelta(minutes=1)
        run_pending(database, settings, minute)
    assert verdict(database).entries == 5
    number, newest = head(database)
    run_pending(database, settings, minute + timedelta(days=1))
    assert (tmp_path / "anchors").read_text().splitlines()[-1].split()[1:] == [str(number), newest]


def test_the_command_tells_of_what_waits_and_anchors_nothing_that_waits_too_long(terminal, database):
    write(database, 2)  # told to be of an instant long ago
    said = terminal("audit", "verify")
    assert said.status == 1
    assert "2 of them wait for their block" in said.out
    assert "2 entries are not sealed, the oldest since 2026-11-25 08:00 UTC" in said.err
    seal(database, 2)
    assert terminal("audit", "verify").status == 0
