"""Names of those who work here and of parties are compared; what nobody reviewed in time goes on."""

from __future__ import annotations

from jobs.work import Work
from monitor.insiders import look_into


def run(work: Work) -> str:
    """Alerts, context questions and late reviews, in one transaction."""
    with work.transaction() as session:
        alerts, questions, late = look_into(session, work.settings.secret_key, work.clock())
    return f'{{"alerts":{alerts},"questions":{questions},"late":{late}}}'
