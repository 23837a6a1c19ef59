"""Two people of one name on one day: beside each stands the date of birth, so that neither is taken for the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from monitor.name_words import looked_up_by
from monitor.names import BY_DAY, last_first, words_of


def named(rows: Sequence[Any]) -> dict[int, str]:
    """By hearing, the respondent as a list of the day names them. ``rows``: of `hearing_rows`."""
    people = {row.person_id: row for row in rows}
    names = {number: last_first(row.family_name, row.given_name, row.middle_name, row.suffix)
             for number, row in people.items()}  # fmt: skip
    bear = {number: _keys(row) for number, row in people.items()}
    of_one_name = Counter(key for keys in bear.values() for key in keys)
    of_one_birth = Counter((key, people[number].born_on) for number, keys in bear.items() for key in keys)
    return {
        row.id: names[row.person_id] + (
            _born(row, any(of_one_birth[key, row.born_on] > 1 for key in bear[row.person_id]))
            if any(of_one_name[key] > 1 for key in bear[row.person_id]) else ""
        )
        for row in rows
    }  # fmt: skip


def _keys(row: Any) -> set[tuple[str, str]]:
    """The keys by which look-ups go, each with the suffix: who hears a name called hears no accent and no point."""
    suffix = " ".join(words_of(row.suffix or ""))
    if row.name_key is None:
        return {(key, suffix) for key in looked_up_by(row.given_name, row.family_name)}
    keys = row.name_key, row.other_name_key  # as kept with the person: nothing is taken apart here again
    return {(key, suffix) for key in keys if key and not key.startswith(BY_DAY)}


def _born(row: Any, both: bool) -> str:
    born = f"{row.born_on:%b} {row.born_on.day}, {row.born_on.year}"
    return f" (born {born}{': two of this name and date, go by the case' if both else ''})"
