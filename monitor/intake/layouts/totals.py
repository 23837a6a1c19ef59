"""C: counts so far and no classes. It records no attendance; it is compared, and prefills reports."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.intake.sheet import Entry, Sheet

TOTALS = ("sessions_completed", "absences_total", "absences_unexcused")


def recognises(sheet: Sheet) -> bool:
    """Columns of totals and none of classes."""
    return sheet.columns.names_people and any(field in sheet.columns.fields for field in TOTALS)


def entries(sheet: Sheet) -> Iterator[Entry]:
    """None: totals never become attendance."""
    yield from ()
