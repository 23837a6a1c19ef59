"""What stands in a cell in place of a word: the person's own initials, or the time at which somebody came.

Both are usual and neither says what it means, so each is asked about once for the whole file, as "A" and "X" are.
Initials may also look like a word of ours: Ned Smith's NS is no "no show" on a sheet that people initial.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from monitor.intake.cells.dates import read_minutes
from monitor.intake.cells.people import fold, initials_of
from monitor.intake.cells.statuses import fold_word
from monitor.intake.sheet import Entry
from monitor.intake.vocabulary import status_codes

INITIALS, A_TIME, BOXES = "(initials)", "(a time)", "(empty boxes)"
EMPTY_BOX = "false"


def as_marked(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries; marks that have no word of their own are named by what they are."""
    own = [_is_own(entry) for entry in entries]
    initialled = any(mine and fold_word(entry.status) not in status_codes()
                     for mine, entry in zip(own, entries, strict=True))  # fmt: skip
    return [_named(entry, mine=initialled and mine) for mine, entry in zip(own, entries, strict=True)]


def as_boxed(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries; where every box of a class is empty, nobody may have filled it in yet."""
    said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in entries:
        said[entry.group, str(entry.date.on or entry.date_text)].add(fold_word(entry.status))
    return [
        msgspec.structs.replace(entry, status=BOXES)
        if said[entry.group, str(entry.date.on or entry.date_text)] == {EMPTY_BOX} else entry
        for entry in entries
    ]  # fmt: skip


def _is_own(entry: Entry) -> bool:
    letters = fold(entry.status).replace(" ", "")
    return letters in initials_of(*entry.who.split)


def _named(entry: Entry, *, mine: bool) -> Entry:
    if mine:
        return msgspec.structs.replace(entry, status=INITIALS)
    if read_minutes(entry.status) is not None:
        return msgspec.structs.replace(entry, status=A_TIME, time_in=entry.status)
    return entry
