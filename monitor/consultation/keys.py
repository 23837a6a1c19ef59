"""What a row of the list says, and its sealing: a store of keys beside the database, so that every copy loses them."""

from __future__ import annotations

from typing import Final

import msgspec

from monitor.callbacks.keys import keys_of
from monitor.copies.case_keys import CaseKeys
from monitor.copies.stream import CopyError

__all__ = ["Content", "Task", "keys_of", "opened", "sealed"]

PLACE: Final = "consultation.sealed"


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


def sealed(keys: CaseKeys, number: int, content: Content) -> bytes:
    """The bytes of a row, under its own key, which is made when it has none."""
    keys.make([number])
    return keys.seal(number, msgspec.json.encode(content), PLACE)


def opened(keys: CaseKeys, number: int, data: bytes) -> Content | None:
    """What a row says; None where its key is gone."""
    try:
        text = keys.open(number, data, PLACE)
    except CopyError:
        return None
    return msgspec.json.decode(text, type=Content) if text else None
