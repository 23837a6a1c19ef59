"""`monitor db`: migrations, checks, copies."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.opening import open_database, progress


@click.group("db")
def db_command() -> None:
    """Migrate, check, back up or restore the database."""


@db_command.command()
def upgrade() -> None:
    """Bring the tables to this version. Safe to run twice."""
    from sqlalchemy import make_url

    from monitor import schema

    with open_database(owner=True) as (settings, database):
        progress()("Tables")
        role = make_url(settings.database_url).username if settings.database_owner_url else None
        schema.upgrade(database, role=role or "")
        click.echo(f"The database is at revision {schema.current(database)}.")


@db_command.command()
def check() -> None:
    """Revision, tables against models, integrity, and the audit chain; exit 1 on any fault."""
    from monitor.checks import check_database

    with open_database() as (settings, database):
        faults = check_database(database, settings.secret_key)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)
    click.echo("The database is sound.")


@db_command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """A consistent copy of a running SQLite database in FILE, which must not exist."""
    from monitor.backup import back_up

    with open_database() as (_settings, database):
        progress()("Copying")
        back_up(database, file)
    click.echo(f"Copied to {file}.")


@db_command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Put the copy in FILE where MONITOR_DATABASE_URL points; refuses to overwrite."""
    from monitor.backup import restore as put_back
    from monitor.config import load_settings

    put_back(load_settings().database_url, file)
    click.echo("Restored. Notices that were waiting are held back until an administrator looks at them.")
