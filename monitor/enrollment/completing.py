"""What a certificate would lack: the rules themselves are asked, with a certificate that is not on record.

Nothing is worked out here a second time. What comes back is the duty's own measure (classes, hours, weeks), no flag.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.compliance.evaluation import switched_on
from monitor.compliance.loading import load_facts
from monitor.enrollment.page import Lack
from monitor.wording import count, short_day
from rules.evaluate import evaluate
from rules.frames import FactFrames, build

CODES: Final = ("COMPLETION_NOT_MET", "COMPLETION_BEFORE_MINIMUM")
TRIAL: Final = 1  # no id of the record: those are drawn from 63 bits


def lacks(
    session: Session, case_id: int, program_id: int, on: date, now: datetime, folders: Iterable[Path] = ()
) -> tuple[Lack, ...]:
    """What the duty asks for and a certificate of that day would not have; ``folders``: a site's own packs."""
    with trusted_sql("what a certificate would lack, by the rules"):
        facts = load_facts(session, [case_id])
    certificate = build("certificates", [{
        "id": TRIAL, "person": case_id, "on": on, "recorded_at": now, "program": program_id, "retracted": False,
    }])  # fmt: skip
    told = dict(facts.items()) | {"certificates": pl.concat([facts.certificates, certificate])}
    spans = evaluate(FactFrames.of(told), switched_on(*folders), now + timedelta(seconds=1))
    found = spans.filter(pl.col("code").is_in(CODES) & (pl.col("about") == TRIAL))
    rows = found.unique(["code", "unit", "need"], keep="first", maintain_order=True).iter_rows(named=True)
    return tuple(_lack(row) for row in rows)


def _lack(row: dict[str, object]) -> Lack:
    have, need, unit = row["have"], row["need"], row["unit"]
    provision = str(row["provision"] or "")
    if isinstance(have, int) and isinstance(need, int):
        if unit == "minutes":
            return Lack(f"{have // 60} of {count(-(-need // 60), 'hour')}", provision)
        return Lack(f"{have} of {count(need, 'class', 'classes')}", provision)
    earliest = row["earliest"] or row["clears_on"] or row["due_on"]
    if isinstance(earliest, date):
        return Lack(f"the shortest time ends {short_day(earliest)}", provision)
    return Lack("the shortest time has not run", provision)
