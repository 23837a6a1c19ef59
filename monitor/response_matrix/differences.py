"""What two versions say differently, in words."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.response_matrix.content import CLASSES, CLOCKS, LEVELS, STEPS, Cell, Content, keys


def differences(before: Content, after: Content) -> tuple[str, ...]:
    """Line by line, in the order of the matrix; nothing where both say the same."""
    return tuple([*_classes(before, after), *_good_side(before, after)])


def _classes(before: Content, after: Content) -> Iterator[str]:
    for name in CLASSES:
        was, now = before.classes[name], after.classes[name]
        for word in ("meaning", "examples"):
            old, new = getattr(was, word), getattr(now, word)
            if old != new:
                yield f"Class {name}, {word}: “{new}”, before “{old}”"
        for clock, words in CLOCKS.items():
            if was.clocks[clock] != now.clocks[clock]:
                yield f"Class {name}, {words.lower()}: {now.clocks[clock]}, before {was.clocks[clock]}"
        for level, step, key in keys(name):
            yield from _cell(f"Class {name}, {LEVELS[level]}, {STEPS[step]}", before.cells[key], after.cells[key])


def _cell(where: str, was: Cell, now: Cell) -> Iterator[str]:
    if was.becomes != now.becomes:
        yield f"{where}: {_becomes(now)}, before {_becomes(was)}"
    for words, old, new in (("this office", was.here, now.here), ("with the court", was.court, now.court)):
        yield from (f"{where}, {words}: added “{line}”" for line in new if line not in old)
        yield from (f"{where}, {words}: left out “{line}”" for line in old if line not in new)
        if set(old) == set(new) and old != new:
            yield f"{where}, {words}: in another order"


def _becomes(cell: Cell) -> str:
    return f"answered as class {cell.becomes}" if cell.becomes else "a menu of its own"


def _good_side(before: Content, after: Content) -> Iterator[str]:
    for level in sorted({*before.columns, *after.columns}):
        was, now = (LEVELS.get(one.columns.get(level, ""), "no column") for one in (before, after))
        if was != now:
            yield f"Level {level}: {now}, before {was}"
    pairs = ("Steps met", before.steps_met, after.steps_met), ("Incentives", before.incentives, after.incentives)
    for words, old, new in pairs:
        yield from (f"{words}: added “{line}”" for line in new if line not in old)
        yield from (f"{words}: left out “{line}”" for line in old if line not in new)
