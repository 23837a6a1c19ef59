"""All that is said of a sheet, in lines: its file, its questions, its messages in both languages, every cell of it.

A line names what is not empty, so that a field that moves or appears is seen as well as a word that changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from monitor.intake.answers import Answers
from monitor.intake.check import Judged, Message, Option, Question
from monitor.intake.examine import Examined, examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Note, Reading, Refused, Table
from monitor.intake.roster import Member, Roster
from tests.monitor.intake.sample_county import GROUPS, MEMBERS, desk

PARTS = ("what", "why", "how", "es")
COUNTS = ("new", "same", "changed", "held", "skipped")


def read(content: bytes) -> Reading:
    """In this process: the jail is tested elsewhere."""
    try:
        return Reading(*read_text(content, Limits()))
    except Refused as refused:
        return Reading(refused=refused.code, detail=refused.detail)


def examined_of(sheet: dict[str, Any]) -> Examined:
    """A sheet of whole_sheets.yaml, judged as it says: by whom, with what answers, beside which signed months."""
    members = tuple(_member(member, sheet) for member in MEMBERS)
    answers = msgspec.convert(sheet.get("answers", {}), Answers)
    certified = frozenset(msgspec.convert(sheet.get("certified", []), list[date]))
    roster = Roster(members, GROUPS, zone="America/Los_Angeles")
    asked = desk("a.csv", roster=roster, answers=answers, certified=certified)
    return examine(reading_of(sheet), asked)


def reading_of(sheet: dict[str, Any]) -> Reading:
    """Its text, or the tables that a workbook of it gives."""
    if "text" in sheet:
        return read(sheet["text"].encode())
    notes = [Note(*note) for note in sheet.get("notes", [])]
    return Reading(msgspec.convert(sheet["tables"], list[Table]), notes)


def _member(member: Member, sheet: dict[str, Any]) -> Member:
    """``members``: what is otherwise of somebody; ``moved``: from which day on in which group."""
    changes = sheet.get("members", {}).get(member.code, {})
    told: dict[str, Any] = {name: value and date.fromisoformat(value) for name, value in changes.items()}
    turns = sheet.get("moved", {}).get(member.code, [])
    told["groups"] = tuple((date.fromisoformat(day), group) for day, group in turns)
    return msgspec.structs.replace(member, **told)


def said_of(examined: Examined) -> list[str]:
    """The check page's content and what stands behind it."""
    check = examined.check
    counts = " ".join(f"{name} {getattr(check, name)}" for name in COUNTS if getattr(check, name))
    columns = ", ".join(f"{field}: {name}" for field, name in check.mapping.items())
    head = f"{check.file}: {check.layout or 'no layout'}{', refused' if check.refused else ''}"
    return [
        f"{head}{'; ' if counts else ''}{counts}", f"columns {columns}",
        *(f"file {_said(one)}" for one in check.messages), *(f"question {_said(one)}" for one in check.questions),
        *(f"error {_said(one)}" for one in check.errors), *(f"warning {_said(one)}" for one in check.warnings),
        *(f"record {' '.join(one)}" for one in check.records),
        *(f"remark {one.key}: {one.name}, {one.where}: {one.text}" for one in check.remarks),
        *(f"draft {_fields(msgspec.to_builtins(one.draft))}" for one in examined.drafts),
        *(f"cell {_cell(one)}" for one in examined.rows),
    ]  # fmt: skip


def _said(one: Message | Question) -> str:
    fields = {name: value for name, value in msgspec.structs.asdict(one).items() if name not in (*PARTS, "options")}
    text = " | ".join(getattr(one, part) for part in PARTS if getattr(one, part))
    chosen = ", ".join(_offered(one.options))
    return f"{_fields(fields)} | {text}{' | choose ' if chosen else ''}{chosen}"


def _offered(options: tuple[Option, ...]) -> Iterator[str]:
    """The long list of every meaning once, by its length."""
    if len(options) > 5 and options[0].value == "P":
        yield f"one of {len(options)} meanings"
    else:
        yield from (f"{one.value} = {one.label}{' / ' if one.es else ''}{one.es}" for one in options)


def _cell(one: Judged) -> str:
    told = msgspec.structs.asdict(one) | {"member": one.member.code if one.member else ""}
    told["choices"] = " ".join(choice.code for choice in one.choices)
    told["warnings"] = ", ".join(f"{code} {detail}".strip() for code, detail in one.warnings)
    return _fields(told)


def _fields(told: dict[str, Any]) -> str:
    return "; ".join(f"{name} {_plain(value)}" for name, value in told.items() if value not in ("", None, 0, (), {}))


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
