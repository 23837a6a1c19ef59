"""The inside of a copy: what it is of, rows by table and case, and at the end how many there were.

Each frame is a length and a MessagePack value: the manifest, then ``[table, unit, rows]`` (``unit`` 0: of no case;
rows of a case as sealed bytes), ``[table, unit, rows, true]`` for what stays of them without the key, then the totals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from monitor.copies.rows import ENCODER
from monitor.copies.stream import CopyError, Reader, Writer
from monitor.sealing import SealingKeys

LONGEST_FRAME = 1 << 30
END = "end"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """``revision`` of the tables; ``audit``: number and seal of the newest entry; ``by_case``: whether cases have keys
    of their own in it; ``columns`` of each table, in the order of its rows."""

    revision: str
    taken_at: datetime
    database: str
    audit: tuple[int, str]
    by_case: bool
    columns: dict[str, list[str]]


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """Rows of one table. ``stays``: what is left of them when the unit's key is gone."""

    table: str
    unit: int
    rows: Any
    stays: bool = False


class Totals(msgspec.Struct, frozen=True, array_like=True):
    """Count and digest of each table."""

    end: str
    tables: dict[str, tuple[int, str]]


def put(writer: Writer, value: Any) -> None:
    """Write one frame."""
    data = ENCODER.encode(value)
    writer.write(len(data).to_bytes(4, "big") + data)


class Content:
    """A copy being read: its manifest at once, its frames as they come, its totals when all were read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.manifest: Manifest = _decoded(self._next(), Manifest)
        self.totals: dict[str, tuple[int, str]] = {}

    def frames(self) -> Iterator[Frame]:
        while (data := self._next())[:5] != b"\x92\xa3end":
            yield _decoded(data, Frame)
        self.totals = _decoded(data, Totals).tables
        if not self._reader.at_end():
            raise CopyError("There is something behind the end of this copy: choose another one.")

    def _next(self) -> bytes:
        size = int.from_bytes(self._reader.read(4), "big")
        if size > LONGEST_FRAME:
            raise CopyError("This copy cannot be read: choose another one.")
        return self._reader.read(size)


def prove(file: Path, keys: SealingKeys, look: Callable[[Frame], object] = lambda _frame: None) -> Manifest:
    """Read a whole copy and throw it away; raises `CopyError` unless every byte is as it was written.

    ``look`` sees every frame and may refuse it.
    """
    with file.open("rb") as source:
        content = Content(Reader(source, keys))
        for frame in content.frames():
            look(frame)
    return content.manifest


def _decoded(data: bytes, kind: Any) -> Any:
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except msgspec.DecodeError:
        raise CopyError("This copy cannot be read: choose another one.") from None
