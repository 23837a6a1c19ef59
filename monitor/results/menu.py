"""Responses that the court may choose from: the court's lines of the local matrix, with its version, beside free acts.

Nothing is proposed: every class is listed, none is chosen, and which cell a case would be in is not worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from monitor.access.scoped_session import ScopedSession
from monitor.response_matrix.content import CLASSES, Content, keys
from monitor.response_matrix.versions import in_force


class Line(msgspec.Struct, frozen=True):
    """One line. ``key``: version, class and place (4.B.0), so that a page opened under another version is noticed."""

    key: str
    response_class: str
    text: str


class Menu(msgspec.Struct, frozen=True):
    """The lines of the version in force on the day of the hearing."""

    number: int
    lines: tuple[Line, ...]

    def line(self, key: str) -> Line | None:
        """The line of a key; None: not of this version."""
        return next((one for one in self.lines if one.key == key), None)

    @property
    def classes(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """By class, in order."""
        told = dict.fromkeys(one.response_class for one in self.lines)
        return tuple((name, tuple(one for one in self.lines if one.response_class == name)) for name in told)


def menu(session: ScopedSession, day: date, now: datetime) -> Menu | None:
    """None: no version is adopted, and the sample binds nobody."""
    version = in_force(session, day, now)
    return Menu(version.number, tuple(_lines(version.number, version.content))) if version.adopted else None


def _lines(number: int, content: Content) -> Iterator[Line]:
    for name in CLASSES:
        cells = (content.cells.get(key) for _, _, key in keys(name))
        texts = dict.fromkeys(text for cell in cells if cell is not None for text in cell.court)
        yield from (Line(f"{number}.{name}.{place}", name, text) for place, text in enumerate(texts))
