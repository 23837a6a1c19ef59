"""Two people of one name on one day: beside each stands the date of birth, so that neither is taken for the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from monitor.names import last_first


def named(rows: Sequence[Any]) -> dict[int, str]:
    """By hearing, the respondent as a list of the day names them. ``rows``: of `hearing_rows`."""
    people = {row.person_id: row for row in rows}
    names = {number: last_first(row.family_name, row.given_name, row.middle_name, row.suffix)
             for number, row in people.items()}  # fmt: skip
    of_one_name = Counter(name.casefold() for name in names.values())
    of_one_birth = Counter((names[number].casefold(), row.born_on) for number, row in people.items())
    return {
        row.id: names[row.person_id] + (
            _born(row, of_one_birth[names[row.person_id].casefold(), row.born_on] > 1)
            if of_one_name[names[row.person_id].casefold()] > 1 else ""
        )
        for row in rows
    }  # fmt: skip


def _born(row: Any, both: bool) -> str:
    born = f"{row.born_on:%b} {row.born_on.day}, {row.born_on.year}"
    return f" (born {born}{': two of this name and date, go by the case' if both else ''})"
