"""Shared by the tests of this folder: one town, packs in force, evaluation in one line, and what it kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor.compliance import boundaries, evaluation, referee
from monitor.db import Database
from monitor.models import Dirty, Flag, Span

PACKS = evaluation.switched_on()


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    with database.system("test", writes=True) as session, session.begin():
        yield session


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    with database.system("test", writes=False) as session, session.begin():
        yield session


def evaluate_news(database: Database, now: datetime) -> evaluation.Totals:
    """Evaluate what is new, without the sweep."""
    return evaluation.evaluate_news(lambda: reading(database), lambda: writing(database), PACKS, lambda: now)


def sweep(database: Database, now: datetime) -> None:
    with writing(database) as session:
        boundaries.sweep(session, now)


def compare(database: Database, now: datetime) -> referee.Findings:
    """The nightly check."""
    return referee.compare_all(lambda: reading(database), lambda: writing(database), PACKS, lambda: now, "2026-01-01")


def flags(database: Database, *codes: str) -> list[tuple[str, str]]:
    """(code, state) of every flag, in order; only of ``codes`` if given."""
    with reading(database) as session:
        found = select(Flag.code, Flag.state).order_by(Flag.code, Flag.first_on, Flag.state)
        if codes:
            found = found.where(Flag.code.in_(codes))
        return [(code, state) for code, state in session.execute(found)]


def kept(database: Database) -> list[tuple[object, ...]]:
    """Every current span as it reads."""
    columns = (Span.key, Span.starts_at, Span.ends_at, Span.version, Span.certainty)
    with reading(database) as session:
        rows = session.execute(select(*columns).where(Span.known_until.is_(None)))
        return sorted((tuple(row) for row in rows), key=repr)


def all_flags(database: Database) -> list[tuple[object, ...]]:
    """Every flag as it reads, without what depends on when somebody looked."""
    columns = (Flag.key, Flag.state, Flag.code, Flag.owner, Flag.version, Flag.first_on, Flag.due_on, Flag.agency_id)
    with reading(database) as session:
        return sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)


def forget_marks(database: Database) -> None:
    with writing(database) as session:
        session.execute(delete(Dirty))
