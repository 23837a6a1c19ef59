"""Of the county of the sweeps: what its office sent to the program, with a release that holds, and what it asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from monitor.models import ReferralOut, random_id
from tests.builders import Matter, Town
from tests.sweep.questioned import questioned


def referred_out(session: Session, town: Town, matter: Matter, sender: int, now: datetime) -> None:
    """One that waits for the program's answer, and a question that does."""
    questioned(session, town, matter, sender, now)
    held = {"release_signed_on": now.date(), "release_until_on": now.date() + timedelta(days=90)}
    session.add(ReferralOut(
        id=random_id(), case_id=matter.case, agency_id=town.program_agency, from_agency_id=town.office,
        program_id=town.program, kind="PARENTING", sent_at=now - timedelta(days=1), sent_by_id=sender, **held,
    ))  # fmt: skip
    session.flush()
