"""The ways in which programs lay out a sheet. A new one is a file here and a line in `LAYOUTS`."""

from __future__ import annotations

from monitor.intake.layouts import long, sign_in, totals, transposed, wide
from monitor.intake.layouts.layout import Layout
from monitor.intake.sheet import Sheet

# the first that recognises a sheet reads it
LAYOUTS: tuple[Layout, ...] = (
    Layout("T", "sessions down, people across", transposed.recognises, transposed.entries),
    Layout("L", "one row per person per session", long.recognises, long.entries),
    Layout("W", "one row per person, one column per session", wide.recognises, wide.entries),
    Layout("S", "sign-in sheet, one session per sheet", sign_in.recognises, sign_in.entries),
    Layout("C", "cumulative totals", totals.recognises, totals.entries),
    Layout("L", "one row per person per session", long.recognises_signed, long.entries),
)
# a person says that a file is this; the columns of totals do not
REPORTS = Layout("R", "monthly progress reports", totals.recognises, totals.entries)


def layout_of(sheet: Sheet) -> Layout | None:
    """The layout that recognises the sheet."""
    return next((layout for layout in LAYOUTS if layout.recognises(sheet)), None)


def why_none(sheet: Sheet) -> str:
    """The file code that says what is missing."""
    if not sheet.columns.names_people:
        return "H-NO-WHO"
    return "H-NO-STATUS" if "session_date" in sheet.columns.fields else "H-NO-SESSIONS"
