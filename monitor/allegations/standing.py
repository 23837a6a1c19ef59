"""What stands of flags before the court at an instant: approved when, contested or not, and what the court said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import String, bindparam, case, cast, exists, select
from sqlalchemy.orm import Session, aliased

from monitor.allegations.steps import OF_FLAG
from monitor.due_process import ENDED_BY_COURT
from monitor.models import AllegationFlag, AllegationStep, Flag
from monitor.models.base import UtcInstant

KINDS = ("APPROVED", "CONTESTED", "ANSWERED", "REOPENED", *ENDED_BY_COURT)


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """What a supervisor approved of one flag, in the fields that the bench reads. ``owner``: "" kept by none then."""

    flag_id: int
    version: str
    code: str
    response_class: str | None
    first_on: date
    due_on: date | None
    owner: str = ""


class Standing(msgspec.Struct):
    """Of one flag. ``ended``: FOUND, NOT_FOUND, ADMITTED or WITHDRAWN, with when and in whose words; "" not yet.

    ``matter``: as it was approved; None where an approval kept none. ``review_id``: the review that was approved;
    ``rows``: ids of what it rested on.
    """

    allegation_id: int
    approved_at: datetime
    asks: str = ""
    words: str = ""
    contested: bool | None = None
    ended: str = ""
    ended_at: datetime | None = None
    ended_words: str = ""
    step_id: int = 0
    matter: Filed | None = None
    review_id: int = 0
    rows: tuple[str, ...] = ()


@cache
def steps_statement() -> Any:
    """Every step before the court of flags of ``cases`` known at ``known_at``, oldest first."""
    columns = (
        AllegationFlag.case_id, AllegationFlag.flag_id, AllegationFlag.allegation_id, AllegationFlag.review_id,
        AllegationStep.id, AllegationStep.kind, AllegationStep.at, AllegationStep.words, AllegationStep.content,
    )  # fmt: skip
    known = (
        AllegationFlag.case_id.in_(bindparam("cases", expanding=True)), AllegationStep.kind.in_(KINDS),
        AllegationStep.at <= bindparam("known_at", type_=UtcInstant()),
    )  # fmt: skip
    joined = select(*columns).join(AllegationStep, AllegationStep.allegation_id == AllegationFlag.allegation_id)
    return joined.where(*known).order_by(AllegationStep.at, AllegationStep.number)


def standing(session: Session, cases: Iterable[int], known_at: datetime) -> dict[int, Standing]:
    """By flag; a flag that no supervisor had approved by then is not there."""
    found: dict[int, Standing] = {}
    for row in session.execute(steps_statement(), {"cases": sorted(cases), "known_at": known_at}):
        if row.kind == "APPROVED":
            typed = row.content.get("typed", {})
            found[row.flag_id] = Standing(
                row.allegation_id, row.at, typed.get("ask", ""), typed.get("words", ""),
                matter=_matter(row.content, row.flag_id), review_id=row.review_id,
                rows=tuple(row.content.get("rows", {}).get(str(row.flag_id), ())),
            )  # fmt: skip
        elif (one := found.get(row.flag_id)) and one.allegation_id == row.allegation_id:
            _fold(one, row)
    return found


def _matter(content: dict[str, Any], flag_id: int) -> Filed | None:
    owners = content.get("owners", {})
    for kept in content.get("facts", {}).get("matters", ()):
        if kept["flag_id"] == flag_id:
            return msgspec.convert(kept | {"owner": owners.get(str(flag_id), "")}, Filed)
    return None


def _fold(one: Standing, row: Any) -> None:
    if row.kind in ("CONTESTED", "ANSWERED"):
        if row.content.get(OF_FLAG, str(row.flag_id)) == str(row.flag_id):
            one.contested = row.kind == "CONTESTED"
    elif row.kind == "REOPENED":
        one.ended, one.ended_at, one.ended_words, one.step_id = "", None, "", 0
    else:
        one.ended, one.ended_at, one.ended_words, one.step_id = row.kind, row.at, row.words, row.id


def contested_now() -> Any:
    """Whether a flag is contested: what was last said of it, here or in a report that stands before the court."""
    gone, back = aliased(AllegationStep), aliased(AllegationStep)
    taken_back = exists().where(
        back.allegation_id == gone.allegation_id, back.kind == "REOPENED", back.number > gone.number
    )
    ended = exists().where(
        gone.allegation_id == AllegationStep.allegation_id, gone.kind.in_(("WITHDRAWN", "NOT_FOUND")), ~taken_back
    )
    about = AllegationStep.content[OF_FLAG].as_string()
    said = (
        select(AllegationStep.kind)
        .join(AllegationFlag, AllegationFlag.allegation_id == AllegationStep.allegation_id)
        .where(AllegationFlag.flag_id == Flag.id, AllegationStep.kind.in_(("CONTESTED", "ANSWERED")), ~ended)
        .where(about.is_(None) | (about == cast(Flag.id, String)))
        .order_by(AllegationStep.at.desc()).limit(1).correlate(Flag).scalar_subquery()
    )  # fmt: skip
    return case((said == "CONTESTED", True), (said == "ANSWERED", False), else_=Flag.contested)
