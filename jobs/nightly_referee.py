"""Evaluate every case in full and compare: what was kept by incremental runs must agree."""

from __future__ import annotations

import msgspec

from jobs import evaluate_news
from jobs.work import Work
from monitor.compliance import evaluation, referee


def run(work: Work) -> str:
    """News first; then all cases. A difference is mended, counted, and told to the administrators."""
    evaluate_news.run(work)
    packs = evaluation.switched_on(*work.settings.own_packs())
    totals, last, more = evaluation.Totals(), 0, True
    while more:
        with work.transaction() as session:
            last = evaluation.evaluate_all(session, packs, work.clock(), totals, last)
            more = bool(last)
    with work.transaction() as session:
        referee.report(session, totals, work.held.run_key, work.clock())
    return msgspec.json.encode(totals).decode()
