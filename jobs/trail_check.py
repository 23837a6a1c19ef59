"""Read the whole audit trail against the anchors kept outside the database, and add today's."""

from __future__ import annotations

from pathlib import Path

from jobs.work import ToldToStop, Work
from monitor.audit import audit_key
from monitor.trail.alarm import tell_broken
from monitor.trail.anchors import (
    AnchorError,
    TrailBroken,
    anchors_expected,
    checked_line,
    keep,
    remember_anchors,
)
from monitor.trail.blocks import seal_finished


def run(work: Work) -> str:
    """A trail that does not hold fails the run and is told to privacy officers at once; then no anchor is written."""
    if not work.settings.secret_key:  # then nothing here has ever been sealed
        return '{"entries":0,"anchors":0,"written":0}'
    file = Path(work.settings.anchors_file) if work.settings.anchors_file else None
    key = audit_key(work.settings.secret_key)
    with work.transaction() as session:
        seal_finished(session, key, work.clock())
    try:
        with work.reading() as session:
            kept = anchors_expected(session, file)
            line = checked_line(session, key, kept, work.clock(), lambda: _still_ours(work))
    except (TrailBroken, AnchorError):
        with work.transaction() as session:
            tell_broken(session, work.clock())
        raise
    _still_ours(work)
    written = keep(file, line) if file else False
    if file:
        with work.transaction() as session:
            remember_anchors(session, work.clock())
    return f'{{"entries":{line.split()[1]},"anchors":{len(kept)},"written":{int(written)}}}'


def _still_ours(work: Work) -> None:
    """A long trail takes longer than a lease lasts."""
    if work.stopping():
        raise ToldToStop(work.held.job)
    with work.transaction():
        pass
