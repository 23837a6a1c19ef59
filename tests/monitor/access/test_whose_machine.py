"""Whose a machine is: software of one agency is never taken for another's, however many there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from monitor.access.machines import NewMachine, add_machine, identify_machine, machine_works
from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Agency, Program
from tests.monitor.access.two_offices import two_offices
from tests.web.accounts import SECRET

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_the_software_of_each_program_is_its_own_agency_s_and_nobody_else_s(database: Database) -> None:
    two_offices(database)
    with database.system("test: machines") as session, session.begin():
        whose = select(Program.code, Program.id, Agency.id.label("agency"), Agency.name, Agency.zone)
        programs = session.execute(whose.join(Agency, Agency.id == Program.agency_id)).all()
        made = {
            one.code: add_machine(session, NewMachine("its-records", one.code, 90), SECRET, NOW) for one in programs
        }  # fmt: skip
    assert len(made) == 2
    for one in programs:
        who = identify_machine(database, made[one.code].secret, SECRET, NOW)
        assert who is not None and who.role is Role.PROGRAM and who.user_id == 0
        assert (who.agency_id, who.agency_name, who.zone) == (one.agency, one.name, one.zone)
        assert (who.program_id, who.machine_id) == (one.id, made[one.code].machine_id)
        last = NOW + timedelta(days=90)
        assert machine_works(database, who, last - timedelta(seconds=1)) and not machine_works(database, who, last)
