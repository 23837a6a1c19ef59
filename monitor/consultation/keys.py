"""What a row of the list says, and its sealing under keys beside the database (`monitor.copies.passing_rows`)."""

from __future__ import annotations

from typing import Final

import msgspec

from monitor.copies.passing_rows import PassingRows
from monitor.models import Consultation


class Task(msgspec.Struct, frozen=True):
    """What was agreed. ``agency``: who does it. ``due``, ``done``: days, "" not done. There is no room for words."""

    id: int
    kind: str
    agency: int
    due: str
    done: str = ""


class Content(msgspec.Struct, frozen=True):
    """One case of one meeting, and its minutes. Nobody who brought it or wrote them."""

    case: int
    meets: str
    tasks: tuple[Task, ...] = ()


_ROWS: Final = PassingRows(Consultation, Content)
sealed, opened, purge = _ROWS.sealed, _ROWS.opened, _ROWS.purge
