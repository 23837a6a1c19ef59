"""Flags that the rules raised, put back, withdrew or cleared, and the notices of that, as entries of the audit trail in
the same transaction.

The machine does that, no person: an entry names no user. One entry for each kind of move and transaction, with the ids
of the flags, or of the notices; what each flag said before stands in its own history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from monitor import audit
from monitor.compliance.chunks import parts

NOTED = "moves of flags"
MOVES = {
    "raised": "flags", "restored": "flags", "withdrawn": "flags", "cleared": "flags", "written": "notices",
}  # fmt: skip
MOST_IDS = 1_000  # an entry that names tens of thousands would be slow to search


def note(session: Session, flag_id: int, change: Mapping[str, Any], *, new: bool) -> None:
    """Remember what is being written about one flag, until `record_moves` at the end of the transaction."""
    noted: dict[str, list[int]] = session.info.setdefault(NOTED, {})
    for move in _moves(change, new):
        noted.setdefault(move, []).append(flag_id)


def note_raised(session: Session, flag_ids: Sequence[int]) -> None:
    """The same of flags that are new and hold."""
    if flag_ids:
        session.info.setdefault(NOTED, {}).setdefault("raised", []).extend(flag_ids)


def note_notice(session: Session, notice_id: int) -> None:
    """The same of a notice to somebody that what they were told of a flag no longer holds."""
    session.info.setdefault(NOTED, {}).setdefault("written", []).append(notice_id)


def _moves(change: Mapping[str, Any], new: bool) -> list[str]:
    state = change.get("state")
    moves = ["raised"] if new else ["restored"] if state == "OPEN" else []
    if state == "WITHDRAWN":
        moves.append("withdrawn")
    elif change.get("closed_at"):  # facts answered it; a new flag may have ended while nobody looked
        moves.append("cleared")
    return moves


def record_moves(session: Session, site_secret: str, now: datetime, component: str) -> None:
    """Write the entries of what was noted; call it last. Without a secret there is no trail to write."""
    noted: dict[str, list[int]] = session.info.pop(NOTED, {})
    if not (noted and site_secret):
        return
    key = audit.audit_key(site_secret)
    for move, what in MOVES.items():
        for ids in parts(noted.get(move, []), MOST_IDS):
            event = f"{what.removesuffix('s')}.{move}"
            act = audit.Act(event=event, subjects=tuple(ids), detail={what: len(ids)}, component=component)
            audit.append(session, act, key, now)
