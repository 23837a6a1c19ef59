"""A copy tried: put back into a file of its own that is thrown away, and looked at as somebody would who needs it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import func, select

from monitor import audit
from monitor.checks import check_database
from monitor.copies.case_keys import CaseKeys
from monitor.copies.restoring import Restored, Target, restore
from monitor.db import Database
from monitor.models import AuthSession, Outbox


class Drill(msgspec.Struct, frozen=True):
    """What came back, and ``faults`` in sentences; none: the copy would do."""

    restored: Restored
    faults: list[str]


def drill(
    file: Path, secret: str, now: datetime, case_keys: CaseKeys | None = None,
    anchors: Mapping[int, str] | None = None, say: Callable[[str], object] = lambda _text: None,
) -> Drill:  # fmt: skip
    """Restore and check. Raises `CopyError` for a copy that does not open."""
    with tempfile.TemporaryDirectory(prefix="monitor-drill-") as folder:
        url = f"sqlite:///{folder}/drill.db"
        restored = restore(Target(url), file, secret, now, case_keys, say)
        database = Database(url)
        try:
            say("Looking at what came back")
            faults = check_database(database, secret) + _faults(database, restored, secret, anchors or {})
        finally:
            database.close()
    return Drill(restored, faults)


def _faults(database: Database, restored: Restored, secret: str, anchors: Mapping[int, str]) -> list[str]:
    number, seal = restored.manifest.audit
    kept = {one: anchor for one, anchor in anchors.items() if one <= number}
    known = ({number: seal} if number else {}) | kept  # what was kept elsewhere counts for more
    with database.system("a drill: looking at what came back", writes=False) as session:
        verdict = audit.verify(session, audit.audit_key(secret), known)
        signed_in = session.scalar(select(func.count()).where(AuthSession.revoked_at.is_(None)))
        due = session.scalar(select(func.count()).where(Outbox.state == "DUE"))
    found = [f"The audit trail does not fit its anchors at entry {verdict.broken_at}: {verdict.why}."]
    faults = found if verdict.broken_at is not None else []
    faults += [f"{signed_in} sessions are still open."] if signed_in else []
    return faults + ([f"{due} notices would leave again."] if due else [])
