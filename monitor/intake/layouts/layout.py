"""What a layout is: a letter, how it is recognised, and how its cells become entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from monitor.intake.sheet import Entry, Sheet


class Layout(msgspec.Struct, frozen=True):
    """``entries`` yields in reading order: by row, then by column."""

    letter: str
    title: str
    recognises: Callable[[Sheet], bool]
    entries: Callable[[Sheet], Iterator[Entry]]
