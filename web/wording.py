"""How pages say days and times: American court style, in the agency's own zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def long_day(day: date) -> str:
    """Monday, November 23, 2026"""
    return f"{day:%A, %B} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Mon, Nov 23, 2026"""
    return f"{day:%a, %b} {day.day}, {day.year}"


def time_of_day(instant: datetime, zone: str) -> str:
    """2:14 PM"""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def moment(instant: datetime, zone: str) -> str:
    """Mon, Nov 23, 2026, 2:14 PM"""
    return f"{short_day(instant.astimezone(ZoneInfo(zone)).date())}, {time_of_day(instant, zone)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 class, 2 classes: ``count(2, "class", "classes")``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


FILTERS = {"long_day": long_day, "short_day": short_day, "time_of_day": time_of_day, "moment": moment, "count": count}
