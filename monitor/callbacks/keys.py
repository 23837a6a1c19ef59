"""What a call-back request says, and its sealing under keys beside the database (`monitor.copies.passing_rows`)."""

from __future__ import annotations

from typing import Final

import msgspec

from monitor.copies.passing_rows import PassingRows
from monitor.models import Callback


class Content(msgspec.Struct, frozen=True):
    """What a request says: one ask, that the officer call this agency by a day. There is no room for words."""

    case: int
    agency: int
    user: int
    by: str


_ROWS: Final = PassingRows(Callback, Content)
sealed, opened, purge = _ROWS.sealed, _ROWS.opened, _ROWS.purge
