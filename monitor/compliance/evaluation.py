"""Evaluating the cases about which something became known.

Reading and writing are two transactions. Rules run on one consistent picture of the record and lock nobody out
meanwhile: a process that freezes there stops nobody. Whatever becomes known in between leaves a newer mark, and then
nothing is written for that case and it is evaluated again. Killed at any instant, nothing is lost: cases stay marked
until the transaction that keeps their spans commits. Time passing needs no evaluation: see `boundaries`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec
import polars as pl
from sqlalchemy.orm import Session

from monitor.compliance import boundaries
from monitor.compliance.flags import Upkeep, refresh_flags
from monitor.compliance.ground import mark_all, mark_all_on_new_ground
from monitor.compliance.moves import record_moves
from monitor.compliance.news import Failed, News, read_news, settle
from monitor.compliance.spans import Changes, keep_spans, read_kept
from monitor.db import Database
from monitor.models import random_id
from monitor.notices import write_notices
from rules import packs as pack_files
from rules.pack_files import Packs
from rules.unplaced import added

# how a caller opens a session in a transaction of its own: a job's stand only while it holds its lease
Opening = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


class CasesFailed(Exception):
    """Some cases could not be evaluated; they stay marked. All others were."""


class Totals(msgspec.Struct):
    """What a run did, for its log line. ``unplaced``: see `News`."""

    cases: int = 0
    spans_closed: int = 0
    spans_added: int = 0
    flags_opened: int = 0
    flags_changed: int = 0
    flags_cleared: int = 0
    flags_withdrawn: int = 0
    notices: int = 0
    unplaced: dict[str, int] = {}

    def add(self, cases: int, changes: Changes, upkeep: Upkeep) -> None:
        """Count one batch."""
        self.cases += cases
        self.spans_closed += changes.closed
        self.spans_added += changes.added
        self.flags_opened += upkeep.opened
        self.flags_changed += upkeep.changed
        self.flags_cleared += upkeep.cleared
        self.flags_withdrawn += upkeep.withdrawn


@lru_cache(maxsize=4)
def switched_on(*folders: Path) -> Packs:
    """The packs in force, ours and a site's own, read once a process."""
    return pack_files.load(*folders)


def evaluate_news(
    reading: Opening, writing: Opening, packs: Packs, clock: Clock, totals: Totals | None = None
) -> Totals:
    """Evaluate batch by batch until nothing is new. Raises `CasesFailed` at the end if some cases could not be."""
    totals, failed = totals or Totals(), Failed()
    with writing() as session:
        mark_all_on_new_ground(session, packs, clock())
    start = random_id()  # workers begin at different places, and so rarely take the same cases
    while True:
        with reading() as session:
            news = read_news(session, packs, clock(), start, failed)
        if news is None:
            break
        failed.update(news.failed)
        totals.unplaced = added(totals.unplaced, news.unplaced)
        for part in news.parts():
            with writing() as session:
                keep_news(session, part, clock(), totals)
    if failed:
        raise CasesFailed(f"{len(failed)} cases") from next(iter(failed.values()))
    return totals


def keep_news(session: Session, news: News, now: datetime, totals: Totals) -> None:
    """Write what was read: marks away, spans on the known axis, flags; of each case all of it or nothing."""
    settled = settle(session, news.marks)
    spans = news.spans.filter(pl.col("person").is_in(settled))
    kept = read_kept(session, settled)
    upkeep = boundaries.open_before_news(session, kept, now)
    changes = keep_spans(session, kept, spans, now)
    at = boundaries.no_earlier_than_sweep(session, now)
    upkeep.add(refresh_flags(session, settled, at, kept=changes.current))
    totals.add(len(settled), changes, upkeep)
    totals.notices += write_notices(session, settled, now)


def evaluate_now(
    database: Database, packs: Packs, now: datetime, *, full: bool = False,
    say: Callable[[str], None] = lambda _: None, site_secret: str = "",
) -> Totals:  # fmt: skip
    """Evaluate until nothing is new (``full``: every case, news or not), then sweep. Each batch is a transaction.

    With the site's secret, the audit trail tells in each of them which flags moved.
    """
    totals = Totals()

    @contextmanager
    def opened(writes: bool) -> Iterator[Session]:
        say(f"{totals.cases} cases evaluated")
        with database.system("evaluating news", writes=writes) as session, session.begin():
            yield session
            if writes:
                record_moves(session, site_secret, now, "command")

    if full:
        with opened(True) as session:
            mark_all(session)
    evaluate_news(lambda: opened(False), lambda: opened(True), packs, lambda: now, totals)
    with opened(True) as session:
        boundaries.sweep(session, now)
    return totals
