"""After an evaluation: is what somebody was told on a day still true of that day? If not, a notice to them.

Time that passes makes nobody's knowledge wrong: a flag that was answered by facts held when it was told. Only what a
later row says of the day itself does: then the flag is withdrawn, or it says otherwise; and it may hold again.
Who may no longer see the case finds no notice: the inbox is read through the reader's own scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance import moves
from monitor.compliance.chunks import parts
from monitor.models import Case, Court, Flag, Notice, Span, Told, random_id
from monitor.replay_page.chains import changes
from monitor.replay_page.versions import versions
from monitor.telling import BENCH, essence, keep_reports
from monitor.wording import listed

SAME: Final = "="
TAKEN_BACK: Final = "probation took its report back"
OTHERWISE: Final = "the record was corrected"
BEFORE_THE_COURT: Final = ("ACTED", "CLEARED", "WITHDRAWN")


class Truth(msgspec.Struct, frozen=True):
    """What the rules say now of the day on which something was told: `SAME`, another version, or "" nothing."""

    version: str
    content: dict[str, Any] | None = None
    why: str = ""


class Known(msgspec.Struct):
    """Of the flags that were told: what rules say of them and ever said, and what each reader was told last."""

    spans: dict[str, list[Any]]
    contents: dict[tuple[str, str], dict[str, Any]]
    last: dict[tuple[Any, ...], str]


def write_notices(session: Session, cases: Sequence[int], now: datetime) -> int:
    """Write what is due about ``cases``, in a session of the machine; returns how many notices."""
    written = 0
    for part in parts(cases):
        keep_reports(session, part)
        if told := session.execute(_tellings(part)).all():
            known = _known(session, part)
            written += sum(_write(session, one, known, now) for one in _last_tellings(told))
    return written


def _known(session: Session, cases: Sequence[int]) -> Known:
    keys = select(Flag.key).join(Told, Told.flag_id == Flag.id).where(Told.case_id.in_(cases))
    columns = (Span.key, Span.version, Span.content, Span.starts_at, Span.ends_at, Span.known_until)
    known = Known({}, {}, {})
    found = select(*columns).where(Span.case_id.in_(cases), Span.key.in_(keys)).order_by(Span.starts_at)
    for row in session.execute(found):
        known.contents[row.key, row.version] = row.content
        if row.known_until is None:
            known.spans.setdefault(row.key, []).append(row)
    for notice in session.scalars(select(Notice).where(Notice.case_id.in_(cases)).order_by(Notice.written_at)):
        known.last[_address(notice, notice.version_told)] = notice.version_now
    return known


def _address(row: Any, version: str) -> tuple[Any, ...]:
    return row.flag_id, version, row.agency_id, row.user_id, row.role


def _tellings(cases: Sequence[int]) -> Any:
    columns = (
        Told.id, Told.case_id, Told.agency_id, Told.flag_id, Told.version, Told.user_id, Told.role, Told.again_at,
        Told.content, Flag.key, Flag.code, Flag.state, Court.zone,
    )  # fmt: skip
    joined = select(*columns).join(Flag, Flag.id == Told.flag_id).join(Case, Case.id == Told.case_id)
    return joined.join(Court, Court.id == Case.court_id).where(Told.case_id.in_(cases)).order_by(Told.again_at)


def _last_tellings(rows: Iterable[Any]) -> Iterable[Any]:
    """Of one reader, flag and version, the last time it was told."""
    return {_address(row, row.version): row for row in rows}.values()


def _write(session: Session, told: Any, known: Known, now: datetime) -> bool:
    truth = _truth(told, known)
    if truth.version == known.last.get(_address(told, told.version), SAME):
        return False
    kind = {SAME: "RESTORED", "": "WITHDRAWN"}.get(truth.version, "CHANGED")
    notice_id = random_id()
    session.add(
        Notice(
            id=notice_id, case_id=told.case_id, told_id=told.id, kind=kind, version_told=told.version,
            version_now=truth.version,
            flag_id=told.flag_id, agency_id=told.agency_id, user_id=told.user_id, role=told.role, written_at=now,
            content=_content(session, told, truth, known, now), read_at=None, read_by_id=None,
        )
    )  # fmt: skip
    moves.note_notice(session, notice_id)
    return True


def _truth(told: Any, known: Known) -> Truth:
    if told.role in BENCH and told.state not in BEFORE_THE_COURT:
        return Truth("", why=TAKEN_BACK)
    at = told.again_at
    begun = [span for span in known.spans.get(told.key, ()) if span.starts_at <= at]
    if not begun or (begun[-1].ends_at is not None and begun[-1].ends_at <= at):
        return Truth("")
    span, before = begun[-1], known.contents.get((told.key, told.version))
    if span.version == told.version or before is None:
        return Truth(SAME)
    same = essence(told.code, before, at) == essence(told.code, span.content, at)
    return Truth(SAME) if same else Truth(span.version, span.content)


def _content(session: Session, told: Any, truth: Truth, known: Known, now: datetime) -> dict[str, Any]:
    sentence = essence(told.code, truth.content, told.again_at)[0] if truth.content else ""
    return {
        "title": told.content.get("title", ""), "told": told.content.get("sentence", ""), "now": sentence,
        "told_at": told.again_at.isoformat(), "because": truth.why or _because(session, told, truth, known, now),
    }  # fmt: skip


def _because(session: Session, told: Any, truth: Truth, known: Known, now: datetime) -> str:
    """What became known since, of the rows that it rested on: by kind of source, as the bench may read it too."""
    looked = {
        row for content in (known.contents.get((told.key, told.version)), truth.content) if content
        for row in (*content.get("evidence", ()), *content.get("counter", ()), content.get("about"))
    }  # fmt: skip
    found = changes(versions(session, told.case_id, told.zone, bench=True), told.again_at, now, date.max, bench=True)
    led = [one.clause for one in found if looked & {str(row) for row in one.rows}]
    return listed(led[:3]) or OTHERWISE
