"""Which group a place was in, and will be in, on which day: a move holds from its day on, whenever it was entered.

A move to a later day holds from then on, also where one for an earlier day was entered after it; of two for one day,
what was entered last.

`Enrollment.group_id` is what was entered last. Before the day of a move stands what `EarlierPlace` kept of the moment
before the move's entry, which has the same instant as the move's event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.models import EarlierPlace, Enrollment, EnrollmentEvent

MOVES = ("ENROLLED", "GROUP_CHANGED")


class Turn(msgspec.Struct, frozen=True):
    """From this day on the place is in this group; ``weekday`` where the asker read it, 0 is Monday."""

    from_on: date
    group_id: int | None
    weekday: int | None = None


def turn_on(turns: Sequence[Turn], day: date) -> Turn:
    """The one that holds on a day: of those that have begun, the latest. The first begins with all time."""
    return [one for one in turns if one.from_on <= day][-1]


def turns_of(moves: Iterable[Any], earlier: Iterable[Any], now: Turn) -> tuple[Turn, ...]:
    """In the order of their days; of one day, in the order in which they were entered.

    ``moves``: standing events with ``on`` and ``at``, the instant of entry. ``earlier``: (``until_at``, turn) of
    groups before. ``now``: the group that the place says.
    """
    told = sorted(moves, key=lambda one: one.at)
    before = sorted(earlier, key=lambda one: one[0])
    if not told or not before:
        return (msgspec.structs.replace(now, from_on=date.min),)
    first = next((turn for until, turn in before if until >= told[0].at), now)
    after = [(one.on, next((turn for until, turn in before if until > one.at), now)) for one in told]
    if after[-1][1].group_id != now.group_id:  # changed without an event that tells its day: what is said now holds
        return (msgspec.structs.replace(now, from_on=date.min),)
    starts = [(date.min, first), *sorted(after, key=lambda one: one[0])]
    return tuple(msgspec.structs.replace(turn, from_on=on) for on, turn in starts)


def group_days(session: Session, places: Mapping[int, int | None]) -> dict[int, tuple[Turn, ...]]:
    """By place, its turns. ``places``: id to the group that the place says; as this session reaches them."""
    earlier: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(EarlierPlace.enrollment_id, EarlierPlace.until_at, EarlierPlace.group_id)
        .where(EarlierPlace.enrollment_id.in_(list(places)))
    ):  # fmt: skip
        earlier[row.enrollment_id].append((row.until_at, Turn(date.min, row.group_id)))
    moves: defaultdict[int, list[Any]] = defaultdict(list)
    for move in _moves(session, list(earlier)):
        moves[move.place].append(move)
    return {key: turns_of(moves[key], earlier[key], Turn(date.min, group)) for key, group in places.items()}


def ever_in(session: Session, group_id: int) -> dict[int, tuple[Turn, ...]]:
    """Every place that is, was or will be in a group, with its turns."""
    before = select(EarlierPlace.enrollment_id).where(EarlierPlace.group_id == group_id)
    rows = session.execute(
        select(Enrollment.id, Enrollment.group_id)
        .where((Enrollment.group_id == group_id) | Enrollment.id.in_(before))
    )  # fmt: skip
    return group_days(session, {place: group for place, group in rows})


def _moves(session: Session, places: list[int]) -> Iterable[Any]:
    if not places:
        return ()
    return session.execute(
        select(
            EnrollmentEvent.enrollment_id.label("place"), EnrollmentEvent.occurred_on.label("on"),
            EnrollmentEvent.recorded_at.label("at"),
        ).where(
            EnrollmentEvent.enrollment_id.in_(places), EnrollmentEvent.event.in_(MOVES), current(EnrollmentEvent)
        )
    )  # fmt: skip
