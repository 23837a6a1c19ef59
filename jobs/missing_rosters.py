"""In the morning, ask programs for sheets of classes that are over."""

from __future__ import annotations

from jobs.work import Work
from monitor.clock import local_day
from monitor.rosters import remind_programs


def run(work: Work) -> str:
    """One zone a run: its programs, its morning. The zone is the last part of the job's name."""
    zone = work.held.job.partition(" ")[2]
    with work.transaction() as session:
        notices = remind_programs(session, local_day(work.slot_at, zone), zone, work.clock())
    return f'{{"notices":{notices}}}'
