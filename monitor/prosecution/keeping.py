"""Evidence packets and records, kept as bytes: built once, read back the same, and drawn the same on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.reading import independence
from monitor.allegations.steps import Changed
from monitor.documents.evidence import evidence_pdf
from monitor.local_law import LocalLaw
from monitor.models import Agency, EvidencePacket, User, random_id
from monitor.models.base import is_id
from monitor.one_at_a_time import one_at_a_time
from monitor.prosecution.evidence import Evidence, Piece, hash_of, text_of
from monitor.prosecution.gathering import packet, record
from monitor.prosecution.reading import Sent, sent
from monitor.wording import moment, short_day

ENDED: Final = ("WITHDRAWN", "NOT_FOUND")
OVER: Final = "It ended before the court. No packet of it is made or handed over any more."
NOTHING: Final = "Choose at least one row that would exist without anybody's word to probation."
PRESS: Final = timedelta(minutes=1)  # within which the same press twice is one
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST: Final = timedelta(days=3 * 366)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One packet or record. ``whole``: its bytes are those that were kept. ``report``: of a packet."""

    id: int
    kind: str
    case_id: int
    evidence: Evidence
    mark: str
    made_at: datetime
    made_by: str
    paper_hash: str
    whole: bool
    report: Sent | None = None

    @property
    def over(self) -> bool:
        """Whether its report ended so that it is handed to nobody any more (safeguard H3)."""
        return self.report is not None and self.report.state in ENDED

    @property
    def title(self) -> str:
        """Evidence packet, Mon, Nov 23, 2026, 2:14 PM"""
        return f"{self.evidence.title}, {moment(self.made_at, self.evidence.zone)}"


def refusals(report: Sent) -> tuple[str, ...]:
    """Why no packet can be made of a report, in sentences."""
    if report.state in ENDED:
        return (OVER,)
    return tuple(independence(report.facts, report.typed))


def build(session: ScopedSession, report: Sent, left_out: set[str], law: LocalLaw, now: datetime) -> int:
    """Keep a packet of a report; its id. The same press by the same person is one packet. Raises `Changed`."""
    if why := refusals(report):
        raise Changed(*why)
    evidence = packet(session, report, left_out, office_of(session), law, now)
    stands = independent(report)
    if stands and not stands & {one.key for one in evidence.rests_on}:
        raise Changed(NOTHING)
    return _keep(session, evidence, report.case_id, now, allegation_id=report.id)


def certify(
    session: ScopedSession, case_id: int, first: date, last: date, law: LocalLaw, now: datetime
) -> int | None:
    """Keep a certified record of some days; its id. None: no such case for this person."""
    evidence = record(session, case_id, first, last, office_of(session), law, now)
    return _keep(session, evidence, case_id, now, from_on=first, until_on=last) if evidence else None


def faults_of_period(first: date | None, last: date | None, today: date) -> dict[str, str]:
    """By field."""
    if first is None:
        return {"from_on": "Give the first day."}
    if last is None:
        return {"until_on": "Give the last day."}
    if last < first or last > today:
        return {"until_on": f"The last day lies between the first one and today, {short_day(today)}."}
    return {} if last - first <= LONGEST else {"from_on": "At most three years in one record."}


def office_of(session: ScopedSession) -> str:
    """The name of the reader's own office."""
    return session.scalars(select(Agency.name).where(Agency.id == session.scope.agency_id)).one()


def independent(report: Sent) -> set[str]:
    """Keys of the rows that would exist without anybody's word to probation (safeguard B4)."""
    lines = [line for line in report.facts.lines if line.mark and line.is_independent]
    lines += [one.line for one in report.typed.exhibits if one.is_independent]
    return {Piece(line.text, line.on, line.source, "").key for line in lines}


def _keep(session: ScopedSession, evidence: Evidence, case_id: int, now: datetime, **about: object) -> int:
    one_at_a_time(session, case_id)
    text = text_of(evidence)
    mine = EvidencePacket.made_by_id == session.scope.user_id, EvidencePacket.made_at > now - PRESS
    same = (getattr(EvidencePacket, name) == value for name, value in about.items())
    for row in session.scalars(select(EvidencePacket).where(EvidencePacket.case_id == case_id, *mine, *same)):
        if _without_instant(row.content) == _without_instant(text):
            return row.id
    paper = evidence_pdf(evidence, hash_of(text))
    row = EvidencePacket(
        id=random_id(), case_id=case_id, agency_id=session.scope.agency_id, made_by_id=session.scope.user_id,
        kind="PACKET" if "allegation_id" in about else "RECORD", made_at=now, content=text,
        content_hash=hash_of(text), paper_hash=hash_of_bytes(paper), **about,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _without_instant(text: str) -> Evidence:
    kept = msgspec.json.decode(text, type=Evidence)
    return msgspec.structs.replace(kept, made_at=LONG_AGO)


def hash_of_bytes(paper: bytes) -> str:
    """SHA-256 of a paper."""
    return hashlib.sha256(paper).hexdigest()


def kept(session: ScopedSession, packet_id: int, law: LocalLaw, now: datetime) -> Kept | None:
    """One packet or record as it was kept; None: there is none for this person, or its report left everyday view."""
    told = select(EvidencePacket, User.name).join(User, User.id == EvidencePacket.made_by_id)
    found = session.execute(told.where(EvidencePacket.id == packet_id)).first() if is_id(packet_id) else None
    if found is None:
        return None
    about = found[0].allegation_id
    return _read(found[0], found[1], {about: sent(session, about, now, law)} if about else {})


def all_kept(session: ScopedSession, law: LocalLaw, now: datetime, **where: int) -> tuple[Kept, ...]:
    """Those of a report (``allegation_id``) or a case (``case_id``), or all of this office, the newest first."""
    told = select(EvidencePacket, User.name).join(User, User.id == EvidencePacket.made_by_id)
    told = told.where(*(getattr(EvidencePacket, name) == value for name, value in where.items()))
    rows = session.execute(told.order_by(EvidencePacket.made_at.desc(), EvidencePacket.id)).all()
    about = {row.allegation_id for row, _name in rows if row.allegation_id}
    reports = {one: sent(session, one, now, law) for one in sorted(about)}  # once a report, however many packets it has
    found = (_read(row, name, reports) for row, name in rows)
    return tuple(one for one in found if one is not None)


def _read(row: EvidencePacket, by: str, reports: Mapping[int, Sent | None]) -> Kept | None:
    report = reports[row.allegation_id] if row.allegation_id else None
    if row.allegation_id and report is None:
        return None
    return Kept(
        id=row.id, kind=row.kind, case_id=row.case_id, mark=row.content_hash[:16], made_at=row.made_at, made_by=by,
        evidence=msgspec.json.decode(row.content, type=Evidence), paper_hash=row.paper_hash,
        whole=hash_of(row.content) == row.content_hash, report=report,
    )  # fmt: skip


def paper_of(one: Kept) -> bytes:
    """The PDF, drawn from what was kept: the same bytes each time."""
    return evidence_pdf(one.evidence, hash_of(text_of(one.evidence)))
