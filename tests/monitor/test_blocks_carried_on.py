"""A PostgreSQL site that was put back on SQLite: its blocks go on here, and what is done to one shows here, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from monitor import audit
from monitor.models import AuditBlock, AuditEntry, AuditHead
from monitor.models.base import random_id
from monitor.trail.anchors import TrailBroken, checked_line, unsealed_too_long
from monitor.trail.blocks import carry_on, seal_finished
from monitor.trail.seals import BODY, IN_BLOCKS, entry_seal
from tests.monitor.tampering import KEY, NOW, tamper, write

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL: test_audit_blocks


@pytest.fixture
def site(database):
    """Two entries of a chain, a block of three, a block of two."""
    write(database, 2)
    tamper(database, update(AuditHead).values(seal=IN_BLOCKS))
    for size in (3, 2):
        write(database, size)
        assert sealed(database) == size
    return database


def sealed(database, now=NOW) -> int:
    with database.system("test: seal") as session, session.begin():
        return seal_finished(session, KEY, now)


def verdict(database, anchors=None, **more) -> audit.Verdict:
    with database.system("test: verify", writes=False) as session:
        return audit.verify(session, KEY, anchors, **more)


def broken(database, anchors=None) -> tuple[int | None, str]:
    found = verdict(database, anchors)
    return found.broken_at, found.why


def entry(database, number: int) -> AuditEntry:
    with database.system("test: an entry", writes=False) as session:
        return session.scalars(select(AuditEntry).where(AuditEntry.number == number)).one()


def test_what_was_done_holds_and_each_block_says_what_it_seals(site):
    with site.system("test: blocks", writes=False) as session:
        blocks = session.scalars(select(AuditBlock).order_by(AuditBlock.number)).all()
        assert audit.head(session) == (7, blocks[-1].seal.hex())
    said = [(one.number, one.cluster, one.low_xid, one.high_xid, one.entries, one.total) for one in blocks]
    assert said == [(1, 0, 0, 6, 3, 5), (2, 0, 6, 8, 2, 7)]
    assert blocks[1].previous == blocks[0].seal
    assert verdict(site) == audit.Verdict(7, blocks[-1].seal.hex())
    assert sealed(site) == 0, "there is nothing to seal twice"


@pytest.mark.parametrize("number", range(1, 8))
def test_a_changed_entry_is_named_wherever_it_stands(site, number):
    tamper(site, update(AuditEntry).where(AuditEntry.number == number).values(event="flag.unread"))
    assert broken(site) == (number, "the entry was changed after it was written")


def test_of_two_changed_entries_the_first_is_named(site):
    tamper(site, update(AuditEntry).where(AuditEntry.number.in_([4, 5])).values(event="flag.unread"))
    assert verdict(site).broken_at == 4


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_changed_entry_that_no_block_holds_yet_is_named_too(site, nth):
    write(site, 3)
    tamper(site, update(AuditEntry).where(AuditEntry.number == 7 + nth).values(outcome="denied"))
    found = verdict(site)
    assert (found.entries, found.broken_at) == (7, 7 + nth)
    assert found.why == "the entry was changed after it was written"


def removed(database):
    tamper(database, delete(AuditEntry).where(AuditEntry.number == 4))


def slipped_in(database):
    """A well sealed entry of one's own."""
    row, other = entry(database, 4), random_id()
    values = {name: getattr(row, name) for name in (*BODY[1:], "previous", "cluster", "xid")}
    mark = entry_seal(KEY, b"", [other, *(values[name] for name in BODY[1:])])
    tamper(database, insert(AuditEntry).values(id=other, number=99, seal=mark, **values))


def sealed_anew(database):
    row = entry(database, 4)
    body = [row.id, *(getattr(row, name) for name in BODY[1:])]
    body[BODY.index("event")] = "flag.unread"
    mark = entry_seal(KEY, b"", body)
    tamper(database, update(AuditEntry).where(AuditEntry.number == 4).values(event="flag.unread", seal=mark))


@pytest.mark.parametrize(("done", "what"), [(removed, "fewer"), (slipped_in, "more"), (sealed_anew, "other")])
def test_a_block_that_holds_other_entries_than_it_was_sealed_with_says_so(site, done, what):
    done(site)
    assert broken(site) == (3, f"block 1 was sealed with 3 entries, and {what} are there")


BLOCKS = {
    "the first is gone": (delete(AuditBlock).where(AuditBlock.number == 1), 3, "the block before block 2 is missing"),
    "it has another number": (update(AuditBlock).where(AuditBlock.number == 2).values(number=3), 6, "before block 3"),
    "it follows another": (update(AuditBlock).where(AuditBlock.number == 2).values(previous=b"x" * 32), 6, "before"),
    "it begins elsewhere": (update(AuditBlock).where(AuditBlock.number == 2).values(low_xid=5), 6, "before block 2"),
    "it says another total": (update(AuditBlock).where(AuditBlock.number == 2).values(total=8), 6, "2 was changed"),
    "it was sealed earlier": (
        update(AuditBlock).where(AuditBlock.number == 2).values(sealed_at=NOW - timedelta(days=1)), 6, "2 was changed"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("done", "at", "why"), BLOCKS.values(), ids=BLOCKS.keys())
def test_a_block_that_was_changed_or_taken_out_shows(site, done, at, why):
    tamper(site, done)
    found = broken(site)
    assert found[0] == at
    assert why in found[1]


def test_an_anchor_holds_at_the_end_of_a_block_and_a_missing_one_is_named_by_the_first(site):
    with site.system("test: seals", writes=False) as session:
        first, second = session.scalars(select(AuditBlock.seal).order_by(AuditBlock.number))
    assert verdict(site, {5: first.hex(), 7: second.hex(), 0: bytes(32).hex()}).broken_at is None
    assert broken(site, {7: first.hex()}) == (7, "the entry is not the one that was anchored")
    assert broken(site, {9: first.hex(), 8: second.hex()}) == (8, "an anchored entry is missing")


def test_how_long_the_oldest_has_waited_is_told_whatever_came_first(site):
    for hour in (3, 1, 2):
        with site.system("test: an act") as session, session.begin():
            audit.append(session, audit.Act(event="flag.read"), KEY, NOW + timedelta(hours=hour))
    found, first = verdict(site), NOW + timedelta(hours=1)
    assert (found.entries, found.unsealed, found.since) == (7, 3, first)
    assert unsealed_too_long(found, first + timedelta(minutes=59, seconds=59)) == ""
    assert unsealed_too_long(found, first + timedelta(hours=1)).startswith("3 entries are not sealed")
    with site.system("test: tonight", writes=False) as session, pytest.raises(TrailBroken, match="3 entries"):
        checked_line(session, KEY, {}, first + timedelta(hours=1))
    tamper(site, update(AuditEntry).where(AuditEntry.number == 9).values(cluster=77))
    assert verdict(site).since == first, "of whatever server"
    tamper(site, update(AuditEntry).where(AuditEntry.number == 9).values(cluster=0))
    assert sealed(site, NOW + timedelta(hours=4)) == 3
    with site.system("test: tonight", writes=False) as session:
        line = checked_line(session, KEY, {}, NOW + timedelta(days=3))
    assert line == f"2026-11-28 10 {verdict(site).head}"


def test_entries_of_the_server_that_was_left_are_sealed_before_those_of_here(site):
    write(site, 3)
    left = update(AuditEntry).where(AuditEntry.number.in_([3, 4, 5, 6, 7, 8, 9]))
    tamper(site, left.values(cluster=77, xid=AuditEntry.number + 900), delete(AuditBlock))
    assert sealed(site) == 8
    with site.system("test: blocks", writes=False) as session:
        blocks = session.scalars(select(AuditBlock).order_by(AuditBlock.number)).all()
    assert [(one.cluster, one.entries, one.low_xid, one.high_xid) for one in blocks] == [(77, 7, 0, 910), (0, 1, 0, 11)]
    assert (verdict(site).entries, verdict(site).broken_at) == (10, None)


def test_a_long_trail_of_blocks_says_now_and_then_that_it_is_at_work(site, monkeypatch):
    monkeypatch.setattr("monitor.trail.verdict.BEAT", 2)
    beats: list[int] = []
    assert verdict(site, beat=lambda: beats.append(1)).entries == 7
    assert len(beats) == 3, "at the chain's second entry, and once in each block"


def test_a_chain_alone_that_is_put_back_goes_on_as_a_chain(database):
    write(database, 2)
    with database.system("test: put back") as session, session.begin():
        carry_on(session)
    write(database, 1)
    assert (verdict(database).entries, sealed(database)) == (3, 0)


def test_blocks_that_are_put_back_go_on_behind_their_newest_entry(site):
    tamper(site, delete(AuditHead))
    for _ in range(2):
        with site.system("test: put back") as session, session.begin():
            carry_on(session)
        with site.system("test: look", writes=False) as session:
            head = session.scalars(select(AuditHead)).one()
            last = session.scalar(select(AuditEntry.number).order_by(AuditEntry.number.desc()).limit(1))
            assert (head.id, head.number, head.seal) == (1, last, IN_BLOCKS)
        write(site, 1)
    assert entry(site, 9)
    assert (verdict(site).entries, verdict(site).unsealed) == (7, 2)
