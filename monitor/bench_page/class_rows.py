"""The classes of many cases, read as one array a case: a docket has thousands, and none becomes a mapped row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, cast, extract, func, select
from sqlalchemy.orm import Session

from monitor.models import Attendance
from monitor.models.base import UtcInstant

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS: Final = (
    Attendance.id, Attendance.enrollment_id, Attendance.occurred_on, Attendance.number, Attendance.outcome,
    Attendance.session_kind, Attendance.supersedes_id, Attendance.retracted,
)  # fmt: skip


# of plain values, so no cycle can come of them: the collector need not look at thousands
class ClassRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a program saw of one person at one class. ``entered``: `recorded_at` as the database wrote it, in order."""

    id: int
    enrollment_id: int
    occurred_on: date
    number: int
    outcome: str
    session_kind: str
    supersedes_id: int | None
    retracted: bool | int
    entered: int | str

    @property
    def recorded_at(self) -> datetime:
        """SQLite writes an instant as naive UTC text; of PostgreSQL we ask for microseconds."""
        if isinstance(self.entered, int):
            return EPOCH + timedelta(microseconds=self.entered)
        return datetime.fromisoformat(self.entered).replace(tzinfo=UTC)


ROWS: Final = msgspec.json.Decoder(list[ClassRow])


WHEN: Final = attrgetter("occurred_on", "number", "entered")


def class_arrays(session: Session, asked: dict[str, Any]) -> Iterable[Any]:
    """Case by case every version of every class known by then, for `class_rows`. Cases without any are not there.

    ``asked``: ``cases`` and ``known_at``, as for `monitor.bench_page.statements`.
    """
    return session.execute(_arrays(session.get_bind().dialect.name == "sqlite"), asked)


def class_rows(array: str) -> list[ClassRow]:
    """The versions of classes of one case, class by class, of one class in the order of entry."""
    return sorted(ROWS.decode(array), key=WHEN)


def sheets_sent(rows: Iterable[ClassRow]) -> dict[int, datetime]:
    """By place, when its program last sent anything of a sheet."""
    newest: dict[int, ClassRow] = {}
    for row in rows:
        kept = newest.get(row.enrollment_id)
        if kept is None or row.entered > kept.entered:  # type: ignore[operator]  # one database writes one kind
            newest[row.enrollment_id] = row
    return {place: row.recorded_at for place, row in newest.items()}


@cache
def _arrays(sqlite: bool) -> Any:
    if sqlite:
        told: Any = func.json_group_array(func.json_array(*COLUMNS, Attendance.recorded_at))
    else:
        entered = cast(extract("epoch", Attendance.recorded_at) * 1_000_000, BigInteger)
        told = cast(func.json_agg(func.json_build_array(*COLUMNS, entered)), Text)
    known = (
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.recorded_at <= bindparam("known_at", type_=UtcInstant()),
    )
    return select(Attendance.case_id, told.label("classes")).where(*known).group_by(Attendance.case_id)
