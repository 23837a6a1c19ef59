"""Evaluate the cases about which something became known since they were last evaluated."""

from __future__ import annotations

import msgspec

from jobs.work import Work
from monitor.compliance import evaluation


def run(work: Work) -> str:
    """Batch by batch until nothing is new; returns the totals."""
    packs = evaluation.switched_on(*work.settings.own_packs())
    totals = evaluation.evaluate_news(work.reading, work.transaction, packs, work.clock)
    return msgspec.json.encode(totals).decode()
