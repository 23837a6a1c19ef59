"""An office's reports to the court: what waits for a supervisor, what is worked on, what lies before the court."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.clocks import clocks
from monitor.covers import stand_in
from monitor.due_process import ALLEGATION_MOVES, ALLEGATIONS
from monitor.flag_review.words import title_of
from monitor.local_law import LocalLaw
from monitor.models import Allegation, AllegationFlag, AllegationStep, Case, Court, Flag, Person, Review, User
from monitor.names import last_first
from monitor.today.people import of_list

# the last of these says where an allegation stands
MOVING: Final = tuple(sorted({kind for (before, kind), (_who, after) in ALLEGATION_MOVES.items() if before != after}))
STANDS: Final = {
    "MADE": "DRAFT", "SAVED": "DRAFT", "SUBMITTED": "WAITING", "RETURNED": "RETURNED", "APPROVED": "FILED",
    "REOPENED": "FILED", "WITHDRAWN": "WITHDRAWN", "FOUND": "FOUND", "NOT_FOUND": "NOT_FOUND", "ADMITTED": "ADMITTED",
}  # fmt: skip
MOST_ENDED: Final = 30


class QueueLine(msgspec.Struct, frozen=True, kw_only=True):
    """One report. ``days_over``: how far this office is over its own clock; 0 or less: within it.

    ``paused``: what stopped that clock.
    """

    id: int
    person: str
    number: str
    about: str
    officer: str
    state: str
    state_words: str
    since: datetime
    zone: str
    due_on: date | None
    days_over: int
    mine: bool
    paused: str = ""


class Queue(msgspec.Struct, frozen=True):
    """``waiting``: those that this reader may be the second person for come first, the most overdue on top."""

    waiting: tuple[QueueLine, ...]
    drafts: tuple[QueueLine, ...]
    filed: tuple[QueueLine, ...]
    ended: tuple[QueueLine, ...]
    team: bool


def queue(session: ScopedSession, now: datetime, law: LocalLaw) -> Queue:
    """The reports of the reader's own people; a supervisor's are those of the whole office."""
    stand_in(session, now)
    team = session.scope.role == "officer_supervisor"
    lines = [_line(session, row, now) for row in session.execute(_open(session, team))]
    over = session.execute(_ended(session, team)).all()
    ended = [_line(session, row, now) for row in over if not law.seals(row.kind, row.at, now, row.zone)]
    by_state = {
        name: tuple(sorted((one for one in lines if one.state in states), key=lambda one: (-one.days_over, one.since)))
        for name, states in (("waiting", ("WAITING",)), ("drafts", ("DRAFT", "RETURNED")), ("filed", ("FILED",)))
    }
    return Queue(by_state["waiting"], by_state["drafts"], by_state["filed"], tuple(ended), team)


def _last(session: ScopedSession, team: bool) -> Any:
    """Each report with the step that says where it stands."""
    newer = aliased(AllegationStep)
    newest = (
        select(func.max(newer.number)).where(newer.allegation_id == Allegation.id, newer.kind.in_(MOVING))
        .correlate(Allegation).scalar_subquery()
    )  # fmt: skip
    columns = (
        Allegation.id, Allegation.case_id, Allegation.made_by_id, AllegationStep.kind, AllegationStep.at, Case.number,
        Court.zone, User.name.label("officer"), Person.family_name, Person.given_name,
    )  # fmt: skip
    return (
        select(*columns).join(AllegationStep, AllegationStep.allegation_id == Allegation.id)
        .join(Case, Case.id == Allegation.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id).join(User, User.id == Allegation.made_by_id)
        .where(
            AllegationStep.number == newest, Allegation.agency_id == session.scope.agency_id,
            of_list(Allegation.case_id, session, team),
        )
    )  # fmt: skip


def unfiled(session: ScopedSession, cases: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Reports about these cases that this office has begun and no supervisor has approved: id and where it stands."""
    unsent = [kind for kind, state in STANDS.items() if state in ("DRAFT", "WAITING", "RETURNED")]
    here = _last(session, True).where(AllegationStep.kind.in_(unsent), Allegation.case_id.in_(cases))
    found: dict[int, list[tuple[int, str]]] = {}
    for row in session.execute(here.order_by(AllegationStep.at)):
        found.setdefault(row.case_id, []).append((row.id, ALLEGATIONS[STANDS[row.kind]]))
    return found


def _open(session: ScopedSession, team: bool) -> Any:
    standing = [kind for kind, state in STANDS.items() if state in ("DRAFT", "WAITING", "RETURNED", "FILED")]
    return _last(session, team).where(AllegationStep.kind.in_(standing))


def _ended(session: ScopedSession, team: bool) -> Any:
    ended = ("WITHDRAWN", "FOUND", "NOT_FOUND", "ADMITTED")
    newest_first = AllegationStep.at.desc(), Allegation.id
    return _last(session, team).where(AllegationStep.kind.in_(ended)).order_by(*newest_first).limit(MOST_ENDED)


def _line(session: ScopedSession, row: Any, now: datetime) -> QueueLine:
    flags = _flags(session, row.id)
    state = STANDS[row.kind]
    unsent = state in ("DRAFT", "WAITING", "RETURNED")
    ticking = clocks(session, row.case_id, [one.id for one in flags], row.zone, now) if unsent else ()
    tightest = max(ticking, key=lambda one: one.days_over, default=None)
    about = ", ".join(dict.fromkeys(title_of(one.code) for one in flags))
    return QueueLine(
        id=row.id, person=last_first(row.family_name, row.given_name), number=row.number, about=about,
        officer=row.officer, state=state, state_words=ALLEGATIONS[state], since=row.at, zone=row.zone,
        due_on=tightest.due_on if tightest else None, days_over=tightest.days_over if tightest else 0,
        paused=tightest.paused if tightest else "",
        mine=row.made_by_id == session.scope.user_id,
    )  # fmt: skip


def _flags(session: ScopedSession, allegation_id: int) -> Sequence[Any]:
    told = select(Flag.id, Flag.code).join(AllegationFlag, AllegationFlag.flag_id == Flag.id)
    told = told.join(Review, Review.id == AllegationFlag.review_id)
    return session.execute(told.where(AllegationFlag.allegation_id == allegation_id).order_by(Flag.first_on)).all()
