"""The strip of classes: twenty-six weeks back, four ahead, one mark a class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from monitor.bench_page.classes import Seat
from monitor.bench_page.classes import class_days as group_days
from monitor.bench_page.record import CaseRecord
from monitor.person_page.page import Strip
from monitor.wording import month_day

WEEKS_BACK: Final = 26
WEEKS_AHEAD: Final = 4
KINDS: Final = {
    "y": "present", "l": "present", "M": "absent", "E": "excused", "u": "pending", "-": "cancelled", "n": "partly",
    "x": "conflict", "?": "not_reported",
}  # fmt: skip


def strips(record: CaseRecord, places: Sequence[Seat]) -> tuple[Strip, ...]:
    """A strip for each place that has something to show."""
    made = (_strip(record, seat, number) for number, seat in enumerate(places, 1))
    return tuple(strip for strip in made if strip.marks)


def _strip(record: CaseRecord, seat: Seat, number: int) -> Strip:
    first = record.today - timedelta(weeks=WEEKS_BACK)
    told = [(day, letter) for letter, day, _id in seat.classes] + [(day, "?") for day in seat.unreported]
    marks = [(KINDS[letter], month_day(day)) for day, letter in sorted(told) if day >= first]
    marks += [("future", month_day(day)) for day in class_days(record, seat)]
    return Strip(f"strip-{number}", f"{seat.program}, {WEEKS_BACK} weeks to {month_day(record.today)}", tuple(marks))


def class_days(record: CaseRecord, seat: Seat) -> list[date]:
    """The group's next class days, if the person still has the place."""
    place = next((one for one in record.places if one.id == seat.enrollment_id), None)
    if place is None or seat.enrolled is None or seat.discharged is not None:
        return []
    told = {day for _letter, day, _id in seat.classes}
    days = group_days(record, place, record.today, record.today + timedelta(weeks=WEEKS_AHEAD))
    return [day for day in days if day not in told]
