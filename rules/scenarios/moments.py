"""What a scenario's days and instants mean in the zone of its court."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from rules.calendar import end_of_day, local_day, start_of_day
from rules.scenarios.shape_facts import Record, SessionSeries

LAST_MOMENT = timedelta(microseconds=1)


def instant(text: str) -> datetime:
    """An instant as written (with its offset)."""
    return datetime.fromisoformat(text)


def is_day(text: str) -> bool:
    """Whether a `when` is a day (else an instant)."""
    return len(text) == len("2026-01-01")


def reading_moment(text: str, zone: str) -> datetime:
    """The moment of a reading, in UTC as in the frames: a day means its end, an instant itself."""
    return end_of_day(date.fromisoformat(text), zone) - LAST_MOMENT if is_day(text) else instant(text).astimezone(UTC)


def day_of(text: str, zone: str) -> date:
    """The local day of a `when`."""
    return date.fromisoformat(text) if is_day(text) else local_day(instant(text), zone)


def happened_at(record: Record, zone: str) -> datetime:
    """When a record's event counts from: its instant, or the start of its day."""
    if isinstance(record, SessionSeries):
        return start_of_day(record.first, zone)
    return _moment(record.date, record.at, zone)


def recorded_at(record: Record, zone: str) -> datetime:
    """When a record was known: its record time, else the time of its event."""
    if record.recorded_on is None and record.recorded_at is None:
        return happened_at(record, zone)
    return _moment(record.recorded_on, record.recorded_at, zone)


def _moment(day: date | None, at: str | None, zone: str) -> datetime:
    if at is not None:
        return instant(at)
    if day is None:
        raise ValueError("a record without a time")
    return start_of_day(day, zone)
