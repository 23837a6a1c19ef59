"""Seal what is written to the audit trail since, on PostgreSQL; SQLite's entries are sealed as they are written."""

from __future__ import annotations

from jobs.work import Work
from monitor.audit import audit_key
from monitor.trail.blocks import seal_finished


def run(work: Work) -> str:
    """One block, if there is anything to seal."""
    sealed = 0
    if work.settings.secret_key:  # without one nothing here was ever sealed
        with work.transaction() as session:
            sealed = seal_finished(session, audit_key(work.settings.secret_key), work.clock())
    return f'{{"sealed":{sealed}}}'
