"""Which case a row belongs to, so that it can be sealed with that case's key.

A table that is added tomorrow goes along if it has a ``case_id``, a ``person_id`` or an ``upload_id``; what hangs on a
case in another way is named here, what belongs to no case in `NO_CASE`. A test knows all tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from monitor.conflicts import people_of_alerts
from monitor.models import Attendance, Case, Enrollment, Incident, Order, Removal, UploadRow, Wall

Units = tuple[int, ...]
# of a row whose rest other cases need: what it says of people leaves with the key, the row stays
EMPTIED: Mapping[str, Mapping[str, Any]] = {
    "upload": {"content": None, "check": {}, "answers": {}},
    "removal": {"sealed_rows": None, "units": []},
    "sheet_profile": {"answers": {}},
    "approval_request": {"sealed_why": b""},
}
NO_CASE = frozenset({
    "agency", "app_user", "audit_block", "audit_entry", "audit_head", "auth_session", "calendar_feed", "callback",
    "certified_month", "consultation", "county",
    "court", "court_holiday", "cover", "dismissal_count", "docket_order", "grid_draft", "group_session",
    "job_pause", "job_run", "judge",
    "machine", "mark", "measure_release", "membership", "outbox", "passkey", "policy_term", "program", "program_group",
    "recovery_code", "response_matrix", "saved_view", "sign_in_attempt", "sign_on_identity", "spent_challenge",
    "training", "webhook_endpoint",
})  # fmt: skip


class CaseOf:
    """Looks up cases of rows; reads once what it needs of the record."""

    def __init__(self, session: Session, secret: str) -> None:
        self._session = session
        placed = select(Enrollment.person_id, Enrollment.case_id)
        self._people = _grouped(session, select(Case.person_id, Case.id), placed)
        self._parties = _grouped(session, select(Order.protected_party_id, Order.case_id))
        self._walls = _pairs(session, select(Wall.id, Wall.person_id))
        self._numbers = _grouped(session, select(func.upper(Case.number), Case.id),
                                 select(func.upper(Incident.number), Incident.case_id))  # fmt: skip
        self._removals = _pairs(session, select(Removal.id, Removal.about_id))
        self._alerts = people_of_alerts(session, secret)
        self._named: Mapping[str, Callable[[Any], Units]] = {
            "court_case": lambda row: (row.id,),
            "person": lambda row: self._people.get(row.id, ()),
            "protected_party": lambda row: self._parties.get(row.id, ()),
            "conflict_alert": lambda row: self._people.get(self._alerts.get(row.id, 0), ()),
            "removal": lambda row: (row.about_id,),
            "record_notice": lambda row: self._numbers.get(row.number, ()),
            "upload": lambda row: (row.id,),
            "sheet_profile": lambda row: (row.id,),
            "approval_request": self._of_request,
        }

    def of(self, table: Table, rows: Sequence[Any]) -> list[Units]:
        """For each row the cases (or the sheet) it belongs to; nothing where it belongs to none."""
        if table.name == UploadRow.__tablename__:
            return self._of_sheet_rows(rows)
        return [self._of(table, row) for row in rows]

    def _of(self, table: Table, row: Any) -> Units:
        if table.name in NO_CASE:
            return ()
        if named := self._named.get(table.name):
            return named(row)
        if "case_id" in table.c:
            return (row.case_id,)
        if "person_id" in table.c:
            return self._people.get(row.person_id, ())
        return (row.upload_id,) if "upload_id" in table.c and row.upload_id else ()

    def _of_request(self, row: Any) -> Units:
        if row.act in ("case.seal", "case.expunge", "record.unseal"):
            return (self._removals.get(row.subject_id, row.subject_id),)
        return self._people.get(self._walls.get(row.subject_id, 0), ())

    def _of_sheet_rows(self, rows: Sequence[Any]) -> list[Units]:
        case = func.coalesce(Enrollment.case_id, Attendance.case_id)
        asked = (
            select(UploadRow.id, case).outerjoin(Enrollment, Enrollment.id == UploadRow.enrollment_id)
            .outerjoin(Attendance, Attendance.id == UploadRow.attendance_id)
            .where(UploadRow.id.in_([row.id for row in rows]))
        )  # fmt: skip
        found = _pairs(self._session, asked)
        return [(found.get(row.id) or row.upload_id,) for row in rows]


def emptied(table: Table, values: Sequence[Any]) -> list[Any] | None:
    """What stays of a row when the key of its case is gone; None: nothing."""
    if table.name not in EMPTIED:
        return None
    return [EMPTIED[table.name].get(column.name, value) for column, value in zip(table.c, values, strict=True)]


def _pairs(session: Session, asked: Any) -> dict[int, int]:
    return {key: value for key, value in session.execute(asked)}


def _grouped(session: Session, *asked: Any) -> dict[int, Units]:
    found: dict[int, set[int]] = {}
    for one in asked:
        for key, case in session.execute(one):
            if key is not None:
                found.setdefault(key, set()).add(case)
    return {key: tuple(sorted(cases)) for key, cases in found.items()}
