"""What stands under columns named after statuses: marks, or yes and no, or counts that say nothing of one class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.intake.cells.headers import FURTHER, TICKED, says_status
from monitor.intake.cells.statuses import fold_word
from monitor.intake.stacks import Stack

COUNT = re.compile(r"\d{1,3}")
MARKS = frozenset({"x", "✓", "✔", "☑", "√", "✅", "☐"})
NOTHING = frozenset({"n/a", "na", "-", "–", ""})


def are_ticked(rows: Sequence[Sequence[str]], stack: Stack) -> bool:
    """Under "Present", "Absent", "Excused" stand marks, or yes and no, and no counts."""
    told = _under(rows, stack, frozenset(TICKED.values()))
    counted = any(COUNT.fullmatch(word) for word in told - {"0", "1"})
    return bool(told) and (told <= MARKS or (are_answered(rows, stack) and not counted))


def are_answered(rows: Sequence[Sequence[str]], stack: Stack) -> bool:
    """Under "Excused?", "Late?" stands what is said of one class, and no counts; an odd word is asked in its row."""
    told = _under(rows, stack, FURTHER)
    said = told - NOTHING
    return bool(told) and not (said and all(COUNT.fullmatch(word) for word in said))


def _under(rows: Sequence[Sequence[str]], stack: Stack, says: frozenset[str]) -> set[str]:
    """The words that stand under the columns named after these statuses."""
    named = [index for index, text in enumerate(stack.header) if says_status(text) in says]
    below = rows[stack.below : stack.end]
    return {fold_word(row[index]) for row in below for index in named if index < len(row) and row[index]}
