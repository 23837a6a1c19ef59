"""In the morning, count for officers and victim/witness staff what waits; one letter without names into the outbox."""

from __future__ import annotations

from jobs.work import Work
from monitor.clock import local_day
from monitor.local_law import local_law
from monitor.outbox import digest


def run(work: Work) -> str:
    """One zone a run. A reader's counts are read in the reader's own scope; each letter is a transaction of its own."""
    zone, posted = work.held.job.partition(" ")[2], 0
    law = local_law(work.settings.local_law_file)
    today = local_day(work.slot_at, zone)
    with work.reading() as session:
        readers = digest.readers(session, zone, today)
    for reader in readers:
        if lines := digest.counts(work.database, reader, zone, work.clock(), law):
            with work.transaction() as session:
                posted += digest.post(session, reader, lines, today, work.clock())
    return f'{{"letters":{posted}}}'
