"""What people call the jobs. A job of the schedule without a name here stops a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TITLES: Final[Mapping[str, str]] = {
    "evaluate_news": "Evaluate what became known",
    "send_outbox": "Send notices",
    "sweep_boundaries": "Open and close flags as dates pass",
    "insiders": "Compare names of staff and parties",
    "morning_digest": "Count what waits each morning",
    "freeze_packets": "Keep bench pages before hearings",
    "intake_folder": "Take sheets from the watched folder",
    "long_sheets": "Check long sheets",
    "trail_seal": "Seal the audit trail",
    "trail_check": "Check the audit trail",
    "nightly_referee": "Check every case",
    "record_check": "Look for what cannot be on record",
    "nightly_tidy": "Tidy up",
    "retention": "Delete what is kept long enough",
    "unused_accounts": "Disable unused accounts",
    "missing_rosters": "Ask programs for missing sheets",
}


def named(job: str) -> tuple[str, str]:
    """What people call it, and its zone or nothing; a job that is no longer there keeps the name it ran under."""
    name, _, zone = job.partition(" ")
    return TITLES.get(name, name), zone
