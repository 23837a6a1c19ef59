"""What was laid before the court: the packets of a hearing, one of them with its addendum, and who got a copy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor import defense_copies
from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.page import BenchPage
from monitor.bench_page.reading import hearing_rows
from monitor.bench_page.words import CHANGE_NOT_SERVED, NOT_SERVED, OF_THESE
from monitor.defense_copies import PRESS, Copy, copies
from monitor.models import DefenseCopy, Hearing, Packet
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.one_at_a_time import one_at_a_time
from monitor.packet_cover import covered
from monitor.packets import page_of
from monitor.replay_page.chains import changes
from monitor.replay_page.page import Change
from monitor.replay_page.versions import versions

WHY: Final = {"1": "Frozen 1 court day before", "3": "Frozen 3 court days before"}
BY_HAND: Final = "Kept by hand"
# an order that no return of service shows: the page would be the respondent's first word of it (safeguard E5)
UNSERVED: Final = {
    "TOLD": "It was said to the respondent in the room",
    "ALLOWED": "The court lets the defense have the page before it is served",
}  # fmt: skip
COVERED: Final = "An allegation in it has ended since. Keep the page as it stands now, and hand that packet over."


class PacketLine(msgspec.Struct, frozen=True):
    """One packet. ``mark``: the beginning of its hash; ``entry``: the number of the trail's newest entry then."""

    id: int
    why: str
    known_at: datetime
    mark: str
    entry: int
    copies: tuple[Copy, ...]


class PacketsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The packets of a hearing, newest first."""

    hearing_id: int
    case_id: int
    number: str
    respondent: str
    court: str
    starts_at: datetime
    zone: str
    lines: tuple[PacketLine, ...]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One packet: the page as it was kept, less what ended since (H3), and what became known that it does not say.

    ``gone``: what is covered, in words. ``told``: the flags that whoever reads it is told of.
    """

    line: PacketLine
    packet: Packet
    bench: BenchPage
    addendum: tuple[Change, ...]
    gone: tuple[str, ...]
    told: tuple[int, ...]

    @property
    def unserved(self) -> int:
        """Orders and changes on the page, told or counted, that no return of service shows."""
        told = sum(one.text == NOT_SERVED or one.text.endswith(CHANGE_NOT_SERVED) for one in self.bench.orders)
        return told + sum(len(one.rows) for one in self.bench.orders if one.text.startswith(OF_THESE))


def packets_page(session: ScopedSession, hearing_id: int) -> PacketsPage | None:
    """The packets of one hearing; None: no such hearing for this person."""
    row = session.execute(hearing_rows().where(Hearing.id == hearing_id)).first() if is_id(hearing_id) else None
    if row is None:
        return None
    columns = (Packet.id, Packet.freeze_key, Packet.known_at, Packet.page_hash, Packet.audit_number)
    found = session.execute(
        select(*columns).where(Packet.hearing_id == hearing_id).order_by(Packet.known_at.desc(), Packet.id)
    )
    handed = copies(session, DefenseCopy, DefenseCopy.hearing_id == hearing_id)
    return PacketsPage(
        hearing_id=row.id, case_id=row.case_id, number=row.number, court=row.court, starts_at=row.starts_at,
        respondent=last_first(row.family_name, row.given_name), zone=row.zone,
        lines=tuple(_line(one, handed) for one in found),
    )  # fmt: skip


def _line(row: Any, handed: list[Copy]) -> PacketLine:
    why = WHY.get((row.freeze_key or "").partition(":")[0], BY_HAND)
    mine = tuple(one for one in handed if one.of == row.id)
    return PacketLine(row.id, why, row.known_at, row.page_hash[:16], row.audit_number, mine)


def kept_packet(session: ScopedSession, page: PacketsPage, packet_id: int, now: datetime) -> Kept | None:
    """One packet of the hearing with its addendum; None: the hearing has no such packet."""
    line = next((one for one in page.lines if one.id == packet_id), None)
    if line is None:
        return None
    packet = session.scalars(select(Packet).where(Packet.id == packet_id)).one()
    since = changes(versions(session, page.case_id, page.zone, bench=True), packet.known_at, now, date.max, bench=True)
    left = covered(session, packet, page_of(packet), now)
    return Kept(
        line=line, packet=packet, bench=left.page, addendum=(*left.addendum, *since), gone=left.gone, told=left.told
    )


def hearing_of(session: ScopedSession, packet_id: int) -> int | None:
    """Which hearing a packet was kept for; None: no such packet for this person."""
    told = select(Packet.hearing_id).where(Packet.id == packet_id)
    return session.scalar(told) if is_id(packet_id) else None


def just_kept(session: ScopedSession, hearing_id: int, now: datetime) -> Packet | None:
    """What this person kept by hand within the last minute, if nothing became known since: a second press is none."""
    one_at_a_time(session, hearing_id)
    mine = Packet.freeze_key.is_(None), Packet.taken_by_id == session.scope.user_id, Packet.known_at > now - PRESS
    told = select(Packet).where(Packet.hearing_id == hearing_id, *mine).order_by(Packet.known_at.desc()).limit(1)
    packet, page = session.scalars(told).first(), packets_page(session, hearing_id)
    kept = kept_packet(session, page, packet.id, now) if packet and page else None
    return packet if kept and not kept.addendum and not kept.gone else None


def faults_of(kept: Kept, given_to: str, how: str, unserved: str) -> dict[str, str]:
    """What is missing, by field; a packet that tells of what ended since is handed to nobody any more (H3).

    ``unserved``: of `UNSERVED`, where the page tells of an order that nobody has served.
    """
    if kept.gone:
        return {"given_to": COVERED}
    faults = defense_copies.faults_of(given_to, how)
    if kept.unserved and unserved not in UNSERVED:
        faults["unserved"] = "Say why the defense may read of it before it is served, or serve it first."
    return faults


def log_copy(session: ScopedSession, kept: Kept, given_to: str, how: str, now: datetime) -> None:
    """Write down that the defense got this packet; the page and the docket say so from now on."""
    packet = kept.packet
    row = DefenseCopy(
        case_id=packet.case_id, agency_id=packet.agency_id, packet_id=packet.id, hearing_id=packet.hearing_id,
        given_to=given_to, how=how, given_at=now, given_by_id=session.scope.user_id, undone_at=None, undone_by_id=None,
    )  # fmt: skip
    defense_copies.hand_over(session, row, turn=packet.hearing_id)


def undo_copy(session: ScopedSession, kept: Kept, copy_id: int, now: datetime) -> bool:
    """An entry that was wrong: it stays on record as taken back. False: there is none that stands."""
    return defense_copies.undo(session, DefenseCopy, kept.packet.id, copy_id, now)
