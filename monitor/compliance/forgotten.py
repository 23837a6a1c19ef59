"""Questions that a person dismissed and that are kept no longer: the rules do not ask them again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.columns import Asked, read_rows
from monitor.models import ForgottenFlag

_ROWS: Any = select(
    ForgottenFlag.id, ForgottenFlag.case_id.label("person"), ForgottenFlag.key_hash, ForgottenFlag.dismissed_at
)


def hash_of(key: str) -> str:
    """What is kept of a flag's key."""
    return hashlib.sha256(b"forgotten flag " + key.encode()).hexdigest()


def read_forgotten(session: Session, cases: Sequence[int]) -> dict[str, datetime]:
    """When each forgotten question of ``cases`` was dismissed."""
    return {row.key_hash: row.dismissed_at for row in read_rows(session, _ROWS, Asked(cases))}


def answered(forgotten: Mapping[str, datetime], key: str, begun: Sequence[Any]) -> bool:
    """Whether what holds under ``key`` was dismissed: the unbroken stretch of ``begun`` had begun by then.

    A stretch that begins later is a new question, as it is for a flag that ended and holds again.
    """
    dismissed = forgotten.get(hash_of(key)) if forgotten and begun else None
    if dismissed is None:
        return False
    first = begun[-1].starts_at
    for span in reversed(begun[:-1]):
        if span.ends_at != first:
            break
        first = span.starts_at
    return bool(first <= dismissed)


def answered_keys(session: Session, cases: Sequence[int], kept: pl.DataFrame, keys: Sequence[str]) -> list[str]:
    """Those of ``keys``, which have no flag, whose question was dismissed; ``kept``: the current spans of the cases."""
    forgotten = read_forgotten(session, cases) if keys else {}
    if not forgotten:
        return []
    lives: dict[str, list[Any]] = defaultdict(list)
    rows = kept.filter(pl.col("key").is_in(keys)).select("key", "starts_at", "ends_at").sort("starts_at")
    for row in pl.DataFrame(rows).iter_rows(named=True):
        lives[row["key"]].append(_Stretch(row["starts_at"], row["ends_at"]))
    return [key for key in keys if answered(forgotten, key, lives[key])]


class _Stretch:
    """What of a span is asked here."""

    def __init__(self, starts_at: datetime, ends_at: datetime | None) -> None:
        self.starts_at, self.ends_at = starts_at, ends_at
