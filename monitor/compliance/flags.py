"""Flags: the spans that hold now, kept for a person to review.

A flag keeps its key as long as its span lives, so what a person decided outlives new evidence and dies with the span.
Nothing here decides anything about anybody (safeguard F2): it opens questions and closes those that facts answered.
``closed_at`` is written here only: the instant at which the span ended. A flag that ended and holds again is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from monitor.compliance.chunks import parts
from monitor.compliance.columns import Asked, read_rows
from monitor.compliance.desks import read_desks
from monitor.compliance.forgotten import answered, read_forgotten
from monitor.compliance.inserts import add_rows
from monitor.compliance.moves import note, note_raised
from monitor.compliance.opening import LAPSE, openings
from monitor.compliance.unsettled import read_begun, read_flags, unsettled
from monitor.flag_history import with_earlier
from monitor.models import Flag, Span, random_id

UNDECIDED = ("OPEN", "ACKNOWLEDGED")
Row = dict[str, Any]


class Upkeep(msgspec.Struct):
    """What happened to flags: opened, changed in content, cleared by facts, withdrawn by a correction."""

    opened: int = 0
    changed: int = 0
    cleared: int = 0
    withdrawn: int = 0

    def add(self, other: Upkeep) -> None:
        """Count what was done elsewhere, too."""
        self.opened += other.opened
        self.changed += other.changed
        self.cleared += other.cleared
        self.withdrawn += other.withdrawn

    def count(self, changes: Row) -> None:
        """Count one flag's changes."""
        if changes.get("state") == "WITHDRAWN":
            self.withdrawn += 1
        elif changes.get("closed_at"):
            self.cleared += 1
        elif changes.get("state") == "OPEN":
            self.opened += 1
        else:
            self.changed += 1


def refresh_flags(
    session: Session, cases: Sequence[int], now: datetime, since: datetime | None = None,
    kept: pl.DataFrame | None = None, *, only_new: bool = False,
) -> Upkeep:  # fmt: skip
    """Bring the flags of ``cases`` to what their kept spans say at ``now``.

    With ``since`` (a sweep's high-water mark), spans that began and ended after it while nobody looked leave a flag
    too, cleared already: what is on record must not depend on when a process was up. ``kept``: the current spans of
    ``cases`` as `read_kept` reads them, if they are known and not changed since.
    ``only_new``: flags that are there stay as they are.
    """
    upkeep = Upkeep()
    if kept is not None:
        _refresh(session, cases, now, since, upkeep, kept, only_new)
        return upkeep
    for part in parts(cases, 2_000):
        _refresh(session, part, now, since, upkeep)
    return upkeep


def _refresh(
    session: Session, cases: Sequence[int], now: datetime, since: datetime | None, upkeep: Upkeep,
    kept: pl.DataFrame | None = None, only_new: bool = False,
) -> None:  # fmt: skip
    desks = read_desks(session, cases)
    spans = read_begun(session, cases, now) if kept is None else kept
    found = unsettled(spans, read_flags(session, cases), desks, now, since)
    found = found.filter(pl.col("flag").is_null()) if only_new else found
    flags = _flags(session, found)
    # read after the flags are held: what is forgotten in that moment is either still there, or among these
    forgotten = read_forgotten(session, cases) if found.height > len(flags) else {}
    if kept is not None and not forgotten:
        opened = openings(found, kept, desks, now)
        add_rows(session, Flag, opened)
        note_raised(session, opened["id"].to_list())
        upkeep.opened += opened.height
        found = found.join(opened, on="key", how="anti")
    _one_by_one(session, found, flags, forgotten, desks, now, since, upkeep)


def _one_by_one(
    session: Session, found: pl.DataFrame, flags: dict[str, Any], forgotten: Mapping[str, datetime],
    desks: pl.DataFrame, now: datetime, since: datetime | None, upkeep: Upkeep,
) -> None:  # fmt: skip
    lives = _lives(session, found)
    asked = desks.join(found, on="person", how="semi")
    desk_of = {case: desk for case, *desk in asked.iter_rows()}
    changed: list[Row] = []
    opened: list[Row] = []
    for key in sorted(lives.keys() | flags.keys()):
        life, flag = lives.get(key, ()), flags.get(key)
        if flag is None and answered(forgotten, key, [span for span in life if span.starts_at <= now]):
            continue
        change = _change(life, flag, desk_of, now, since)
        if change:
            upkeep.count(change)
            note(session, flag.id if flag else change["id"], change, new=flag is None)
            if flag is None:
                opened.append(change)
            else:
                changed.append({"id": flag.id, **change})
    _open(session, opened)
    _write(session, with_earlier(session, changed, now))


def _open(session: Session, opened: Sequence[Row]) -> None:
    if opened:
        columns = {name: [row[name] for row in opened] for name in opened[0]}
        add_rows(session, Flag, pl.DataFrame(columns, infer_schema_length=None).with_columns(earlier=pl.lit("[]")))


def _write(session: Session, changed: Iterable[Row]) -> None:
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in changed:
        alike[tuple(row)].append(row)
    for rows in alike.values():
        session.execute(update(Flag), rows)


def _lives(session: Session, found: pl.DataFrame) -> dict[str, list[Any]]:
    """The kept spans of each key that have begun, in order of time."""
    lives: dict[str, list[Any]] = defaultdict(list)
    ids = found["spans"].drop_nulls().explode().to_list()
    if not ids:
        return lives
    for span in sorted(read_rows(session, _SPANS, Asked(ids)), key=lambda span: (span.starts_at, span.id)):
        lives[span.key].append(span)
    return lives


def _flags(session: Session, found: pl.DataFrame) -> dict[str, Any]:
    # held while they are brought up to date: an officer's decision made meanwhile must not be written over
    flags: dict[str, Any] = {}
    for ids in parts(found["flag"].drop_nulls().to_list()):
        held = _FLAGS.where(Flag.id.in_(ids)).order_by(Flag.id).with_for_update(key_share=True)
        flags.update((flag.key, flag) for flag in session.execute(held))
    return flags


_SPANS: Any = select(
    Span.id, Span.id.label("person"), Span.case_id, Span.key, Span.version, Span.code, Span.owner, Span.response_class,
    Span.severity, Span.certainty, Span.starts_on, Span.due_on, Span.starts_at, Span.ends_at, Span.known_from,
)  # fmt: skip
_FLAGS = select(Flag.id, Flag.key, Flag.state, Flag.version, Flag.span_id, Flag.agency_id, Flag.closed_at)


def _change(
    life: Sequence[Any], flag: Any, desks: dict[int, list[int]], now: datetime, since: datetime | None
) -> Row:
    """What is to be written about one key: a new flag's row, an old one's changes, or nothing."""
    begun = [span for span in life if span.starts_at <= now]
    if not begun:
        return _never(flag, now) if flag else {}
    span = begun[-1]
    seen = _shown(span, desks[span.case_id])
    if span.ends_at is None or now < span.ends_at:
        return _held(flag, begun, seen) if flag else _new(begun, seen)
    if flag:
        return _ended(flag, span, seen, since)
    unseen = since is not None and since < span.ends_at and span.known_from < span.ends_at
    return _new(begun, seen) | {"state": "CLEARED", "closed_at": span.ends_at} if unseen else {}


def _shown(span: Any, desk: Sequence[int]) -> Row:
    """What of a span a flag carries; ``desk``: the court's agency, and whose people review all else."""
    lapse = LAPSE if span.certainty == "CANNOT_EVALUATE" else {}
    owner = lapse.get("owner", span.owner)
    return {
        "span_id": span.id, "version": span.version, "code": span.code, "owner": owner, "severity": span.severity,
        "response_class": span.response_class, "first_on": span.starts_on, "due_on": span.due_on,
        "agency_id": desk[0] if owner == "court" else desk[1], **lapse,
    }  # fmt: skip


def _new(begun: Sequence[Any], seen: Row) -> Row:
    last = begun[-1]
    return {
        "id": random_id(), "case_id": last.case_id, "key": last.key, **seen, "state": "OPEN",
        "opened_at": _opened_at(begun), "closed_at": None, "contested": False,
    }  # fmt: skip


def _opened_at(begun: Sequence[Any]) -> datetime:
    """When the stretch that lasts was both begun and known: the same whenever somebody looked."""
    first = begun[-1]
    for span in reversed(begun[:-1]):
        if span.ends_at != first.starts_at:
            break
        first = span
    opened: datetime = max(first.starts_at, first.known_from)
    return opened


def _held(flag: Any, begun: Sequence[Any], seen: Row) -> Row:
    """Changes to a flag whose span holds: new content, and open again after it had ended."""
    changed = flag.version != seen["version"]
    changes = dict(seen) if changed or (flag.span_id, flag.agency_id) != (seen["span_id"], seen["agency_id"]) else {}
    if flag.closed_at is not None:
        changes |= {"state": "OPEN", "opened_at": _opened_at(begun), "closed_at": None, "owner": seen["owner"]}
    elif flag.state == "EXCUSED" and changed:  # an absence was excused, and the rule still holds without it
        changes |= {"state": "OPEN"}
    return changes


def _ended(flag: Any, span: Any, seen: Row, since: datetime | None) -> Row:
    """Changes to a flag whose span is over: cleared, unless a person has decided it."""
    changes = dict(seen) if flag.version != seen["version"] else {}
    if flag.closed_at is None:
        cleared = {"state": "CLEARED"} if flag.state in UNDECIDED else {}
        return changes | cleared | {"closed_at": max(span.ends_at, span.known_from)}
    if since is not None and flag.closed_at <= span.starts_at:  # it held again, and ended again, unseen
        changes |= {"state": "CLEARED", "closed_at": span.ends_at}
    return changes


def _never(flag: Any, now: datetime) -> Row:
    """Changes to a flag of which a correction says that it never held, or not yet; what a person decided stays."""
    if flag.state in ("DISMISSED", "EXCUSED"):
        return {} if flag.closed_at else {"closed_at": now}
    return {} if flag.state == "WITHDRAWN" else {"state": "WITHDRAWN", "closed_at": now}
