"""The keys of call-back requests: a store of their own beside the database, so that every copy loses them at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from monitor.copies.case_keys import CaseKeys
from monitor.copies.stream import CopyError

PLACE: Final = "callback.sealed"


class Content(msgspec.Struct, frozen=True):
    """What a request says: one ask, that the officer call this agency by a day. There is no room for words."""

    case: int
    agency: int
    user: int
    by: str


def keys_of(file: str, secret: str) -> CaseKeys | None:
    """The store, made at its first use; None where the site has not switched requests on.

    One that was lost is made anew: the requests under it are gone, as they would be within days.
    """
    if not file:
        return None
    path = Path(file)
    try:
        return CaseKeys(path, secret, create=not path.exists())
    except CopyError:
        return CaseKeys(path, secret)  # another worker made it meanwhile


def sealed(keys: CaseKeys, number: int, content: Content) -> bytes:
    """The bytes of a row, under a key that is made for it."""
    keys.make([number])
    return keys.seal(number, msgspec.json.encode(content), PLACE)


def opened(keys: CaseKeys, number: int, data: bytes) -> Content | None:
    """What a row says; None where its key is gone."""
    try:
        text = keys.open(number, data, PLACE)
    except CopyError:
        return None
    return msgspec.json.decode(text, type=Content) if text else None
