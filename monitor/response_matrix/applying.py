"""What the matrix says of one question: its range and clocks by the version of that day, and what was done before.

A person chooses. With no version adopted the sample is shown as such and binds nobody.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

import msgspec
from sqlalchemy import func, select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.flag_review.responses import steps_before
from monitor.levels import standing_level
from monitor.models import Case, CourtHoliday, Response, Review
from monitor.response_matrix.clocks import LastDay, court_days, last_day_of, stopping
from monitor.response_matrix.content import CLASSES, CLOCKS, LEVELS, STEPS, Cell, key_of
from monitor.response_matrix.own_choices import OwnChoices, own_choices
from monitor.response_matrix.stops import stops
from monitor.response_matrix.versions import Version, in_force

FEWEST: Final = 11  # like cases below this are not told (access matrix, metrics)
A_YEAR: Final = timedelta(days=365)
MILDER, STRONGER = "MILDER", "STRONGER"
OUTSIDE: Final = {MILDER: "DOWN", STRONGER: "UP"}
NO_LEVEL: Final = "No level is in date: act by the times of Elevated, with the responses of Standard, not harder."


class LikeCases(msgspec.Struct, frozen=True):
    """What this office did in the last 12 months in the same cell; only ever told of 11 or more.

    ``inside``: how many within the range; None where fewer than 11 are inside it, or outside.
    """

    count: int
    inside: int | None
    median_days: int

    @property
    def words(self) -> str:
        """In the last 12 months, 51 like this: 33 inside the range, median 4 court days."""
        days = "1 court day" if self.median_days == 1 else f"{self.median_days} court days"
        told = f"In the last 12 months, {self.count} like this: "
        return told + (f"{self.inside} inside the range, " if self.inside else "") + f"median {days}."

    @property
    def for_the_court(self) -> str:
        """Like cases, 12 mo: 51, of which 33 within the range"""
        told = f"Like cases, 12 mo: {self.count}"
        return told + (f", of which {self.inside} within the range" if self.inside else "")


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """The menu of one question. ``number`` 0: the sample. ``timing``: of a stricter column, for when to act."""

    matrix_id: int
    number: int
    title: str
    response_class: str
    level: str
    level_words: str
    step: int
    cell: str
    here: tuple[str, ...]
    court: tuple[str, ...]
    timing: tuple[str, ...]
    clocks: tuple[tuple[str, str], ...]
    respond: LastDay | None
    like: LikeCases | None
    opened_on: date
    today: date
    days_so_far: int
    own: OwnChoices | None = None

    @property
    def adopted(self) -> bool:
        """Whether the local team has adopted it: only then is a choice outside it asked about."""
        return self.number > 0

    @property
    def respond_by(self) -> date | None:
        """The last day for a response; None: no clock, or it stands still (`paused`)."""
        return self.respond.on if self.respond else None

    @property
    def paused(self) -> str:
        """Paused from … because …, continues …; "" for a clock that nothing stopped."""
        return self.respond.paused(self.today) if self.respond else ""

    @property
    def place(self) -> str:
        """class B, 2nd, elevated"""
        return f"class {self.response_class}, {STEPS[self.step]}, {self.level_words.lower()}"

    def options(self, decision: str) -> dict[str, str]:
        """The lines that a decision may choose from, by key."""
        lines = {"ACT": ("court", self.court), "HANDLE": ("here", self.here)}.get(decision)
        return {f"{lines[0]}.{place}": line for place, line in enumerate(lines[1])} if lines else {}

    def may_go_up(self) -> bool:
        """Class A is never answered above its row."""
        return self.response_class != "A"


def range_of(
    session: ScopedSession, case_id: int, zone: str, response_class: str | None, first_on: date, opened_at: datetime,
    now: datetime,
) -> Range | None:  # fmt: skip
    """What the matrix says; None: nothing of this question. Whether it may be suggested is the asker's to ask (G4)."""
    if response_class not in CLASSES:
        return None
    version = in_force(session, first_on)
    level = _column(session, version, case_id, local_day(now, zone))
    step = min(steps_before(session, case_id, now) + 1, max(STEPS))
    answered_as, cell = version.content.cell(response_class, level or "STANDARD", step)
    if not cell.here and not cell.court:
        return None
    return _range(session, case_id, zone, version, (answered_as, level, step), cell, opened_at, now)


def _column(session: ScopedSession, version: Version, case_id: int, day: date) -> str:
    """The column of the level that an assessor entered and that is in date; "" for none (safeguard G6)."""
    standing = standing_level(session, case_id, day)
    return version.content.columns.get(standing.level, "") if standing else ""


def _range(
    session: ScopedSession, case_id: int, zone: str, version: Version, place: tuple[str, str, int], cell: Cell,
    opened_at: datetime, now: datetime,
) -> Range:  # fmt: skip
    response_class, level, step = place
    shut, binds = closed_days(session, case_id), version.adopted  # the sample sets nobody a day
    still = stops(session, case_id, zone) if binds else ()
    opened_on, today = local_day(opened_at, zone), local_day(now, zone)
    clocks = version.content.classes[response_class].clocks
    sooner = version.content.cell(response_class, "ELEVATED", step)[1] if not level else Cell()
    key = key_of(response_class, level or "STANDARD", step)
    return Range(
        matrix_id=version.id, number=version.number, title=version.title, response_class=response_class, level=level,
        level_words=LEVELS[level] if level else "Standard", step=step, cell=key, here=cell.here, court=cell.court,
        timing=(*sooner.here, *sooner.court) if sooner != cell else (),
        clocks=tuple((CLOCKS[name], clocks[name]) for name in ("open", "respond", "report", "hearing")),
        respond=last_day_of(version.content, response_class, "respond", opened_on, shut, still) if binds else None,
        like=like_cases(session, key, now) if version.id else None, opened_on=opened_on, today=today,
        days_so_far=court_days(opened_on, today, shut, tuple(stopping(response_class, "respond", still))),
        own=own_choices(session, case_id, key, now) if version.id else None,
    )  # fmt: skip


def like_cases(session: ScopedSession, cell: str, now: datetime) -> LikeCases | None:
    """Of this office; None below 11."""
    mine = (
        Response.cell == cell, Response.agency_id == session.scope.agency_id, Response.decided_at > now - A_YEAR,
        Response.decided_at <= now, Review.undone_at.is_(None),
    )  # fmt: skip
    counted = select(func.count(Response.id)).join(Review, Review.id == Response.review_id).where(*mine)
    if (session.scalar(counted) or 0) < FEWEST:
        return None
    rows = session.execute(
        select(Response.outside, Response.court_days).join(Review, Review.id == Response.review_id).where(*mine)
    ).all()
    inside = sum(not row.outside for row in rows)
    told = inside if min(inside, len(rows) - inside) >= FEWEST else None  # of the two, one gives the other away
    return LikeCases(len(rows), told, round(median(row.court_days for row in rows)))


def closed_days(session: ScopedSession, case_id: int) -> set[date]:
    """Days on which the court of the case is closed, besides weekends."""
    closed = select(CourtHoliday.closed_on).join(Case, Case.court_id == CourtHoliday.court_id)
    return set(session.scalars(closed.where(Case.id == case_id)))
