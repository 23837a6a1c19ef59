"""Anchors: how long the trail was and what its newest seal said, one line a day in a file outside the database.

Whoever owns the tables can cut the trail and set its head back, and with the key write it anew; a line kept where they
cannot reach shows both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from monitor import audit
from monitor.models import Mark
from monitor.trail.seals import START

LATE = timedelta(hours=1)
KEPT = "anchors kept"
SAYS = "day, number of entries, seal of the newest"


class AnchorError(ValueError):
    """A file of anchors that cannot be relied on. The text is one sentence for whoever checks."""


class TrailBroken(Exception):
    """The trail does not hold. The text names the first entry that breaks, by number, and why; or it is not sealed."""


def read_anchors(lines: Iterable[str]) -> dict[int, str]:
    """Number of entries to seal (hexadecimal), from lines ``day number seal``; lines starting with # are remarks."""
    found: dict[int, str] = {}
    for at, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        number, seal = _pair(words, at)
        if found.setdefault(number, seal) != seal:
            raise AnchorError(f"Line {at} of the anchors says another seal for entry {number} than a line before it.")
    return found


def _pair(words: list[str], at: int) -> tuple[int, str]:
    try:
        _day, number, seal = words
        if len(bytes.fromhex(seal)) != len(START):
            raise ValueError(seal)
        return int(number), seal.lower()
    except ValueError:
        raise AnchorError(f"Line {at} of the anchors cannot be read: it should say {SAYS}.") from None


def anchors_of(file: Path) -> dict[int, str]:
    """The anchors in a file. A file that holds none shows nothing, and is refused for that."""
    found = read_anchors(file.read_text(encoding="utf-8").splitlines())
    if not found:
        raise AnchorError(f"{file.name} holds no anchor: a trail that was cut short would go unnoticed.")
    return found


def anchors_expected(session: Session, file: Path | None) -> dict[int, str]:
    """The anchors in the file; none for a site that keeps none, or has not begun to.

    Raises `TrailBroken` where anchors were kept before and the file is gone: taking it away must not switch the check
    off.
    """
    if file is None:
        return {}
    if file.exists():
        return anchors_of(file)
    if session.get(Mark, KEPT) is not None:
        raise TrailBroken(f"{file.name}, in which anchors were kept, is gone. Put it back, or its newest copy.")
    return {}


def remember_anchors(session: Session, now: datetime) -> None:
    """Write down that anchors are kept, so that a file that vanishes is missed."""
    if session.get(Mark, KEPT) is None:
        session.add(Mark(name=KEPT, at=now))


def checked_line(
    session: Session, key: bytes, kept: Mapping[int, str], now: datetime, beat: Callable[[], object] | None = None
) -> str:
    """The line to keep at ``now`` (UTC's day), once the whole trail holds against ``kept``; else `TrailBroken`."""
    verdict = audit.verify(session, key, kept, beat)
    if verdict.broken_at is not None:
        raise TrailBroken(f"The trail breaks at entry {verdict.broken_at}: {verdict.why}.")
    if late := unsealed_too_long(verdict, now):
        raise TrailBroken(late)
    return f"{now.astimezone(UTC):%Y-%m-%d} {verdict.entries} {verdict.head}"


def unsealed_too_long(verdict: audit.Verdict, now: datetime) -> str:
    """A sentence where entries have waited for their block longer than `LATE`; "" while all is well."""
    if verdict.since is None or verdict.since > now - LATE:
        return ""
    return (
        f"{verdict.unsealed} entries are not sealed, the oldest since {verdict.since:%Y-%m-%d %H:%M} UTC: nobody seals,"
        " or a transaction has been open since then."
    )


def keep(file: Path, line: str) -> bool:
    """Add a line at the end of the file and have it on the disk; False where it is the last line already."""
    # only ever added to: the folder may be a share that takes new lines and no changes
    if file.exists() and file.read_text(encoding="utf-8").splitlines()[-1:] == [line]:
        return False
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return True
