"""The privacy officer's week and the team's list: a row is opened where somebody looked at it, and nowhere else."""

from __future__ import annotations

from sqlalchemy import select

from monitor.consultation import agenda
from monitor.consultation.keys import opened
from monitor.models import AuditEntry
from tests.web.consulting import folder, keys, lite, members, office, put_on, seen, settings
from tests.web.test_callbacks import still

__all__ = ["folder", "keys", "members", "office", "settings", "still"]


@lite
def test_a_weeks_look_back_opens_the_rows_that_were_looked_at_and_no_other(
    client_as, database, office, members, keys, monkeypatch
):
    put_on(database, office, keys)
    officers, tried = client_as("privacy_officer", agency_id=office.town.office), list[int]()
    monkeypatch.setattr(agenda, "opened", lambda keys, number, row: tried.append(number) or opened(keys, number, row))
    assert officers.get("/audit/look-back").status_code == 200
    assert tried == [], "nobody looked at the list this week"
    seen(members["officer"])
    tried.clear()
    assert officers.get("/audit/look-back").status_code == 200
    with database.system("test: what was looked at", writes=False) as session:
        looks = session.scalars(select(AuditEntry.subjects).where(AuditEntry.event == "consultation.used"))
        assert sorted(tried) == sorted({one for subjects in looks for one in subjects}) != []
