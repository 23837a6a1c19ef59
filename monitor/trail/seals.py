"""Seals: of one entry, of a block of entries, of each on the one before. The key lies outside the database.

Trees as RFC 6962 has them (2.1): a leaf and a node never hash alike.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import msgspec

START = bytes(32)
IN_BLOCKS = b"in blocks".ljust(32, b"\0")  # in place of the chain's newest seal, once SQLite took blocks over
# what a seal covers, in this order, as JSON with sorted keys; an entry of a block is sealed by its id, not its number
BODY = (
    "number", "at", "user_id", "agency_id", "event", "outcome", "component", "session_mark", "asked_from", "subjects",
    "detail", "request_id",
)  # fmt: skip
_ENCODER = msgspec.json.Encoder(order="sorted")


def entry_seal(key: bytes, previous: bytes, body: Sequence[Any]) -> bytes:
    """The seal of one entry; ``previous`` is empty where entries are sealed in blocks."""
    return hmac.digest(key, previous + _ENCODER.encode(body), "sha256")


def block_seal(key: bytes, previous: bytes, root: bytes, said: Sequence[Any]) -> bytes:
    """The seal of a block: what it says of itself, the root of its entries and the seal of the block before."""
    return hmac.digest(key, previous + root + _ENCODER.encode(said), "sha256")


def leaf(number: int, seal: bytes) -> bytes:
    """One entry in the tree of its block."""
    return hashlib.sha256(b"\0" + number.to_bytes(8, "big") + seal).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaves in their order. Raises ValueError where there are none."""
    level = list(leaves)
    if not level:
        raise ValueError("a block holds at least one entry")
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]  # an odd one goes up as it is
    return level[0]
