"""What commands open: the settings and the database; and progress that is quiet in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from monitor.access.command_policy import CommandError, CommandPolicy, policy_of_command
from monitor.config import Settings, load_settings
from monitor.db import Database


@contextmanager
def open_database(*, owner: bool = False) -> Iterator[tuple[Settings, Database]]:
    """The settings and the database they name, closed afterwards. ``owner``: as the role that owns the tables."""
    policy = _policy_here()
    settings = load_settings()
    url = (owner and settings.database_owner_url) or settings.database_url
    database = Database(url, settings.pool_size)
    try:
        yield settings, database
        if policy and policy.event and not policy.own_entry and settings.secret_key:
            _record(database, settings.secret_key, policy.event)
    finally:
        database.close()


def _policy_here() -> CommandPolicy | None:
    """The entry of the command that is running; None where no command is, as in tests."""
    context = click.get_current_context(silent=True)
    if context is None:
        return None
    path = path_of(context)
    policy = policy_of_command(path)
    if not policy.record:
        raise CommandError(f"`monitor {path}` opened the record, but its policy says that it does not.")
    return policy


def path_of(context: click.Context) -> str:
    """The command as it was typed, without ``monitor``."""
    names: list[str] = []
    while context.parent is not None:
        names.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(names)


def _record(database: Database, secret: str, event: str) -> None:
    from monitor import audit
    from monitor.clock import utc_now

    act = audit.Act(event=event, component="command")
    with database.system("a command is recorded") as session, session.begin():
        audit.append(session, act, audit.audit_key(secret), utc_now())


def progress() -> Callable[[str], None]:
    """Says what is going on, on a terminal's standard error only."""
    if not sys.stderr.isatty():
        return lambda _text: None
    return lambda text: click.echo(f"  {text} …", err=True)
