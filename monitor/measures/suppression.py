"""What may be published: no count from 1 to 10, and nothing from which one can be worked out.

Stricter than asked in one point: 0 is hidden like 1 to 10, so that the step from nothing to something shows nowhere
(safeguard B7). Which further cell is hidden goes by place and never by size, so that whoever knows this file learns no
more: the property tests try every table that would have been published the same way.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

FEWEST = 11
FEWEST_STAFF = 3  # a number of an agency with fewer people would be a number of one of them
HIDDEN_WORDS = "10 or fewer, or hidden so that no such number can be worked out"


class Shown(msgspec.Struct, frozen=True):
    """Cells and their total; None: hidden."""

    cells: tuple[int | None, ...]
    total: int | None


def publish(counts: Sequence[int]) -> Shown:
    """Cells that add up to a total."""
    total = sum(counts)
    if total < FEWEST:
        return Shown((None,) * len(counts), None)
    hidden = {place for place, count in enumerate(counts) if count < FEWEST}
    while hidden and len(hidden) < len(counts) and _solvable([counts[place] for place in sorted(hidden)]):
        hidden.add(_next(hidden, len(counts)))
    return Shown(tuple(None if place in hidden else count for place, count in enumerate(counts)), total)


def _solvable(counts: Sequence[int]) -> bool:
    """Whether the sum of what is hidden gives a cell away, or is itself such a count."""
    all_the_most = min(counts) == max(counts) == FEWEST - 1
    return len(counts) < 2 or sum(counts) < FEWEST or all_the_most


def _next(hidden: set[int], many: int) -> int:
    """The next cell that is shown, to the left of the first hidden one and around."""
    first = min(hidden)
    return next(place for step in range(1, many) if (place := (first - step) % many) not in hidden)


class Row(msgspec.Struct, frozen=True):
    """One agency: how many in time and not, and how many people it has in the roles concerned."""

    name: str
    in_time: int
    missed: int
    staff: int


def by_agency(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The agencies that may be shown, by name, and all others as one; nothing where that would tell too much.

    Every row shown has 11 or more on both sides and three people or more; so has what is left, or nothing is left.
    """
    ordered = sorted(rows, key=lambda row: row.name)
    shown = [row for row in ordered if _enough(row)]
    rest = [row for row in ordered if not _enough(row)]
    while rest and not (len(rest) > 1 and _enough(_together(rest))):
        if not shown:
            return ()
        rest.append(shown.pop())
    return (*shown, _together(rest)) if rest and shown else tuple(shown)


def _enough(row: Row) -> bool:
    return row.in_time >= FEWEST and row.missed >= FEWEST and row.staff >= FEWEST_STAFF


def _together(rows: Sequence[Row]) -> Row:
    return Row("Other agencies", *(sum(getattr(row, name) for row in rows) for name in ("in_time", "missed", "staff")))


def exactly(count: int | None) -> str | None:
    """30; None stays hidden."""
    return None if count is None else f"{count:,}"


def about(count: int | None) -> str | None:
    """To the nearest ten. What stands open, and who is in a cohort, comes again in the next report: exact counts of
    both would give back how many left between them, and a single case that the court sealed."""
    return None if count is None else f"about {round(count, -1):,}"


def about_share(count: int | None, total: int | None) -> str | None:
    """In steps of five points."""
    return None if count is None or not total else f"about {rough(count / total):.0%}"


def percent(count: int | None, total: int | None) -> int | None:
    """A whole percentage of what is shown on both sides."""
    if count is None or not total or FEWEST > total - count:
        return None
    return round(100 * count / total)


def rough(share: float, step: float = 0.05) -> float:
    """Rounded so far that counts behind it cannot be worked back."""
    return round(round(share / step) * step, 2)
