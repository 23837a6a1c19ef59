"""Freeze the bench pages of coming hearings, three court days before and one."""

from __future__ import annotations

from jobs.work import Work
from monitor.compliance.evaluation import switched_on
from monitor.freezing import due, freeze


def run(work: Work) -> str:
    """Each packet in a transaction of its own: killed in between, the rest is frozen at the next run, nothing twice."""
    packs = switched_on(*work.settings.own_packs())
    with work.reading() as session:
        waiting = due(session, work.clock())
    frozen = 0
    for one in waiting:
        with work.transaction() as session:
            frozen += freeze(session, one, work.clock(), packs, work.settings.secret_key)
    return f'{{"packets":{frozen}}}'
