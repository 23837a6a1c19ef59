"""Each minute, send what waits in the outbox."""

from __future__ import annotations

import msgspec

from jobs.work import Work
from monitor.outbox.sending import send_due


def run(work: Work) -> str:
    """Each claim and each outcome is a transaction of its own; between them a letter is handed over."""
    return msgspec.json.encode(send_due(work.transaction, work.settings, work.clock)).decode()
