"""The disclosure log: what was handed to the defense, when, to whom and how; and what was not yet.

A day by which it is due exists only where the site sets one (`monitor.local_law`, ``disclose_days``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.bench_page.foot import HOW, TO
from monitor.clock import local_day
from monitor.local_law import LocalLaw
from monitor.models import Case, DefenseCopy, EvidenceCopy, Person, User, random_id
from monitor.one_at_a_time import one_at_a_time
from monitor.prosecution.gathering import packet
from monitor.prosecution.keeping import OVER, Kept, all_kept
from monitor.prosecution.reading import Sent, all_sent

PRESS: Final = timedelta(minutes=1)  # within which the same press twice is one


class Copy(msgspec.Struct, frozen=True):
    """One hand-over. ``undone``: entered wrongly, and taken back."""

    id: int
    to: str
    how: str
    at: datetime
    by: str
    undone: bool


class Handed(msgspec.Struct, frozen=True):
    """One line of the log: a packet, a record, or the court's own packet, with who got it."""

    path: str
    what: str
    number: str
    person: str
    zone: str
    copies: tuple[Copy, ...]

    @property
    def was_handed(self) -> bool:
        """Whether somebody has it."""
        return any(not one.undone for one in self.copies)


class Owed(msgspec.Struct, frozen=True):
    """A report that is to be filed, and of which the defense has no packet. ``due_on``: None: the site sets no day."""

    report_id: int
    number: str
    person: str
    what: str
    due_on: date | None
    days_over: int


class Log(msgspec.Struct, frozen=True):
    """What is owed, what lies ready, what was handed over, and what the court handed over."""

    owed: tuple[Owed, ...]
    ready: tuple[Handed, ...]
    handed: tuple[Handed, ...]
    by_court: tuple[Handed, ...]


def copies_of(session: ScopedSession, packets: Iterable[int]) -> dict[int, tuple[Copy, ...]]:
    """By packet, oldest first."""
    found: dict[int, list[Copy]] = {}
    told = select(EvidenceCopy, User.name).join(User, User.id == EvidenceCopy.given_by_id)
    told = told.where(EvidenceCopy.evidence_packet_id.in_(list(packets)))
    for row, name in session.execute(told.order_by(EvidenceCopy.given_at, EvidenceCopy.id)):
        copy = Copy(row.id, TO[row.given_to], HOW[row.how], row.given_at, name, row.undone_at is not None)
        found.setdefault(row.evidence_packet_id, []).append(copy)
    return {number: tuple(copies) for number, copies in found.items()}


def log(session: ScopedSession, law: LocalLaw, now: datetime) -> Log:
    """Of every case that this person may see."""
    packets = [one for one in all_kept(session, law, now) if not one.over]
    copies = copies_of(session, [one.id for one in packets])
    lines = [_line(one, copies.get(one.id, ())) for one in packets]
    return Log(
        owed(session, all_sent(session, now, law), law, now),
        tuple(one for one in lines if not one.was_handed), tuple(one for one in lines if one.was_handed),
        tuple(_by_court(session)),
    )  # fmt: skip


def _line(one: Kept, copies: tuple[Copy, ...]) -> Handed:
    seen = one.evidence
    return Handed(f"/evidence/{one.id}", one.title, seen.number, seen.person, seen.zone, copies)


def owed(session: ScopedSession, reports: Sequence[Sent], law: LocalLaw, now: datetime) -> tuple[Owed, ...]:
    """Reports to be filed of which no packet was handed over, the most pressing first."""
    found = []
    for report in reports:
        decided = report.standing.last
        if report.state != "FILED" or report.standing.state != "FILED" or decided is None:
            continue
        packets = [one.id for one in all_kept(session, law, now, allegation_id=report.id)]
        if any(not copy.undone for copies in copies_of(session, packets).values() for copy in copies):
            continue
        due_on = local_day(decided.at, report.zone) + timedelta(days=law.disclose_days) if law.disclose_days else None
        over = (local_day(now, report.zone) - due_on).days if due_on else 0
        what = "Packet not handed over" if packets else "No packet made yet"
        found.append(Owed(report.id, report.number, report.person, what, due_on, over))
    return tuple(sorted(found, key=lambda one: (one.due_on or date.max, one.number)))


def _by_court(session: ScopedSession) -> Iterable[Handed]:
    """What the court's own log says of the bench page: that a copy went, never what stands in it."""
    told = (
        select(DefenseCopy, User.name, Case.number, Person.family_name, Person.given_name)
        .join(User, User.id == DefenseCopy.given_by_id).join(Case, Case.id == DefenseCopy.case_id)
        .join(Person, Person.id == Case.person_id).order_by(DefenseCopy.given_at.desc(), DefenseCopy.id)
    )  # fmt: skip
    for row, name, number, family, given in session.execute(told):
        copy = Copy(row.id, TO[row.given_to], HOW[row.how], row.given_at, name, row.undone_at is not None)
        yield Handed("", "The court's packet of a hearing", number, f"{family}, {given}", "", (copy,))


def faults_of(one: Kept, given_to: str, how: str) -> dict[str, str]:
    """What is missing, by field."""
    if one.over:
        return {"given_to": OVER}
    if not one.whole:
        return {"given_to": "Its bytes are not those that were kept. Tell your administrator; make a new one."}
    faults = {} if given_to in TO else {"given_to": "Choose who got the copy."}
    return faults if how in HOW else faults | {"how": "Choose how it was handed over."}


def hand_over(session: ScopedSession, one: Kept, given_to: str, how: str, now: datetime) -> None:
    """Write down that the defense has it; the same by the same person within a minute is a second press."""
    by = session.scope.user_id
    one_at_a_time(session, one.id)
    same = EvidenceCopy.evidence_packet_id == one.id, EvidenceCopy.given_to == given_to, EvidenceCopy.how == how
    lately = EvidenceCopy.given_by_id == by, EvidenceCopy.given_at > now - PRESS, EvidenceCopy.undone_at.is_(None)
    if session.scalar(select(EvidenceCopy.id).where(*same, *lately).limit(1)) is not None:
        return
    session.add(
        EvidenceCopy(
            id=random_id(), case_id=one.case_id, agency_id=session.scope.agency_id, evidence_packet_id=one.id,
            given_to=given_to, how=how, given_at=now, given_by_id=by, undone_at=None, undone_by_id=None,
        )
    )  # fmt: skip
    session.flush()


def undo(session: ScopedSession, one: Kept, copy_id: int, now: datetime) -> bool:
    """An entry that was wrong stays on record as taken back. False: there is none that stands."""
    told = select(EvidenceCopy).where(
        EvidenceCopy.id == copy_id, EvidenceCopy.evidence_packet_id == one.id, EvidenceCopy.undone_at.is_(None)
    )
    row = session.scalar(told)
    if row is None:
        return False
    row.undone_at, row.undone_by_id = now, session.scope.user_id
    session.flush()
    return True


def not_yet(session: ScopedSession, report: Sent, packets: Sequence[Kept], law: LocalLaw, now: datetime) -> list[str]:
    """What helps the person and stands in no packet that was handed over: it became known since (F6)."""
    copies = copies_of(session, [one.id for one in packets])
    handed = [one for one in packets if any(not copy.undone for copy in copies.get(one.id, ()))]
    if not handed:
        return []
    known = {piece.key for one in handed for piece in one.evidence.helps}
    known_corrections = {line for one in handed for line in one.evidence.corrections}
    fresh = packet(session, report, (), "", law, now)
    return [
        *(f"{piece.text} ({piece.custodian})" for piece in fresh.helps if piece.key not in known),
        *(line for line in fresh.corrections if line not in known_corrections),
    ]  # fmt: skip
