"""Go on with long sheets whose check was cut off: the web process judges them, unless it was stopped in between."""

from __future__ import annotations

from jobs.work import Work
from monitor.intake.long_sheets import judge_long, waiting


def run(work: Work) -> str:
    """Each sheet has transactions of its own; between two, the lease is renewed. One that fails holds up no other."""
    done = 0
    failed: Exception | None = None
    with work.reading() as session:
        found = waiting(session, work.clock())
    for one in found:
        with work.transaction():
            pass
        try:
            done += judge_long(work.database, one, work.clock)
        except Exception as error:
            failed = error
    if failed is not None:
        raise failed
    return f'{{"sheets":{done}}}'
