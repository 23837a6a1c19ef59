"""Sealing on PostgreSQL: entries whose transactions are over, block by block, so that no writer waits for another.

A transaction is over when its number lies below ``pg_snapshot_xmin``; going by instants or by numbers of entries would
lose whoever wrote early and committed late. Numbers of transactions belong to one cluster: after a restore elsewhere
they start anew, so each entry and block names its cluster.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from monitor.models.audit_entry import AuditBlock, AuditEntry, AuditHead
from monitor.trail.seals import IN_BLOCKS, block_seal, leaf, root_of
from monitor.trail.verdict import CLUSTER, head

# what a block says of itself, in this order
SAID = ("number", "cluster", "low_xid", "high_xid", "entries", "total", "sealed_at")
ONE_SEALER = 0x5365616C  # any constant of our own
_ENTRY: Table = AuditEntry.__table__  # type: ignore[assignment]
_HEAD: Table = AuditHead.__table__  # type: ignore[assignment]
_BLOCK: Table = AuditBlock.__table__  # type: ignore[assignment]


def seal_finished(session: Session, key: bytes, now: datetime) -> int:
    """Seal what is over, in the caller's transaction; how many entries that were. SQLite's chain needs none.

    Of several processes one seals; the others find nothing to do. The transaction must be READ COMMITTED: what is
    read after the watermark was taken holds all that committed before it.
    """
    if session.get_bind().dialect.name == "sqlite":
        # one writes at a time, so what is there is over
        return sum(_seal_to(session, key, cluster, None, now) for cluster in (*_others(session, 0), 0))
    if not session.scalar(select(func.pg_try_advisory_xact_lock(ONE_SEALER))):
        return 0
    over = int(session.scalar(text("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")) or 0)
    here = int(session.scalar(CLUSTER) or 0)
    sealed = sum(_seal_to(session, key, elsewhere, None, now) for elsewhere in _others(session, here))
    return sealed + _seal_to(session, key, here, over, now)


def carry_on(session: Session) -> None:
    """After a copy was put back, maybe on the other kind of database: numbers go on behind its newest entry.

    A chain that comes to PostgreSQL goes on in blocks, and blocks that come to SQLite do, too.
    """
    newest = session.scalar(select(func.max(_ENTRY.c.number))) or 0
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("select setval('audit_entry_number', :next, false)"), {"next": newest + 1})
    elif session.scalar(select(_ENTRY.c.id).where(_ENTRY.c.cluster.is_not(None)).limit(1)):
        there = session.scalar(select(_HEAD.c.id))
        session.execute(_HEAD.update() if there else _HEAD.insert(), {"id": 1, "number": newest, "seal": IN_BLOCKS})


def _others(session: Session, here: int) -> list[int]:
    """Clusters that left entries behind unsealed: before the newest block came the restore."""
    newest = session.scalar(select(_BLOCK.c.cluster).order_by(_BLOCK.c.number.desc()).limit(1))
    if newest is not None:
        return [newest] if newest != here else []
    found = session.scalars(select(_ENTRY.c.cluster).where(_ENTRY.c.cluster.is_not(None)).distinct())
    return sorted(set(found) - {here})


def _seal_to(session: Session, key: bytes, cluster: int, over: int | None, now: datetime) -> int:
    """One block of the entries of ``cluster`` up to the transaction ``over``, which is left out; None: all of them."""
    low = session.scalar(select(func.max(_BLOCK.c.high_xid)).where(_BLOCK.c.cluster == cluster)) or 0
    which = select(_ENTRY.c.number, _ENTRY.c.seal, _ENTRY.c.xid).where(
        _ENTRY.c.cluster == cluster, _ENTRY.c.xid >= low
    )
    if over is not None:
        which = which.where(_ENTRY.c.xid < over)
    rows = session.execute(which.order_by(_ENTRY.c.xid, _ENTRY.c.number)).all()
    if not rows:
        return 0
    before = session.execute(select(_BLOCK.c.number).order_by(_BLOCK.c.number.desc()).limit(1)).scalar() or 0
    (total, previous), root = head(session), root_of([leaf(row.number, row.seal) for row in rows])
    block = {
        "number": before + 1, "cluster": cluster, "low_xid": low, "high_xid": over or rows[-1].xid + 1,
        "entries": len(rows), "total": total + len(rows), "sealed_at": now,
    }  # fmt: skip
    seal = block_seal(key, bytes.fromhex(previous), root, [block[name] for name in SAID])
    session.execute(_BLOCK.insert(), {**block, "root": root, "previous": bytes.fromhex(previous), "seal": seal})
    return len(rows)
