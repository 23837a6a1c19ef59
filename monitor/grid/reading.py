"""The query behind the grid: the group's people on that day, what is on record, and the draft, if one was left."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.certified_months import certified_among
from monitor.current import current
from monitor.grid.drafts import read_draft
from monitor.grid.page import CONCERNS, MADE_UP, Choice, Grid, Mark, Row
from monitor.intake.cells.statuses import ABSENT
from monitor.intake.check import Stored
from monitor.intake.judging.doubles import StoredKey
from monitor.intake.record.standing import read_roster, read_stored
from monitor.intake.roster import Member
from monitor.models import Concern, Group, Participation, Program
from monitor.names import last_first

MAKE_UP_WITHIN = timedelta(days=60)


def read_grid(
    session: Session, group_id: int, on: date, user_id: int, today: date, *, visitors: Iterable[int] = (),
    marks: Mapping[int, Mark] | None = None,
) -> Grid | None:  # fmt: skip
    """One class of one group; None where the group is not the asker's. ``marks``: as just entered, else the draft's."""
    found = session.execute(
        select(Group.code, Group.minutes, Program.id, Program.name)
        .join(Program, Program.id == Group.program_id)
        .where(Group.id == group_id, Group.agency_id == session.scope.agency_id)  # type: ignore[attr-defined]
    ).one_or_none()
    if found is None:
        return None
    group, minutes, program_id, program = found
    draft = read_draft(session, user_id, group_id, on) if marks is None else None
    marks = marks if marks is not None else draft.marks if draft else {}
    members = [one for one in read_roster(session, program_id).members if _is_here(one, on)]
    stored = read_stored(session, program_id, on - MAKE_UP_WITHIN)
    # who is on record that day without a make-up was in a group of their own
    came = {key for (key, day, _number), one in stored.items() if day == on and one.says == MADE_UP[0][1]}
    come = came | set(visitors) | set(marks)
    own = [one for one in members if one.group_on(on) == group]
    guests = [one for one in members if one not in own and one.key in come]
    rated, told = _rated(session, on), _told(session, on)
    rows = tuple(
        msgspec.structs.replace(
            _row(one, one not in own, stored, on, marks.get(one.key), rated, told), ended=_ended(one, today),
            **_closing(one, on),
        )
        for one in (*_listed(own), *guests)
    )
    others = tuple(Choice(one.key, _name(one)) for one in _listed(members) if one not in own and one not in guests)
    return Grid(
        group_id=group_id, program_id=program_id, group=group, program=program, on=on, minutes=minutes, rows=rows,
        others=others, token=_token(rows), draft_at=draft.kept_at if draft else None,
        certified=bool(certified_among(session, program_id, [on])),
    )  # fmt: skip


def _is_here(member: Member, on: date) -> bool:
    return member.start is not None and member.start <= on and (member.end is None or on <= member.end)


def _ended(member: Member, today: date) -> date | None:
    until = member.released_until
    return until if until is not None and until < today else None


def _closing(member: Member, on: date) -> dict[str, date | None]:
    after = member.closed_on is not None and on > member.closed_on
    return {"closed" if after else "closing": member.closed_on}


def _listed(members: Iterable[Member]) -> list[Member]:
    return sorted(members, key=lambda one: (one.last.lower(), one.first.lower(), one.code))


def _name(member: Member) -> str:
    return last_first(member.last, member.first)


def _row(
    member: Member, visits: bool, stored: Mapping[StoredKey, Stored], on: date, mark: Mark | None,
    rated: Mapping[int, str], told: Mapping[int, tuple[str, ...]],
) -> Row:  # fmt: skip
    stands = stored.get((member.key, on, 1))
    return Row(
        key=member.key, code=member.code, name=_name(member), visits=visits, stands=stands.says if stands else "",
        stands_late=stands.minutes_late if stands else None, rated=rated.get(member.key, ""),
        told=told.get(member.key, ()), missed=_missed(member.key, stored, on) if visits else (),
        mark=mark if mark is not None else _standing(stands, rated.get(member.key, "")),
    )  # fmt: skip


def _standing(stands: Stored | None, rating: str) -> Mark:
    """The form shows what is on record, so that changing it is a correction; where nothing is, nothing is chosen."""
    if stands is None:
        return Mark()
    late = "" if stands.minutes_late is None else str(stands.minutes_late)
    makes_up = str(stands.makeup_for or "")
    return Mark(says=stands.says, late=late, rating=rating, makes_up=makes_up)


def _missed(key: int, stored: Mapping[StoredKey, Stored], on: date) -> tuple[date, ...]:
    """Absences of the last weeks that no other class makes up yet."""
    made_up = {one.makeup_for for (place, day, _), one in stored.items() if place == key and day != on}
    days = [day for (place, day, _), one in stored.items() if place == key and one.says in ABSENT]
    return tuple(sorted(day for day in days if on - MAKE_UP_WITHIN <= day < on and day not in made_up))


def _rated(session: Session, on: date) -> dict[int, str]:
    rows = session.execute(
        select(Participation.enrollment_id, Participation.rating).where(
            Participation.occurred_on == on, current(Participation)
        )
    )
    return {place: rating for place, rating in rows}


def _told(session: Session, on: date) -> dict[int, tuple[str, ...]]:
    """What was put before the officer on that day already."""
    rows = session.execute(
        select(Concern.enrollment_id, Concern.kind).where(Concern.occurred_on == on, current(Concern))
    )
    found: dict[int, tuple[str, ...]] = {}
    for place, kind in sorted((row.enrollment_id, row.kind) for row in rows):
        found[place] = (*found.get(place, ()), CONCERNS[kind])
    return found


def _token(rows: Iterable[Row]) -> str:
    """Another one as soon as something else is on record."""
    stands = "|".join(f"{row.key}:{row.stands}:{row.stands_late}:{row.rated}" for row in rows if not row.visits)
    return hashlib.sha256(stands.encode()).hexdigest()[:20]


def class_days(weekday: int, today: date, weeks: int = 4) -> tuple[date, ...]:
    """The group's days of the last weeks, newest first."""
    newest = today - timedelta(days=(today.weekday() - weekday) % 7)
    return tuple(newest - timedelta(weeks=back) for back in range(weeks))
