"""Evaluating cases: only those about which something became known, and nightly all of them as referee.

Time passing needs no evaluation: spans are forward-dated, and `sweep` opens and closes flags as their bounds pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from monitor.compliance.flags import Upkeep, refresh_flags
from monitor.compliance.loading import load_facts
from monitor.compliance.spans import Changes, keep_spans
from monitor.db import Database
from monitor.models import Case, Dirty, Mark, Span
from rules import packs as pack_files
from rules.evaluate import evaluate
from rules.frames import FactFrames
from rules.packs import Packs

BATCH = 500
SWEEP = "sweep"
PACKS = "packs "


class Totals(msgspec.Struct):
    """What a run did, for its log line."""

    cases: int = 0
    spans_closed: int = 0
    spans_added: int = 0
    flags_opened: int = 0
    flags_changed: int = 0
    flags_cleared: int = 0
    flags_withdrawn: int = 0

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


def evaluate_dirty(session: Session, packs: Packs, now: datetime, totals: Totals) -> bool:
    """Evaluate one batch of dirty cases in the caller's transaction; False when none is left.

    Killed before the commit, it has done nothing and the cases are still dirty. Several workers take turns case by
    case on PostgreSQL; SQLite has one writer at a time.
    """
    taken = session.execute(
        select(Dirty.id, Dirty.case_id).order_by(Dirty.id).limit(BATCH * 4).with_for_update(skip_locked=True)
    ).all()
    cases = sorted({row.case_id for row in taken})[:BATCH]
    if not cases:
        return False
    _take_turns(session, cases)
    _evaluate(session, cases, packs, now, totals)
    numbers = [row.id for row in taken if row.case_id in set(cases)]
    session.execute(delete(Dirty).where(Dirty.id.in_(numbers)))
    return True


def evaluate_all(session: Session, packs: Packs, now: datetime, totals: Totals, after: int = 0) -> int:
    """Evaluate the next batch of all cases by id, beyond ``after``; returns the last id, or 0 at the end.

    What is kept should agree already: spans closed or added here, beyond those of dirty cases, are a fault to raise.
    """
    found = select(Case.id).where(Case.id > after).order_by(Case.id).limit(BATCH)
    cases = list(session.scalars(found))
    if not cases:
        return 0
    _take_turns(session, cases)
    _evaluate(session, cases, packs, now, totals)
    return cases[-1]


def evaluate_now(
    database: Database, packs: Packs, now: datetime, *, full: bool = False, say: Callable[[str], None] = lambda _: None
) -> Totals:
    """Evaluate until nothing is new (``full``: every case as well), then sweep. Each batch is a transaction."""
    totals = Totals()
    with database.system("new packs") as session, session.begin():
        mark_all_dirty_on_new_packs(session, packs, now)
    more = True
    while more:
        with database.system("evaluating news") as session, session.begin():
            more = evaluate_dirty(session, packs, now, totals)
        say(f"{totals.cases} cases evaluated")
    last = 1 if full else 0
    while last:
        with database.system("evaluating all") as session, session.begin():
            last = evaluate_all(session, packs, now, totals, 0 if last == 1 else last)
    with database.system("sweeping") as session, session.begin():
        sweep(session, now)
    return totals


def sweep(session: Session, now: datetime) -> Upkeep:
    """Open and close flags whose spans began or ended since the last sweep, however long ago that was."""
    mark = session.get(Mark, SWEEP, with_for_update=True)
    since = mark.at if mark else datetime.min.replace(tzinfo=now.tzinfo)
    if since >= now:
        return Upkeep()
    passed = or_(
        (Span.starts_at > since) & (Span.starts_at <= now), (Span.ends_at > since) & (Span.ends_at <= now)
    )
    cases = sorted(set(session.scalars(select(Span.case_id).where(Span.known_until.is_(None), passed))))
    upkeep = refresh_flags(session, cases, now)
    if mark:
        mark.at = now
    else:
        session.add(Mark(name=SWEEP, at=now))
    return upkeep


def mark_all_dirty_on_new_packs(session: Session, packs: Packs, now: datetime) -> bool:
    """When the packs differ from those of the last evaluation, every case is new knowledge."""
    name = PACKS + fingerprint(packs)
    if session.get(Mark, name):
        return False
    session.execute(delete(Mark).where(Mark.name.startswith(PACKS)))
    session.add(Mark(name=name, at=now))
    session.add_all(Dirty(case_id=case) for case in session.scalars(select(Case.id)))
    return True


def fingerprint(packs: Packs) -> str:
    """A short hash of everything the packs say."""
    return hashlib.blake2b(repr(packs).encode(), digest_size=12).hexdigest()


def _take_turns(session: Session, cases: Sequence[int]) -> None:
    # two workers with news about one case must not write its spans at once; ignored by SQLite, which has one writer
    session.execute(select(Case.id).where(Case.id.in_(cases)).order_by(Case.id).with_for_update())


def _evaluate(session: Session, cases: Sequence[int], packs: Packs, now: datetime, totals: Totals) -> None:
    facts = load_facts(session, cases)
    spans = evaluate(facts, packs, _everything_known(facts, now))
    changes = keep_spans(session, cases, spans, now)
    totals.add(len(cases), changes, refresh_flags(session, cases, now))


def _everything_known(facts: FactFrames, now: datetime) -> datetime:
    """Now, or the newest record if another machine's clock runs ahead: nothing on record may be passed over."""
    newest = [now]
    for _name, frame in facts.items():
        if "recorded_at" in frame.columns and frame.height:
            newest.append(frame["recorded_at"].max())  # type: ignore[arg-type]
    return max(newest)
