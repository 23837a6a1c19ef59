"""How much room a page takes: one that would not be one side, or not be read, tells less of what stands elsewhere.

An estimate. The paper is set by `monitor.documents.bench`: it takes the largest print that fits one side, and goes on
overleaf where none does.
"""

from __future__ import annotations

from typing import Final

from monitor.bench_page.page import BenchPage, ConditionLine

WIDE, FACTS, TITLE, DUE = 112, 64, 30, 19  # letters a line: across a block, and in the columns of the conditions
MOST_LINES: Final = 50  # beside the heading, the options and the foot: about 8 points on paper


def lines_of(page: BenchPage) -> int:
    """Lines of blocks 1 to 8 and of what is missing."""
    blocks = (page.orders, page.safety, page.since, page.before, page.in_the_way, page.asks)
    said = [one.line for block in blocks for one in block] + [*page.alleged_lines, page.last_review, page.freshness]
    return sum(_rows(line, WIDE) for line in said) + sum(_condition(line) for line in page.conditions)


def _condition(line: ConditionLine) -> int:
    facts = _rows("; ".join(one.line for one in line.facts), FACTS)
    facts += _rows(line.strip_words, FACTS) if line.strip else 0
    return max(facts, _rows(line.title, TITLE), _rows(line.due, DUE))


def _rows(text: str, width: int) -> int:
    return max(1, -(-len(text) // width))
