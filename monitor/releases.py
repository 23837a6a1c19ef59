"""Releases: what a program may tell, to whom, until when. Ended: nothing more is taken for that person (safeguard C8).

What came in before stays. Whether a site asks for a release before the first row is the site's to decide with counsel;
here a place without any release goes on, and its page says that none is on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.intake.receiver import Receiver
from monitor.models import Enrollment, EnrollmentEvent, Release, random_id
from monitor.models.release import SCOPES

AFTER_DISCHARGE: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=21)
NEEDED: Final = frozenset({"probation", "court"})  # both read what a program records here
WITHDRAWN: Final = "Withdrawn by the participant"
WITHDRAWN_AT_ONCE: Final = "Withdrawn by the participant on the day of signing"
ON_PAPER: Final = "What is recorded here is read by probation and court. Without both, keep it on paper."
SCOPE_WORDS: Final = {
    "probation": "Probation", "court": "The court", "prosecutor": "The prosecutor",
    "advocate_list": "The status list that advocates see",
}  # fmt: skip


class Released(msgspec.Struct, frozen=True):
    """The newest release of a place. ``ends_on``: its last day, None while nothing ends it.

    One that leaves out probation or the court ends before it begins: nothing can be recorded that only others read.
    """

    id: int
    signed_on: date
    until_on: date | None
    ends_on: date | None
    scope: tuple[str, ...]

    def ended(self, today: date) -> bool:
        """Whether nothing more may be taken under it."""
        return self.ends_on is not None and today > self.ends_on

    @property
    def enough(self) -> bool:
        """Whether it covers everyone who reads what is recorded here."""
        return set(self.scope) >= NEEDED

    @property
    def scope_words(self) -> str:
        """To whom, in words."""
        return ", ".join(SCOPE_WORDS[one] for one in self.scope)


def releases_of(session: Session, places: Iterable[int]) -> dict[int, Released]:
    """The newest release of each place that has one."""
    ids = list(places)
    rows = session.scalars(
        select(Release).where(Release.enrollment_id.in_(ids), current(Release))
        .order_by(Release.occurred_on, Release.recorded_at)
    )  # fmt: skip
    left = _left_on(session, ids)
    return {row.enrollment_id: _released(row, left.get(row.enrollment_id)) for row in rows}


def released_until(session: Session, program_id: int) -> Mapping[int, date]:
    """Of a program's places: the last day on which something may be taken, where there is one."""
    ids = session.scalars(select(Release.enrollment_id).join(
        Enrollment, Enrollment.id == Release.enrollment_id
    ).where(Enrollment.program_id == program_id)).all()  # fmt: skip
    found = releases_of(session, ids) if ids else {}
    return {place: one.ends_on for place, one in found.items() if one.ends_on is not None}


def open_to(session: Session, word: str, left_on: Mapping[int, date], today: date) -> frozenset[int]:
    """Places whose newest release lets ``word`` of `SCOPES` be told today. ``left_on``: when it was left for good."""
    rows = session.scalars(select(Release).where(current(Release)).order_by(Release.occurred_on, Release.recorded_at))
    newest = {row.enrollment_id: _released(row, left_on.get(row.enrollment_id)) for row in rows}
    held = ((place, one) for place, one in newest.items() if one.signed_on <= today and not one.ended(today))
    return frozenset(place for place, one in held if word in one.scope)


def _left_on(session: Session, places: list[int]) -> dict[int, date]:
    """The day of the last discharge, unless the person came back."""
    rows = session.execute(
        select(EnrollmentEvent.enrollment_id, EnrollmentEvent.event, EnrollmentEvent.occurred_on)
        .where(EnrollmentEvent.enrollment_id.in_(places), current(EnrollmentEvent))
        .order_by(EnrollmentEvent.occurred_on, EnrollmentEvent.recorded_at)
    )
    found: dict[int, date] = {}
    for place, event, on in rows:
        if event in ("DISCHARGED", "EXITED"):
            found[place] = on
        elif event == "ENROLLED":
            found.pop(place, None)
    return found


def _released(row: Release, left_on: date | None) -> Released:
    scope = tuple(row.scope.split(","))
    ends_on = row.until_on or (left_on + AFTER_DISCHARGE if left_on else None)
    if row.reason == WITHDRAWN_AT_ONCE or not set(scope) >= NEEDED:
        ends_on = row.occurred_on - timedelta(days=1)  # it never let anything be recorded here
    return Released(row.id, row.occurred_on, row.until_on, ends_on, scope)


def faults_of(signed_on: date | None, until_on: date | None, scope: Iterable[str], today: date) -> dict[str, str]:
    """By field, what a release lacks."""
    if signed_on is None or signed_on > today:
        return {"signed_on": "Give the day on which the participant signed; it cannot be still to come."}
    if until_on is not None and until_on < today:
        return {"ends_on": "That day is over. Give the last day of the release, or leave it empty."}
    return {} if set(scope) >= NEEDED else {"scope": ON_PAPER}


def keep_release(
    session: Session, enrollment_id: int, signed_on: date, until_on: date | None, scope: Iterable[str], by: Receiver
) -> None:
    """Put a signed release on record, in place of the one before it."""
    place = session.scalars(select(Enrollment).where(Enrollment.id == enrollment_id)).one()
    before = releases_of(session, [enrollment_id]).get(enrollment_id)
    session.add(_row(place, signed_on, until_on, scope, by, before.id if before else None))
    session.flush()


def withdraw(session: Session, enrollment_id: int, by: Receiver) -> bool:
    """The participant takes it back: nothing more is taken from now on. False: there is none to take back.

    The day of signing stays as it was. Taken back on that very day, its reason says that it never held.
    """
    place = session.scalars(select(Enrollment).where(Enrollment.id == enrollment_id)).one()
    before = releases_of(session, [enrollment_id]).get(enrollment_id)
    if before is None or before.ended(by.today):
        return False
    last, words = by.today - timedelta(days=1), WITHDRAWN
    if last < before.signed_on:
        last, words = before.signed_on, WITHDRAWN_AT_ONCE
    session.add(_row(place, before.signed_on, last, before.scope, by, before.id, words))
    session.flush()
    return True


def _row(
    place: Enrollment, signed_on: date, until_on: date | None, scope: Iterable[str], by: Receiver,
    supersedes: int | None, reason: str | None = None,
) -> Release:  # fmt: skip
    return Release(
        id=random_id(), case_id=place.case_id, agency_id=place.agency_id, enrollment_id=place.id,
        occurred_on=signed_on, until_on=until_on, scope=",".join(one for one in SCOPES if one in set(scope)),
        recorded_at=by.now, recorded_by_id=by.user_id, supersedes_id=supersedes, reason=reason,
    )  # fmt: skip
