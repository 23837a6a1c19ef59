"""The strip on a case: what came in, what this office owes, what others owe it; each with a clock and an agency."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from monitor.access.matrix import Seen
from monitor.access.roles import KIND_OF, Role
from monitor.access.scoped_session import ScopedSession
from monitor.clock import end_of_day, local_day
from monitor.db import looking_wide
from monitor.handoffs.arrows import KINDS, STARTING, Arrow, arrows_of
from monitor.handoffs.asking import asking_together
from monitor.handoffs.due_dates import due_of
from monitor.handoffs.gaps import Gap, Place, start_of
from monitor.handoffs.kept import keeping, kept
from monitor.handoffs.places import places, places_with_stops
from monitor.handoffs.reading import READERS, asks
from monitor.handoffs.targets import Targets
from monitor.models import Agency
from monitor.models.base import BigId
from monitor.wording import count, moment, short_day

NEWEST = 1  # of what came in, one line an arrow says how it stands
GRAVE = ("E", "D")  # their clocks are hours where others are days: an older question never stands before them


class Link(msgspec.Struct, frozen=True):
    """One line. ``due_at`` None: no target is set. ``source``: who set it. ``many``: so many of its kind are open.

    ``when``: since when, or when it was done; ``due``: by when. Of what is kept by its day alone no hour is said.
    ``paused``: what stopped its clock.
    """

    title: str
    owes: str
    owner: str
    since: datetime
    done_at: datetime | None
    due_at: datetime | None
    late: bool
    source: str
    many: str = ""
    when: str = ""
    due: str = ""
    paused: str = ""

    @property
    def starting(self) -> bool:
        """Whether its target is the one that this product starts with."""
        return self.source == STARTING


class Strip(msgspec.Struct, frozen=True):
    """``received``: done, for us or by us. ``ours``: what we owe. ``others``: what other agencies owe."""

    received: tuple[Link, ...]
    ours: tuple[Link, ...]
    others: tuple[Link, ...]
    zone: str

    @property
    def starting(self) -> bool:
        """Whether any line has a starting target."""
        return any(one.starting for group in (self.received, self.ours, self.others) for one in group)


def strip(session: ScopedSession, case_id: int, targets: Targets, now: datetime) -> Strip | None:
    """Of one case that is in the reader's scope, cut to the arrows of their role; None: no such case for them."""
    cases, arrows = frozenset({case_id}), tuple(arrows_of(Role(session.scope.role)))
    asking = asks(arrow.measure for arrow in arrows)
    with keeping(session), asking_together(session, asking, case_id, now):
        where = places_with_stops if any(arrow.matrix for arrow in arrows) else places
        place = kept(where, session, cases, now).get(case_id)
        if place is None:
            return None
        read = {arrow: list(READERS[arrow.measure](session, cases, now)) for arrow in arrows}
    names = _names(session, {gap.owner_id for gaps in read.values() for gap in gaps})
    groups: dict[str, list[Link]] = defaultdict(list)
    for arrow, gaps in read.items():
        for group, chosen, many in _chosen(arrow, gaps, session, now):
            groups[group].append(_link(session, arrow, chosen, many, names, place, targets, now))
    return Strip(tuple(groups["received"]), tuple(groups["ours"]), tuple(groups["others"]), place.zone)


def strip_of_found(session: ScopedSession, case_id: int, targets: Targets, now: datetime) -> Strip | None:
    """The same for a desk that shares no case (law enforcement), of one that it found by an order and no wall hides."""
    with looking_wide(session, "what is handed on in the case of an order that is open on the screen"):
        return strip(session, case_id, targets, now)


def _chosen(arrow: Arrow, gaps: list[Gap], session: ScopedSession, now: datetime) -> list[tuple[str, Gap, int]]:
    """Of one arrow, the gravest or else the oldest that is open, and how many are; with none open the newest done."""
    open_ones = sorted((gap for gap in gaps if gap.open(now)), key=_pressing)
    if open_ones:
        ours = arrow.owner == KIND_OF[Role(session.scope.role)]
        ours = ours and (not arrow.by_agency or open_ones[0].owner_id == session.scope.agency_id)
        return [("ours" if ours else "others", open_ones[0], len(open_ones))]
    if arrow.seen is Seen.FLAGS:  # what was decided of a question stands on its own page, as long as it may
        return []
    done = sorted((gap for gap in gaps if gap.done(now)), key=lambda gap: gap.end(now))
    return [("received", gap, 1) for gap in done[-NEWEST:]]


def _pressing(gap: Gap) -> tuple[int, datetime]:
    return (GRAVE.index(gap.response_class) if gap.response_class in GRAVE else len(GRAVE)), gap.started_at


def _link(
    session: ScopedSession, arrow: Arrow, gap: Gap, many: int, names: dict[int, str], place: Place, targets: Targets,
    now: datetime,
) -> Link:  # fmt: skip
    owed = msgspec.structs.replace(gap, started_at=gap.reached_at or gap.started_at)
    due = due_of(session, arrow, owed, place, targets, now)
    end = gap.end(now)
    return Link(
        title=arrow.title, owes=arrow.owes, owner=names.get(gap.owner_id, KINDS[arrow.owner]), since=gap.started_at,
        done_at=end if gap.done(now) else None, due_at=due.at, late=due.at is not None and end > due.at,
        source=due.source, many=count(many, "of its kind is open", "of its kind are open") if many > 1 else "",
        when=_said(end if gap.done(now) else gap.started_at, place.zone),
        due=_said(due.at, place.zone) if due.at else "", paused=due.paused,
    )  # fmt: skip


def _said(at: datetime, zone: str) -> str:
    """The day alone of what begins or ends with it, else the hour as well."""
    day = local_day(at, zone)
    return short_day(day) if at in (start_of(day, zone), end_of_day(day, zone)) else moment(at, zone)


def _names(session: ScopedSession, agencies: set[int]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(_named(), {"agencies": sorted(agencies)})}


@cache
def _named() -> Any:
    return select(Agency.id, Agency.name).where(Agency.id.in_(bindparam("agencies", type_=BigId, expanding=True)))
