"""The caseload as a file: what the screen shows and no more, at most 25 cases by one person alone (safeguards B11, D7).

A larger one is asked for, decided by a second person of the same agency, and taken out once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access import second_person
from monitor.access.identity import Identity
from monitor.access.matrix import Seen
from monitor.access.scoped_session import SHOWS
from monitor.access.second_person import LARGE_EXPORT, Ask
from monitor.caseload import Caseload, caseload
from monitor.db import Database
from monitor.intake.problems import safe_cell
from monitor.keeping.unsealing import state_of
from monitor.models import ApprovalRequest
from monitor.wording import moment

ACT: Final = "export.large"
EVENT: Final = "caseload.exported"
NOBODY: Final = "Nobody is left to say yes: it takes a supervisor or a privacy officer of this office besides you."
HEAD: Final = ("Name", "Case", "Officer", "Waits", "Next due", "What is due", "Court", "Classes")


class ExportError(ValueError):
    """It cannot be taken out so; the text says why."""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What could be taken out. ``state``: of this person's newest request for this list (see `unsealing.state_of`)."""

    cases: int
    team: bool
    alone: bool
    state: str
    until_at: datetime | None


class Taken(msgspec.Struct, frozen=True):
    """The file, or nothing where a second person was asked."""

    content: bytes
    cases: int


def export_of(database: Database, who: Identity, team: bool, shows: frozenset[Seen], now: datetime) -> Export:
    """How many cases there are, and whether a second person is asked or has decided."""
    cases = _pages(database, who, team, shows, now, 1)[0].people
    with database.system("whether an export was asked for", writes=False) as session:
        asked = _asked(session, who, team)
        return Export(
            cases=cases, team=team, alone=cases <= LARGE_EXPORT, state=state_of(asked, now),
            until_at=asked.until_at if asked else None,
        )  # fmt: skip


def take_out(
    database: Database, who: Identity, team: bool, why: str, shows: frozenset[Seen], secret: str, now: datetime,
    asked_from: str | None = None, hold: Callable[[Session], None] = lambda _: None,
) -> Taken:  # fmt: skip
    """The file with its entry in the trail; or a request, once, where it is large. Raises `ExportError`.

    ``hold`` is asked in the transaction that writes the entry, and raises where this account has had its day's files.
    """
    pages = _pages(database, who, team, shows, now)
    cases = pages[0].people
    with database.system("a caseload is taken out") as session, session.begin():
        hold(session)
        asked = _asked(session, who, team, to_use=True)
        state = state_of(asked, now)
        if cases > LARGE_EXPORT and state != "APPROVED":
            if state != "WAITS":
                number = _ask(session, who, team, why, secret, now)
                _append(session, who, "caseload.export_asked", (number,), {"cases": cases}, secret, now, asked_from)
            return Taken(b"", cases)
        if cases > LARGE_EXPORT and asked is not None:
            second_person.use_up(asked)
        content = _csv(pages, who, now)
        told = {"cases": cases, "rows": content.count(b"\n"), "bytes": len(content)}
        about = (asked.id,) if asked and cases > LARGE_EXPORT else ()
        _append(session, who, EVENT, about, told, secret, now, asked_from)
    return Taken(content, cases)


def _pages(
    database: Database, who: Identity, team: bool, shows: frozenset[Seen], now: datetime, most: int = 10_000
) -> list[Caseload]:
    with database.scoped(who.scope) as session:
        session.info[SHOWS] = shows
        first = caseload(session, now, team=team)
        return [first, *(caseload(session, now, team=team, page=one) for one in range(2, min(first.pages, most) + 1))]


def _asked(session: Session, who: Identity, team: bool, *, to_use: bool = False) -> ApprovalRequest | None:
    mine = ApprovalRequest.asked_by_id == who.user_id, ApprovalRequest.agency_id == who.agency_id
    of_it = ApprovalRequest.act == ACT, ApprovalRequest.subject_id == int(team)
    newest = select(ApprovalRequest).where(*mine, *of_it).order_by(ApprovalRequest.asked_at.desc()).limit(1)
    return session.scalars(newest.with_for_update() if to_use else newest).first()


def _ask(session: Session, who: Identity, team: bool, why: str, secret: str, now: datetime) -> int:
    """No number of cases: whoever says yes may be walled off from one, and would count it (safeguard D1)."""
    if not why.strip():
        raise ExportError("Say in a few words what it is for.")
    if not second_person.able(session, ACT, who.user_id, now, (who.agency_id,)):
        raise ExportError(NOBODY)
    of_whom = "The whole office" if team else "Their own people"
    asked = Ask(act=ACT, subject_id=int(team), why=f"{of_whom}. {why.strip()}")
    return second_person.ask(session, who, asked, secret, now)


def _append(
    session: Session, who: Identity, event: str, subjects: tuple[int, ...], told: dict[str, int], secret: str,
    now: datetime, asked_from: str | None,
) -> None:
    act = audit.Act(
        event=event, user_id=who.user_id, agency_id=who.agency_id, subjects=subjects, detail=told,
        asked_from=asked_from, session_mark=audit.session_mark(who.session),
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(secret), now)


def _csv(pages: list[Caseload], who: Identity, now: datetime) -> bytes:
    """First whose print it is and as of when, then the list; with a byte-order mark, for Excel garbles accents else."""
    out = io.StringIO()
    stamp = f"Caseload as of {moment(now, who.zone)}, taken out by {who.role_title} {who.name}, {who.agency_name}"
    rows = [(stamp,), HEAD, *(row for one in pages for row in _rows(one))]
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _rows(found: Caseload) -> Iterator[tuple[str, ...]]:
    for one in found.lines:
        days = (day.isoformat() if day else "" for day in (one.due_on, one.court_on))
        due_on, court_on = days
        yield one.name, one.number, one.officer, str(one.waiting), due_on, one.due_what, court_on, one.classes
