"""Drafts of monthly reports that came in as a table: laid beside the record, kept with the upload, signed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.intake.check import Stored
from monitor.intake.judging.doubles import StoredKey
from monitor.intake.layouts.reports import RECOMMENDATIONS, Draft
from monitor.intake.roster import Member
from monitor.models import Upload, UploadRow

CREDITED = frozenset({"P", "L", "M", "SX"})


class DraftRow(msgspec.Struct, frozen=True):
    """A draft and whose it is."""

    sheet: str
    row: int
    member: Member
    draft: Draft
    ours: int | None = None

    @property
    def differs(self) -> bool:
        """Whether the table's number of classes is not that of the record."""
        return self.draft.sessions_completed is not None and self.ours is not None and (
            self.draft.sessions_completed != self.ours
        )  # fmt: skip


def beside_record(rows: Sequence[DraftRow], stored: Mapping[StoredKey, Stored]) -> tuple[DraftRow, ...]:
    """Each with the number of credited classes on record, of its month or to date."""
    return tuple(msgspec.structs.replace(one, ours=_ours(one, stored)) for one in rows)


def outside(month: date | None, member: Member, today: date) -> str:
    """Why there is no report of a month: it is still to come, or was over before somebody began; empty where not."""
    if month is None:
        return ""
    if month > today:
        return "R-DATE-FUTURE"
    return "R-DATE-BEFORE-START" if member.start is None or month < member.start.replace(day=1) else ""


def _ours(one: DraftRow, stored: Mapping[StoredKey, Stored]) -> int:
    month = one.draft.month
    return sum(
        kept.says in CREDITED
        for (key, on, _), kept in stored.items()
        if key == one.member.key and (month is None or on.replace(day=1) == month)
    )


def drafts_of(session: Session, program_id: int, month: date | None = None) -> dict[int, Draft]:
    """By enrollment: the newest draft that was kept of a month (None: of totals to date)."""
    rows = session.execute(
        select(UploadRow.enrollment_id, UploadRow.content)
        .join(Upload, Upload.id == UploadRow.upload_id)
        .where(
            Upload.program_id == program_id, Upload.state == "SAVED", UploadRow.outcome == "new",
            UploadRow.occurred_on == month if month else UploadRow.occurred_on.is_(None),
        )
        .order_by(Upload.saved_at, UploadRow.id)
    )  # fmt: skip
    found = {key: content["draft"] for key, content in rows if key is not None and "draft" in content}
    return {key: msgspec.convert(draft, Draft, strict=False) for key, draft in found.items()}


def content_of(one: DraftRow) -> dict[str, Any]:
    """What is kept of a draft, by the names of other rows."""
    return {
        "name": one.member.name, "found": told(one), "key": "", "before": "", "note": one.draft.comment,
        "draft": msgspec.to_builtins(one.draft), "ours": one.ours, "differs": one.differs,
    }  # fmt: skip


def told(one: DraftRow) -> str:
    """The draft in one line."""
    draft = one.draft
    said = (
        (draft.sessions_completed, "attended {}"), (draft.absences_total, "absent {}"),
        (draft.absences_excused, "excused {}"), (draft.absences_unexcused, "unexcused {}"),
        (draft.rating, "participation {} of 5"), (draft.responsibility, "responsibility {} of 5"),
    )  # fmt: skip
    parts = [words.format(value) for value, words in said if value is not None]
    if draft.recommendation:
        parts.append(RECOMMENDATIONS[draft.recommendation].lower())
    return ", ".join(parts)
