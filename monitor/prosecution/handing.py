"""The disclosure log: what was handed to the defense, when, to whom and how; and what was not yet.

A day by which it is due exists only where the site sets one (`monitor.local_law`, ``disclose_days``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import select

from monitor import defense_copies
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.defense_copies import Copy, copies, copy_of
from monitor.local_law import LocalLaw
from monitor.models import Case, DefenseCopy, EvidenceCopy, EvidencePacket, Person, User, random_id
from monitor.names import last_first
from monitor.prosecution.gathering import packet
from monitor.prosecution.keeping import OVER, Kept, all_kept
from monitor.prosecution.reading import Sent, all_sent


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
    for one in copies(session, EvidenceCopy, EvidenceCopy.evidence_packet_id.in_(list(packets))):
        found.setdefault(one.of, []).append(one)
    return {number: tuple(own) for number, own in found.items()}


def log(session: ScopedSession, law: LocalLaw, now: datetime) -> Log:
    """Of every case that this person may see."""
    packets = [one for one in all_kept(session, law, now) if not one.over]
    handed = copies_of(session, [one.id for one in packets])
    lines = [_line(one, handed.get(one.id, ())) for one in packets]
    return Log(
        owed(session, all_sent(session, now, law), law, now),
        tuple(one for one in lines if not one.was_handed), tuple(one for one in lines if one.was_handed),
        tuple(_by_court(session)),
    )  # fmt: skip


def _line(one: Kept, handed: tuple[Copy, ...]) -> Handed:
    seen = one.evidence
    return Handed(f"/evidence/{one.id}", one.title, seen.number, seen.person, seen.zone, handed)


def owed(session: ScopedSession, reports: Sequence[Sent], law: LocalLaw, now: datetime) -> tuple[Owed, ...]:
    """Reports to be filed of which no packet was handed over, the most pressing first."""
    filed = [(one, one.standing.last) for one in reports if one.state == one.standing.state == "FILED"]
    packets = _packets_of(session, [report.id for report, _ in filed])
    handed = copies_of(session, [number for own in packets.values() for number in own])
    found = []
    for report, decided in filed:
        own = packets[report.id]
        if decided is None or any(not one.undone for number in own for one in handed.get(number, ())):
            continue
        due_on = local_day(decided.at, report.zone) + timedelta(days=law.disclose_days) if law.disclose_days else None
        over = (local_day(now, report.zone) - due_on).days if due_on else 0
        what = "Packet not handed over" if own else "No packet made yet"
        found.append(Owed(report.id, report.number, report.person, what, due_on, over))
    return tuple(sorted(found, key=lambda one: (one.due_on or date.max, one.number)))


def _packets_of(session: ScopedSession, reports: Sequence[int]) -> dict[int | None, list[int]]:
    """Ids of packets by report."""
    found: dict[int | None, list[int]] = defaultdict(list)
    told = select(EvidencePacket.allegation_id, EvidencePacket.id).where(EvidencePacket.allegation_id.in_(reports))
    for report, number in session.execute(told):
        found[report].append(number)
    return found


def _by_court(session: ScopedSession) -> Iterable[Handed]:
    """What the court's own log says of the bench page: that a copy went, never what stands in it."""
    told = (
        select(DefenseCopy, User.name, Case.number, Person.family_name, Person.given_name)
        .join(User, User.id == DefenseCopy.given_by_id).join(Case, Case.id == DefenseCopy.case_id)
        .join(Person, Person.id == Case.person_id).order_by(DefenseCopy.given_at.desc(), DefenseCopy.id)
    )  # fmt: skip
    for row, name, number, family, given in session.execute(told):
        what = "The court's packet of a hearing"
        yield Handed("", what, number, last_first(family, given), "", (copy_of(row, name),))


def faults_of(one: Kept, given_to: str, how: str) -> dict[str, str]:
    """What is missing, by field."""
    if one.over:
        return {"given_to": OVER}
    if not one.whole:
        return {"given_to": "Its bytes are not those that were kept. Tell your administrator; make a new one."}
    return defense_copies.faults_of(given_to, how)


def hand_over(session: ScopedSession, one: Kept, given_to: str, how: str, now: datetime) -> None:
    """Write down that the defense has it."""
    row = EvidenceCopy(
        id=random_id(), case_id=one.case_id, agency_id=session.scope.agency_id, evidence_packet_id=one.id,
        given_to=given_to, how=how, given_at=now, given_by_id=session.scope.user_id, undone_at=None, undone_by_id=None,
    )  # fmt: skip
    defense_copies.hand_over(session, row, turn=one.id)


def undo(session: ScopedSession, one: Kept, copy_id: int, now: datetime) -> bool:
    """An entry that was wrong stays on record as taken back. False: there is none that stands."""
    return defense_copies.undo(session, EvidenceCopy, one.id, copy_id, now)


def not_yet(session: ScopedSession, report: Sent, packets: Sequence[Kept], law: LocalLaw, now: datetime) -> list[str]:
    """What helps the person and stands in no packet that was handed over: it became known since (F6)."""
    found = copies_of(session, [one.id for one in packets])
    handed = [one for one in packets if any(not copy.undone for copy in found.get(one.id, ()))]
    if not handed:
        return []
    known = {piece.key for one in handed for piece in one.evidence.helps}
    known_corrections = {line for one in handed for line in one.evidence.corrections}
    fresh = packet(session, report, (), "", law, now)
    return [
        *(f"{piece.text} ({piece.custodian})" for piece in fresh.helps if piece.key not in known),
        *(line for line in fresh.corrections if line not in known_corrections),
    ]  # fmt: skip
