"""Whether the trail holds: the chain of entries, and on PostgreSQL the blocks that were sealed after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Table, select, text
from sqlalchemy.orm import Session

from monitor.models.audit_entry import AuditBlock, AuditEntry, AuditHead
from monitor.trail.seals import BODY, IN_BLOCKS, START, block_seal, entry_seal, leaf, root_of

BEAT = 100_000
CLUSTER = text("select system_identifier from pg_control_system()")
_ENTRY: Table = AuditEntry.__table__  # type: ignore[assignment]
_HEAD: Table = AuditHead.__table__  # type: ignore[assignment]
_BLOCK: Table = AuditBlock.__table__  # type: ignore[assignment]
_CHAINED = (
    select(*(_ENTRY.c[name] for name in (*BODY, "previous", "seal")))
    .where(_ENTRY.c.cluster.is_(None))
    .order_by(_ENTRY.c.number)
    .execution_options(yield_per=2000)
)
_END_OF_CHAIN = (
    select(_ENTRY.c.number, _ENTRY.c.seal).where(_ENTRY.c.cluster.is_(None)).order_by(_ENTRY.c.number.desc()).limit(1)
)
_BLOCKS = select(_BLOCK).order_by(_BLOCK.c.number).execution_options(yield_per=1000)
_NEWEST = select(_BLOCK.c.total, _BLOCK.c.seal).order_by(_BLOCK.c.number.desc()).limit(1)
# the id stands where a chained entry has its number: the database gives that one out after the seal was made
_SEALED = (_ENTRY.c.id, *(_ENTRY.c[name] for name in BODY[1:]), _ENTRY.c.number, _ENTRY.c.xid, _ENTRY.c.seal)


class Verdict(msgspec.Struct, frozen=True):
    """``entries`` that hold; ``broken_at``: which of them, counted from 1, is the first that does not, and ``why``.

    ``unsealed``: entries that no block holds yet, the oldest ``since``: each bears its own seal, but nothing would
    show that one of them was removed.
    """

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""
    unsealed: int = 0
    since: datetime | None = None


def head(session: Session) -> tuple[int, str]:
    """How many entries are sealed and the newest seal (hexadecimal): the anchor to keep outside the system."""
    if block := session.execute(_NEWEST).first():
        return block.total, block.seal.hex()
    found = session.execute(select(_HEAD.c.number, _HEAD.c.seal).where(_HEAD.c.id == 1)).first()
    if found and found.seal == IN_BLOCKS:
        found = session.execute(_END_OF_CHAIN).first()
    return (found.number, found.seal.hex()) if found else (0, START.hex())


def verify(
    session: Session, key: bytes, anchors: Mapping[int, str] | None = None, beat: Callable[[], object] | None = None
) -> Verdict:
    """Read the whole trail. ``anchors`` (number to seal) kept elsewhere show a trail that was cut short.

    ``beat`` is called every `BEAT` entries, for whoever must say that it is still at work.
    """
    expected = {number: seal for number, seal in (anchors or {}).items() if (number, seal) != (0, START.hex())}
    chain = _verify_chain(session, key, expected, beat)
    if chain.broken_at is not None:
        return chain
    found = _Blocks(session, key, expected, beat).verify(chain)
    if found.broken_at is None and expected:
        return msgspec.structs.replace(found, broken_at=min(expected), why="an anchored entry is missing")
    return found


def _verify_chain(
    session: Session, key: bytes, expected: dict[int, str], beat: Callable[[], object] | None
) -> Verdict:
    number, seal = 0, START
    for row in session.execute(_CHAINED):
        if beat and row[0] % BEAT == 0:
            beat()
        if why := _break(row, number + 1, seal, key, expected):
            return Verdict(number, seal.hex(), number + 1, why)
        number, seal = row[0], row[-1]
    found = session.execute(select(_HEAD.c.number, _HEAD.c.seal).where(_HEAD.c.id == 1)).first()
    if found and found.seal == IN_BLOCKS:  # what follows the chain holds it
        return Verdict(number, seal.hex())
    if ((found.number, found.seal) if found else (0, START)) != (number, seal):
        return Verdict(number, seal.hex(), number + 1, "the newest entries are missing")
    return Verdict(number, seal.hex())


def _break(row: Sequence[Any], number: int, previous: bytes, key: bytes, anchors: dict[int, str]) -> str:
    *body, before, seal = row
    if body[0] != number:
        return "an entry is missing, or two have changed places"
    if before != previous:
        return "the entry does not follow the one before it"
    if seal != entry_seal(key, before, body):
        return "the entry was changed after it was written"
    if anchors and anchors.pop(number, seal.hex()) != seal.hex():
        return "the entry is not the one that was anchored"
    return ""


class _Blocks:
    """One walk over the blocks, and over the entries of each cluster beside them, in the order they were sealed in."""

    def __init__(
        self, session: Session, key: bytes, expected: dict[int, str], beat: Callable[[], object] | None
    ) -> None:
        self.session, self.key, self.expected, self.beat = session, key, expected, beat
        self.entries: dict[int, _Entries] = {}
        self.number = self.total = 0
        self.seal = START

    def verify(self, chain: Verdict) -> Verdict:
        self.total, self.seal = chain.entries, bytes.fromhex(chain.head)
        for cluster in self.session.scalars(select(_ENTRY.c.cluster).where(_ENTRY.c.cluster.is_not(None)).distinct()):
            self.entries[cluster] = _Entries(self.session, cluster, self.key)
        for block in self.session.execute(_BLOCKS):
            if broken := self._block(block):
                return Verdict(self.total, self.seal.hex(), *broken)
            self.number, self.total, self.seal = block.number, block.total, block.seal
        return self._rest()

    def _block(self, block: Row[Any]) -> tuple[int, str] | None:
        first = self.total + 1
        if block.cluster not in self.entries:  # all that it held is gone
            self.entries[block.cluster] = _Entries(self.session, block.cluster, self.key)
        rows = self.entries[block.cluster]
        if block.number != self.number + 1 or block.previous != self.seal or block.low_xid != rows.sealed_to:
            return first, f"the block before block {block.number} is missing, or two have changed places"
        said = [getattr(block, name) for name in ("number", "cluster", "low_xid", "high_xid", "entries", "total")]
        if block.seal != block_seal(self.key, block.previous, block.root, [*said, block.sealed_at]):
            return first, f"block {block.number} was changed after it was sealed"
        leaves = rows.take(block.high_xid)
        if rows.changed:
            return first + rows.changed - 1, "the entry was changed after it was written"
        if len(leaves) != block.entries or root_of(leaves) != block.root:
            what = "fewer" if len(leaves) < block.entries else "more" if len(leaves) > block.entries else "other"
            return first, f"block {block.number} was sealed with {block.entries} entries, and {what} are there"
        if self.expected.pop(block.total, block.seal.hex()) != block.seal.hex():
            return block.total, "the entry is not the one that was anchored"
        if self.beat and self.total // BEAT != block.total // BEAT:
            self.beat()
        return None

    def _rest(self) -> Verdict:
        """What no block holds yet."""
        unsealed, since = 0, None
        for rows in self.entries.values():
            left = len(rows.take(None))
            if rows.changed:
                return Verdict(
                    self.total, self.seal.hex(), self.total + unsealed + rows.changed,
                    "the entry was changed after it was written",
                )  # fmt: skip
            unsealed, since = unsealed + left, min(filter(None, (since, rows.oldest)), default=None)
        return Verdict(self.total, self.seal.hex(), unsealed=unsealed, since=since)


class _Entries:
    """The entries of one cluster, taken in order. ``changed``: which of those taken last first has a wrong seal.

    ``oldest``: the earliest instant among those taken last.
    """

    def __init__(self, session: Session, cluster: int, key: bytes) -> None:
        which = select(*_SEALED).where(_ENTRY.c.cluster == cluster).order_by(_ENTRY.c.xid, _ENTRY.c.number)
        self.rows: Iterator[Row[Any]] = iter(session.execute(which.execution_options(yield_per=2000)))
        self.key, self.kept, self.sealed_to = key, None, 0
        self.changed, self.oldest = 0, None

    kept: Row[Any] | None
    oldest: datetime | None

    def take(self, high_xid: int | None) -> list[bytes]:
        """Leaves of the entries below ``high_xid``; None: all that are left."""
        self.changed, self.oldest = 0, None
        leaves: list[bytes] = []
        row = self.kept or next(self.rows, None)
        while row is not None and (high_xid is None or row.xid < high_xid):
            body, number, seal = row[:-3], row.number, row.seal
            if not self.changed and seal != entry_seal(self.key, b"", body):
                self.changed = len(leaves) + 1
            leaves.append(leaf(number, seal))
            if high_xid is None:
                self.oldest = min(row.at, self.oldest or row.at)
            row = next(self.rows, None)
        self.kept, self.sealed_to = row, high_xid or self.sealed_to
        return leaves
