"""Disable accounts that nobody has used for 90 days, and those whose last day is over."""

from __future__ import annotations

from jobs.work import Work
from monitor.access.inactive import disable_unused


def run(work: Work) -> str:
    """One transaction; the administrator's page tells of each."""
    with work.transaction() as session:
        disabled = disable_unused(session, work.settings.secret_key, work.clock())
    return f'{{"disabled":{disabled}}}'
