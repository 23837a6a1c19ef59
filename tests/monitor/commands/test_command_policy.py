"""Every command stands in the table of commands, with what it takes; one that does not, does not run."""

from __future__ import annotations

import click
import pytest
from sqlalchemy import select

from monitor import cli
from monitor.access import command_policy
from monitor.access.command_policy import COMMANDS, CommandError, CommandPolicy
from monitor.access.matrix import hidden
from monitor.commands.opening import open_database
from monitor.models import AuditEntry
from monitor.trail.wording import EVENTS


def leaves(path, command):
    if isinstance(command, click.Group) and command.commands:
        for name, inner in command.commands.items():
            yield from leaves(f"{path} {name}", inner)
    else:
        yield path


def test_every_command_has_its_entry_and_every_entry_its_command():
    front = cli.Commands("monitor")
    found = {
        path
        for name in cli.COMMANDS
        for path in leaves(name, front.get_command(click.Context(front), name))
    }
    assert found == set(COMMANDS)


def test_a_command_without_an_entry_does_not_run(terminal, monkeypatch):
    monkeypatch.setattr(command_policy, "COMMANDS", {k: v for k, v in COMMANDS.items() if k != "audit verify"})
    ran = terminal("audit", "verify")
    assert ran.status == 1
    assert "has no entry" in ran.err


def test_a_command_that_takes_more_than_its_entry_says_does_not_run(terminal, monkeypatch):
    narrow = {**COMMANDS, "audit verify": CommandPolicy(permission="audit:verify")}
    monkeypatch.setattr(command_policy, "COMMANDS", narrow)
    ran = terminal("audit", "verify")
    assert ran.status == 1
    assert "other options" in ran.err


def test_a_command_that_keeps_off_the_record_cannot_open_it():
    with click.Context(click.Command("check"), info_name="check", parent=click.Context(click.Group("rules"),
            info_name="rules", parent=click.Context(click.Group("monitor")))):  # fmt: skip
        with pytest.raises(CommandError, match="opened the record"), open_database():
            pass


def test_a_command_that_reads_in_a_role_s_place_shows_what_the_role_may_see():
    for path, entry in COMMANDS.items():
        assert not entry.event or entry.event in EVENTS, f"{path}: say in monitor/trail/wording.py what it is called."
        if entry.acts_as is not None:
            assert not [seen for seen in entry.shows if hidden(seen, entry.acts_as)], path


@pytest.mark.parametrize(("words", "event"), [(("evaluate",), "flag.evaluated"), (("db", "backup"), "database.copied")])
def test_what_was_done_on_the_command_line_stands_in_the_trail(terminal, database, tmp_path, words, event):
    ran = terminal(*words, *([tmp_path / "copy.db"] if event == "database.copied" else []))
    assert ran.status == 0, ran.err
    with database.system("test: read the trail") as session:
        assert event in session.scalars(select(AuditEntry.event).where(AuditEntry.component == "command")).all()
