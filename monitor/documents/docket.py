"""The docket as PDF: a list, as the clerk hangs it out and the judge carries it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from monitor.bench_page.words import weekday_words
from monitor.docket.page import HEADS, Docket
from monitor.documents.typesetting import MARKED, has_marks, typeset

CELLS: Final = (
    "time", "number", "respondent", "review", "custody", "decide", "progress", "last_report", "contested",
    "interpreter", "ready",
)  # fmt: skip


def docket_pdf(docket: Docket, at: datetime, printed_by: str = "") -> bytes:
    """A tagged PDF of the list. ``at``: the instant the file bears."""
    return typeset("docket.typ", content_of(docket, printed_by), at)


def compact_pdf(docket: Docket, at: datetime, printed_by: str = "") -> bytes:
    """The same day, eight cases a page, each with a line for a note: tagged, in the docket's order."""
    return typeset("compact.typ", content_of(docket, printed_by), at)


def content_of(docket: Docket, printed_by: str = "") -> dict[str, Any]:
    """The docket as the Typst source reads it: finished cells."""
    rooms = ", ".join(docket.rooms)
    content: dict[str, Any] = {
        "title": f"Compliance docket, {weekday_words(docket.day)}", "court": docket.court,
        "subtitle": f"{docket.court}{', ' + rooms if rooms else ''}: {docket.count_words}", "as_of": docket.as_of,
        "late": "; ".join(docket.late) or "none", "heads": list(HEADS),
        "lines": [list(line.cells) for line in docket.lines], "order": docket.order_words,
        "cards": [dict(zip(CELLS, line.cells, strict=True)) for line in docket.lines], "empty": docket.empty_words,
        "strip": list(docket.strip), "foot": f"Printed by {printed_by}." if printed_by else "",
    }  # fmt: skip
    if has_marks(content):
        content["foot"] = f"{MARKED} {content['foot']}"
    return content
