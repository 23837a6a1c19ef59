"""New flags by columns: on a county's first day, and on that of a new pack, there are tens of thousands.

What `monitor.compliance.flags` writes of a key without a flag whose one span that has begun holds, and nothing else: a
key with a longer life, or with a flag, is its own to decide. A test holds both against each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import polars as pl

from monitor.models import random_ids
from rules.frames import INSTANT

# what could not be evaluated is a lapse of the system, whatever rule it was about: never shown as the person's
LAPSE: Final[dict[str, Any]] = {
    "code": "INPUT_MISSING", "owner": "system", "response_class": None, "severity": "review",
}  # fmt: skip
_SAME: Final = ("case_id", "key", "version", "due_on", "code", "owner", "response_class", "severity")


def openings(found: pl.DataFrame, kept: pl.DataFrame, desks: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Rows of flags, as their table keeps them, for as many of ``found`` as that can be said of.

    ``found``: what `unsettled` found; ``kept``: the current spans of the cases, all columns; ``desks``: of the cases.
    """
    new = found.filter(pl.col("flag").is_null() & (pl.col("spans").list.len() == 1))
    spans = new.select(span_id=pl.col("spans").list.first()).join(kept, left_on="span_id", right_on="id")
    held = spans.filter(pl.col("ends_at").is_null() | (pl.col("ends_at") > pl.lit(now, INSTANT)))
    held = held.join(desks, on="person").with_columns(_lapse(name) for name in LAPSE)
    court = pl.col("owner") == "court"
    return held.select(
        pl.Series("id", random_ids(held.height), pl.Int64), *_SAME, "span_id", first_on="starts_on",
        agency_id=pl.when(court).then("court").otherwise("office"), state=pl.lit("OPEN"),
        opened_at=pl.max_horizontal("starts_at", "known_from"), closed_at=pl.lit(None, INSTANT), contested=False,
        earlier=pl.lit("[]"),
    )  # fmt: skip


def _lapse(name: str) -> pl.Expr:
    own = pl.col(name)
    lapsed = pl.col("certainty") == "CANNOT_EVALUATE"
    return pl.when(lapsed).then(pl.lit(LAPSE[name], pl.String)).otherwise(own).alias(name)
