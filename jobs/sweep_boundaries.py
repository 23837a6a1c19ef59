"""Open and close flags whose spans began or ended since the last sweep."""

from __future__ import annotations

import msgspec

from jobs.work import Work
from monitor.compliance import boundaries


def run(work: Work) -> str:
    """One transaction: the flags and the high-water mark together."""
    with work.transaction() as session:
        upkeep = boundaries.sweep(session, work.clock())
    return msgspec.json.encode(upkeep).decode()
