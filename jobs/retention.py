"""Delete what is kept no longer: dismissed flags after their days, requests for a call after theirs."""

from __future__ import annotations

from jobs.work import Work
from monitor.callbacks.keys import keys_of
from monitor.callbacks.purging import purge
from monitor.keeping.dismissed import forget_dismissed


def run(work: Work) -> str:
    """Some hundred at a time, each in a transaction of its own; the audit trail keeps ids and counts."""
    with work.transaction() as session:
        keys = keys_of(work.settings.callback_keys_file, work.settings.secret_key)
        purge(session, keys, work.clock().date())
    flags = 0
    while True:
        with work.transaction() as session:
            some = forget_dismissed(session, work.settings.keep_dismissed_days, work.settings.secret_key, work.clock())
        if not some:
            return f'{{"flags":{flags}}}'
        flags += some
