"""What lies before the court and no longer holds by a correction: it stays there, marked so, until a person answers it.

The rules withdraw a question by themselves; a report that a supervisor approved they do not take off the bench (F8).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from monitor.allegations.standing import Standing
from monitor.bench_page.page import Letter, Said
from monitor.bench_page.words import alleged_words, day_words
from monitor.clock import local_day
from monitor.replay_page.chains import changes
from monitor.replay_page.versions import versions
from monitor.wording import listed

OTHERWISE: Final = "the record was corrected"
MOST: Final = 3


def because(session: Session, case_id: int, zone: str, filed: Standing, until: datetime) -> str:
    """What became known between approval and ``until`` of the rows that it rested on, as the bench may read it."""
    found = changes(versions(session, case_id, zone, bench=True), filed.approved_at, until, date.max, bench=True)
    led = [one.clause for one in found if {str(row) for row in one.rows} & set(filed.rows)]
    return listed(led[:2]) or OTHERWISE


def withdrawn_lines(record: Any) -> tuple[Said, ...]:
    """The newest of them, each with the day and why."""
    return tuple(_lines(record))[-MOST:]


def _lines(record: Any) -> Iterator[Said]:
    for flag, why in record.withdrawn:
        about = f"{alleged_words(flag.code)}, {day_words(flag.first_on, record.today)}"
        text = f"Withdrawn by a correction{on_day(flag.closed_at, record)}: {about}, because {why}"
        yield Said(text=text, source=Letter.PROBATION, contested=flag.contested, rows=(flag.id,))


def on_day(instant: datetime | None, record: Any) -> str:
    """The day in words, with "on"; nothing where it is not known."""
    return f" on {day_words(local_day(instant, record.zone), record.today)}" if instant else ""
