"""A copy that comes back on the other kind of database: the trail goes on there and holds from its first entry."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from monitor import audit
from monitor.models import AuditEntry, AuditHead
from monitor.trail.blocks import carry_on, seal_finished
from monitor.trail.seals import BODY, entry_seal
from tests.monitor.tampering import KEY, NOW, tamper, write


def verdict(database, anchors=None):
    with database.system("test: verify", writes=False) as session:
        return audit.verify(session, KEY, anchors)


def as_left(database, chained: int, loose: int) -> None:
    """Entries as another database left them: a chain, and behind it some of another server, not all in a block."""
    previous = bytes(32)
    with database.system("test: rows of a copy") as session, session.begin():
        for number in range(1, chained + loose + 1):
            behind = number > chained
            first = 2**61 + number if behind else number
            body = (first, NOW, None, None, "flag.read", "done", "web", None, None, [], {}, None)
            seal = entry_seal(KEY, b"" if behind else previous, body)
            where = {"cluster": 77, "xid": 900 + number, "id": first, "previous": b""} if behind else {
                "previous": previous}
            session.add(AuditEntry(**dict(zip(BODY, body, strict=True)) | where | {"seal": seal, "number": number}))
            previous = previous if behind else seal
        if chained:
            session.add(AuditHead(id=1, number=chained, seal=previous))


@pytest.mark.parametrize(("chained", "loose"), [(0, 4), (3, 4), (3, 0)], ids=["blocks", "both", "a chain"])
def test_it_goes_on_and_holds_from_the_first_entry(database, chained, loose):
    as_left(database, chained, loose)
    with database.system("test: put back") as session, session.begin():
        carry_on(session)
    write(database, 3)
    with database.system("test: seal") as session, session.begin():
        seal_finished(session, KEY, NOW)
    found = verdict(database)
    assert (found.entries + found.unsealed, found.broken_at) == (chained + loose + 3, None)

    tamper(database, update(AuditEntry).where(AuditEntry.number == chained + loose + 2).values(event="flag.unread"))
    assert verdict(database).broken_at == chained + loose + 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_chain_before_blocks_cannot_be_cut_though_its_head_was_given_up(database):
    as_left(database, 3, 2)
    with database.system("test: put back") as session, session.begin():
        carry_on(session)
        seal_finished(session, KEY, NOW)
    assert verdict(database).entries == 5
    tamper(database, AuditEntry.__table__.delete().where(AuditEntry.number == 3))
    assert verdict(database).broken_at is not None
