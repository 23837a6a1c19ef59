"""The benchmark's own trail is a real one: it holds, seal by seal, as `audit.append` would have made it."""

from __future__ import annotations

from monitor.db import Database
from tests.benchmarks import audit_trail
from tests.monitor.tampering import NOW


def test_the_measured_trail_holds_and_is_written_on(tmp_path):
    told = audit_trail._measure(f"sqlite:///{tmp_path / 'trail.db'}", 120)
    assert (told["entries"], told["goal"]) == (120, 50_000)

    database = Database(f"sqlite:///{tmp_path / 'trail.db'}")
    with database.system("test: one more") as session, session.begin():
        audit_trail.audit.append(session, audit_trail.audit.Act(event="person.read"), audit_trail.KEY, NOW)
    with database.system("test: verify", writes=False) as session:
        assert audit_trail.audit.verify(session, audit_trail.KEY).entries == 121
    database.close()
