"""The one notice to staff. Whatever it is about reads the same: no name, number or reason (safeguard E3)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from monitor.models import Outbox

SUBJECT: Final = "1 item due today"
BODY: Final = "You have 1 item due today. Sign in."
WHY: Final = "it waits for you."


def notice(key: str, recipient_id: int, now: datetime, channel: str = "email") -> Outbox:
    """A notice under its natural ``key``, to be added in the transaction that causes it."""
    return Outbox(
        key=key, channel=channel, recipient_id=recipient_id, subject=SUBJECT, body=BODY, why=WHY, due_at=now
    )  # fmt: skip
