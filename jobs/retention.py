"""Delete what is kept no longer: dismissed flags after their days."""

from __future__ import annotations

from jobs.work import Work
from monitor.keeping.dismissed import forget_dismissed


def run(work: Work) -> str:
    """Some hundred at a time, each in a transaction of its own; the audit trail keeps ids and counts."""
    flags = 0
    while True:
        with work.transaction() as session:
            some = forget_dismissed(session, work.settings.keep_dismissed_days, work.settings.secret_key, work.clock())
        if not some:
            return f'{{"flags":{flags}}}'
        flags += some
