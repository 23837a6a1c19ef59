"""Look each night for what cannot be in a sound record."""

from __future__ import annotations

import msgspec

from jobs.work import LEASE, Work
from monitor import soundness


def run(work: Work) -> str:
    """Rows against each rule that is broken, told to the administrators; the run ends well, as it did its work."""
    found, renewed = dict[str, int](), work.clock()
    for rule in soundness.rules():
        with work.reading() as session:
            number = soundness.broken(session, rule)
        if number:
            found[rule.name] = number
        if work.clock() - renewed > LEASE / 4:  # all of a large county takes longer than a lease lasts
            with work.transaction():
                renewed = work.clock()
    with work.transaction() as session:
        soundness.told_of(session, found, work.held.run_key, work.clock())
    return msgspec.json.encode(soundness.Looked(len(soundness.rules()), found)).decode()
