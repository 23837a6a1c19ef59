"""Every version of every fact of one case, whoever recorded it and when, in two statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import String, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from monitor.clock import local_day
from monitor.flag_review.rows import NO_WORD, OF_A_DAY, OF_AN_INSTANT
from monitor.models import Adjudication, Agency, Attendance, Contact, CourtDecision, Incident, Report
from monitor.models.base import BigId

NO_ID = cast(null(), BigId)
# who says so, where the row itself tells; else the agency that recorded it
SAYS: Final = {Adjudication: Adjudication.decided_by, Report: Report.sent_by, CourtDecision: CourtDecision.decided_by}
# which row it is about, and what tells rows of one kind apart
ABOUT: Final = {Adjudication: Adjudication.attendance_id, Attendance: Attendance.enrollment_id}
# the court reads these in a filed report alone, as it was filed (access matrix row 10): no look for the bench asks
IN_A_REPORT_ALONE: Final = (Incident,)


class Version(msgspec.Struct, frozen=True):
    """One version of a fact. ``on``: the day it is about; of a decision on an absence, the day of the class."""

    id: int
    name: str
    on: date
    word: str
    more: str
    says: str
    kind: str
    agency_kind: str
    about: int | None
    recorded_at: Any
    supersedes: int | None
    retracted: bool
    reason: str


def versions(session: Session, case_id: int, zone: str, *, bench: bool) -> list[Version]:
    """All of them, in order of record; for the ``bench``, of the kinds alone that it may be told of."""
    of_a_day, of_an_instant = _statements(bench)
    rows = [(row, row.happened) for row in session.execute(of_a_day, {"case_id": case_id})]
    rows += [(row, local_day(row.happened, zone)) for row in session.execute(of_an_instant, {"case_id": case_id})]
    kinds = {agency: kind for agency, kind in session.execute(select(Agency.id, Agency.kind))}
    found = [_version(row, day, kinds) for row, day in rows]
    return sorted(_on_the_day_of_the_class(found), key=lambda one: (one.recorded_at, one.id))


@cache
def _statements(bench: bool) -> tuple[Any, Any]:
    of_an_instant = [one for one in OF_AN_INSTANT if not (bench and one[0] in IN_A_REPORT_ALONE)]
    return union_all(*map(_part, OF_A_DAY)), union_all(*map(_part, of_an_instant))


def _part(shape: tuple[Any, str, Any, Any, Any]) -> Any:
    entity, name, when, word, more = shape
    kind = Contact.kind if entity is Contact else cast(null(), String)
    return select(
        entity.id, literal(name).label("name"), when.label("happened"), word.label("word"),
        (NO_WORD if entity is Attendance else more).label("more"), SAYS.get(entity, cast(null(), String)).label("says"),
        kind.label("kind"), entity.agency_id, ABOUT.get(entity, NO_ID).label("about"), entity.recorded_at,
        entity.supersedes_id, entity.retracted, entity.reason,
    ).where(entity.case_id == bindparam("case_id"))  # fmt: skip


def _version(row: Any, day: date, kinds: dict[int, str]) -> Version:
    return Version(
        row.id, row.name, day, row.word or "", row.more or "", row.says or "", row.kind or "",
        kinds.get(row.agency_id, ""), row.about, row.recorded_at, row.supersedes_id, row.retracted, row.reason or "",
    )  # fmt: skip


def _on_the_day_of_the_class(found: Sequence[Version]) -> list[Version]:
    days = {one.id: one.on for one in found if one.name == "attendance"}
    return [
        msgspec.structs.replace(one, on=days[one.about])
        if one.name == "adjudication" and one.about in days else one
        for one in found
    ]  # fmt: skip
