"""A wall holds by the session itself for whoever shares no case, on PostgreSQL too (safeguard D1)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from monitor.access.scope import Scope, trusted_sql
from monitor.db import Database, keep_found, looking_wide
from monitor.models import Agency, Case, random_id
from tests.builders import add_user
from tests.monitor.access.two_offices import two_offices
from tests.monitor.access.walls import put_up

KINDS = {
    "dispatch": "dispatch", "law_enforcement": "law_enforcement", "advocate": "advocacy", "medical": "medical",
}  # fmt: skip


@pytest.mark.parametrize("role", KINDS)
def test_who_shares_no_case_is_walled_off_all_the_same_and_keeps_what_was_found(database: Database, role: str) -> None:
    offices, agency = two_offices(database), random_id()
    with database.system("test: a desk that shares no case") as session, session.begin():
        session.add(Agency(id=agency, kind=KINDS[role], name="Desk", code="desk", zone="UTC"))
        session.flush()
        user = add_user(session, agency, role, "desk@near.example")
    put_up(database, user, offices.ours.person, agency)
    with database.scoped(Scope(user, role, agency)) as session:
        keep_found(session, [offices.ours.case, offices.theirs.case])
        assert session.walled() == (offices.ours.case,)
        assert session.there() == (offices.theirs.case,)
        if role in ("dispatch", "law_enforcement"):
            assert session.scalars(sa.select(Case.id)).all() == [offices.theirs.case], "the look-up holds after it"
        if not database.is_sqlite:
            with trusted_sql("test: the policies hold again"):
                assert offices.ours.case not in session.scalars(sa.select(Case.id)).all()
    with database.scoped(Scope(user, role, agency)) as session, looking_wide(session, "test: asked inside a wide look"):
        assert session.walled() == (offices.ours.case,)
        assert len(session.scalars(sa.select(Case.id)).all()) == 2, "the wide look goes on"
