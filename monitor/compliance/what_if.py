"""What more attendance would change: flags by the rules with it and without it. Nothing is written.

Only what one agency put on record itself, and the orders, is laid before the rules. So whatever the answer says, it
says nothing of what other offices know: no decision of an officer, no report of anybody else, no test or contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
import polars as pl
from sqlalchemy import Select, bindparam
from sqlalchemy.orm import Session

from monitor.compliance.columns import Asked, read_columns
from monitor.compliance.ground import horizon
from monitor.compliance.loading import frame_of, holidays, programs_of
from monitor.compliance.orders import load_orders
from monitor.compliance.sources import sources
from rules.evaluate import evaluate, read_spans
from rules.frames import FactFrames, empty
from rules.pack_files import Packs

# what a program is the source of; everything else stays out of the picture
OWN: Final = ("sessions", "submissions", "enrollments", "reports")
# what classes alone can open or close; the bars of other offices are no matter of a program
OF_CLASSES: Final = frozenset({
    "ABSENCE_PENDING", "ABSENCE_UNEXCUSED", "ATTENDANCE_NOT_REPORTED", "ATTENDANCE_WINDOW_MISSED", "CREDIT_SHORTFALL",
    "CREDIT_DENIED", "CREDIT_RESET", "COMPLETION_AT_RISK", "COMPLETION_BEFORE_MINIMUM", "BREAK_TOO_LONG",
    "DATA_CONFLICT",
    "EXCUSED_ABSENCE_LIMIT_EXCEEDED", "EXCUSED_ABSENCE_LIMIT_REACHED", "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED",
    "ABSENCE_TERMINATION_THRESHOLD", "CONSECUTIVE_UNEXCUSED_LIMIT", "WINDOW_UNEXCUSED_LIMIT",
    "BEGIN_ATTENDANCE_OVERDUE", "PROGRAM_REPORT_DUE", "PROGRAM_REPORT_LATE",
})  # fmt: skip
INSTANT: Final = pl.Datetime("us", "UTC")


class Pending(msgspec.Struct, frozen=True):
    """One class that is not on record yet, in the words of the record; ``supersedes``: the version it would replace."""

    id: int
    case_id: int
    enrollment_id: int
    on: Any
    number: int
    outcome: str
    kind: str
    supersedes: int | None = None
    minutes: int | None = None
    minutes_late: int | None = None
    makeup_for: Any = None


class Effect(msgspec.Struct, frozen=True):
    """A flag that would open or close. ``content``: what the rule says of it."""

    case_id: int
    code: str
    opens: bool
    content: dict[str, Any]


def effects(session: Session, agency_id: int, pending: Sequence[Pending], packs: Packs, now: datetime) -> list[Effect]:
    """Flags that ``pending`` would open or close at ``now``, for the cases it is about. A reading session is enough."""
    cases = sorted({one.case_id for one in pending})
    if not cases:
        return []
    before = _holding(_facts(session, agency_id, cases, (), now), packs, now)
    after = _holding(_facts(session, agency_id, cases, pending, now), packs, now)
    opened = [_effect(row, True) for key, row in after.items() if key not in before]
    closed = [_effect(row, False) for key, row in before.items() if key not in after]
    return sorted([*opened, *closed], key=lambda one: (one.case_id, not one.opens, one.code))


def _facts(
    session: Session, agency_id: int, cases: Sequence[int], pending: Sequence[Pending], now: datetime
) -> FactFrames:
    asked = Asked(cases)
    told = {name: read_columns(session, _of_agency(name), asked, agency=agency_id) for name in OWN}
    told["sessions"] = _with_pending(told["sessions"], pending, now)
    programs = programs_of(session, told.values())
    frames = {name: empty(name) for name in sources()}
    frames |= {name: frame_of(name, sources()[name], frame, programs) for name, frame in told.items()}
    frames |= load_orders(session, asked)
    frames["holidays"] = holidays(session)
    return FactFrames.of(frames)


@lru_cache
def _of_agency(name: str) -> Select[Any]:
    """The frame's own statement, of one agency's rows; kept, so that it is prepared once."""
    statement = sources()[name].statement
    table = statement.get_final_froms()[0]
    found: Select[Any] = statement.where(table.c.agency_id == bindparam("agency"))
    return found


def _with_pending(frame: pl.DataFrame, pending: Sequence[Pending], now: datetime) -> pl.DataFrame:
    if not pending:
        return frame
    rows = [
        {
            "id": one.id, "person": one.case_id, "on": one.on, "recorded_at": now.astimezone(UTC),
            "supersedes": one.supersedes, "retracted": False, "enrollment": one.enrollment_id, "outcome": one.outcome,
            "minutes": one.minutes, "minutes_late": one.minutes_late, "kind": one.kind, "number": one.number,
            "makeup_for_on": one.makeup_for,
        }
        for one in pending
    ]  # fmt: skip
    more = pl.DataFrame(rows, schema={name: frame.schema[name] for name in rows[0]}, orient="row")
    return pl.concat([frame, more], how="diagonal")


def _holding(facts: FactFrames, packs: Packs, now: datetime) -> dict[str, dict[str, Any]]:
    """Certain spans about classes that hold at ``now``, by key."""
    at = now.astimezone(UTC)
    spans = read_spans(evaluate(facts, packs, at, horizon=horizon(now)), at)
    kept = spans.filter(pl.col("code").cast(pl.String).is_in(sorted(OF_CLASSES))
                        & (pl.col("certainty").cast(pl.String) == "CERTAIN"))  # fmt: skip
    return {row["key"]: row for row in kept.iter_rows(named=True)}


def _effect(row: dict[str, Any], opens: bool) -> Effect:
    content = {name: value for name, value in row.items() if value is not None}
    return Effect(row["person"], str(row["code"]), opens, content)
