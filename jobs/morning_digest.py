"""In the morning, count for officers and victim/witness staff what waits; one letter without names into the outbox."""

from __future__ import annotations

from itertools import groupby

from jobs.work import Work
from monitor.clock import local_day
from monitor.local_law import local_law
from monitor.outbox import digest


def run(work: Work) -> str:
    """One zone a run. Each role's list is read in its own scope; a person gets one letter about all of them, a
    transaction of its own."""
    zone, posted = work.held.job.partition(" ")[2], 0
    law = local_law(work.settings.local_law_file)
    today = local_day(work.slot_at, zone)
    with work.reading() as session:
        readers = digest.readers(session, zone, today)
    for user_id, roles in groupby(readers, lambda reader: reader.user_id):
        number = sum(digest.count(work.database, role, work.clock(), law) for role in roles)
        with work.transaction() as session:
            posted += digest.post(session, user_id, number, today, work.clock())
    return f'{{"letters":{posted}}}'
