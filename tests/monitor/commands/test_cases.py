"""`monitor cases` from outside: asked, approved by somebody else, done, and told by table."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select, update

from monitor.clock import utc_now
from monitor.db import Database
from monitor.models import ApprovalRequest, Case
from tests.builders import add_user, build_town, person_with_order
from tests.monitor.commands.running import Terminal

NUMBER = "26-DV-000999"


def test_what_is_due_is_told_and_nothing_is_guessed(terminal: Terminal) -> None:
    told = terminal("cases", "due")
    assert told.status == 0 and "No court has set when a closed case leaves" in told.out, told.err
ORDER = ("--order", "2026-EX-12", "--why", "Granted on petition", "--by", "clerk@court.example")


def test_the_same_command_asks_first_and_does_it_once_somebody_else_has_said_yes(
    terminal: Terminal, database: Database
) -> None:
    with database.system("test") as session, session.begin():
        town = build_town(session)
        person_with_order(session, town, number=NUMBER)
        add_user(session, town.court_agency, "clerk", "clerk@court.example")
        other = add_user(session, town.court_agency, "privacy_officer", "privacy@court.example")
    asked = terminal("cases", "seal", NUMBER, *ORDER)
    assert asked.status == 0 and "within 72 hours" in asked.out, asked.err
    with database.system("test: a yes") as session, session.begin():
        yes = {"outcome": "APPROVED", "decided_by_id": other, "decided_at": utc_now()}
        session.execute(update(ApprovalRequest).values(**yes))
    done = terminal("cases", "seal", NUMBER, *ORDER)
    assert done.status == 0, done.err
    assert "enrollment_event           2" in done.out and "Sealed as " in done.out and "Copies made before" in done.out
    with database.system("test", writes=False) as session:
        assert session.scalar(select(Case.id)) is None
    again = terminal("cases", "seal", NUMBER, *ORDER)
    assert again.status == 1 and "no such case" in again.err


def test_reason_and_order_need_not_stand_in_the_history_of_a_shell(
    terminal: Terminal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept sealed is typed when asked for: everybody on the machine reads the list of its processes."""
    with database.system("test") as session, session.begin():
        town = build_town(session)
        person_with_order(session, town, number=NUMBER)
        add_user(session, town.court_agency, "clerk", "clerk@court.example")
        add_user(session, town.court_agency, "privacy_officer", "privacy@court.example")
    monkeypatch.setattr("sys.stdin", io.StringIO("2026-EX-12\nGranted on petition\n"))
    asked = terminal("cases", "seal", NUMBER, "--by", "clerk@court.example")
    assert asked.status == 0 and "within 72 hours" in asked.out, asked.err
