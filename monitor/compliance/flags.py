"""Flags: the spans that hold now, kept for a person to review.

A flag keeps its key as long as its span lives, so what a person decided outlives new evidence and dies with the span.
Nothing here decides anything about anybody (safeguard F2): it opens questions and closes those that facts answered.
``closed_at`` is written here only: the instant at which the span ended. A flag that ended and holds again is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from monitor.compliance.chunks import parts
from monitor.flag_history import with_earlier
from monitor.models import Agency, Case, CaseAgency, Flag, Span, random_id

# an answer that is not known is nobody's flag; the reporter's own flag says what is missing
FLAGGED = ("CERTAIN", "CANNOT_EVALUATE")
# what could not be evaluated is a lapse of the system, whatever rule it was about: never shown as the person's
LAPSE = {"code": "INPUT_MISSING", "owner": "system", "response_class": None, "severity": "review"}
UNDECIDED = ("OPEN", "ACKNOWLEDGED")
TABLE: Any = Flag.__table__
Row = dict[str, Any]


class Upkeep(msgspec.Struct):
    """What happened to flags: opened, changed in content, cleared by facts, withdrawn by a correction."""

    opened: int = 0
    changed: int = 0
    cleared: int = 0
    withdrawn: int = 0

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


def refresh_flags(session: Session, cases: Sequence[int], now: datetime, since: datetime | None = None) -> Upkeep:
    """Bring the flags of ``cases`` to what their kept spans say at ``now``.

    With ``since`` (a sweep's high-water mark), spans that began and ended after it while nobody looked leave a flag
    too, cleared already: what is on record must not depend on when a process was up.
    """
    upkeep = Upkeep()
    for part in parts(cases, 2_000):
        _refresh(session, part, now, since, upkeep)
    return upkeep


def _refresh(session: Session, cases: Sequence[int], now: datetime, since: datetime | None, upkeep: Upkeep) -> None:
    lives = _lives(session, cases)
    flags = {flag.key: flag for flag in _flags(session, cases)}
    desks = _desks(session, cases)
    changed: list[Row] = []
    opened: list[Row] = []
    for key in sorted(lives.keys() | flags.keys()):
        life, flag = lives.get(key, ()), flags.get(key)
        change = _change(life, flag, desks, now, since)
        if change:
            upkeep.count(change)
            if flag is None:
                opened.append(change)
            else:
                changed.append({"id": flag.id, **change})
    if opened:
        session.execute(insert(TABLE), opened)
    _write(session, with_earlier(session, changed, now))


def _write(session: Session, changed: Iterable[Row]) -> None:
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in changed:
        alike[tuple(row)].append(row)
    for rows in alike.values():
        session.execute(update(Flag), rows)


def _lives(session: Session, cases: Sequence[int]) -> dict[str, list[Any]]:
    """The kept spans of each key, in order of time."""
    columns = (
        Span.id, Span.case_id, Span.key, Span.version, Span.code, Span.owner, Span.response_class, Span.severity,
        Span.certainty, Span.starts_on, Span.due_on, Span.starts_at, Span.ends_at, Span.known_from,
    )  # fmt: skip
    here = select(*columns).where(Span.case_id.in_(cases), Span.known_until.is_(None), Span.certainty.in_(FLAGGED))
    lives: dict[str, list[Any]] = defaultdict(list)
    for span in session.execute(here.order_by(Span.starts_at, Span.id)):
        lives[span.key].append(span)
    return lives


def _flags(session: Session, cases: Sequence[int]) -> Iterable[Any]:
    columns = (Flag.id, Flag.key, Flag.state, Flag.version, Flag.span_id, Flag.agency_id, Flag.closed_at)
    # held while they are brought up to date: an officer's decision made meanwhile must not be written over
    held = select(*columns).where(Flag.case_id.in_(cases)).order_by(Flag.id).with_for_update(key_share=True)
    return session.execute(held)


def _desks(session: Session, cases: Sequence[int]) -> dict[int, dict[str, int]]:
    """For each case, whose people review: the probation office that shares it, and the court's own agency."""
    desks = {
        case: {"court": court}
        for case, court in session.execute(select(Case.id, Case.agency_id).where(Case.id.in_(cases)))
    }
    offices = (
        select(CaseAgency.case_id, CaseAgency.agency_id)
        .join(Agency, Agency.id == CaseAgency.agency_id)
        .where(CaseAgency.case_id.in_(cases), CaseAgency.until_on.is_(None), Agency.kind == "probation")
        .order_by(CaseAgency.from_on, CaseAgency.id)
    )
    for case, office in session.execute(offices):
        desks[case]["probation"] = office
    return desks


def _change(
    life: Sequence[Any], flag: Any, desks: dict[int, dict[str, int]], now: datetime, since: datetime | None
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


def _shown(span: Any, desk: dict[str, int]) -> Row:
    """What of a span a flag carries."""
    lapse = LAPSE if span.certainty == "CANNOT_EVALUATE" else {}
    owner = lapse.get("owner", span.owner)
    return {
        "span_id": span.id, "version": span.version, "code": span.code, "owner": owner, "severity": span.severity,
        "response_class": span.response_class, "first_on": span.starts_on, "due_on": span.due_on,
        "agency_id": desk["court"] if owner == "court" else desk.get("probation", desk["court"]), **lapse,
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
        changes |= {"state": "OPEN", "opened_at": _opened_at(begun), "closed_at": None}
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
