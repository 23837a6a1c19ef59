"""What the machine looks into by itself about those who work here and about reversed parties (D2, D3, G4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from monitor.case_openings import escalate
from monitor.conflicts import raise_alerts
from monitor.context_reviews import raise_mirrors
from monitor.party_names import all_parties


def look_into(session: Session, secret: str, now: datetime) -> tuple[int, int, int]:
    """New alerts, new context questions, reviews that are late. Without the site's key no name is opened."""
    parties = list(all_parties(session, secret, now)) if secret else []
    alerts = raise_alerts(session, parties, secret, now) if secret else 0
    questions = raise_mirrors(session, parties, secret, now) if secret else 0
    return alerts, questions, escalate(session, now)
