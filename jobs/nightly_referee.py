"""Evaluate every case in full and compare: what incremental runs had kept must agree."""

from __future__ import annotations

import msgspec

from jobs import evaluate_news
from jobs.work import Work
from monitor.compliance import evaluation, referee


def run(work: Work) -> str:
    """News first; then all cases. A difference is counted, told to the administrators, and evaluated again."""
    evaluate_news.run(work)
    packs = evaluation.switched_on(*work.settings.own_packs())
    findings = referee.compare_all(work.reading, work.transaction, packs, work.clock, work.held.run_key)
    if findings.cases_differing:
        evaluate_news.run(work)
    return msgspec.json.encode(findings).decode()
