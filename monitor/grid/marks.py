"""From a form to marks, and what is wrong with them: each fault names the person and the choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from monitor.grid.page import CONCERNS, GROUNDS, MADE_UP, OTHERS, RATINGS, Grid, Mark, Row
from monitor.intake.cells.statuses import ABSENT, NO_MEETING, takes_back
from monitor.safety_lint import is_clean

FIELDS: Final = Mark.__struct_fields__
MORE: Final = frozenset(code for code, _word in OTHERS)
NOT_THERE: Final = ABSENT | NO_MEETING


def marks_of(form: Mapping[str, str]) -> dict[int, Mark]:
    """Marks by enrollment id, from fields like ``says.123``; what is not such a field is passed over."""
    found: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        field, dot, key = name.partition(".")
        if dot and field in FIELDS and key.isdecimal() and len(key) < 20:
            found.setdefault(int(key), {})[field] = value.strip()[:300]
    return {key: Mark(**told) for key, told in found.items()}


def rest_present(grid: Grid, code: str = "P", *, everybody: bool = False) -> Grid:
    """The same grid with everyone of the group who is not marked yet marked; ``everybody``: the marked ones, too."""
    rows = [
        _marked(row, code) if row.owed and not row.visits and (everybody or not row.mark.code) else row
        for row in grid.rows
    ]
    return msgspec.structs.replace(grid, rows=tuple(rows))


def _marked(row: Row, code: str) -> Row:
    plain = msgspec.structs.replace(row.mark, says=code, other="", late="", makes_up="")
    return msgspec.structs.replace(row, mark=plain)


def judged(grid: Grid, *, later: bool = False) -> Grid:
    """The same grid with what is wrong in each row. ``later``: people without a mark are left for another time."""
    rows = [msgspec.structs.replace(row, error=fault_of(row, grid, later)) for row in grid.rows]
    return msgspec.structs.replace(grid, rows=tuple(rows))


def fault_of(row: Row, grid: Grid, later: bool) -> str:
    """Empty where the row can be saved."""
    mark = row.mark
    if row.closed:
        return f"The court closed the case of {row.name}: nothing more is taken." if mark.code and changes(row) else ""
    if row.ended:
        return f"The release of {row.name} has ended: nothing more is taken." if mark.code and changes(row) else ""
    if row.closing and (mark.rating not in ("", row.rated) or mark.concern):
        return f"The court has closed the case of {row.name}: only what happened at this class is still taken."
    if not mark.code:
        left = row.closing or (later and not (mark.rating or mark.concern))
        return "" if left else f"Choose what happened for {row.name}."
    found = (
        _choice(row), _late(row, grid.minutes), _words(row, grid.certified), _participation(row), _concern(row),
    )  # fmt: skip
    return next((fault for fault in found if fault), "")


def _choice(row: Row) -> str:
    mark = row.mark
    known = {code for _letter, code, _word in row.choices} | MORE | {row.stands}
    if mark.code not in known:
        return f"Choose what happened for {row.name} from the list."
    if mark.says and mark.other and mark.says != mark.other:
        return f"Two things are chosen for {row.name}: keep one of them."
    if mark.code == MADE_UP[0][1] and row.missed and mark.makes_up not in {str(day) for day in row.missed}:
        return f"Choose which class {row.name} made up."
    return ""


def _late(row: Row, minutes: int) -> str:
    late = row.mark.late
    if not late:
        return ""
    if not late.isdecimal() or len(late) > 3:
        return f"Give the minutes that {row.name} was late as a number."
    if row.mark.code not in ("L", "LN"):
        return f"{row.name} has minutes late but is not marked late: choose Late, or clear the minutes."
    return f"{late} minutes late for {row.name} is longer than the class ({minutes} minutes)." \
        if int(late) > minutes else ""


def _words(row: Row, certified: bool) -> str:
    mark = row.mark
    if not is_clean(mark.note) or not is_clean(mark.reason):
        return f"The words about {row.name} may tell of somebody else. Leave out victims, partners, addresses, numbers."
    if mark.code == "E" and row.stands != "E" and not mark.note:
        return f"Say in a few words why {row.name} was excused."
    if certified and changes(row) and not mark.reason:
        return f"This month is signed: say in a few words why the record of {row.name} changes."
    if takes_back(row.stands, mark.code) and not mark.reason:
        return f"Say in a few words why the record of {row.name} changes."
    if mark.note and row.stands and not changes(row):
        return f"Nothing else changes for {row.name}, so the note would be lost: clear it, or change what happened."
    return ""


def _participation(row: Row) -> str:
    mark = row.mark
    if mark.rating and mark.rating not in RATINGS:
        return f"Choose how {row.name} took part from the list."
    return f"{row.name} was not there, so leave out how he or she took part." \
        if mark.rating and mark.code in NOT_THERE else ""


def _concern(row: Row) -> str:
    mark = row.mark
    if mark.concern and (mark.concern not in CONCERNS or mark.ground not in GROUNDS):
        return f"Say how you know of the concern about {row.name}. What others told you stays out of here: call."
    return ""


def changes(row: Row) -> bool:
    """Whether saving the row would write attendance."""
    late = int(row.mark.late) if row.mark.late.isdecimal() else None
    return row.mark.code != row.stands or (late is not None and late != row.stands_late)
