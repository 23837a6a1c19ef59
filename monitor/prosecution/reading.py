"""Reports that lie before the prosecution, read as a supervisor approved them: nothing beside them is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.facts import Facts, read
from monitor.allegations.page import Clock
from monitor.allegations.reading import independence, warnings
from monitor.allegations.steps import is_contested, last_of, state_of, steps_of
from monitor.allegations.typed import Typed, typed_of
from monitor.due_process import ALLEGATIONS, ENDED_BY_COURT
from monitor.local_law import LocalLaw
from monitor.models import (
    Agency,
    Allegation,
    AllegationFlag,
    AllegationStep,
    Case,
    ContextReview,
    Court,
    Flag,
    Person,
    User,
)
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.prosecution.clock import clock_of
from monitor.prosecution.standing import NOBODY, Standing, standing, standings

NO_FACTS: Final = Facts(matters=(), helps=(), dismissed=())
OPEN_QUESTION: Final = "A context question of this case is open. It is answered first, on the page Context."
GONE: Final = "A correction took away what it rests on. Refer it back, or decline."


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One report as it was sent. ``gone``: a correction took back all it rests on, ``corrected``: some of it.

    ``no_file``: why it cannot be filed now, in sentences. ``clock``: this office's own; None: no matrix says one.
    """

    id: int
    case_id: int
    person_id: int
    person: str
    number: str
    zone: str
    court: str
    office: str
    office_id: int
    officer: str
    sent_at: datetime
    facts: Facts
    typed: Typed
    state: str
    contested: bool
    standing: Standing
    clock: Clock | None
    gone: bool
    corrected: bool
    no_file: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def state_words(self) -> str:
        """How it stands with the court."""
        return ALLEGATIONS[self.state]

    @property
    def waits(self) -> bool:
        """Whether the prosecution has to decide."""
        return self.state == "FILED" and self.standing.state == "WAITING"

    @property
    def about(self) -> str:
        """What it is about, in a line."""
        return ", ".join(dict.fromkeys(matter.title for matter in self.facts.matters))


def sent(session: ScopedSession, report: int, now: datetime, law: LocalLaw) -> Sent | None:
    """One report; None: there is none for this person, or it has left everyday view (safeguard H3)."""
    row = session.execute(_heads().where(Allegation.id == report)).first() if is_id(report) else None
    return _sent(session, row, standing(session, row.id), now, law) if row is not None else None


def all_sent(session: ScopedSession, now: datetime, law: LocalLaw, case_id: int = 0) -> tuple[Sent, ...]:
    """Every report of a case, or those of every case that the court has not answered, the oldest first."""
    asked = _heads().where(Allegation.case_id == case_id if case_id else ~_answered())
    rows = session.execute(asked.order_by(Allegation.made_at, Allegation.id)).all()
    stand = standings(session, [row.id for row in rows])
    found = (_sent(session, row, stand.get(row.id, NOBODY), now, law) for row in rows)
    return tuple(one for one in found if one is not None)


def _answered() -> Any:
    """Whether the court answered a report, or it was withdrawn, and nobody took that back."""
    end, back = aliased(AllegationStep), aliased(AllegationStep)
    again = exists().where(
        back.allegation_id == end.allegation_id, back.kind == "REOPENED", back.number > end.number
    )
    return exists().where(end.allegation_id == Allegation.id, end.kind.in_(ENDED_BY_COURT), ~again)


def open_questions(session: ScopedSession, case_id: int) -> bool:
    """Whether a context question of the case is open, whoever's it is (safeguard G4)."""
    waits = ContextReview.case_id == case_id, ContextReview.done_at.is_(None)
    return session.scalar(select(ContextReview.id).where(*waits).limit(1)) is not None


def _heads() -> Any:
    columns = (
        Allegation.id, Allegation.case_id, Allegation.agency_id, Case.number, Court.zone, Court.name.label("court"),
        Agency.name.label("office"), User.name.label("officer"), Person.id.label("person_id"), Person.family_name,
        Person.given_name, Person.suffix,
    )  # fmt: skip
    return (
        select(*columns).join(Case, Case.id == Allegation.case_id).join(Person, Person.id == Case.person_id)
        .join(Court, Court.id == Case.court_id).join(Agency, Agency.id == Allegation.agency_id)
        .join(User, User.id == Allegation.made_by_id)
    )  # fmt: skip


def _sent(session: ScopedSession, row: Any, stands: Standing, now: datetime, law: LocalLaw) -> Sent | None:
    steps = steps_of(session, row.id)
    filed = last_of(steps, "APPROVED")
    if filed is None:
        return None
    state, ended = state_of(step.kind for step in steps), last_of(steps, *ENDED_BY_COURT)
    if ended is not None and state == ended.kind and law.seals(state, ended.at, now, row.zone):
        return None
    facts, typed = read(filed.content) or NO_FACTS, typed_of(filed.content)
    flags = _flags(session, row.id)
    gone = bool(flags) and all(one.state == "WITHDRAWN" for one in flags)
    contested, decided = is_contested(steps), stands.state != "WAITING"
    since = stands.since if stands.since is not None and not decided else filed.at
    until = stands.since if decided and stands.since is not None else now
    return Sent(
        id=row.id, case_id=row.case_id, person_id=row.person_id, number=row.number, zone=row.zone,
        person=last_first(row.family_name, row.given_name, suffix=row.suffix), court=row.court,
        office=row.office, office_id=row.agency_id,
        officer=row.officer, sent_at=filed.at, facts=facts, typed=typed, state=state,
        contested=any(one.contested for one in flags) if contested is None else contested, standing=stands,
        clock=clock_of(session, row.case_id, facts.matters, since, row.zone, until), gone=gone,
        corrected=any(one.state == "WITHDRAWN" for one in flags) and not gone,
        no_file=tuple(_no_file(session, row.case_id, facts, typed, gone)), warnings=tuple(warnings(facts, typed)),
    )  # fmt: skip


def _flags(session: ScopedSession, report: int) -> Sequence[Any]:
    told = select(Flag.state, Flag.contested).join(AllegationFlag, AllegationFlag.flag_id == Flag.id)
    return session.execute(told.where(AllegationFlag.allegation_id == report)).all()


def _no_file(session: ScopedSession, case_id: int, facts: Facts, typed: Typed, gone: bool) -> Iterable[str]:
    if open_questions(session, case_id):
        yield OPEN_QUESTION
    if gone:
        yield GONE
    yield from independence(facts, typed)
