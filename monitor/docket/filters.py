"""The filter line of a docket on screen. A print is always the whole list: nobody is handed a part of it unawares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from monitor.bench_page.page import StatusWord
from monitor.docket.page import DocketLine

ON_TRACK: Final = {StatusWord.MET, StatusWord.NOT_YET_DUE}
FILTERS: Final[dict[str, tuple[str, Callable[[DocketLine], bool]]]] = {
    "": ("All", lambda line: True),
    "not-met": ("Not met", lambda line: StatusWord.NOT_MET in _words(line)),
    "no-report": ("No report", lambda line: StatusWord.NO_REPORT in _words(line)),
    "all-met": ("All met", lambda line: StatusWord.MET in _words(line) and _words(line) <= ON_TRACK),
    "contested": ("Contested", lambda line: line.contested),
    "interpreter": ("Interpreter", lambda line: bool(line.interpreter)),
    "in-custody": ("In custody", lambda line: line.custody.startswith("In custody")),
    "open": ("Without a result", lambda line: not line.outcome),
}


class Filter(msgspec.Struct, frozen=True):
    """One word of the line, and how many cases it leaves."""

    code: str
    words: str
    count: int


def filters(lines: tuple[DocketLine, ...]) -> tuple[Filter, ...]:
    """All of them; one that leaves nothing says 0."""
    return tuple(Filter(code, words, sum(fits(line) for line in lines)) for code, (words, fits) in FILTERS.items())


def filtered(lines: tuple[DocketLine, ...], code: str) -> tuple[DocketLine, ...]:
    """The lines that fit; a code that is not there leaves all."""
    return tuple(line for line in lines if FILTERS.get(code, FILTERS[""])[1](line))


def _words(line: DocketLine) -> set[str]:
    return {word for word, _ in line.statuses}
