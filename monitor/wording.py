"""How the record says days and times on paper and on screen: American court style, in the court's own zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rules import sayings


def long_day(day: date) -> str:
    """Monday, November 23, 2026"""
    return f"{day:%A, %B} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Mon, Nov 23, 2026"""
    return f"{day:%a, %b} {day.day}, {day.year}"


def month_day(day: date) -> str:
    """Nov 23: for dates within the last year, where the year is plain."""
    return f"{day:%b} {day.day}"


def long_month_day(day: date) -> str:
    """November 23: in a sentence, where the year is plain."""
    return f"{day:%B} {day.day}"


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


def listed(parts: Sequence[str]) -> str:
    """One; one and two; one, two and three."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def day_in(day: date, language: str) -> str:
    """Mon, Nov 23, 2026; in Spanish 23 de noviembre de 2026."""
    return short_day(day) if language == "en" else sayings.day(day, "es")


def moment_in(instant: datetime, zone: str, language: str) -> str:
    """The instant in the court's zone, in either language."""
    return moment(instant, zone) if language == "en" else sayings.instant(instant, zone, "es")
