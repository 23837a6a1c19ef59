"""What an import says on a terminal: the counts, then what needs a person, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.intake.importing import Imported

COUNTS = ("new", "same", "changed", "held", "skipped")
WORDS = {"same": "already here"}


def sentences(result: Imported) -> Iterator[str]:
    """Lines ready to print; the last one says what was saved."""
    check = result.check
    if not check.usable:
        yield from (message.text for message in (*check.errors, *check.messages))
        yield "Nothing in this file could be used."
        return
    yield ", ".join(f"{getattr(check, name)} {WORDS.get(name, name)}" for name in COUNTS)
    yield from (f"Row {message.row}: {message.text or message.code}" for message in check.errors)
    for question in check.questions:
        yield f"Question {question.code}: {' '.join(filter(None, (question.what, ', '.join(question.values))))}"
    yield f"{result.count} saved. Receipt {result.receipt}." if result.receipt else "Nothing was saved."
