"""Putting a question away from Today until a day: for the office, with a reason, never the grave ones.

It is back by itself on its day, or as soon as its content changes. Who hid it and why stands on the list in sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Date, bindparam, select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.flag_review.words import tell
from monitor.models import Case, Court, Flag, HiddenItem, Person, Span, User
from monitor.models.base import is_id
from monitor.person_page.heading import listed_name
from monitor.today.people import of_list

LONGEST: Final = timedelta(days=14)
NEVER: Final = ("D", "E")


class Changed(Exception):
    """The question is not what the reader saw, or may not be hidden. Nothing was written."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A question that somebody wants to put away. ``token``: its content; ``why_not``: why it stays in sight."""

    flag_id: int
    key: str
    case_id: int
    person: str
    person_id: int
    number: str
    title: str
    sentence: str
    token: str
    zone: str
    why_not: str


def candidate(session: ScopedSession, flag_id: int, now: datetime, *, lock: bool = False) -> Candidate | None:
    """The question behind a flag of this office's people; None: there is none for this reader."""
    statement = (
        select(*_COLUMNS).join(Span, Span.id == Flag.span_id).join(Case, Case.id == Flag.case_id)
        .join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
        .where(Flag.id == flag_id, of_list(Flag.case_id, session, team=True))
    )  # fmt: skip
    if not is_id(flag_id):
        return None
    row = session.execute(statement.with_for_update(of=Flag) if lock else statement).first()
    if row is None:
        return None
    told = tell(row.code, row.content, now)
    return Candidate(
        flag_id=flag_id, key=row.key, case_id=row.case_id, person=listed_name(row), person_id=row.person_id,
        number=row.number, title=told.title, sentence=told.sentence, token=row.version, zone=row.zone,
        why_not=_why_not(session, row, now),
    )  # fmt: skip


_COLUMNS: Final = (
    Flag.case_id, Flag.key, Flag.version, Flag.code, Flag.state, Flag.response_class, Span.content, Case.number,
    Person.id.label("person_id"), Person.family_name, Person.given_name, Person.middle_name, Person.suffix, Court.zone,
)  # fmt: skip


def _why_not(session: ScopedSession, row: Any, now: datetime) -> str:
    if row.response_class in NEVER:
        return "A question of class D or E is about somebody's safety. It stays in sight until somebody decides."
    if row.state not in ("OPEN", "ACKNOWLEDGED"):
        return "It is decided, so it is on nobody's list."
    standing = hides(session, HiddenItem.case_id == row.case_id, local_day(now, row.zone))
    return "It is hidden already." if is_hidden(row, standing) else ""


def faults_of(until_on: date | None, reason: str, today: date) -> dict[str, str]:
    """What is missing or cannot be, by field."""
    faults = {}
    if until_on is None:
        faults["until_on"] = "Type the day on which it comes back as month/day/year, for instance 12/4/2026."
    elif not today < until_on <= today + LONGEST:
        faults["until_on"] = "Choose a day from tomorrow on, at most 14 days ahead."
    if not reason.strip():
        faults["reason"] = "Say in a few words why it can wait. Your supervisor reads it."
    return faults


def hide(session: ScopedSession, found: Candidate, token: str, until_on: date, reason: str, now: datetime) -> int:
    """Put it away; the id of the entry. ``found`` was read with ``lock``. Raises `Changed`."""
    if token != found.token or found.why_not or faults_of(until_on, reason, local_day(now, found.zone)):
        raise Changed
    row = entry(session, found.case_id, (found.key, token), until_on, reason, now)
    session.add(row)
    session.flush()
    return row.id


def entry(
    session: ScopedSession, case_id: int, what: tuple[str, str], until_on: date, reason: str, now: datetime
) -> HiddenItem:
    """An entry by the reader for their office, not yet added. ``what``: the key and the content that it puts away."""
    return HiddenItem(
        case_id=case_id, agency_id=session.scope.agency_id, flag_key=what[0], flag_version=what[1], until_on=until_on,
        reason=reason.strip(), hidden_at=now, hidden_by_id=session.scope.user_id, ended_at=None, ended_by_id=None,
    )  # fmt: skip


def case_of(session: ScopedSession, hidden_id: int) -> int | None:
    """The case of an entry that this office made."""
    row = session.get(HiddenItem, hidden_id) if is_id(hidden_id) else None
    return row.case_id if row else None


def show_again(session: ScopedSession, hidden_id: int, now: datetime) -> bool:
    """End an entry before its day; False: it had ended."""
    row = session.get(HiddenItem, hidden_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        return False
    row.ended_at, row.ended_by_id = now, session.scope.user_id
    session.flush()
    return True


def hides(session: ScopedSession, where: Any, today: date) -> Mapping[tuple[str, str], Any]:
    """What this office has put away and has not come to its day, by the flag's key and version."""
    rows = session.execute(put_away(where), {"today": today})
    return {(row.flag_key, row.flag_version): row for row in rows}


def put_away(where: Any) -> Any:
    """What has not come to its day, given as ``today``."""
    columns = (
        HiddenItem.id, HiddenItem.flag_key, HiddenItem.flag_version, HiddenItem.until_on, HiddenItem.reason,
        HiddenItem.hidden_at, User.name.label("by"),
    )  # fmt: skip
    standing = HiddenItem.ended_at.is_(None), HiddenItem.until_on > bindparam("today", type_=Date)
    told = select(*columns).join(User, User.id == HiddenItem.hidden_by_id)
    return told.where(where, *standing).order_by(HiddenItem.hidden_at)


def is_hidden(row: Any, standing: Mapping[tuple[str, str], Any]) -> bool:
    """Whether an open flag is put away, as it reads now; what is about safety never is."""
    return row.response_class not in NEVER and (row.key, row.version) in standing
