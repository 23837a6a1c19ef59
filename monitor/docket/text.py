"""The docket as plain text of 80 columns, for a terminal or a fax."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from monitor.docket.page import HEADS, Docket, DocketLine

WIDTH = 80
RULE = "-" * WIDTH


def docket_text(docket: Docket) -> str:
    """The whole list; every cell of the screen is in it."""
    return "\n".join(_lines(docket)) + "\n"


def _lines(docket: Docket) -> Iterator[str]:
    yield from wrap(f"COMPLIANCE DOCKET  {docket.court}  {', '.join(docket.rooms)}  {docket.day_words}", WIDTH)
    yield from wrap(f"As of {docket.as_of}. LATE REPORT: {'; '.join(docket.late) or 'none'}.", WIDTH)
    yield from wrap(docket.order_words, WIDTH)
    yield RULE
    if not docket.lines:
        yield from wrap(docket.empty_words, WIDTH)
        return
    for line in docket.lines:
        yield from _case(line)
        yield RULE
    for sentence in docket.strip:
        yield from wrap(sentence, WIDTH)


def _case(line: DocketLine) -> Iterator[str]:
    told = [f"{head}: {cell}" for head, cell in zip(HEADS, line.cells, strict=True)]
    yield from wrap(". ".join(told[:5]), WIDTH, subsequent_indent="    ")
    for text in (*told[5:7], ". ".join(told[7:])):
        yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
