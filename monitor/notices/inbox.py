"""The notices of one reader: what they were told and no longer holds, newest first, read or not."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import func, select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.models import Case, Court, Notice, User
from monitor.models.base import is_id
from monitor.telling import BENCH
from monitor.wording import long_month_day

MOST_READ: Final = 30


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One notice. ``path``: where the matter stands now, for those who may open it."""

    id: int
    kind: str
    number: str
    text: str
    title: str
    told: str
    now: str
    written_at: datetime
    read_at: datetime | None
    read_by: str
    path: str


class Inbox(msgspec.Struct, frozen=True):
    """What is new, and what was read before."""

    unread: tuple[Line, ...]
    read: tuple[Line, ...]
    zone: str


def inbox(session: ScopedSession, zone: str) -> Inbox:
    """The reader's own notices and those of their desk; nothing of a case they may not see any more."""
    columns = (
        Notice.id, Notice.kind, Notice.flag_id, Notice.version_told, Notice.content, Notice.written_at, Notice.read_at,
        Case.number, Court.zone, User.name.label("read_by"),
    )  # fmt: skip
    told = (
        select(*columns).join(Case, Case.id == Notice.case_id).join(Court, Court.id == Case.court_id)
        .join(User, User.id == Notice.read_by_id, isouter=True).order_by(Notice.written_at.desc(), Notice.id)
    )  # fmt: skip
    bench = session.scope.role in BENCH
    lines = [_line(row, bench) for row in _once(session.execute(told).all())]
    unread = tuple(line for line in lines if line.read_at is None)
    return Inbox(unread, tuple(line for line in lines if line.read_at is not None)[:MOST_READ], zone)


def _once(rows: Any) -> list[Any]:
    """A judge's own notice and that to the judge's desk say the same: it stands here once."""
    return list({(row.flag_id, row.version_told, row.kind, row.written_at): row for row in reversed(rows)}.values())[
        ::-1
    ]


def _line(row: Any, bench: bool) -> Line:
    content = row.content
    day = long_month_day(local_day(datetime.fromisoformat(content["told_at"]), row.zone))
    what = "A matter reported to the court and told to you" if bench else "A flag told to you"
    says = {
        "WITHDRAWN": f"{what} on {day} no longer holds, because {content['because']}.",
        "CHANGED": f"{what} on {day} now says otherwise, because {content['because']}.",
        "RESTORED": f"{what} on {day} holds after all, as it was told, because {content['because']}.",
    }  # fmt: skip
    return Line(
        id=row.id, kind=row.kind, number=row.number, text=says[row.kind], title=content["title"],
        told=content["told"], now=content["now"], written_at=row.written_at, read_at=row.read_at,
        read_by=row.read_by or "", path="" if bench else f"/flags/{row.flag_id}",
    )  # fmt: skip


def unread(session: ScopedSession) -> int:
    """How many flags the reader has unread word about."""
    return session.scalar(_unread()) or 0


@cache
def _unread() -> Any:
    many = func.count(Notice.flag_id.distinct()).label("many")
    return select(many).where(Notice.read_at.is_(None))


def mark_read(session: ScopedSession, notice_id: int, now: datetime) -> int | None:
    """Mark a notice, and the same one to the reader's desk, as read; the case's id, or None: there is none here."""
    notice = session.scalar(select(Notice).where(Notice.id == notice_id)) if is_id(notice_id) else None
    if notice is None:
        return None
    same = select(Notice).filter_by(flag_id=notice.flag_id, version_told=notice.version_told, kind=notice.kind)
    for one in session.scalars(same.where(Notice.read_at.is_(None), Notice.written_at == notice.written_at)):
        one.read_at, one.read_by_id = now, session.scope.user_id
    session.flush()
    return notice.case_id
