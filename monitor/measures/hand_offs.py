"""M3 to M16 and M18: how long each hand-off took, of everything that began in the quarter, and what still waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.access.roles import KIND_OF
from monitor.clock import local_day
from monitor.handoffs.arrows import ARROWS, KINDS, Arrow
from monitor.handoffs.due_dates import due_of
from monitor.handoffs.gaps import Gap, Place
from monitor.handoffs.reading import READERS
from monitor.handoffs.targets import Targets
from monitor.measures.content import AgencyLine, Bands, GapLine
from monitor.measures.quarters import Quarter
from monitor.measures.suppression import FEWEST, Row, Shown, about, by_agency, percent, publish
from monitor.measures.survival import Waited, quantile
from monitor.models import Agency, Membership
from monitor.wording import count

AGES: Final = ((7, "0 to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"), (None, "more than 90 days"))
BY_AGE: Final = ("M3", "M4", "M7", "M9", "M14", "M15")
P90: Final = 0.9
MORE: Final = "longer than was followed"
HIDDEN: Final = ""
IN_TIME, LATE, PAST = "in time", "late", "past"


class Ground(msgspec.Struct, frozen=True):
    """What every measure of a quarter stands on."""

    quarter: Quarter
    where: Mapping[int, Place]
    targets: Targets

    @property
    def as_of(self) -> datetime:
        """When the quarter is looked at."""
        return self.quarter.as_of

    def began(self, case_id: int, at: datetime) -> bool:
        """Whether something began in the quarter, by the day of the case's court."""
        place = self.where.get(case_id)
        return place is not None and self.quarter.holds(local_day(at, place.zone))


def gap_lines(session: Session, ground: Ground) -> tuple[tuple[GapLine, ...], tuple[Bands, ...]]:
    """Each arrow, and by age what waits; call inside `looking_wide`."""
    names = {row.id: row.name for row in session.execute(select(Agency.id, Agency.name))}
    staff = _staff(session)
    lines, waiting = [], []
    for arrow in ARROWS:
        gaps = [gap for gap in READERS[arrow.measure](session, None, ground.as_of) if gap.case_id in ground.where]
        mine = [gap for gap in gaps if ground.began(gap.case_id, gap.started_at)]
        lines.append(_line(session, ground, arrow, mine, names, staff))
        if arrow.measure in BY_AGE:
            waiting.append(_waiting(arrow, gaps, ground.as_of))
    return tuple(lines), tuple(waiting)


def _staff(session: Session) -> dict[int, int]:
    """By agency, how many people hold a role of its kind of work."""
    held = select(Membership.agency_id, func.count(Membership.user_id.distinct()).label("people")).where(
        Membership.until_on.is_(None), Membership.role.in_([role.value for role in KIND_OF])
    ).group_by(Membership.agency_id)  # fmt: skip
    return {row.agency_id: row.people for row in session.execute(held)}


def _line(
    session: Session, ground: Ground, arrow: Arrow, gaps: Sequence[Gap], names: Mapping[int, str],
    staff: Mapping[int, int],
) -> GapLine:  # fmt: skip
    judged = [(gap.owner_id, side) for gap in gaps if (side := _side(session, ground, arrow, gap))]
    whole, sides = Counter(side for _owner, side in judged), Counter(judged)
    shown = publish([whole[IN_TIME], whole[LATE] + whole[PAST]])
    split = publish([whole[LATE], whole[PAST]]) if shown.cells[1] is not None else Shown((None, None), None)
    agencies = [
        Row(names.get(one, ""), sides[one, IN_TIME], sides[one, LATE] + sides[one, PAST], staff.get(one, 0))
        for one in sorted({owner for owner, _side in judged})
    ]
    target = ground.targets.of(arrow.measure, ground.quarter.first_on)
    waits = [(gap.end(ground.as_of) - gap.started_at, gap.done(ground.as_of)) for gap in gaps]
    told = partial(length_words, beside_hidden=split.cells[1] is None)
    return GapLine(
        measure=arrow.measure, title=arrow.title, from_to=f"{KINDS[arrow.sends]} to {KINDS[arrow.receives].lower()}",
        start=arrow.start, end=arrow.end,
        target=target.words if target else "clock of the adopted matrix" if arrow.matrix else "none: by age",
        source=target.source if target else "", many=shown.total, in_time=shown.cells[0], missed=shown.cells[1],
        late=split.cells[0], past=split.cells[1], percent=percent(shown.cells[0], shown.total),
        median=told(waits, 0.5), p90=told(waits, P90), loss=percent(shown.cells[1], shown.total),
        agencies=_agencies(agencies) if None not in shown.cells and all(row.name for row in agencies) else (),
    )  # fmt: skip


def _side(session: Session, ground: Ground, arrow: Arrow, gap: Gap) -> str:
    """In time, done late, or open past its target; "" where it has none, or it ended or is looked at before that."""
    due_at = due_of(session, arrow, gap, ground.where[gap.case_id], ground.targets).at
    if due_at is None:
        return ""
    end = gap.end(ground.as_of)
    if gap.done(ground.as_of):
        return IN_TIME if end <= due_at else LATE
    return PAST if end > due_at else ""


def _agencies(rows: Sequence[Row]) -> tuple[AgencyLine, ...]:
    return tuple(
        AgencyLine(one.name, one.in_time, one.missed, percent(one.in_time, one.in_time + one.missed))
        for one in by_agency(rows)
    )


def length_words(waits: Sequence[Waited], part: float, *, beside_hidden: bool = False) -> str:
    """The quantile in whole hours to three days and whole days beyond, rounded up; "" where too few are done.

    ``beside_hidden``: beside how many began, with the number of open ones hidden. There neither median nor P90 is told
    where more than a tenth is open ("longer" beside "of 13" says that 2 are), nor of eleven, of which all were done.
    """
    done = sum(done for _length, done in waits)
    counts = beside_hidden and (len(waits) == FEWEST or quantile(waits, P90) is None)
    if done < FEWEST or counts:
        return HIDDEN
    found = quantile(waits, part)
    if found is None:
        return MORE
    hours = -(-int(found.total_seconds()) // 3600)
    if not hours:
        return "at once"
    return count(hours, "hour") if hours < 72 else count(-(-hours // 24), "day")


def _waiting(arrow: Arrow, gaps: Sequence[Gap], as_of: datetime) -> Bands:
    """What is open on the day of the report, whenever it began, by age."""
    counts = [0] * len(AGES)
    for gap in gaps:
        if gap.open(as_of) and gap.started_at <= as_of:
            days = (as_of - gap.started_at) // timedelta(days=1)
            counts[next(place for place, (most, _) in enumerate(AGES) if most is None or days <= most)] += 1
    shown = publish(counts)
    bands = tuple((words, about(cell)) for (_most, words), cell in zip(AGES, shown.cells, strict=True))
    return Bands(arrow.measure, arrow.title, bands, about(shown.total))
