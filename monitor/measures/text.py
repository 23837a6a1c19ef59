"""A quarter's measures as CSV. No cell begins so that a spreadsheet takes it for a formula."""

from __future__ import annotations

import csv
import io

from monitor.intake.problems import safe_cell
from monitor.measures.release import Release, lines
from monitor.wording import short_day

HEADS = ("quarter", "measure", "title", "what", "value")
HIDDEN = "hidden"


def as_csv(found: Release) -> str:
    """One row a number; what may not be told says so."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")  # else a line's end in a cell stands unquoted
    sheet.writerow(HEADS)
    sheet.writerow((found.quarter.name, "", "as of", short_day(found.quarter.as_of.date()), ""))
    for measure, title, what, value in lines(found):
        told = HIDDEN if value in (None, "") else value
        sheet.writerow([safe_cell(str(cell)) for cell in (found.quarter.name, measure, title, what, told)])
    return out.getvalue()
