"""What has become known and no evaluation has taken up: read as one picture, settled in another transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

import msgspec
import polars as pl
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from monitor.compliance.chunks import parts
from monitor.compliance.ground import horizon
from monitor.compliance.loading import load_facts
from monitor.models import Dirty
from rules.evaluate import evaluate
from rules.frames import SPANS, FactFrames
from rules.pack_files import Packs
from rules.unplaced import added, unplaced

# what a reading costs is paid once, so it takes many; a writing keeps others waiting, so it takes fewer
BATCH = 2_000
WRITTEN_AT_ONCE = 500
Failed = dict[int, Exception]


class Said(msgspec.Struct):
    """What the rules say of some cases, the cases on which they failed and why, and rows that no order asks for."""

    spans: pl.DataFrame
    failed: Failed = {}
    unplaced: dict[str, int] = {}


class News(msgspec.Struct):
    """Some marked cases as one reading found them: their marks then, and what the rules say of them.

    ``unplaced``: rows by frame that name an order which is not there, or are of cases without an order that has duties.
    """

    marks: dict[int, list[int]]
    spans: pl.DataFrame
    failed: Failed
    unplaced: dict[str, int] = {}

    def parts(self) -> Iterator[News]:
        """The same, so many cases at a time as one transaction writes."""
        for cases in parts(sorted(self.marks), WRITTEN_AT_ONCE):
            said = self.spans.filter(pl.col("person").is_in(cases))
            yield News({case: self.marks[case] for case in cases}, said, self.failed)


def something_new(session: Session) -> bool:
    """True while a case waits to be evaluated."""
    return session.scalar(select(Dirty.id).limit(1)) is not None


def read_news(session: Session, packs: Packs, now: datetime, start: int = 0, skip: Collection[int] = ()) -> News | None:
    """One batch of marked cases, by id from ``start`` on and around, with what the rules say; None if there is none.

    The session must see one snapshot. A case that cannot be evaluated is named in ``failed`` and stops no other.
    """
    found = select(Dirty.case_id).group_by(Dirty.case_id).order_by(Dirty.case_id <= start, Dirty.case_id)
    if skip:
        found = found.where(Dirty.case_id.not_in(sorted(skip)))
    cases = sorted(session.scalars(found.limit(BATCH)))
    if not cases:
        return None
    said = spans_of(session, cases, packs, now)
    marks = _marks(session, [case for case in cases if case not in said.failed])
    return News(marks, said.spans, said.failed, said.unplaced)


def settle(session: Session, marks: dict[int, list[int]]) -> list[int]:
    """Take the marks away; returns the cases that may be written now.

    Not among them: cases that were marked again since they were read, and cases that another worker has settled. A
    worker that read later has taken every mark that we saw, so one mark of ours left means that nobody knew more.
    """
    held: dict[int, int] = {}
    for part in parts(sorted(mark for own in marks.values() for mark in own)):
        # in order of id: two workers that want the same rows wait, and never for each other
        rows = select(Dirty.id, Dirty.case_id).where(Dirty.id.in_(part)).order_by(Dirty.id).with_for_update()
        held.update((row.id, row.case_id) for row in session.execute(rows))
    for part in parts(sorted(held)):
        session.execute(delete(Dirty).where(Dirty.id.in_(part)))
    again: set[int] = set()
    for part in parts(sorted(marks)):
        again.update(session.scalars(select(Dirty.case_id).where(Dirty.case_id.in_(part))))
    return sorted(set(held.values()) - again)


def spans_of(session: Session, cases: Sequence[int], packs: Packs, now: datetime) -> Said:
    """What the rules say of ``cases``; those on which they fail are found by halving the batch."""
    try:
        facts = load_facts(session, cases)
        spans = evaluate(facts, packs, everything_known(facts, now), horizon=horizon(now))
        if spans.select("key", "starts_at").is_duplicated().any():
            raise ValueError("two spans in one place")
        return Said(spans, {}, dict(unplaced(facts)))
    except SQLAlchemyError:
        raise  # the database's trouble is nobody's case
    except Exception as error:
        if len(cases) == 1:
            return Said(pl.DataFrame(schema=SPANS), {cases[0]: error})
    half = len(cases) // 2
    left, right = (spans_of(session, part, packs, now) for part in (cases[:half], cases[half:]))
    both = pl.concat([left.spans, right.spans])
    return Said(both, left.failed | right.failed, added(left.unplaced, right.unplaced))


def everything_known(facts: FactFrames, now: datetime) -> datetime:
    """Now, or the newest record if another machine's clock runs ahead: nothing on record may be passed over."""
    newest = [now.astimezone(UTC)]
    for _name, frame in facts.items():
        if "recorded_at" in frame.columns and frame.height:
            newest.append(frame["recorded_at"].max())  # type: ignore[arg-type]
    return max(newest)


def _marks(session: Session, cases: Sequence[int]) -> dict[int, list[int]]:
    marks: dict[int, list[int]] = defaultdict(list)
    for part in parts(cases):
        for mark, case in session.execute(select(Dirty.id, Dirty.case_id).where(Dirty.case_id.in_(part))):
            marks[case].append(mark)
    return dict(marks)
