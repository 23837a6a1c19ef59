"""What stands under columns named after statuses: marks, or yes and no, or counts that say nothing of one class."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.intake.cells.headers import FURTHER, TICKED, says_status
from monitor.intake.cells.statuses import fold_word
from monitor.intake.stacks import Stack

MARKS = frozenset({"x", "✓", "✔", "☑", "√", "✅", "☐"})
ANSWERS = frozenset({"y", "yes", "n", "no", "true", "false", "si", "sí", "n/a", "na", "-", "–", ""})


def only_marks(rows: Sequence[Sequence[str]], stack: Stack) -> bool:
    """Under "Present", "Absent", "Excused" stand marks and no counts."""
    told = _under(rows, stack, frozenset(TICKED.values()))
    return bool(told) and told <= MARKS


def only_answers(rows: Sequence[Sequence[str]], stack: Stack) -> bool:
    """Under "Excused?", "Late?" stand yes and no, or marks, and no counts or reasons."""
    told = _under(rows, stack, FURTHER)
    return bool(told) and told <= MARKS | ANSWERS


def _under(rows: Sequence[Sequence[str]], stack: Stack, says: frozenset[str]) -> set[str]:
    """The words that stand under the columns named after these statuses."""
    named = [index for index, text in enumerate(stack.header) if says_status(text) in says]
    below = rows[stack.below : stack.end]
    return {fold_word(row[index]) for row in below for index in named if index < len(row) and row[index]}
