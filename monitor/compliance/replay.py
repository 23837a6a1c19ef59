"""What was known when: spans as kept at an instant, and what the rules say of the record as it stood then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from monitor.compliance.chunks import parts
from monitor.compliance.ground import horizon
from monitor.compliance.loading import load_facts
from monitor.models import Case, Span
from rules.evaluate import evaluate, read_spans
from rules.pack_files import Packs


def kept_at(known_at: datetime) -> ColumnElement[bool]:
    """The condition that picks the spans that were kept at ``known_at``."""
    return and_(Span.known_from <= known_at, or_(Span.known_until.is_(None), Span.known_until > known_at))


def holding(at: datetime) -> ColumnElement[bool]:
    """The condition that picks the spans that hold at ``at`` in the world."""
    return and_(Span.starts_at <= at, or_(Span.ends_at.is_(None), Span.ends_at > at))


def spans_as_kept(session: Session, cases: Sequence[int], known_at: datetime, at: datetime | None = None) -> list[Span]:
    """The spans of ``cases`` as kept at ``known_at``; with ``at``, those that hold then. Nothing is evaluated."""
    found: list[Span] = []
    wanted = [kept_at(known_at)] if at is None else [kept_at(known_at), holding(at)]
    for part in parts(cases):
        here = select(Span).where(Span.case_id.in_(part), *wanted).order_by(Span.key, Span.starts_at)
        found.extend(session.scalars(here))
    return found


def evaluate_as_known(
    session: Session, packs: Packs, known_at: datetime, cases: Sequence[int] | None = None
) -> pl.DataFrame:
    """What today's rules say of the record as it stood at ``known_at``; nothing is kept (rules.frames.SPANS)."""
    return evaluate(load_facts(session, cases, known_at), packs, known_at.astimezone(UTC), horizon=horizon(known_at))


def count_flags(session: Session, packs: Packs, as_of: datetime, known_at: datetime) -> dict[str, Any]:
    """Cases, and certain flags by code that hold at ``as_of`` on the record as it stood at ``known_at``."""
    cases = list(session.scalars(select(Case.id).order_by(Case.id)))
    counts: dict[str, int] = {}
    for part in parts(cases, 1_000):
        rows = read_spans(evaluate_as_known(session, packs, known_at, part), as_of.astimezone(UTC))
        certain = rows.filter(pl.col("certainty").cast(pl.String) == "CERTAIN")
        for code, number in certain.group_by("code").len().iter_rows():
            counts[code] = counts.get(code, 0) + number
    return {"cases": len(cases), "flags": dict(sorted(counts.items()))}
