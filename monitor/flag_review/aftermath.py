"""What became of a flag beside its own page: who was told, what a correction withdrew, what is not sure beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from monitor.access.scoped_session import ScopedSession
from monitor.flag_review.page import TOLD, ToldLine, Withdrawal
from monitor.flag_review.words import tell
from monitor.models import Span, Told, User
from monitor.replay_page.chains import changes
from monitor.replay_page.versions import versions
from monitor.wording import listed
from rules.sayings import Language


def told_lines(session: ScopedSession, flag_id: int) -> tuple[ToldLine, ...]:
    """Of the reader's own agency, who was told, the first time each."""
    columns = (Told.role, Told.act, Told.told_at, User.name)
    rows = session.execute(
        select(*columns).join(User, User.id == Told.user_id, isouter=True).where(Told.flag_id == flag_id)
        .order_by(Told.told_at)
    )  # fmt: skip
    found: dict[tuple[str, str], ToldLine] = {}
    for row in rows:
        who = row.name or f"The {row.role.replace('_', ' ')}s"
        found.setdefault((who, row.act), ToldLine(who, TOLD[row.act], row.told_at))
    return tuple(found.values())


def withdrawal(session: ScopedSession, found: Any, now: datetime) -> Withdrawal | None:
    """Of a flag that a correction withdrew: what it said last, and what became known then."""
    if found.state != "WITHDRAWN":
        return None
    span = session.execute(_last_span(found)).first()
    if span is None:
        return None
    until = span.known_until or found.closed_at or now
    said = tell(found.code, span.content, until).sentence
    return Withdrawal(said, until, _because(session, found, span.content, span.known_from, until))


def _last_span(found: Any) -> Select[Any]:
    columns = (Span.content, Span.known_from, Span.known_until)
    return select(*columns).where(Span.key == found.key).order_by(Span.known_from.desc()).limit(1)


def _because(
    session: ScopedSession, found: Any, content: Mapping[str, Any], since: datetime, until: datetime
) -> str:
    told = changes(versions(session, found.case_id, found.zone, bench=False), since, until, date.max, bench=False)
    looked = {*content.get("evidence", ()), *content.get("counter", ()), content.get("about")}
    led = [one.clause for one in told if looked & {str(row) for row in one.rows}]
    return listed(led[:3])


def not_sure(session: ScopedSession, found: Any, now: datetime, language: Language) -> tuple[str, ...]:
    """What the rules cannot tell for certain of the same matter: ranges that outstanding sheets leave open."""
    holds = Span.starts_at <= now, Span.ends_at.is_(None) | (Span.ends_at > now)
    here = select(Span.content).where(
        Span.case_id == found.case_id, Span.code == found.code, Span.certainty == "UNVERIFIED",
        Span.known_until.is_(None), *holds,
    )  # fmt: skip
    told = (tell(found.code, content, now, language).sentence for content in session.scalars(here))
    return tuple(dict.fromkeys(told))
