"""The bench page as PDF: one side of letter paper a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from monitor.bench_page.page import BenchPage, ConditionLine
from monitor.bench_page.words import REVIEW
from monitor.documents.typesetting import MARKED, has_marks, typeset


def bench_pdf(pages: Sequence[BenchPage], at: datetime) -> bytes:
    """A tagged PDF, one side a page, in the order given; all are of one form. ``at``: the instant the file bears."""
    source, told = FORMS[pages[0].form if pages else max(FORMS)]
    court = pages[0].heading.court if pages else ""
    titles = {page.heading.title for page in pages}
    title = titles.pop() if len(titles) == 1 else REVIEW
    return typeset(source, {"title": title, "court": court, "pages": [told(page) for page in pages]}, at)


def content_of(page: BenchPage) -> dict[str, Any]:
    """The page as the Typst source reads it: finished lines."""
    heading = page.heading
    content: dict[str, Any] = {
        "title": heading.title, "court": heading.court, "room": heading.room, "day": page.day_words,
        "time": page.time_words, "respondent": heading.respondent,
        "number": heading.number, "review": page.review_words, "custody": heading.custody,
        "freshness": page.freshness, "orders": [said.line for said in page.orders],
        "safety": [said.line for said in page.safety],
        "conditions": [_condition(line) for line in page.conditions],
        "key": page.key,
        "last_review": f"Last review: {page.last_review}", "since": [said.line for said in page.since],
        "alleged": list(page.alleged_lines),
        "before": [said.line for said in page.before], "in_the_way": [said.line for said in page.in_the_way],
        "asks": [said.line for said in page.asks], "options": list(page.options),
        "matrix": f" ({page.matrix})" if page.matrix else "", "foot": list(page.foot),
    }  # fmt: skip
    if has_marks(content):
        content["foot"] = [MARKED, *page.foot]
    return content


def _condition(line: ConditionLine) -> dict[str, Any]:
    return {
        "title": line.title, "due": line.due, "word": line.word, "facts": [said.line for said in line.facts],
        "strip": line.strip_words,
    }  # fmt: skip


# Typst source and content of each form. One in which packets were kept is never changed: a new look is a new line here,
# with a source of its own, and `monitor.bench_page.building.FORM` names it. A test holds the bytes of each.
FORMS: Final[dict[int, tuple[str, Callable[[BenchPage], dict[str, Any]]]]] = {1: ("bench.typ", content_of)}
