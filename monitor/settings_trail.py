"""Changes of settings stand in the trail: at a start, which of them differ from the start before (G-01).

Names only. To see a difference without keeping a value, each is kept as the first bytes of a keyed hash, whose key is
the site's own: who reads the trail can neither tell a value nor try one.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

from sqlalchemy import select

from monitor import audit
from monitor.config import Settings
from monitor.db import Database
from monitor.models import AuditEntry

EVENT: Final = "site.settings"


def record_settings(database: Database, settings: Settings, now: datetime) -> tuple[str, ...]:
    """Write which settings changed since they were last on record; none, and no entry, where nothing did.

    The first start on record names none: there is nothing to compare with.
    """
    marks = _marks(settings)
    with database.system("which settings changed since the last start") as session, session.begin():
        newest = select(AuditEntry.detail).where(AuditEntry.event == EVENT).order_by(AuditEntry.number.desc()).limit(1)
        kept = session.scalar(newest)
        before = dict(one.split(":") for one in kept["marks"].split()) if kept else marks
        changed = tuple(sorted(name for name in {*marks, *before} if marks.get(name) != before.get(name)))
        if kept is not None and not changed:
            return ()
        said = " ".join(f"{name}:{mark}" for name, mark in sorted(marks.items()))
        act = audit.Act(event=EVENT, component="command", detail={"changed": " ".join(changed), "marks": said})
        audit.append(session, act, audit.audit_key(settings.secret_key), now)
    return changed


def _marks(settings: Settings) -> dict[str, str]:
    key = hmac.new(audit.audit_key(settings.secret_key), b"settings", hashlib.sha256).digest()
    return {
        name: hmac.new(key, f"{name}={getattr(settings, name)!r}".encode(), hashlib.sha256).hexdigest()[:12]
        for name in settings.__struct_fields__
    }
