"""Evaluate the cases about which something became known since they were last evaluated."""

from __future__ import annotations

import msgspec

from jobs.work import Work
from monitor.compliance import evaluation


def run(work: Work) -> str:
    """Batch by batch until nothing is new; returns the totals."""
    packs = evaluation.switched_on(*work.settings.own_packs())
    totals = evaluation.Totals()
    with work.transaction() as session:
        evaluation.mark_all_dirty_on_new_packs(session, packs, work.clock())
    more = True
    while more:
        with work.transaction() as session:
            more = evaluation.evaluate_dirty(session, packs, work.clock(), totals)
    return msgspec.json.encode(totals).decode()
