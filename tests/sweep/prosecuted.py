"""Of the county of the sweeps: what lies before its prosecution."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.db import Database
from monitor.models import Allegation, AllegationStep, CaseAgency, ChargingDecision, EvidencePacket, random_id
from monitor.prosecution.evidence import Evidence, hash_of, text_of
from tests import builders
from tests.builders import Matter, Town


def prosecuted(database: Database, town: Town, matter: Matter, account: Any, now: datetime) -> None:
    """A report that a supervisor approved, shared with the prosecution, which declined it and made a packet of it."""
    with database.system("test: a report before the prosecution") as session, session.begin():
        session.add(CaseAgency(case_id=matter.case, agency_id=account.agency, from_on=now.date(), until_on=None))
        known: dict[str, Any] = {"case_id": matter.case, "agency_id": town.office}
        boss = builders.add_user(session, town.office, "officer_supervisor", "boss@near.example")
        maker = builders.add_user(session, town.office, "officer", "maker@near.example")
        report = Allegation(id=random_id(), made_by_id=maker, made_at=now, **known)
        session.add(report)
        session.flush()
        for number, (kind, who) in enumerate((("MADE", maker), ("SUBMITTED", maker), ("APPROVED", boss)), start=1):
            session.add(AllegationStep(id=random_id(), allegation_id=report.id, number=number, kind=kind, at=now,
                                       by_user_id=who, content={}, **known))  # fmt: skip
            session.flush()
        ours = known | {"agency_id": account.agency}
        decision = {"number": 1, "kind": "DECLINE", "reason": "EVIDENCE", "words": "Nothing proves it."}
        session.add(ChargingDecision(id=random_id(), allegation_id=report.id, at=now, by_user_id=account.user,
                                     **decision, **ours))  # fmt: skip
        text = text_of(Evidence(title="Evidence packet", court="c", number="1", person="Abara, Ann", zone="UTC",
                                office="o", made_at=now))  # fmt: skip
        hashes = {"content_hash": hash_of(text), "paper_hash": "x"}
        session.add(EvidencePacket(id=random_id(), kind="PACKET", allegation_id=report.id, made_by_id=account.user,
                                   made_at=now, content=text, **hashes, **ours))  # fmt: skip
