"""Delete what is kept no longer: dismissed flags, requests for a call, lists of a team, notices about no case."""

from __future__ import annotations

from jobs.work import Work
from monitor.callbacks.keys import purge as purge_calls
from monitor.consultation.keys import purge as purge_lists
from monitor.copies.passing_rows import keys_of
from monitor.keeping.dismissed import forget_dismissed
from monitor.keeping.removals import sealed_numbers
from monitor.local_law import local_law
from monitor.record_notices.forgetting import forget_unmatched


def run(work: Work) -> str:
    """Some hundred at a time, each in a transaction of its own; the audit trail keeps ids and counts."""
    with work.transaction() as session:
        keys = keys_of(work.settings.callback_keys_file, work.settings.secret_key)
        purge_calls(session, keys, work.clock().date())
        lists = keys_of(work.settings.consultation_keys_file, work.settings.secret_key)
        purge_lists(session, lists, work.clock().date())
    with work.transaction() as session:
        law, secret = local_law(work.settings.local_law_file), work.settings.secret_key
        forget_unmatched(session, law, secret, work.clock(), lambda: sealed_numbers(session, secret))
    flags = 0
    while True:
        with work.transaction() as session:
            some = forget_dismissed(session, work.settings.keep_dismissed_days, work.settings.secret_key, work.clock())
        if not some:
            return f'{{"flags":{flags}}}'
        flags += some
