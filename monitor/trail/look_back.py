"""The weekly look-back: which looks at named cases deserve a question, for an agency's privacy officer (safeguard D4).

It counts and asks; it finds nobody guilty of anything. A look without assignment may be cover for a colleague, a look
at night may be a night shift: the privacy officer asks, a person answers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.db import looking_wide
from monitor.models import (
    Assignment,
    AuditEntry,
    Case,
    Membership,
    Person,
)
from monitor.name_words import words
from monitor.trail.entries import names_of
from monitor.trail.look_events import ACTS, LOOKS, NAME_SHOWN, TEAM_LIST
from monitor.trail.looks import NONE, cases_of

WEEK = timedelta(days=7)
FROM, UNTIL = time(7), time(19)
OFTEN = 10
# roles whose looks are held against assignments; a court or a program has its people by docket or referral
ASSIGNED = frozenset({"officer"})
# roles that work around the clock, and programs, whose classes are in the evening: the hour of their looks asks nothing
ROUND_THE_CLOCK = frozenset({"dispatch", "law_enforcement", "program"})


class Line(msgspec.Struct, frozen=True):
    """One person's looks in the week. Cases are counted once; ``often``: cases looked at `OFTEN` times or more.

    What they did in a case counts as a case of theirs and not as one look more: the page before it was the look.

    ``namesakes``: cases of persons who bear the looker's own family name. ``protected``: cases of which they were
    shown the protected name.
    """

    who: str
    looks: int
    cases: int
    unassigned: tuple[str, ...]
    often: tuple[str, ...]
    namesakes: tuple[str, ...]
    protected: tuple[str, ...]
    off_hours: int
    refused: int

    @property
    def to_ask(self) -> bool:
        """Whether there is something to ask about."""
        held = self.unassigned or self.often or self.namesakes or self.protected
        return bool(held or self.off_hours or self.refused)


class LookBack(msgspec.Struct, frozen=True):
    """The week from ``since`` to ``until`` (half-open), those to ask first."""

    since: datetime
    until: datetime
    lines: list[Line]


class Look(msgspec.Struct, frozen=True):
    """One look, at the cases that are on record of those it showed: a question by name may show several people's.
    ``act``: something was done there.

    ``shown``: the person saw something; ``name``: also the protected name. ``team``: on the team's list, where the
    meeting is the reason: neither that it is nobody's own case nor how often asks anything.
    """

    user: int
    at: datetime
    cases: tuple[int, ...]
    shown: bool
    name: bool = False
    team: bool = False
    act: bool = False


def look_back(
    session: ScopedSession, agency_id: int, zone: str, until: datetime, listed: Mapping[int, int] = NONE
) -> LookBack:
    """Looks of the agency's people in the seven days before ``until``. ``listed``: rows of the team's list, by case."""
    since = until - WEEK
    with looking_wide(session, "the weekly look-back"):
        looks = _looks(session, agency_id, since, until, listed)
        known = _Known.of(session, agency_id, looks)
    by_user: dict[int, list[Look]] = defaultdict(list)
    for look in looks:
        by_user[look.user].append(look)
    lines = [_line(user, found, known, zone) for user, found in by_user.items()]
    return LookBack(since, until, sorted(lines, key=lambda line: (not line.to_ask, line.who)))


def _line(user: int, looks: list[Look], known: _Known, zone: str) -> Line:
    shown = {case for look in looks for case in look.cases}
    pages = [look for look in looks if not look.act]
    often = Counter(case for look in pages if not look.team for case in look.cases)
    return Line(
        who=known.names.get(user, "Somebody who has left"),
        looks=len(pages),
        cases=len(shown),
        unassigned=known.numbers(case for case in shown if known.unassigned(user, case, looks, zone)),
        often=known.numbers(case for case, times in often.items() if times >= OFTEN),
        namesakes=known.numbers(case for case in shown if known.namesake(user, case)),
        protected=known.numbers({case for look in looks if look.name for case in look.cases}),
        off_hours=0 if known.by_shifts(user) else sum(_off_hours(look.at, zone) for look in pages),
        refused=sum(not look.shown for look in looks),
    )


def _off_hours(at: datetime, zone: str) -> bool:
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() >= 5 or not FROM <= local.time() < UNTIL


def _looks(
    session: ScopedSession, agency_id: int, since: datetime, until: datetime, listed: Mapping[int, int]
) -> list[Look]:
    entries = session.execute(
        select(AuditEntry.user_id, AuditEntry.at, AuditEntry.event, AuditEntry.outcome, AuditEntry.subjects).where(
            AuditEntry.agency_id == agency_id, AuditEntry.event.in_(sorted(LOOKS)), AuditEntry.at >= since,
            AuditEntry.at < until, AuditEntry.user_id.is_not(None),
        )
    ).all()  # fmt: skip
    cases = cases_of(session, {one for entry in entries for one in entry.subjects}, listed)
    return [
        Look(entry.user_id, entry.at, _about(cases, entry.subjects) if shown else (), shown,
             shown and entry.event == NAME_SHOWN, entry.event == TEAM_LIST, shown and entry.event in ACTS)
        for entry in entries
        for shown in [entry.outcome == "done"]
    ]  # fmt: skip


def _about(cases: Mapping[int, int], subjects: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(cases[one] for one in subjects if one in cases))


def _covers(stretches: Iterable[tuple[date, date | None]], day: date) -> bool:
    return any(start <= day and (end is None or day < end) for start, end in stretches)


class _Known(msgspec.Struct, frozen=True):
    names: dict[int, str]
    roles: dict[int, set[str]]
    assigned: dict[tuple[int, int], list[tuple[date, date | None]]]
    cases: dict[int, tuple[str, str]]

    @staticmethod
    def of(session: Session, agency_id: int, looks: list[Look]) -> _Known:
        users, cases = sorted({look.user for look in looks}), sorted({one for look in looks for one in look.cases})
        roles: dict[int, set[str]] = defaultdict(set)
        held = select(Membership.user_id, Membership.role).where(
            Membership.agency_id == agency_id, Membership.user_id.in_(users)
        )
        for row in session.execute(held):
            roles[row.user_id].add(row.role)
        assigned: dict[tuple[int, int], list[tuple[date, date | None]]] = defaultdict(list)
        had = select(Assignment).where(Assignment.case_id.in_(cases), Assignment.user_id.in_(users))
        for one in session.scalars(had):
            assigned[one.user_id, one.case_id].append((one.from_on, one.until_on))
        found = session.execute(
            select(Case.id, Case.number, Person.family_name)
            .join(Person, Person.id == Case.person_id)
            .where(Case.id.in_(cases))
        )
        told = {row.id: (row.number, row.family_name) for row in found}
        return _Known(names_of(session, users), roles, assigned, told)

    def numbers(self, cases: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self.cases[case][0] for case in cases if case in self.cases))

    def by_shifts(self, user: int) -> bool:
        return bool(self.roles.get(user)) and self.roles[user] <= ROUND_THE_CLOCK

    def unassigned(self, user: int, case: int, looks: list[Look], zone: str) -> bool:
        if not self.roles.get(user, set()) & ASSIGNED:
            return False
        stretches = self.assigned.get((user, case), [])
        days = {local_day(look.at, zone) for look in looks if case in look.cases and not look.team}
        return not all(_covers(stretches, day) for day in days)

    def namesake(self, user: int, case: int) -> bool:
        """Whether a last name of theirs is one of the respondent's, however either is written."""
        if case not in self.cases:
            return False
        mine, theirs = words(self.names.get(user, "")), words(f"{self.cases[case][1]},")
        return any(one & other for one in (*mine.middle, *mine.lasts) for other in theirs.lasts)
