"""Putting away what can wait about several people at once: seen line by line before, taken back as it was done.

What is about safety stays in sight, as when one question is put away; so does what somebody else put away already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.flag_review.words import title_of
from monitor.models import Case, Court, Flag, HiddenItem, Person, Span
from monitor.models.base import is_id
from monitor.person_page.heading import listed_name
from monitor.person_page.matters import OF_DECISIONS
from monitor.today.hiding import NEVER, Changed, entry, hides, is_hidden
from monitor.today.people import of_list

INFO: Final = "info"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One question. ``token``: its content as read; ``why_not``: why it stays in sight, "" if it may be put away."""

    flag_id: int
    key: str
    case_id: int
    person: str
    number: str
    title: str
    token: str
    why_not: str


def lines(session: ScopedSession, cases: Sequence[int], now: datetime, *, lock: bool = False) -> tuple[Line, ...]:
    """The open questions about these people that this office decides on, by name and by how long they wait."""
    statement = (
        select(*_COLUMNS).join(Span, Span.id == Flag.span_id).join(Case, Case.id == Flag.case_id)
        .join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
        .where(
            Flag.case_id.in_(cases), of_list(Flag.case_id, session, team=True), Case.closed_on.is_(None),
            Flag.state.in_(("OPEN", "ACKNOWLEDGED")), Flag.code.not_in(OF_DECISIONS), Flag.severity != INFO,
            Flag.owner.in_(("offender", "probation")), Span.certainty == "CERTAIN",
        ).order_by(Person.family_name, Person.given_name, Case.number, Flag.first_on, Flag.id)
    )  # fmt: skip
    rows = session.execute(statement.with_for_update(of=Flag) if lock else statement).all()
    away = _away(session, rows, now)
    return tuple(_line(row, away) for row in rows)


_COLUMNS: Final = (
    Flag.id, Flag.case_id, Flag.key, Flag.version, Flag.code, Flag.response_class, Case.number, Court.zone,
    Person.family_name, Person.given_name, Person.middle_name, Person.suffix,
)  # fmt: skip


def _away(session: ScopedSession, rows: Sequence[Any], now: datetime) -> Mapping[tuple[str, str], Any]:
    if not rows:
        return {}
    today = min(local_day(now, row.zone) for row in rows)
    return hides(session, HiddenItem.case_id.in_({row.case_id for row in rows}), today)


def _line(row: Any, away: Mapping[tuple[str, str], Any]) -> Line:
    why_not = ""
    if row.response_class in NEVER:
        why_not = f"Class {row.response_class} is about somebody's safety. It stays in sight."
    elif is_hidden(row, away):
        why_not = "It is hidden already."
    return Line(
        flag_id=row.id, key=row.key, case_id=row.case_id, person=listed_name(row), number=row.number,
        title=title_of(row.code), token=row.version, why_not=why_not,
    )  # fmt: skip


def may_wait(found: Sequence[Line]) -> tuple[Line, ...]:
    """Those that would be put away."""
    return tuple(one for one in found if not one.why_not)


def hide(
    session: ScopedSession, found: Sequence[Line], seen: Mapping[int, str], until_on: date, reason: str, now: datetime
) -> int:
    """Put away what was shown, and nothing else; the id of one entry, by which all are taken back. Raises `Changed`.

    ``found`` was read with ``lock``; ``seen``: content by flag, as the page showed it.
    """
    chosen = may_wait(found)
    if not chosen or {one.flag_id: one.token for one in chosen} != dict(seen):
        raise Changed
    rows = [entry(session, one.case_id, (one.key, one.token), until_on, reason, now) for one in chosen]
    session.add_all(rows)
    session.flush()
    return rows[0].id


def show_again(session: ScopedSession, hidden_id: int, now: datetime) -> tuple[int, ...]:
    """Take back what one press put away, as far as it still is; the case of each."""
    row = session.get(HiddenItem, hidden_id) if is_id(hidden_id) else None
    if row is None or row.hidden_by_id != session.scope.user_id:
        return ()
    same = list(_same_act(session, row))
    for one in same:
        one.ended_at, one.ended_by_id = now, session.scope.user_id
    session.flush()
    return tuple(one.case_id for one in same)


def _same_act(session: ScopedSession, row: HiddenItem) -> Iterator[HiddenItem]:
    """One press gives all its entries one instant."""
    act = (
        HiddenItem.hidden_at == row.hidden_at, HiddenItem.hidden_by_id == row.hidden_by_id,
        HiddenItem.agency_id == row.agency_id, HiddenItem.ended_at.is_(None),
    )  # fmt: skip
    yield from session.scalars(select(HiddenItem).where(*act).with_for_update())
