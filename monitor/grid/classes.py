"""The classes of a program's groups in some days: what is recorded of each, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.grid.page import Choice, ClassLine
from monitor.intake.check import Stored
from monitor.intake.judging.doubles import StoredKey
from monitor.intake.record.standing import programs_of, read_roster, read_stored
from monitor.intake.roster import Member, Roster
from monitor.models import Group
from monitor.names import last_first


def rosters_of(session: Session, agency_id: int) -> dict[int, Roster]:
    """Who is, and was, in each of the agency's programs, by the program; programs by their names."""
    return {program.id: read_roster(session, program.id) for program in programs_of(session, agency_id)}


def classes_between(
    session: Session, agency_id: int, first: date, last: date, rosters: Mapping[int, Roster] | None = None
) -> tuple[ClassLine, ...]:
    """Every class day of the agency's groups from ``first`` to ``last``, both included; groups without anybody, too.

    ``rosters``: of `rosters_of`, where a page has read them.
    """
    found: list[ClassLine] = []
    for program_id, roster in (rosters or rosters_of(session, agency_id)).items():
        stored = read_stored(session, program_id, first, last)
        groups = session.execute(
            select(Group.id, Group.code, Group.weekday).where(Group.program_id == program_id).order_by(Group.code)
        ).all()
        for group_id, code, weekday in groups:
            for day in _days(weekday, first, last):
                own = [one for one in roster.members if one.group_on(day) == code]
                found.append(_line(group_id, code, day, own, stored))
    return tuple(sorted(found, key=lambda one: (one.on, one.group)))


def _days(weekday: int, first: date, last: date) -> Iterable[date]:
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(weeks=1)


def _line(
    group_id: int, code: str, day: date, own: Iterable[Member], stored: dict[StoredKey, Stored]
) -> ClassLine:
    here = [one for one in own if one.start is not None and one.start <= day and (one.end is None or day <= one.end)
            and (one.released_until is None or day <= one.released_until)]
    told = [one for one in here if (one.key, day, 1) in stored]
    absent = [Choice(one.key, last_first(one.last, one.first)) for one in here if (one.key, day, 1) not in stored
              and one.closed_on is None]
    missing = sorted(absent, key=lambda one: one.name)
    cancelled = bool(told) and all(stored[one.key, day, 1].says == "C" for one in told)
    return ClassLine(group_id, code, day, len(told), len(here), tuple(missing), cancelled)
