"""`monitor machines` from outside: a secret shown once, a list, an end."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from monitor.access.machines import identify_machine
from monitor.db import Database
from monitor.models import AuditEntry, Machine
from tests.monitor.intake.sample_record import write_county
from tests.web.accounts import SECRET


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    write_county(database)
    yield database
    database.close()


def test_a_machine_is_added_listed_and_revoked(terminal, database):
    added = terminal("machines", "add", "ehr-north", "--program", "north-star", "--days", "90")
    assert (added.status, added.err) == (0, "")
    secret = re.search(r"monitor_[\w-]{43}", added.out)[0]
    who = identify_machine(database, secret, SECRET, datetime.now(UTC))
    assert who.name == "ehr-north" and who.machine_id
    assert identify_machine(database, secret, SECRET + "another site's", datetime.now(UTC)) is None
    listed = terminal("machines", "list").out
    assert "ehr-north\tNorth Star BIP\tWorks" in listed and secret not in listed
    assert terminal("machines", "revoke", "ehr-north", "--program", "open-door").status == 1
    assert terminal("machines", "revoke", "ehr-north", "--program", "north-star").out == "Revoked.\n"
    assert identify_machine(database, secret, SECRET, datetime.now(UTC)) is None
    assert "Revoked" in terminal("machines", "list").out
    with database.system("test: the trail", writes=False) as session:
        events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)).all()
        assert events == ["machine.added", "machine.revoked"]
        assert secret.encode() not in session.scalar(select(Machine.secret_hash))


def test_what_cannot_be_is_told(terminal, database):
    for words in (("North", "--program", "north-star"), ("ehr-north", "--program", "nowhere")):
        ran = terminal("machines", "add", *words)
        assert ran.status == 1 and ran.err.strip().endswith(".")
