"""The agenda as one member of the team reads it: drawn before the meeting, in order of names, without numbers.

A case that a wall hides is not there, for a reader as for an act on it (safeguards D1, B7); nor is one that was closed
or has left the record. Nothing counts the cases, and nothing says where one of them came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.matrix import Seen, cell
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.consultation.facts import Asked, Lines, facts_of
from monitor.consultation.keys import Content, opened
from monitor.consultation.team import Team
from monitor.consultation.words import KINDS
from monitor.copies.case_keys import CaseKeys
from monitor.db import looking_wide
from monitor.models import Agency, Case, Consultation, Court, Person

WIDE: Final = "the team's list, of every agency's cases; what a wall hides from this reader is left out"


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A task in words. ``ours``: the reader's own office does it. ``late``: its day is over, and it is not done."""

    id: int
    entry: int
    text: str
    owner: str
    due_on: date
    done_on: date | None
    ours: bool
    late: bool
    about: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A case of the agenda. ``born_on``: None for whoever reads a name and a number alone."""

    id: int
    name: str
    number: str
    court: str
    born_on: date | None
    facts: Lines
    tasks: tuple[TaskLine, ...]


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    """The page. ``meets``: whose agenda it is; None: none was drawn yet. ``drawn``: all there are, newest first.

    ``owed``: what the reader's own office has still to do, of every meeting.
    """

    team: str
    meets: date | None
    drawn: tuple[date, ...]
    open_for: date
    closes_on: date
    entries: tuple[Entry, ...]
    owed: tuple[TaskLine, ...]
    owners: tuple[tuple[int, str], ...]


def agenda(session: ScopedSession, keys: CaseKeys, team: Team, now: datetime, zone: str, day: date | None) -> Agenda:
    """The agenda of the meeting on ``day``, or of the next one that is drawn."""
    today = local_day(now, zone)
    drawn = team.drawn(today)
    ahead = [one for one in drawn if one >= today]
    meets = day if day in drawn else (min(ahead) if ahead else next(iter(drawn), None))
    walled = session.walled()
    with looking_wide(session, WIDE):
        every = {
            number: said for number, said in contents(session, keys, today).items()
            if date.fromisoformat(said.meets) in drawn and said.case not in walled
        }  # fmt: skip
        owners = _owners(session, team)
        entries = _entries(session, every, now, dict(owners))
    here = {number for number, said in every.items() if meets and said.meets == meets.isoformat()}
    return Agenda(
        team=team.name, meets=meets, drawn=drawn, open_for=team.open_for(today),
        closes_on=team.drawn_on(team.open_for(today)), owners=owners,
        entries=tuple(one for one in entries if one.id in here),
        owed=tuple(sorted(
            (task for one in entries for task in one.tasks if task.ours and task.done_on is None),
            key=lambda task: (task.due_on, task.about),
        )),
    )  # fmt: skip


def named(found: Agenda) -> tuple[int, ...]:
    """The rows whose cases a page names: what the trail keeps of a look at it. They say nothing once they are gone."""
    return tuple(sorted({one.id for one in found.entries} | {task.entry for task in found.owed}))


class Listed(Mapping[int, int]):
    """Of each row that is kept, which case it is; a row is opened when it is asked for, and no other."""

    def __init__(self, keys: CaseKeys | None, sealed: Mapping[int, bytes]) -> None:
        self.opens, self.sealed, self.seen = keys, sealed, dict[int, int | None]()

    def __getitem__(self, number: int) -> int:
        if number not in self.seen:
            said = opened(self.opens, number, self.sealed[number]) if self.opens else None
            self.seen[number] = said.case if said else None
        if (case := self.seen[number]) is None:
            raise KeyError(number)
        return case

    def __iter__(self) -> Iterator[int]:
        return (number for number in self.sealed if number in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return bool(self.sealed)


def listed(session: ScopedSession, keys: CaseKeys | None, today: date) -> Listed:
    """Which case each row is: by this the trail's looks are found for 30 days, and never after."""
    if keys is None:
        return Listed(None, {})
    with looking_wide(session, WIDE):
        return Listed(keys, dict(_kept(session, today)))


def _kept(session: ScopedSession, today: date) -> list[tuple[int, bytes]]:
    rows = session.execute(
        select(Consultation.id, Consultation.sealed).where(Consultation.purge_on > today).order_by(Consultation.id)
    )
    return [(row.id, row.sealed) for row in rows]


def contents(session: ScopedSession, keys: CaseKeys, today: date) -> dict[int, Content]:
    """Every row that opens, one for each case of a meeting; inside a wide look."""
    found = {number: said for number, sealed in _kept(session, today) if (said := opened(keys, number, sealed))}
    first: dict[tuple[int, str], int] = {}
    for number, said in found.items():
        first.setdefault((said.case, said.meets), number)
    return {number: found[number] for number in first.values()}


def shows(kind: str, role: Role) -> bool:
    """Whether this role may know of such a task at all: a word of caution is no level."""
    if kind not in KINDS:
        return False
    seen, said = KINDS[kind][1], cell(KINDS[kind][1], role)
    return "R" in said if seen is Seen.RISK else said != "–"


def _owners(session: ScopedSession, team: Team) -> tuple[tuple[int, str], ...]:
    """Agencies of the team that a task can be given to: an advocate's work is nobody's to record (safeguard A3)."""
    told = select(Agency.id, Agency.name).where(Agency.code.in_(team.agencies), Agency.kind != "advocacy")
    return tuple((number, name) for number, name in session.execute(told.order_by(Agency.name)))


def _entries(
    session: ScopedSession, every: dict[int, Content], now: datetime, owners: dict[int, str]
) -> list[Entry]:
    role = Role(session.scope.role)
    rows = session.execute(
        select(Case.id, Case.number, Court.name.label("court"), Court.zone, Person)
        .join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id)
        .where(Case.id.in_({said.case for said in every.values()}),
               Case.closed_on.is_(None) | (Case.closed_on > now.date()))
    ).all()  # fmt: skip
    cases = {row.id: row for row in rows}
    facts = facts_of(session, Asked({row.id: row.zone for row in rows}, role, now))
    whole = cell(Seen.IDENTITY, role) == "R" or cell(Seen.IDENTITY, role) == "CR"
    found = []
    for number, said in every.items():
        if (row := cases.get(said.case)) is None:
            continue
        about = f"{row.Person.listed_name}, {row.number}"
        today = local_day(now, row.zone)
        found.append(Entry(
            id=number, name=row.Person.listed_name, number=row.number, court=row.court,
            born_on=row.Person.born_on if whole else None, facts=facts[row.id],
            tasks=tuple(_tasks(number, said, about, owners, session, today)),
        ))  # fmt: skip
    return sorted(found, key=lambda one: (one.name, one.number, one.court))


def _tasks(
    entry: int, said: Content, about: str, owners: dict[int, str], session: ScopedSession, today: date
) -> list[TaskLine]:
    found = [
        TaskLine(
            id=task.id, entry=entry, text=KINDS[task.kind][0], owner=owners.get(task.agency, ""), about=about,
            due_on=(due := date.fromisoformat(task.due)), done_on=date.fromisoformat(task.done) if task.done else None,
            ours=task.agency == session.scope.agency_id, late=not task.done and due < today,
        )
        for task in said.tasks if shows(task.kind, Role(session.scope.role)) and task.agency in owners
    ]  # fmt: skip
    return sorted(found, key=lambda task: (task.due_on, task.text, task.owner))
