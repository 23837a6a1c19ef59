"""Entries laid beside each other and beside the record: repeats, contradictions, what is new and what is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from monitor.intake.check import Judged, Stored

Key = tuple[int, date, int]
StoredKey = tuple[int, date, int]


def settle(
    judged: Sequence[Judged], stored: Mapping[StoredKey, Stored], certified: Collection[date] = ()
) -> list[Judged]:
    """The same entries in the same order; those that were "new" become new, same, changed, skipped or an error.

    ``certified``: first days of the months that are signed; there a sheet changes nothing.
    """
    numbered = _number(judged)
    contradictory = _contradictory(numbered)
    seen: set[Key] = set()
    settled = []
    for one in numbered:
        if one.outcome != "new":
            settled.append(one)
            continue
        key = _key(one)
        if key in contradictory:
            settled.append(_changed(one, outcome="error", code="D-CONFLICT-IN-FILE", before=contradictory[key]))
        elif key in seen:
            settled.append(_changed(one, outcome="skipped", code="D-SAME-IN-FILE"))
        else:
            seen.add(key)
            settled.append(_unless_signed(_beside(one, stored.get(key)), certified))
    return settled


def _key(one: Judged) -> Key:
    if one.member is None or one.on is None:
        raise ValueError("only an accepted entry has a key")
    return one.member.key, one.on, one.number


def _number(judged: Sequence[Judged]) -> list[Judged]:
    """Two classes on one day are two only where the file numbers them differently."""
    numbers: defaultdict[tuple[int, date], set[str]] = defaultdict(set)
    for one in judged:
        if one.outcome == "new" and one.session_number:
            numbers[_key(one)[:2]].add(one.session_number)
    several = {key: sorted(found, key=_as_number) for key, found in numbers.items() if len(found) > 1}
    return [
        _changed(one, number=several[_key(one)[:2]].index(one.session_number) + 1)
        if one.outcome == "new" and one.session_number and _key(one)[:2] in several
        else one
        for one in judged
    ]


def _as_number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdecimal() else 0, text)


def _contradictory(judged: Sequence[Judged]) -> dict[Key, str]:
    said: defaultdict[Key, dict[str, None]] = defaultdict(dict)
    for one in judged:
        if one.outcome == "new":
            said[_key(one)][one.says] = None
    return {key: "/".join(codes) for key, codes in said.items() if len(codes) > 1}


def _beside(one: Judged, stored: Stored | None) -> Judged:
    if stored is None:
        return one
    same = stored.says == one.says and all(
        new is None or new == old
        for new, old in ((one.minutes_late, stored.minutes_late), (one.makeup_for, stored.makeup_for))
    )
    if same:
        return _changed(one, outcome="same", before=stored.says, replaces=stored.attendance_id)
    return _changed(one, outcome="changed", code="C-CHANGED", before=stored.says, replaces=stored.attendance_id)


def _unless_signed(one: Judged, certified: Collection[date]) -> Judged:
    if one.outcome == "same" or one.on is None or one.on.replace(day=1) not in certified:
        return one
    return _changed(one, outcome="error", code="C-LOCKED")


def _changed(one: Judged, **changes: object) -> Judged:
    return msgspec.structs.replace(one, **changes)
