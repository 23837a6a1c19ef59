"""What an import says on a terminal: the counts, then what needs a person, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from monitor.intake.check import Message, Option
from monitor.intake.importing import Imported

COUNTS = ("new", "same", "changed", "held", "skipped")
SEEN = "F-SEEN"
# as the file of answers has them, where the page sends something else
ANSWERS = {("day_first", "yes"): "true", ("day_first", "no"): "false"}
WORDS = {"same": "already here"}


def sentences(result: Imported) -> Iterator[str]:
    """Lines ready to print; the last one says what was saved."""
    check = result.check
    if not check.usable:
        yield from (message.text for message in (*check.errors, *check.messages))
        yield "Nothing in this file could be used."
        return
    yield ", ".join(f"{getattr(check, name)} {WORDS.get(name, name)}" for name in COUNTS)
    told = (message for message in check.messages if message.level == "warn" or message.code == SEEN)
    yield from (f"Note: {message.text}" for message in told)
    for line in check.left_out:
        sheet = f"{line.sheet}, " if line.sheet else ""
        yield f"Left out, about nobody in particular: {sheet}row {line.row}, “{line.text}”"
    # what a line with many classes says of whoever it is about, it says once
    yield from dict.fromkeys(line for message in check.errors for line in _refusal(message))
    for question in check.questions:
        yield f"Question {question.code}: {' '.join(filter(None, (question.where, question.what)))}"
        yield _to_answer(f"{question.ask}:{question.key}", question.options)
    yield f"{result.count} saved. Receipt {result.receipt}." if result.receipt else "Nothing was saved."


def _refusal(message: Message) -> Iterator[str]:
    """Where, what, why and how; and, where an answer settles it, how to give one."""
    yield message.text if message.where else f"Row {message.row}: {message.text or message.code}"
    if message.options:
        yield _to_answer(message.ask, message.options)


def _to_answer(ask: str, options: Sequence[Option]) -> str:
    """What to write into the file of answers (docs/upload.md)."""
    kind, _, key = ask.partition(":")
    example = json.dumps({kind: {key: "…"} if key else "…"}, ensure_ascii=False)
    said = "; ".join(f"{ANSWERS.get((kind, option.value), option.value)} = {option.label}" for option in options)
    return f"  --answers {example}" + (f" with {said}" if said else "")
