"""Who was told of a flag: seen on a page, on paper, in a packet, or reported to the court (safeguard F8).

Kept so that a correction reaches everybody who was told. Respondents and their side are told nothing through this, and
no program, advocate or other office is: none of them sees a flag here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.flag_review.words import tell
from monitor.models import AllegationFlag, AllegationStep, Case, Flag, Review, Span, Told

BENCH: Final = ("judge", "clerk")


class Reader(msgspec.Struct, frozen=True):
    """Somebody of an agency; ``user_id`` None: whoever holds the role there."""

    agency_id: int
    role: str
    user_id: int | None = None


class Telling(msgspec.Struct, frozen=True):
    """What was shown to somebody: the flags, by which act, on which document."""

    act: str
    flags: tuple[int, ...]
    document_id: int | None = None


def keep(session: Session, reader: Reader, tellings: Iterable[Telling], now: datetime) -> None:
    """Write down what ``reader`` was told; the same once more moves ``again_at`` on. Call in a machine's session."""
    told = list(tellings)
    flags = sorted({flag for one in told for flag in one.flags})
    who = {"user_id": reader.user_id, "agency_id": reader.agency_id, "role": reader.role}
    before = _before(session, who, flags, {one.act for one in told})
    said = _said(session, flags, now, bench=reader.role in BENCH)
    for one in told:
        for flag in one.flags:
            if flag not in said:
                continue
            case_id, version, content = said[flag]
            key = one.act, one.document_id, flag, version
            if row := before.get(key):
                row.again_at = max(row.again_at, now)
                continue
            before[key] = Told(
                case_id=case_id, flag_id=flag, version=version, content=content, act=one.act,
                document_id=one.document_id, told_at=now, again_at=now, **who,
            )  # fmt: skip
            session.add(before[key])


def _before(
    session: Session, who: Mapping[str, Any], flags: Sequence[int], acts: Iterable[str]
) -> dict[tuple[str, int | None, int, str], Told]:
    """What they were told of these flags already, by act, document, flag and version: one look for a whole list."""
    told = select(Told).filter_by(**who).where(Told.flag_id.in_(flags), Told.act.in_(acts))
    return {(one.act, one.document_id, one.flag_id, one.version): one for one in session.scalars(told)}


def _said(
    session: Session, flags: Sequence[int], now: datetime, *, bench: bool
) -> dict[int, tuple[int, str, dict[str, str]]]:
    """By flag: case, version and words. The bench reads what the reviewer saw, not what the rules say by now."""
    found: dict[int, tuple[int, str, dict[str, str]]] = {}
    columns = (Flag.id, Flag.case_id, Flag.code, Flag.version, Span.content)
    for row in session.execute(select(*columns).join(Span, Span.id == Flag.span_id).where(Flag.id.in_(flags))):
        told = tell(row.code, row.content, now)
        found[row.id] = row.case_id, row.version, {"title": told.title, "sentence": told.sentence}
    for row in session.execute(_acts(flags)) if bench else ():
        content = row.content or {}
        case_id, _version, words = found[row.flag_id]
        seen = {name: str(content.get(name) or words[name]) for name in ("title", "sentence")}
        found[row.flag_id] = case_id, row.version, seen
    return found


def _acts(flags: Sequence[int]) -> Any:
    """The reports that stand, the last of a flag last."""
    told = select(Review.flag_id, Review.version, Review.content)
    standing = Review.decision == "ACT", Review.undone_at.is_(None)
    return told.where(Review.flag_id.in_(flags), *standing).order_by(Review.decided_at)


def keep_reports(session: Session, cases: Sequence[int]) -> None:
    """Write down what a supervisor let go to the court of ``cases`` (one part of them): told to its bench."""
    for row in session.execute(_untold(cases)):
        content = row.content or {}
        said = {"title": str(content.get("title") or ""), "sentence": str(content.get("sentence") or "")}
        session.add(
            Told(
                case_id=row.case_id, agency_id=row.court, flag_id=row.flag_id, version=row.version, user_id=None,
                role="judge", act="REPORTED", document_id=row.id, told_at=row.at, again_at=row.at,
                content=said,
            )
        )  # fmt: skip
    session.flush()


def _untold(cases: Sequence[int]) -> Any:
    told = select(Told.document_id).where(Told.case_id.in_(cases), Told.act == "REPORTED")
    columns = (
        Review.id, Review.case_id, Review.flag_id, Review.version, Review.content, AllegationStep.at,
        Case.agency_id.label("court"),
    )  # fmt: skip
    filed = (
        select(*columns).join(Case, Case.id == Review.case_id)
        .join(AllegationFlag, AllegationFlag.review_id == Review.id)
        .join(AllegationStep, AllegationStep.allegation_id == AllegationFlag.allegation_id)
    )  # fmt: skip
    return filed.where(Review.case_id.in_(cases), AllegationStep.kind == "APPROVED", Review.id.not_in(told))


def essence(code: str, content: Mapping[str, Any], at: datetime) -> tuple[str, frozenset[str]]:
    """What of a flag's content a reader was told: the sentence and the rows it rests on; its end is no part of it."""
    rows = frozenset(str(row) for row in (*content.get("evidence", ()), content.get("about")) if row is not None)
    return tell(code, content, at).sentence, rows
