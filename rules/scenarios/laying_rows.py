"""The columns that each kind of record has of its own, as its frame names them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

from rules.scenarios import shape_facts as facts
from rules.scenarios.moments import instant

Row = dict[str, Any]
Number = Callable[[str, str], int]
FRAME_OF: dict[type[facts.Record], str] = {
    facts.Session: "sessions",
    facts.Adjudication: "adjudications",
    facts.Submission: "submissions",
    facts.Schedule: "schedules",
    facts.Contact: "contacts",
    facts.CheckIn: "check_ins",
    facts.Test: "tests",
    facts.Report: "reports",
    facts.Enrollment: "enrollments",
    facts.Letter: "letters",
    facts.Leave: "leaves",
    facts.Pause: "pauses",
    facts.Order: "order_events",
    facts.Incident: "incidents",
    facts.Firearm: "firearms",
    facts.Fee: "fees",
    facts.Certificate: "certificates",
    facts.Transfer: "transfers",
    facts.Decision: "decisions",
}
# Fields whose value is the id of something, and what sort of thing.
NAMES = {"of": "record", "makeup_for": "record", "about": "record", "from_program": "program", "to_program": "program"}
COMMON = {"id", "date", "at", "recorded_on", "recorded_at", "supersedes", "order", "program", "note"}
UNREAD = {"counterpart", "replaced_by"}
WITH_PROGRAM = (
    facts.Session,
    facts.Submission,
    facts.Schedule,
    facts.Report,
    facts.Enrollment,
    facts.Certificate,
)


def own_columns(record: facts.Record, number: Number) -> Iterator[Row]:
    """The rows of a record: one, except that a schedule and a leave have one for each day."""
    row = {name: getattr(record, name) for name in record.__struct_fields__ if name not in COMMON | UNREAD}
    if isinstance(record, WITH_PROGRAM):
        unnamed = None if isinstance(record, facts.Report) else "main"  # a report without one may be any program's
        row["program"] = number("program", name) if (name := record.program or unnamed) else None
    if isinstance(record, facts.Schedule):
        del row["dates"]
        yield from ({**row, "expected_on": day} for day in record.dates)
    elif isinstance(record, facts.Leave):
        yield from ({"covers_on": day, "approved_by": record.approved_by} for day in record.covers)
    elif isinstance(record, facts.Decision):
        yield _decision(record, row, number)
    else:
        yield _changed(record, row, number)


def _changed(record: facts.Record, row: Row, number: Number) -> Row:
    for name, sort in NAMES.items():
        if row.get(name) is not None:
            row[name] = number(sort, row[name])
    if isinstance(record, facts.Order) and record.until:
        row["until"] = instant(record.until).astimezone(UTC)
    return row


def _decision(record: facts.Decision, row: Row, number: Number) -> Row:
    row["term"] = row.pop("param")
    value = row.pop("value")
    row["word" if isinstance(value, str) else "number"] = value
    return _changed(record, row, number)
