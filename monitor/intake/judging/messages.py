"""Stable codes into sentences: what was found, why it matters, how to go on. The words: vocabulary/messages.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import msgspec

from monitor.intake.vocabulary import load

COUNTED = re.compile(r"\b(\d[\d,]*) (\w+)\(s\)")


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the catalogue, with slots in braces."""

    level: str
    what: str
    why: str = ""
    how: str = ""


class Told(msgspec.Struct, frozen=True):
    """A message in words."""

    level: str
    what: str
    why: str = ""
    how: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(part for part in (self.what, self.why, self.how) if part)


class _Slots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


@cache
def catalogue() -> Mapping[str, Wording]:
    """Code, or code.variant, to wording."""
    return msgspec.convert(load("messages.yaml"), dict[str, Wording])


def tell(code: str, detail: str = "", **slots: str) -> Told:
    """The message for ``code``. A ``detail`` like "columns|500|400" chooses the variant and fills {one} and {two}."""
    variant, *numbers = detail.split("|")
    wording = catalogue().get(f"{code}.{variant}") or catalogue()[code]
    if f"{code}.{variant}" not in catalogue():
        numbers = detail.split("|")
    one, two = [*numbers, "", ""][:2]
    filled = _Slots(slots, detail=detail, one=one, two=two)
    parts = (part.format_map(filled).strip() for part in (wording.what, wording.why, wording.how))
    what, why, how = (COUNTED.sub(_counted, part) for part in parts)
    return Told(wording.level, what, why, how)


def _counted(match: re.Match[str]) -> str:
    """"1 line", "3 lines", for "1 line(s)" in the catalogue."""
    return f"{match[1]} {match[2]}{'' if match[1] == '1' else 's'}"


class Translation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the Spanish catalogue."""

    what: str
    why: str = ""
    how: str = ""


@cache
def spanish() -> Mapping[str, Translation]:
    """Code, or code.variant, to its Spanish wording."""
    return msgspec.convert(load("messages_es.yaml"), dict[str, Translation])


def tell_in_spanish(code: str, detail: str = "", **slots: str) -> str:
    """The same message in Spanish, in one line; values that are words of ours are turned too."""
    variant, *numbers = detail.split("|")
    found = spanish().get(f"{code}.{variant}")
    wording, numbers = (found, numbers) if found else (spanish()[code], detail.split("|"))
    one, two = [*numbers, "", ""][:2]
    detail = SIGNS_ES.get(detail, detail) if code == SEPARATED else detail
    turned = {name: _turned(value) for name, value in slots.items()}
    filled = _Slots(turned, detail=detail, one=one, two=two)
    return " ".join(part.format_map(filled).strip() for part in (wording.what, wording.why, wording.how) if part)


def _turned(value: str) -> str:
    if match := ENGLISH_DAY.fullmatch(value):
        return f"{int(match[2])} de {MONTHS_ES[MONTHS_EN.index(match[1])]} de {match[3]}"
    return WORDS_ES.get(value, value)


SEPARATED, SIGNS_ES = "I-DELIMITER", {"tab": "tabulador", "semicolon": "punto y coma", "bar": "barra vertical"}
ENGLISH_DAY = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4})")
MONTHS_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
MONTHS_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
WORDS_ES = {
    "Monday": "lunes", "Tuesday": "martes", "Wednesday": "miércoles", "Thursday": "jueves", "Friday": "viernes",
    "Saturday": "sábado", "Sunday": "domingo", "Present": "presente", "Present, late": "presente, tarde",
    "Late or left early, no credit": "tarde o salió antes, sin crédito",
    "Attended, did not comply": "asistió, no cumplió", "Sent home, program's reason": "enviado a casa por el programa",
    "Excused absence": "falta justificada", "No show": "falta", "Absent, reason not given": "ausente, sin motivo",
    "Make-up attended": "recuperación", "Group cancelled by program": "clase cancelada", "Not scheduled": "sin cita",
    "In custody": "detenido", "Intake or orientation": "entrevista de ingreso",
}  # fmt: skip


def in_words(day: date | None) -> str:
    """"Nov 2, 2026"."""
    return f"{day:%b} {day.day}, {day.year}" if day else ""


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
