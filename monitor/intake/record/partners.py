"""Columns of a sheet that are called after a protected person, by their header or by what stands over or under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from monitor.intake.cells.headers import WHO, field_of, session_header
from monitor.intake.stacks import Stack
from monitor.safety_lint import REMOVED

# a column of them ("Wife", "Partner's name"), and one word that is them and a name ("Wife/Maria")
PARTNER = (
    r"\b(?:wife|husband|spouse|girlfriend|boyfriend|fianc[eé]e?|partner|victim|survivor|esposa|esposo|novia|novio|pareja"
    r"|v[ií]ctima)(?:[’']?s)?(?![^\W_])"
)
OF_PARTNER = re.compile(rf"{PARTNER}(?!\W*(?:impact|awareness|empathy|abuse|violence|family))", re.IGNORECASE)
NAMED_PARTNER = re.compile(rf"{PARTNER}[/_:.,=+-]+[^\W\d_]{{2}}", re.IGNORECASE)
WORD_ALONE = re.compile(rf"\W*{PARTNER}\W*", re.IGNORECASE)
MOST_WORDS = 3
NAME = re.compile(r"[A-ZÁÉÍÓÚÑ][^\W\d_]+(?:[ -][A-ZÁÉÍÓÚÑ][^\W\d_]+){0,2}")


def of_partners(rows: Sequence[Sequence[str]], stack: Stack, today: date) -> frozenset[int]:
    """Columns beside those of people that we do not read and that are called so, and a name in the header beside."""
    if not any(field_of(cell) in WHO for cell in stack.header):
        return frozenset()  # people stand across: somebody may be called so
    free = {at: cell for at, cell in enumerate(stack.header) if not field_of(cell) and not session_header(cell, today)}
    heads = [rows[number] for number in heading_rows(rows, stack)]
    found = {at for at in free if any(OF_PARTNER.search(cell) for cell in (free[at], *_at(heads, at)))}
    beside = {at for at in free if NAME.fullmatch(free[at]) and (at - 1 in found or at + 1 in found)}
    return frozenset(found | beside)


def heading_rows(rows: Sequence[Sequence[str]], stack: Stack) -> list[int]:
    """The rows of the header, counted from 0, with one over and one under them that may say more of a column."""
    heads = [number - 1 for number in stack.heads]
    over, under = heads[0] - 1, heads[-1] + 1
    if over in stack.above:
        heads.insert(0, over)
    if under < min(stack.end, len(rows)) and _tells_of_nobody(rows[under], stack):
        heads.append(under)
    return heads


def without_names(row: Sequence[str], theirs: frozenset[int]) -> list[str]:
    """A row of a header: "Wife" may head a column, "Wife Maria" is a name, and so is "Maria" over "wife". A title goes
    over the other columns as well."""
    titles = {cell for at, cell in enumerate(row) if at not in theirs}
    return [REMOVED if cell and at in theirs and cell not in titles and not WORD_ALONE.fullmatch(cell) else cell
            for at, cell in enumerate(row)]  # fmt: skip


def _tells_of_nobody(row: Sequence[str], stack: Stack) -> bool:
    """Whether nothing stands in the columns that are read."""
    return not any(row[at] for at, cell in enumerate(stack.header) if cell and field_of(cell) and at < len(row))


def _at(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """What heads a column alone: no title of the whole table."""
    told = [(row, row[at]) for row in rows if at < len(row)]
    return [cell for row, cell in told if list(row).count(cell) == 1 and len(cell.split()) <= MOST_WORDS]
