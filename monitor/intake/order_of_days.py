"""Day/month or month/day: what the file itself shows, and what has to wait for an answer. Never guessed.

One date that can only be day/month holds every date of the file that could be either, whether it stands in a column,
in a header, above the table or in a date of birth. A Spanish sheet, and one whose dates only meet the group's weekday
the other way round, is asked about as well unless some date can only be month/day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from monitor.intake.cells.dates import DAY_FIRST, read_date
from monitor.intake.cells.headers import fold_header
from monitor.intake.roster import Roster
from monitor.intake.sheet import Entry, Sheet

SPANISH = frozenset({
    "nombre", "nombre completo", "participante", "fecha", "fecha de sesion", "fecha de sesión", "asistencia",
    "nombre del participante", "nombre del cliente", "cliente", "estatus", "observaciones", "nombres", "firma",
    "apellido", "apellidos", "caso", "numero de caso", "grupo", "estado", "fecha de nacimiento", "motivo", "notas",
})  # fmt: skip
MONTH_FIRST_ONLY = re.compile(r"\D*(\d{1,2})[-/.](\d{1,2})(?:[-/.]\d|\s|\Z)")
# a column that says how its days are written; what it says is asked about, not followed
DAYS_FIRST = re.compile(r"\bd{1,2}\s*[-/.]\s*m{1,3}\b", re.IGNORECASE)
ENOUGH = 2
RECENT = timedelta(days=60)

Part = tuple[Sheet, str, list[Entry]]


def hold_unsure(parts: Sequence[Part], roster: Roster) -> list[list[Entry]]:
    """The entries of each part, those that wait for the order of day and month marked so."""
    if any(sheet.answers.day_first is not None for sheet, _, _ in parts):
        return [entries for _, _, entries in parts]
    telling = any(_tells(sheet, entries) for sheet, _, entries in parts)
    doubtful = not telling and _doubtful(parts, roster)
    return [
        [_held(entry) for entry in entries] if telling or doubtful else entries
        for _, _, entries in parts
    ]  # fmt: skip


def _tells(sheet: Sheet, entries: Iterable[Entry]) -> bool:
    if any(entry.date.code == DAY_FIRST or _weekday_turned(entry, sheet.today) for entry in entries):
        return True
    if any(DAYS_FIRST.search(cell) for cell in sheet.header):
        return True
    return any(sheet.date(text).code == DAY_FIRST for text in _born(sheet))


def _born(sheet: Sheet) -> list[str]:
    return [sheet.value(line, "dob") for line in sheet.lines] if "dob" in sheet.columns.fields else []


def _weekday_turned(entry: Entry, today: date) -> bool:
    """Whether the weekday that is written beside a date is only true of it day first."""
    on, weekday = entry.date.on, entry.date.weekday
    if not entry.date.ambiguous or on is None or weekday in (None, on.weekday()):
        return False
    turned = read_date(entry.date_text, today, day_first=True).on
    return turned is not None and turned.weekday() == weekday


def _held(entry: Entry) -> Entry:
    waits = not entry.hold and (entry.date.code == DAY_FIRST or entry.date.ambiguous)
    return msgspec.structs.replace(entry, hold=DAY_FIRST) if waits else entry


def _doubtful(parts: Sequence[Part], roster: Roster) -> bool:
    """Whether dates that could be either are likelier the other way round, and no date says that they are not."""
    entries = [entry for _, _, entries in parts for entry in entries if entry.date.on is not None]
    unsure = {entry.date_text: entry.date.on for entry in entries if entry.date.ambiguous}
    shown = [entry.date_text for entry in entries] + [text for sheet, _, _ in parts for text in _born(sheet)]
    agreeing = any(entry.date.ambiguous and entry.date.weekday == entry.date.on.weekday()
                   for entry in entries if entry.date.on)  # fmt: skip
    if not unsure or agreeing or any(_month_first(text) for text in shown):
        return False
    if any(is_spanish(sheet) for sheet, _, _ in parts):
        return True
    days = {meeting.weekday for meeting in roster.groups.values()}
    today = parts[0][0].today
    turned = [read_date(text, today, day_first=True).on for text in unsure]
    as_written = [on for on in unsure.values() if on is not None]
    off = not any(on.weekday() in days for on in as_written)
    if len(unsure) >= ENOUGH and off and all(_meets(on, days, today) for on in turned):
        return True
    # as written long ago or still to come, turned the classes of the last weeks
    return (len(unsure) >= ENOUGH or off) and not any(_lately(on, days, today) for on in as_written) and all(
        _lately(on, days, today) for on in turned
    )


# letters that begin other words in Spanish: justificada, inasistencia, licencia, no asistió
LETTERS = dict.fromkeys(("j", "i", "l", "m", "c", "na", "nc"), "?")


def is_spanish(sheet: Sheet) -> bool:
    """Whether a column has a Spanish name."""
    return any(half.strip() in SPANISH for cell in sheet.header for half in fold_header(cell).split("/"))


def _meets(on: date | None, days: set[int], today: date) -> bool:
    return on is not None and on.weekday() in days and on <= today


def _lately(on: date | None, days: set[int], today: date) -> bool:
    return on is not None and _meets(on, days, today) and today - on <= RECENT


def _month_first(text: str) -> bool:
    match = MONTH_FIRST_ONLY.match(text)
    return bool(match) and int(match[1]) <= 12 < int(match[2])  # type: ignore[index]
