"""Which rows a page reads at all: what an agenda does not read, it cannot tell, neither in a count nor by a gap."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, event

from monitor.access.policy import POLICY
from monitor.access.roles import Role
from tests.web.consulting import folder, keys, lite, members, office, put_on, seen, settings

__all__ = ["folder", "keys", "members", "office", "settings"]

# of classes 3, 6, 7, 8, 10, 14 and 15 of the access matrix; flags are read for what a court found alone
NEVER = {
    "protected_party", "participation", "contact", "drug_test", "check_in", "incident", "incident_draft", "callback",
    "record_notice", "context_review", "notice_answer", "safety_step", "review", "concern",
}  # fmt: skip
READ = re.compile(r"\b(?:from|join)\s+\"?(\w+)", re.IGNORECASE)


@lite
def test_an_agenda_reads_no_table_but_those_of_rows_1_2_5_9_12_and_13(database, office, members, keys):
    put_on(database, office, keys)
    tables: set[str] = set()

    def told(_connection, _cursor, statement, *_rest) -> None:
        tables.update(READ.findall(statement))

    event.listen(Engine, "before_cursor_execute", told)
    try:
        for browser in members.values():
            assert "Example, Ann" in seen(browser)
    finally:
        event.remove(Engine, "before_cursor_execute", told)
    assert {"order_version", "hearing", "consultation"} <= tables, "the statements were seen"
    assert tables & NEVER == set()


@pytest.mark.parametrize(("method", "path", "role"), [
    ("GET", "/record-notices/new", Role.MEDICAL), ("POST", "/record-notices/new", Role.MEDICAL),
    ("GET", "/record-notices", Role.PROSECUTOR), ("GET", "/record-notices/by-number", Role.LAW_ENFORCEMENT),
    ("POST", "/record-notices/by-number", Role.LAW_ENFORCEMENT),
])  # fmt: skip
def test_each_page_of_record_notices_is_one_role_s(method, path, role):
    """Row 15: medical staff write, prosecutors and detectives read, and nobody else has a page of it."""
    assert POLICY[method, path].roles == {role}
