"""A day or an instant, as somebody types it after an option."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click


def day_of(text: str | None) -> date | None:
    """The day; None for nothing. Raises `click.UsageError`, saying how to write one."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.UsageError(f"{text} is no date; write it as 2026-11-25.") from error


def instant_of(text: str | None) -> datetime | None:
    """The instant in UTC; None for nothing. Raises `click.UsageError`, also where the offset is missing."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.UsageError(f"{text} is no instant; write it as 2026-11-25T18:00:00Z.") from error
    if found and found.tzinfo is None:
        raise click.UsageError(f"{text} has no offset; write it as 2026-11-25T18:00:00Z, or with -08:00 in place of Z.")
    return found.astimezone(UTC) if found else None
